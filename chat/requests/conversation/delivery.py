"""What one socket has been sent of one conversation, and how it gets the rest."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import UNSET

from chat import bells, protocol, states
from chat.conversation import log, presence, seats
from chat.conversation.log import Delivered
from chat.conversation.seats import Seat
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import doors
from chat.requests.declared import EVERY_DOOR, SEATED, heard, request
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database

CHANGES_PEOPLE = frozenset(("joined", "left", "requeued", "granted", "ended", "invited"))


class Following:
    """`upto`: the number up to which everything is covered. `prev`: the last entry that was sent."""

    def __init__(self, door: doors.Door, seat: Seat, since: int, *, with_allowed: bool = False) -> None:
        self.door = door
        self.seat = seat
        self.upto = since
        self.prev: int | None = None
        self.released = False  # a seat left because nobody let it in
        self.people: dict[str, tuple[bool, int]] = {}
        self.allowed: list[str] | None = [] if with_allowed else None
        self.topic = bells.conversation(seat.conversation)
        bells.listen(self.topic, door.ring)

    def stop(self) -> None:
        bells.stop_listening(self.topic, self.door.ring)

    def rewind(self, since: int) -> None:
        """The client asks again from a number that it knows."""
        self.upto, self.prev = since, None

    async def take(self, hint: bells.Hint) -> None:
        """An entry from its bell, if it is the next one; else what is new is read."""
        if hint.seq == self.upto + 1 and self.prev is not None:
            await self._send_hint(hint, self.prev)
        elif hint.seq > self.upto:
            await self.deliver()

    async def deliver(self) -> None:
        """Sends what is new, in order; then who came, went, and what the seat may do now."""
        changed = False
        while True:
            part = await in_database(log.since, self.seat, self.upto, prev=self.prev)
            for delivered in part.entries:
                await self.door.write(entry_frame(delivered))
                changed = changed or delivered.entry.kind in CHANGES_PEOPLE
                self.released |= delivered.entry.facts.get("reason") == "released"
            self.upto = part.upto
            self.prev = part.prev
            if part.over:
                self.door.unfollow(self)
                return
            if len(part.entries) < log.MAX_AT_ONCE:
                break
        if changed:
            await self.tell_people()
            await self.tell_allowed()

    async def tell_people(self) -> None:
        """Presence and read marks of the others, where they differ from what this socket was sent."""
        people = await in_database(presence.others, self.seat)
        conversation = self.seat.conversation
        for member, (here, seen) in people.items():
            told_here, told_seen = self.people.get(member, (None, 0))
            if here != told_here:
                await self.door.write(
                    protocol.PresenceOut(conversation=conversation, member=member, here=here)
                )
            if seen > told_seen:
                await self.door.write(protocol.SeenOut(conversation=conversation, by=member, seq=seen))
        self.people = people

    async def tell_allowed(self) -> None:
        if self.allowed is None:
            return
        allowed = await in_database(seats.allowed, self.seat)
        if allowed != self.allowed:
            self.allowed = allowed
            await self.door.write(protocol.AllowedOut(conversation=self.seat.conversation, allowed=allowed))

    async def _send_hint(self, hint: bells.Hint, prev: int) -> None:
        """The hint is the next entry, so nothing lies between: this seat's own `left` neither."""
        self.upto = hint.seq
        if hint.line_only and self.seat.role not in states.LINE_STAFF:
            return
        kind = protocol.NoteEntry if hint.line_only else protocol.MessageEntry
        self.prev = hint.seq
        await self.door.write(
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


@request(protocol.CallerSync, doors=CALLER)
async def caller_sync(door: doors.Caller, asked: protocol.CallerSync) -> protocol.SyncOk:
    return await _sync(door, door.seat, asked.ref, asked.since)


@request(protocol.Sync, doors=(CONSOLE, DESK), wall="conversation", seat=SEATED)
async def sync(door: doors.Staff, asked: protocol.Sync) -> protocol.SyncOk:
    return await _sync(door, await door.seat_in(asked.conversation), asked.ref, asked.since)


async def _sync(door: doors.Door, seat: Seat, ref: str, since: int) -> protocol.SyncOk:
    member = await in_database(seats.require_seat, seat)
    if (following := door.followings.get(seat.conversation)) is not None:
        following.rewind(since)
        door.after_reply.append(following.deliver)
    return protocol.SyncOk(ref=ref, seq=log.newest(member))


@heard(bells.NewEntry, doors=EVERY_DOOR)
async def hear_entry(door: doors.Door, bell: bells.NewEntry) -> None:
    following = door.followings.get(bell.conversation)
    if following is not None:
        await (following.deliver() if bell.hint is None else following.take(bell.hint))


@heard(bells.SeatsChanged, doors=(CONSOLE, DESK))
async def read_again(door: doors.Staff, bell: bells.SeatsChanged) -> None:
    """Every read is with a seat: where its right has ended this raises."""
    following = door.followings.get(bell.conversation)
    if following is not None:
        await following.deliver()


@heard(bells.SeatsChanged, doors=CALLER)
async def check_tab(door: doors.Caller, _bell: bells.SeatsChanged) -> None:
    """Raises when this tab is no longer the one, or the token is dead."""
    await in_database(seats.require_seat, door.seat)


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
