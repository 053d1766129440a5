"""Sends a `beat` frame to every socket of this process, and finds changes that a socket missed because a bell
was lost."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings

from chat import bells, protocol, states
from chat.conversation import log, presence
from chat.conversation.log import Standing
from chat.conversation.presence import People
from chat.conversation.seats import Seat
from chat.handoff import cards
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

if TYPE_CHECKING:
    from chat.consumers.base import Consumer
    from chat.requests.conversation.delivery import Following

MAX_SEATS_PER_QUERY = 500
RETRY_SECONDS = 1.0

_consumers: dict[Consumer, float] = {}  # when each consumer's next beat is due, in monotonic seconds
_owed: set[Consumer] = set()  # consumers for which a read failed and has to be repeated
_draining = False


def add(consumer: Consumer) -> None:
    """Registers a consumer. Spreads the first beats over one period, so that sockets that opened at the same
    time do not all get their beats at the same time."""
    _consumers[consumer] = time.monotonic() + settings.BEAT.total_seconds() * _part_of_a_period(
        consumer.socket
    )


def remove(consumer: Consumer) -> None:
    _consumers.pop(consumer, None)
    _owed.discard(consumer)


def owe(consumer: Consumer) -> None:
    """Notes that a read for this consumer failed. The read is repeated as soon as the database answers."""
    if consumer in _consumers:
        _owed.add(consumer)


def consumers() -> list[Consumer]:
    return list(_consumers)


def draining() -> bool:
    return _draining


async def run() -> None:
    beat = settings.BEAT.total_seconds()
    pause = min(beat / 4, 0.5)
    last_look = time.monotonic()
    while True:
        await asyncio.sleep(pause)
        now = time.monotonic()
        due = [consumer for consumer, at in _consumers.items() if at <= now + pause]  # early rather than late
        for consumer in due:
            _consumers[consumer] = now + beat
        await _beat([consumer for consumer in due if consumer.opened])
        if now - last_look >= RETRY_SECONDS and (_owed or not bells.connected()):
            last_look = now
            await (_pay() if bells.connected() else look())


async def look() -> None:
    """Compares the state that was last sent to each socket with the state in the database. Runs while the
    channel layer cannot be reached, and when it can be reached again."""
    await _heal(consumers())


async def look_after_loss() -> None:
    """Runs after bells were lost. First sends again all frames that heartbeats do not compare with the
    database. Then compares the other frames with the database."""
    for consumer in consumers():
        consumer.missed_bells()
    await look()


async def _pay() -> None:
    """Repeats the reads that failed. A read that fails again is repeated later."""
    some = list(_owed)
    _owed.clear()
    await _heal(some)
    for consumer in some:
        if consumer not in _owed:
            consumer.missed_bells()


async def drain() -> None:
    """Runs at a deploy: waits for the current request of each socket, announces the restart, and closes the
    sockets with 1012."""
    global _draining  # noqa: PLW0603
    _draining = True
    await asyncio.gather(*(_farewell(consumer) for consumer in consumers()), return_exceptions=True)


async def _farewell(consumer: Consumer) -> None:
    async with consumer.turn:
        await consumer.write(protocol.NoticeOut(code="restarting"))
        await consumer.close(1012)


async def _beat(due: list[Consumer]) -> None:
    standings = await _heal(due)
    at = clock.stamp(clock.now())  # read last: the query may take seconds
    for consumer in due:
        seqs = {
            following.seat.conversation: standing.newest
            for following in consumer.followings.values()
            if (standing := standings.get(following.seat.member)) and not _is_over(following.seat, standing)
        }
        await consumer.write(protocol.BeatOut(at=at, seqs=seqs))


async def _heal(some: Sequence[Consumer]) -> dict[str, Standing]:
    """Reads the current state of these consumers' seats, with one query for many seats. Rings a bell only for
    consumers that have not yet received all of that state."""
    followings = [following for consumer in some for following in consumer.followings.values()]
    standings: dict[str, Standing] = {}
    for start in range(0, len(followings), MAX_SEATS_PER_QUERY):
        part = followings[start : start + MAX_SEATS_PER_QUERY]
        try:
            found, people = await in_database(_read, [following.seat for following in part])
        except TryAgain:
            for consumer in some:
                owe(consumer)
            break  # the remaining queries would wait equally long, and fail, too
        standings |= found
        for following in part:
            member = following.seat.member
            _wake(following, found.get(member), people[member])
    await _compare_cards(some)
    return standings


def _read(seats: Sequence[Seat]) -> tuple[dict[str, Standing], dict[str, People]]:
    return log.standings([seat.member for seat in seats]), presence.others_of_all(seats)


def _wake(following: Following, standing: Standing | None, people: People) -> None:
    ring, seat = following.consumer.ring, following.seat
    if standing is None or _is_over(seat, standing):
        ring(bells.SeatsChanged(seat.conversation))
        return
    if standing.newest > (following.prev or 0):
        ring(bells.NewEntry(seat.conversation))
    if people != following.people:
        ring(bells.PeopleChanged(seat.conversation))


def _is_over(seat: Seat, standing: Standing) -> bool:
    """Returns whether this caller's tab was replaced by a newer tab or ended by a quick exit. Nothing more is
    sent to such a tab."""
    return seat.role == states.SeatRole.CALLER and standing.tab != seat.tab


async def _compare_cards(some: Sequence[Consumer]) -> None:
    people = {person for consumer in some if (person := consumer.duty_of) is not None}
    if not people:
        return
    try:
        open_ = await in_database(cards.open_states, people)
    except TryAgain:
        for consumer in some:
            owe(consumer)
        return
    for consumer in some:
        consumer.compare_cards(open_)


def _part_of_a_period(socket: str) -> float:
    return zlib.crc32(socket.encode()) / 2**32
