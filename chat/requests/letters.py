"""Handles requests about letters: asking for a chat as well, taking a letter, giving it back, and a line's
settings for letters."""

from datetime import datetime

from chat import bells, line_scope, protocol
from chat.conversation import initials
from chat.letters import alarms, moves, promises, settings, takes, talking
from chat.letters.settings import Promises
from chat.letters.shelf import Shelf
from chat.models import KeyShare, Member
from chat.protocol import CALLER, CONSOLE
from chat.requests import consumers
from chat.requests.copied import copied
from chat.requests.declared import APPROVED_NOW, SEATED, heard, request
from chat.supervision import needs_approval
from counsellors.models import Person
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


@request(protocol.Chat, consumers=CALLER)
async def chat(consumer: consumers.Caller, asked: protocol.Chat) -> None:
    await in_database(talking.queue, consumer.seat, answer=asked.work, now=clock.now())


@request(protocol.Take, consumers=CONSOLE, may="take", device=APPROVED_NOW, scope="line")
async def take(consumer: consumers.Console, asked: protocol.Take) -> protocol.TakeOk:
    return await in_database(_take, consumer.person, consumer.device_id, asked, now=clock.now())


@request(protocol.GiveBack, consumers=CONSOLE, may="take", scope="conversation", seat=SEATED)
async def give_back(consumer: consumers.Console, asked: protocol.GiveBack) -> None:
    seat = await consumer.seat_in(asked.conversation)
    await in_database(takes.give_back, seat, now=clock.now())


@request(protocol.LetterSettings, consumers=CONSOLE, may="letters", device=APPROVED_NOW, scope="line")
async def look_at_settings(
    consumer: consumers.Console, asked: protocol.LetterSettings
) -> protocol.LetterSettingsOk:
    return await in_database(_settings, asked.ref, consumer.person, asked.line, waits=False)


@request(protocol.SetLetters, consumers=CONSOLE, may="letters", device=APPROVED_NOW, scope="line")
async def set_letters(consumer: consumers.Console, asked: protocol.SetLetters) -> protocol.LetterSettingsOk:
    promised = Promises(asked.days, asked.hours, tuple(asked.people))
    approval = await in_database(
        needs_approval.set_letters, consumer.person, asked.line, asked.letters, promised, now=clock.now()
    )
    waits = approval is not None and approval.waits
    return await in_database(_settings, asked.ref, consumer.person, asked.line, waits=waits)


@request(protocol.AckLetters, consumers=CONSOLE, may="letters", device=APPROVED_NOW, scope="line")
async def acknowledge(consumer: consumers.Console, asked: protocol.AckLetters) -> None:
    await in_database(alarms.acknowledge, consumer.person, asked.line)


def _settings(ref: str, person: Person, line: str, *, waits: bool) -> protocol.LetterSettingsOk:
    found = settings.of(line_scope.own_line(person, line), now=clock.now())
    return copied(
        protocol.LetterSettingsOk,
        found,
        ref=ref,
        days=found.promises.days,
        hours=found.promises.hours,
        people=list(found.promises.people),
        waits=waits,
    )


@heard(bells.LeftQueue, consumers=CALLER)
async def tell_out_of_the_queue(consumer: consumers.Caller, _bell: bells.LeftQueue) -> None:
    nowhere = protocol.CallerQueueOut(
        ahead=0, minutes=None, long=False, served=0, closed=False, until=None, staffed=False, queued=False
    )
    await consumer.write(nowhere)


def _take(person: Person, device: str | None, asked: protocol.Take, *, now: datetime) -> protocol.TakeOk:
    seat = takes.take(person, device, asked.line, conversation=asked.conversation, now=now)
    return take_frame(asked.ref, seat, moves.share_for(seat, device))


def take_frame(ref: str, seat: Member, share: KeyShare | None) -> protocol.TakeOk:
    conversation = seat.conversation
    return protocol.TakeOk(
        ref=ref,
        conversation=conversation.pk,
        member=seat.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
        initial=initials.name(conversation.initial),
        written=conversation.written or None,
        due=clock.stamp_or_none(promises.running(conversation)),
        share=share_frame(share),
    )


def share_frame(share: KeyShare | None) -> protocol.LetterShare | None:
    if share is None:
        return None
    return protocol.LetterShare(
        generation=share.key.generation,
        public=encoding.encode(bytes(share.key.public)),
        sealed=encoding.encode(bytes(share.sealed)),
    )


def shelf_frame(found: Shelf) -> protocol.LettersOut:
    return copied(protocol.LettersOut, found)


def shelf_state(found: Shelf) -> protocol.ShelfState:
    return copied(protocol.ShelfState, found)
