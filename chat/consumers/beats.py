"""The heart of a process: it beats for every socket, and heals what a lost bell left behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from chat import bells, protocol, states
from chat.conversation import log
from chat.conversation.log import Standing
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

if TYPE_CHECKING:
    from chat.consumers.base import Door
    from chat.requests.conversation.delivery import Following

MAX_AT_ONCE = 500  # seats in one query

_doors: dict[Door, float] = {}  # when its next beat is due, in monotonic seconds
_draining = False


def add(door: Door) -> None:
    _doors[door] = time.monotonic() + settings.BEAT.total_seconds()


def remove(door: Door) -> None:
    _doors.pop(door, None)


def doors() -> list[Door]:
    return list(_doors)


def draining() -> bool:
    return _draining


async def run() -> None:
    beat = settings.BEAT.total_seconds()
    last_look = time.monotonic()
    while True:
        await asyncio.sleep(min(beat / 4, 0.5))
        now = time.monotonic()
        due = [door for door, at in _doors.items() if at <= now]
        for door in due:
            _doors[door] = now + beat
        await _beat([door for door in due if door.opened])
        if not bells.connected() and now - last_look >= 1:
            last_look = now
            await look()


async def look() -> None:
    """Compares what every socket was sent with the database: while the layer is away, or just back."""
    await _heal(doors())


async def drain() -> None:
    """A deploy: tells every socket, lets what is under way finish, and closes with 1012."""
    global _draining  # noqa: PLW0603
    _draining = True
    await asyncio.gather(*(_farewell(door) for door in doors()), return_exceptions=True)


async def _farewell(door: Door) -> None:
    async with door.turn:
        await door.write(protocol.NoticeOut(code="restarting"))
        await door.close(1012)


async def _beat(due: list[Door]) -> None:
    at = clock.stamp(clock.now())
    standings = await _heal(due)
    for door in due:
        seqs = {
            following.seat.conversation: standings[following.seat.member].newest
            for following in door.followings.values()
            if following.seat.member in standings
        }
        await door.write(protocol.BeatOut(at=at, seqs=seqs))
        door.look_again()


async def _heal(some: Iterable[Door]) -> dict[str, Standing]:
    followings = [following for door in some for following in door.followings.values()]
    standings: dict[str, Standing] = {}
    for start in range(0, len(followings), MAX_AT_ONCE):
        part = followings[start : start + MAX_AT_ONCE]
        try:
            standings |= await in_database(log.standings, [following.seat.member for following in part])
        except TryAgain:
            continue  # the next beat looks again
        for following in part:
            _wake(following, standings.get(following.seat.member))
    return standings


def _wake(following: Following, standing: Standing | None) -> None:
    ring, seat = following.door.ring, following.seat
    if standing is None or (seat.role == states.SeatRole.CALLER and standing.tab != seat.tab):
        ring(
            bells.SeatsChanged(seat.conversation)
        )  # its rows are gone, or a newer tab or a quick exit took the token
        return
    if standing.newest > (following.prev or 0):
        ring(bells.NewEntry(seat.conversation))
    if following.people:
        ring(bells.PeopleChanged(seat.conversation))
