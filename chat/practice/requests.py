"""Handles the requests of practice: starting and stopping, storing a key for practice letters, taking the
next made-up caller, and listing all made-up callers."""

from chat import line_scope, protocol
from chat.handoff import recipients
from chat.lines import hidden
from chat.practice import frames, made_up_callers, made_up_letters, practising, scripts
from chat.protocol import CONSOLE, wire_bytes
from chat.requests import consumers
from chat.requests.conversation.opening import seat_taken
from chat.requests.declared import APPROVED_NOW, request
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.scopes import OWN


@request(frames.Practising, consumers=CONSOLE, may="next", scope=OWN)
async def is_practising(consumer: consumers.Console, asked: frames.Practising) -> frames.PractiseOk:
    return frames.PractiseOk(ref=asked.ref, practising=await in_database(_look, consumer.person))


@request(frames.Practise, consumers=CONSOLE, may="next", scope="line")
async def practise(consumer: consumers.Console, asked: frames.Practise) -> frames.PractiseOk:
    if asked.line is None:
        await in_database(made_up_callers.stop, consumer.person, now=clock.now())
        return frames.PractiseOk(ref=asked.ref, practising=None)
    await in_database(practising.begin, consumer.person, asked.line, now=clock.now())
    return frames.PractiseOk(ref=asked.ref, practising=await in_database(_look, consumer.person))


@request(frames.PractiseKey, consumers=CONSOLE, may="next", device=APPROVED_NOW, scope=OWN)
async def practise_key(consumer: consumers.Console, asked: frames.PractiseKey) -> None:
    key = (asked.generation, wire_bytes(asked.public, 65), wire_bytes(asked.sealed))
    await in_database(made_up_letters.keep_key, consumer.person, consumer.device_id, *key, now=clock.now())


@request(frames.TakePractice, consumers=CONSOLE, may="next", device=APPROVED_NOW)
async def take_practice(consumer: consumers.Console, asked: frames.TakePractice) -> protocol.NextOk:
    member = await in_database(
        made_up_callers.take_next, consumer.person, consumer.device_id, now=clock.now()
    )
    return seat_taken(asked.ref, member)


@request(frames.PracticeLines, consumers=CONSOLE, may="console", device=APPROVED_NOW, scope=OWN)
async def practice_lines(consumer: consumers.Console, asked: frames.PracticeLines) -> frames.PracticeLinesOk:
    return frames.PracticeLinesOk(ref=asked.ref, lines=await in_database(_lines, consumer.person))


def _look(person: Person) -> frames.PractisingOn | None:
    line = hidden.of(person)
    if line is None:
        return None
    return frames.PractisingOn(
        line=line.pk,
        practice_for=line.practice_for_id or "",
        name=line.name,
        formal=line.formal,
        generation=made_up_letters.next_generation(line),
        letters=made_up_letters.waiting(person),
        trainers=[
            frames.Trainer(id=one.handle, alias=one.alias) for one in recipients.trainers(line, person)
        ],
    )


def _lines(person: Person) -> list[frames.PracticeLine]:
    twins = [practising.twin_of(line) for line in line_scope.own_lines(person).offered()]
    return [
        frames.PracticeLine(
            line=twin.pk,
            practice_for=twin.practice_for_id or "",
            name=twin.name,
            callers=[
                frames.PracticeCaller(
                    code=one.code,
                    title=one.title,
                    points=[frames.PracticePoint(sees=point.sees, says=point.says) for point in one.points],
                )
                for one in scripts.of_template(twin.template)
            ],
        )
        for twin in twins
        if twin is not None
    ]
