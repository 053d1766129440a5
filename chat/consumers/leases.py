"""Renews the leases of this process's sockets. A few times a second, one UPDATE renews the leases of all
sockets that have sent a frame."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from django.conf import settings

from chat.conversation import presence
from helpline.lib import clock
from helpline.lib.bridge import Batcher, in_database
from helpline.lib.errors import Refusal, TryAgain
from helpline.lib.tasks import spawn

if TYPE_CHECKING:
    from chat.consumers.base import Consumer

ROUND_SECONDS = 0.2  # between two rounds while a heartbeat waits for a renewal
# A lease is renewed at most once in this time, unless a heartbeat waits for the renewal.
RENEW_SECONDS = min(2.0, settings.HERE.total_seconds() / 10)
GATHER_SECONDS = RENEW_SECONDS / 2  # between two rounds while no heartbeat waits

MAX_DEPARTURES_PER_TRANSACTION = 200

_heard: dict[str, Consumer] = {}
_confirming: dict[str, list[asyncio.Future[None]]] = {}


def heard(consumer: Consumer) -> None:
    """Notes that the client sent a frame. One of the next rounds renews the lease, unless the lease was
    renewed less than RENEW_SECONDS ago."""
    consumer.heard_at = clock.now()
    if consumer.opened and time.monotonic() - consumer.renewed_at >= RENEW_SECONDS:
        _heard[consumer.socket] = consumer


async def confirm(consumer: Consumer) -> None:
    """Waits until the lease has been renewed. Raises TakenOver or Gone if a caller's tab may no longer use
    its seat."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _confirming.setdefault(consumer.socket, []).append(future)
    _heard[consumer.socket] = consumer
    await future


async def depart(consumer: Consumer) -> None:
    _heard.pop(consumer.socket, None)
    for future in _confirming.pop(consumer.socket, ()):
        future.cancel()
    with contextlib.suppress(TryAgain):  # if the database is down, the lease expires by itself
        await _departures(consumer.socket)


async def _depart(sockets: list[str]) -> list[bool]:
    await in_database(presence.depart, *sockets, now=clock.now())
    return [True] * len(sockets)


def _depart_alone(socket: str) -> bool:
    presence.depart(socket, now=clock.now())
    return True


# When a network fails, hundreds of sockets close and return within one second. Their departures are stored in
# batches, so that a few transactions are enough.
_departures = Batcher(_depart, _depart_alone, max_batch=MAX_DEPARTURES_PER_TRANSACTION)


async def run() -> None:
    gathered_at = 0.0
    while True:
        await asyncio.sleep(ROUND_SECONDS)
        if _confirming or (_heard and time.monotonic() - gathered_at >= GATHER_SECONDS):
            consumers, gathered_at = dict(_heard), time.monotonic()
            for consumer in consumers.values():
                consumer.renewed_at = gathered_at
            _heard.clear()
            if consumers:  # otherwise a lost lease is still being looked at
                await _renew(consumers)


async def _renew(consumers: dict[str, Consumer]) -> None:
    people = {person for consumer in consumers.values() if (person := consumer.duty_of) is not None}
    heard_at = {socket: consumer.heard_at for socket, consumer in consumers.items()}
    try:
        alive = await in_database(presence.renew, heard_at, now=clock.now(), on_duty=people)
    except TryAgain as error:
        for socket in consumers:
            _settle(socket, error)
        return
    for socket, consumer in consumers.items():
        if socket in alive:
            _settle(socket, None)
        else:
            spawn(_lost(consumer))


async def _lost(consumer: Consumer) -> None:
    try:
        async with consumer.turn:  # a running erase or quick exit sends its reply first
            if not consumer.closed:
                await consumer.lease_lost()
                await consumer.hear_pending()  # bells that rang meanwhile would wait for the next frame
    except Refusal as error:
        _settle(consumer.socket, error)
        await consumer.withdraw(error)
    else:
        _settle(consumer.socket, None)


def _settle(socket: str, error: Refusal | None) -> None:
    for future in _confirming.pop(socket, ()):
        if not future.done():
            future.set_exception(error) if error else future.set_result(None)
