"""Handles subscriptions to the board and the live view, builds their frames, and lists the samples of a
day."""

from collections.abc import Collection
from datetime import datetime

from chat import protocol
from chat.models import Missed
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.conversation.risk import step_frames
from chat.requests.declared import request
from chat.requests.letters import shelf_state
from chat.supervision import board, floor, samples
from helpline.lib import clock
from helpline.lib.bridge import in_database

BOARD, FLOOR = "board", "floor"  # what a console can watch


@request(protocol.Watch, consumers=CONSOLE, may="board")
async def watch(consumer: consumers.Console, asked: protocol.Watch) -> None:
    if asked.board:
        consumer.watch(BOARD)
    else:
        consumer.stop_watching(BOARD)


@request(protocol.Floor, consumers=CONSOLE, may="board")
async def look_at_floor(consumer: consumers.Console, asked: protocol.Floor) -> None:
    if asked.look:
        consumer.watch(FLOOR)
    else:
        consumer.stop_watching(FLOOR)


@request(protocol.Today, consumers=CONSOLE, may="board", scope="line")
async def today(consumer: consumers.Console, asked: protocol.Today) -> protocol.TodayOk:
    found = await in_database(samples.today, consumer.person, asked.line, now=clock.now())
    points = [
        protocol.Point(
            at=clock.stamp(one.at),
            waiting=one.waiting,
            active=one.active,
            on=one.on,
            longest=one.longest,
        )
        for one in found
    ]
    return protocol.TodayOk(ref=asked.ref, points=points)


def board_frames(lines: Collection[str], now: datetime) -> list[protocol.BoardLine]:
    return [_board(made) for made in board.boards(lines, now=now)]


def floor_frames(lines: Collection[str], now: datetime) -> list[protocol.FloorLine]:
    return [_floor(made) for made in floor.floors(lines, now=now)]


def _board(made: board.LineBoard) -> protocol.BoardLine:
    return protocol.BoardLine(
        line=made.line,
        state="open" if made.open else "closed",
        waiting=made.waiting,
        away=made.away,
        oldest=_stamp(made.oldest),
        oldest_here=_stamp(made.oldest_here),
        urgent=made.urgent,
        urgent_away=made.urgent_away,
        pressure=_pressure(made.pressure),
        active=made.active,
        on=made.on,
        break_=made.on_break,
        slots=made.slots,
        free=made.free,
        answered=made.answered,
        within=made.within,
        abandoned=made.abandoned,
        overdue=made.overdue,
        letters=shelf_state(made.letters),
        letters_answered=made.letters_answered,
        letters_in_time=made.letters_in_time,
        letters_expired=made.letters_expired,
    )


def _pressure(made: board.Pressure) -> protocol.Pressure:
    return protocol.Pressure(
        level=made.level,  # type: ignore[arg-type]
        asked=made.asked,
        earned=made.earned,
        refused=made.refused,
    )


def _floor(made: floor.FloorLine) -> protocol.FloorLine:
    return protocol.FloorLine(
        line=made.line.pk,
        alerts=made.alerts,
        ringing=made.ringing,
        flagged=made.flagged,
        minutes=made.minutes,
        inside=made.inside,
        foretold=made.foretold,
        people=[_person(worker) for worker in made.people],
        elsewhere=[_talk(talk) for talk in made.elsewhere],
        waiting=[_waiting(one) for one in made.waiting],
        urgencies=[_urgency(one) for one in made.urgencies],
        missed=[_missed(row) for row in made.missed],
        missed_in_all=made.missed_in_all,
        unstaffed=_stamp(made.unstaffed),
        alerting=_stamp(made.line.alerting_since),
        changes=_stamp(made.changes),
        waiting_ends=_stamp(made.waiting_ends),
        by_hours=made.by_hours,
        steered=made.line.state,  # type: ignore[arg-type]
        steered_at=_stamp(made.line.steered_at),
        steered_by=made.line.steered_by.alias if made.line.steered_by else "",
        steered_until=_stamp(made.line.steered_until),
        most=made.line.most_waiting,
        reason=made.line.reason,
    )


def _person(worker: floor.Worker) -> protocol.FloorPerson:
    return protocol.FloorPerson(
        id=worker.person.handle,
        alias=worker.person.alias,
        duty=worker.duty,
        slots=worker.slots,
        conversations=[_talk(talk) for talk in worker.talks],
    )


def _talk(talk: floor.ActiveConversation) -> protocol.FloorConversation:
    return protocol.FloorConversation(
        conversation=talk.conversation,
        initial=talk.initial,
        since=clock.stamp(talk.since),
        last=_stamp(talk.last),
        risk=talk.risk,
        urgency=talk.urgency,
        known=talk.known,
        steps=step_frames(talk.steps),
        here=talk.here,
        away=_stamp(talk.away),
        dead=talk.dead,
    )


def _waiting(one: floor.Waiting) -> protocol.FloorWaiting:
    return protocol.FloorWaiting(
        conversation=one.conversation,
        since=clock.stamp(one.since),
        urgency=one.urgency,
        locale=one.locale,
        here=one.here,
        away=_stamp(one.away),
        why=one.why,
        reason=one.reason,
        boost=one.boost,
        minutes=one.minutes,
    )


def _urgency(one: floor.Urgency) -> protocol.FloorUrgency:
    return protocol.FloorUrgency(
        urgency=one.urgency, waiting=one.waiting, away=one.away, oldest=_stamp(one.oldest)
    )


def _missed(row: Missed) -> protocol.FloorMissed:
    return protocol.FloorMissed(
        missed=row.pk,
        kind=row.kind,  # type: ignore[arg-type]
        acute=row.acute,
        since=clock.stamp(row.since),
        at=clock.stamp(row.at),
        by=row.asked_by.alias if row.asked_by else "",
    )


def _stamp(at: datetime | None) -> str | None:
    return clock.stamp(at) if at else None
