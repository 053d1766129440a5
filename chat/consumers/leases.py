"""Renews the leases of this process's sockets: one UPDATE for all that sent a frame, a few times a second."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from chat.conversation import presence
from helpline.lib import clock
from helpline.lib.bridge import Batcher, in_database
from helpline.lib.errors import Refusal, TryAgain
from helpline.lib.tasks import spawn

if TYPE_CHECKING:
    from chat.consumers.base import Door

ROUND = 0.2  # seconds: what a beat waits for
RENEW = min(2.0, settings.HERE.total_seconds() / 10)  # seconds: frames in between need no UPDATE each
GATHER = RENEW / 2  # seconds: frames for which nobody waits are renewed together

DEPARTURES = 200  # in one transaction

_heard: dict[str, Door] = {}
_confirming: dict[str, list[asyncio.Future[None]]] = {}


def heard(door: Door) -> None:
    """A frame came: the lease is renewed in the next round."""
    door.heard_at = clock.now()
    if door.opened and time.monotonic() - door.renewed_at >= RENEW:
        _heard[door.socket] = door


async def confirm(door: Door) -> None:
    """Waits until the lease has been renewed: a tab that was taken over is refused here."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _confirming.setdefault(door.socket, []).append(future)
    _heard[door.socket] = door
    await future


async def depart(door: Door) -> None:
    _heard.pop(door.socket, None)
    for future in _confirming.pop(door.socket, ()):
        future.cancel()
    with contextlib.suppress(TryAgain):  # else the lease runs out by itself
        await _departures(door.socket)


async def _depart(sockets: list[str]) -> list[bool]:
    await in_database(presence.depart, *sockets, now=clock.now())
    return [True] * len(sockets)


def _depart_alone(socket: str) -> bool:
    presence.depart(socket, now=clock.now())
    return True


# Five hundred whose network went come back in the same second: their going is not ahead of their coming.
_departures = Batcher(_depart, _depart_alone, max_batch=DEPARTURES)


async def run() -> None:
    begun, gathered_at = clock.now(), 0.0
    while True:
        await asyncio.sleep(ROUND)
        if _confirming or (_heard and time.monotonic() - gathered_at >= GATHER):
            doors, gathered_at = dict(_heard), time.monotonic()
            for door in doors.values():
                door.renewed_at = gathered_at
            _heard.clear()
            heard_since, begun = begun, clock.now()
            await _renew(doors, heard_since)
        elif not _heard:
            begun = clock.now()  # no frame came before


async def _renew(doors: dict[str, Door], heard_since: datetime) -> None:
    people = {person for door in doors.values() if (person := door.duty_of) is not None}
    now = clock.now()
    try:
        alive = await in_database(
            presence.renew, list(doors), heard_since=heard_since, now=now, on_duty=people
        )
    except TryAgain as error:
        for socket in doors:
            _settle(socket, error)
        return
    for socket, door in doors.items():
        if socket in alive:
            _settle(socket, None)
        else:
            spawn(_lost(door))


async def _lost(door: Door) -> None:
    try:
        async with door.turn:  # an erase or a quick exit may be under way: its reply comes first
            if not door.closed:
                await door.lease_lost()
    except Refusal as error:
        _settle(door.socket, error)
        await door.withdraw(error)
    else:
        _settle(door.socket, None)


def _settle(socket: str, error: Refusal | None) -> None:
    for future in _confirming.pop(socket, ()):
        if not future.done():
            future.set_exception(error) if error else future.set_result(None)
