"""Requests of practice: begin, stop, and take the next made-up caller."""

from chat import protocol
from chat.lines import hidden
from chat.models import Line
from chat.practice import frames, made_up_callers, practising
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.conversation.opening import seat_taken
from chat.requests.declared import APPROVED_NOW, request
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.scopes import OWN


@request(frames.Practising, consumers=CONSOLE, may="next", scope=OWN)
async def is_practising(consumer: consumers.Console, asked: frames.Practising) -> frames.PractiseOk:
    return frames.PractiseOk(ref=asked.ref, practising=_on(await in_database(hidden.of, consumer.person)))


@request(frames.Practise, consumers=CONSOLE, may="next", scope="line")
async def practise(consumer: consumers.Console, asked: frames.Practise) -> frames.PractiseOk:
    if asked.line is None:
        await in_database(made_up_callers.stop, consumer.person, now=clock.now())
        return frames.PractiseOk(ref=asked.ref, practising=None)
    line = await in_database(practising.begin, consumer.person, asked.line, now=clock.now())
    return frames.PractiseOk(ref=asked.ref, practising=_on(line))


@request(frames.TakePractice, consumers=CONSOLE, may="next", device=APPROVED_NOW)
async def take_practice(consumer: consumers.Console, asked: frames.TakePractice) -> protocol.NextOk:
    member = await in_database(
        made_up_callers.take_next, consumer.person, consumer.device_id, now=clock.now()
    )
    return seat_taken(asked.ref, member)


def _on(line: Line | None) -> frames.PractisingOn | None:
    if line is None:
        return None
    return frames.PractisingOn(
        line=line.pk, practice_for=line.practice_for_id or "", name=line.name, formal=line.formal
    )
