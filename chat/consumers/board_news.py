"""The board and the floor, as frames, for the supervisors of this process."""

import asyncio
from collections.abc import Collection
from datetime import datetime

from chat import board, floor, protocol
from chat.consumers.live import EVERY, View
from helpline.lib import clock


def _boards(lines: Collection[str], now: datetime) -> list[protocol.BoardLine]:
    return [_board(made) for made in board.boards(lines, now=now)]


def _floors(lines: Collection[str], now: datetime) -> list[protocol.FloorLine]:
    return [_floor(made) for made in floor.floors(lines, now=now)]


BOARD = View(_boards, lambda at, lines: protocol.BoardOut(at=at, lines=lines), look_again=2.0)
# A message, a break, a sleeping phone: nothing of it rings a line's bell.
FLOOR = View(_floors, lambda at, lines: protocol.FloorOut(at=at, lines=lines), look_again=EVERY)


async def run() -> None:
    while True:
        await asyncio.sleep(EVERY)
        for view in (BOARD, FLOOR):
            await view.tell()


def _board(made: board.LineBoard) -> protocol.BoardLine:
    return protocol.BoardLine(
        line=made.line,
        state="open" if made.open else "closed",
        waiting=made.waiting,
        oldest=_stamp(made.oldest),
        urgent=made.urgent,
        active=made.active,
        on=made.on,
        break_=made.on_break,
        slots=made.slots,
        free=made.free,
        answered=made.answered,
        within=made.within,
        abandoned=made.abandoned,
        overdue=made.overdue,
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
        steered=made.line.state,  # type: ignore[arg-type]
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


def _talk(talk: floor.Talk) -> protocol.FloorConversation:
    return protocol.FloorConversation(
        conversation=talk.conversation,
        since=clock.stamp(talk.since),
        last=_stamp(talk.last),
        risk=talk.risk,
        here=talk.here,
        dead=talk.dead,
    )


def _waiting(one: floor.Waiting) -> protocol.FloorWaiting:
    return protocol.FloorWaiting(
        conversation=one.conversation,
        opened=clock.stamp(one.opened),
        urgency=one.urgency,
        locale=one.locale,
        here=one.here,
        why=one.why,
        reason=one.reason,
        boost=one.boost,
        minutes=one.minutes,
    )


def _stamp(at: datetime | None) -> str | None:
    return clock.stamp(at) if at else None
