"""Delivers a conversation's entries to sockets, and keeps track of which entries each socket has been
sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from msgspec import UNSET

from chat import bells, protocol, states
from chat.conversation import log, presence, reading, seats
from chat.conversation.log import Delivered, Slice
from chat.conversation.reading import News
from chat.conversation.seats import Seat
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import consumers
from chat.requests.declared import EVERY_CONSUMER, SEATED, heard, request
from helpline.lib import clock, encoding, fair_scheduling, measures
from helpline.lib.bridge import in_database

ENTRIES_BEFORE_YIELD = 16  # after this many entries of a long log, the event loop may serve other sockets


class Following:
    """Keeps track of which parts of one conversation have been sent to one socket. All entries up to the
    number `upto` have been sent, except those that this seat may not see. `prev` is the number of the last
    entry that was sent, or None if that number is not known."""

    def __init__(
        self, consumer: consumers.Consumer, seat: Seat, since: int, *, with_allowed: bool = False
    ) -> None:
        self.consumer = consumer
        self.seat = seat
        self.upto = since
        self.prev: int | None = None
        self.repeated = 0  # how many entries the client asked for again
        self.released = False  # whether a seat has ended because the caller's browser gave it no access
        self.people: presence.People = {}
        self.allowed: list[str] | None = [] if with_allowed else None
        self.ticket: str | None = None  # the feedback ticket that this socket was sent
        self.topic = bells.conversation(seat.conversation)
        bells.listen(self.topic, consumer.ring)

    def stop(self) -> None:
        bells.stop_listening(self.topic, self.consumer.ring)

    async def again(self, since: int) -> None:
        """Sends the entries above `since` again. Sockets that asked for fewer repeats go first, and other
        tasks run after each repeat, so that a flood of repeats does not block the event loop."""
        repeated = max(0, self.upto - since)
        self.upto, self.prev = since, None
        if repeated:
            async with fair_scheduling.here().turn(self.repeated):
                self.repeated += repeated
                await self.deliver()
        else:
            await self.deliver()

    async def take(self, hint: bells.Hint) -> None:
        """Sends the entry in the bell's `hint` if it is the next one. If entries before it have not been sent
        yet, reads and sends all new entries instead."""
        if hint.seq == self.upto + 1 and self.prev is not None:
            await self._send_hint(hint, self.prev)
        elif hint.seq > self.upto:
            await self.deliver()

    async def deliver(self) -> None:
        """Sends new entries in order. If the entries changed who is present or which requests the seat may
        send, also sends the new presence or the allowed requests."""
        changed, with_allowed = False, self.allowed is not None
        while True:
            news = await in_database(
                reading.news, self.seat, self.upto, prev=self.prev, changed=changed, with_allowed=with_allowed
            )
            await self._show(news)
            changed = news.changed
            if news.part.over or not news.part.is_full:
                break

    async def begin(self, opened: News) -> None:
        """Sends the entries that the request `open` has read. If the log has more entries, reads and sends
        them, too."""
        await self._show(opened)
        if opened.part.is_full and not opened.part.over:
            await self.deliver()

    async def send(self, part: Slice) -> None:
        """Sends a slice of the log. If the slice is long, the event loop also serves other sockets
        meanwhile."""
        for number, delivered in enumerate(part.entries):
            if number % ENTRIES_BEFORE_YIELD == ENTRIES_BEFORE_YIELD - 1:
                await asyncio.sleep(0)
            await self.consumer.write(entry_frame(delivered))
            measures.DELIVERED.inc()
            self.released |= delivered.entry.facts.get("reason") == "released"
        self.upto, self.prev = part.upto, part.prev

    async def _show(self, news: News) -> None:
        await self.send(news.part)
        if news.part.over:
            self.consumer.unfollow(self)
            return
        if news.people is not None:
            await self._show_people(news.people)
        if news.allowed is not None and news.allowed != self.allowed:
            self.allowed = news.allowed
            await self.consumer.write(
                protocol.AllowedOut(conversation=self.seat.conversation, allowed=news.allowed)
            )
        await self.ask_how_it_was(news.ticket)

    async def ask_how_it_was(self, ticket: str | None) -> None:
        if ticket is not None and ticket != self.ticket:
            self.ticket = ticket
            await self.consumer.write(protocol.FeedbackOut(ticket=ticket))

    async def tell_people(self) -> None:
        """Compares the presence and read marks of the other members with those that this socket was last
        sent, and sends the ones that changed."""
        await self._show_people(await in_database(presence.others, self.seat))

    async def _show_people(self, people: presence.People) -> None:
        conversation = self.seat.conversation
        for member, now in people.items():
            told = self.people.get(member)
            if told is None or (now.here, now.code) != (told.here, told.code):
                await self.consumer.write(
                    protocol.PresenceOut(
                        conversation=conversation, member=member, here=now.here, code=now.code
                    )
                )
            if now.seen > (told.seen if told else 0):
                await self.consumer.write(
                    protocol.SeenOut(conversation=conversation, by=member, seq=now.seen)
                )
        self.people = people

    async def _send_hint(self, hint: bells.Hint, prev: int) -> None:
        """Sends the entry in the hint without reading the database. The seat is not checked again: all
        earlier entries have been sent, and one of them would have said that the seat had ended."""
        self.upto = hint.seq
        if hint.line_only and self.seat.role not in states.LINE_STAFF:
            return
        kind = protocol.NoteEntry if hint.line_only else protocol.MessageEntry
        self.prev = hint.seq
        measures.DELIVERED.inc()
        await self.consumer.write(
            kind(
                conversation=self.seat.conversation,
                seq=hint.seq,
                prev=prev,
                by=hint.by,
                at=hint.at,
                id=hint.id,
                epoch=hint.epoch,
                box=encoding.encode(hint.box),
            )
        )


@request(protocol.CallerSync, consumers=CALLER, cost=2)
async def caller_sync(consumer: consumers.Caller, asked: protocol.CallerSync) -> protocol.SyncOk:
    return await _sync(consumer, consumer.seat, asked.ref, asked.since)


@request(protocol.Sync, consumers=(CONSOLE, DESK), scope="conversation", seat=SEATED, cost=2)
async def sync(consumer: consumers.Staff, asked: protocol.Sync) -> protocol.SyncOk:
    return await _sync(consumer, await consumer.seat_in(asked.conversation), asked.ref, asked.since)


async def _sync(consumer: consumers.Consumer, seat: Seat, ref: str, since: int) -> protocol.SyncOk:
    member = await in_database(seats.require_seat, seat)
    if (following := consumer.followings.get(seat.conversation)) is not None:
        consumer.after_reply.append(partial(following.again, since))
    return protocol.SyncOk(ref=ref, seq=log.newest(member))


@heard(bells.NewEntry, consumers=EVERY_CONSUMER)
async def hear_entry(consumer: consumers.Consumer, bell: bells.NewEntry) -> None:
    following = consumer.followings.get(bell.conversation)
    if following is not None:
        await (following.deliver() if bell.hint is None else following.take(bell.hint))


@heard(bells.SeatsChanged, consumers=(CONSOLE, DESK))
async def read_again(consumer: consumers.Staff, bell: bells.SeatsChanged) -> None:
    """Sends new entries. Reading them also checks the seat: raises NotFound or Gone if the seat may no longer
    read."""
    following = consumer.followings.get(bell.conversation)
    if following is not None:
        await following.deliver()


@heard(bells.SeatsChanged, consumers=CALLER)
async def check_tab(consumer: consumers.Caller, _bell: bells.SeatsChanged) -> None:
    """Raises TakenOver if a newer tab has the seat, and Gone if the token is no longer valid."""
    await in_database(seats.require_seat, consumer.seat)


def entry_frame(delivered: Delivered) -> protocol.Entry:
    entry = delivered.entry
    facts: dict[str, object] = dict(entry.facts)
    if entry.box is not None:
        facts |= {"id": entry.message, "epoch": entry.epoch, "box": encoding.encode(bytes(entry.box))}
    if entry.kind == "granted":
        facts |= _wraps(delivered)
    kind: Callable[..., protocol.Entry] = protocol.ENTRIES[entry.kind]
    return kind(
        conversation=entry.conversation_id,
        seq=entry.seq,
        prev=delivered.prev,
        by=entry.by or None,
        at=clock.stamp(entry.at),
        **facts,
    )


def _wraps(delivered: Delivered) -> dict[str, object]:
    if not delivered.named:
        return {"wrap": UNSET, "history": UNSET}
    return {
        "wrap": encoding.encode(delivered.wrap) if delivered.wrap is not None else None,
        "history": [
            protocol.HistoryWrap(epoch=epoch, wrap=encoding.encode(wrap)) for epoch, wrap in delivered.history
        ],
    }
