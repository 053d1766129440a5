"""Handles subscriptions to the board and the live view, builds their frames, and lists the samples that were
taken of a line today, one a minute."""

from collections.abc import Collection
from datetime import datetime

from chat import protocol
from chat.models import Missed
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.conversation.risk import step_frames
from chat.requests.copied import copied
from chat.requests.declared import request
from chat.requests.letters import shelf_state
from chat.supervision import board, floor, samples
from helpline.lib import clock
from helpline.lib.bridge import in_database

BOARD, FLOOR = "board", "floor"  # the views that a console can watch


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
    return protocol.TodayOk(ref=asked.ref, points=[copied(protocol.Point, one) for one in found])


def board_frames(lines: Collection[str], now: datetime) -> list[protocol.BoardLine]:
    return [_board(made) for made in board.boards(lines, now=now)]


def floor_frames(lines: Collection[str], now: datetime) -> list[protocol.FloorLine]:
    return [_floor(made) for made in floor.floors(lines, now=now)]


def _board(made: board.LineBoard) -> protocol.BoardLine:
    return copied(
        protocol.BoardLine,
        made,
        state="open" if made.open else "closed",
        pressure=copied(protocol.Pressure, made.pressure),
        break_=made.on_break,
        letters=shelf_state(made.letters),
    )


def _floor(made: floor.FloorLine) -> protocol.FloorLine:
    line = made.line
    return copied(
        protocol.FloorLine,
        made,
        line=line.pk,
        people=[_person(worker) for worker in made.people],
        elsewhere=[_talk(talk) for talk in made.elsewhere],
        waiting=[copied(protocol.FloorWaiting, one) for one in made.waiting],
        urgencies=[copied(protocol.FloorUrgency, one) for one in made.urgencies],
        missed=[_missed(row) for row in made.missed],
        steered=line.state,
        steered_at=clock.stamp_or_none(line.steered_at),
        steered_by=line.steered_by.alias if line.steered_by else "",
        steered_until=clock.stamp_or_none(line.steered_until),
        most=line.most_waiting,
        reason=line.reason,
    )


def _person(worker: floor.Worker) -> protocol.FloorPerson:
    return protocol.FloorPerson(
        id=worker.person.handle,
        alias=worker.person.alias,
        duty=worker.duty,
        slots=worker.slots,
        busy=worker.busy,
        conversations=[_talk(talk) for talk in worker.talks],
    )


def _talk(talk: floor.ActiveConversation) -> protocol.FloorConversation:
    return copied(protocol.FloorConversation, talk, steps=step_frames(talk.steps))


def _missed(row: Missed) -> protocol.FloorMissed:
    return copied(
        protocol.FloorMissed,
        row,
        missed=row.pk,
        by=row.asked_by.alias if row.asked_by else "",
        service=row.service.name if row.service else "",
        phone=row.service.phone if row.service else "",
        of=row.of_service.name if row.of_service else "",
    )
