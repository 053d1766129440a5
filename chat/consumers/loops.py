"""Runs the background loops of one web process."""

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from chat import bells, outbox
from chat.consumers import access, board_news, heartbeats, leases, queue_news
from chat.consumers.console import ConsoleConsumer
from chat.queue import tally
from chat.runtime import key_check
from chat.runtime.rounds import Rounds
from helpline.lib import clock, measures, stores
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain
from helpline.lib.logs import where
from helpline.lib.tasks import spawn

_log = structlog.get_logger()
CHECK_ACCESS_SECONDS = 3.0  # in case the bell of a sign-out or a revocation was lost

LAG_STEP_SECONDS, LAG_SPAN_SECONDS = 0.5, 10.0
STOP_SECONDS = 2.0
TALLY_SECONDS = 1.0  # how often the counts of proofs of work and refused callers are stored

_tasks: list[asyncio.Task[None]] = []
_ready = False


async def start() -> None:
    """Connects the channel layer and starts the loops. Afterwards the process is ready."""
    global _ready  # noqa: PLW0603
    loop = asyncio.get_running_loop()
    _tasks.extend(await bells.start(on_return=lambda: spawn(heartbeats.look_after_loss())))
    loops: list[Callable[[], Coroutine[Any, Any, None]]] = [
        heartbeats.run,
        leases.run,
        queue_news.run,
        board_news.run,
        write_tally,
        check_access,
        prove_keys,
        tell_of_stores,
        measure_lag,
    ]
    if not settings.REDIS_URL:
        # Without Redis, a worker process could not send bells to this process's sockets, so this process does
        # the worker's rounds itself.
        rounds = Rounds()
        loops.append(partial(run_rounds, rounds))
        outbox.begin(rounds.pause)
    _tasks.extend(loop.create_task(_forever(run)) for run in loops)
    _ready = True


async def stop() -> None:
    """Stops the loops. Deletes this process's row and then its sign-of-life file, because other processes
    look for the file as long as the row exists."""
    for task in _tasks:
        task.cancel()
    with contextlib.suppress(TryAgain, TimeoutError):
        await asyncio.wait_for(in_database(key_check.end), STOP_SECONDS)


def ready() -> bool:
    return _ready and not heartbeats.draining()


async def run_rounds(rounds: Rounds) -> None:
    while True:
        await asyncio.sleep(rounds.pause())
        try:
            await in_database(rounds.go, clock.now())
        except TryAgain:
            continue


async def write_tally() -> None:
    while True:
        await asyncio.sleep(TALLY_SECONDS)
        if tally.is_empty():
            continue
        with contextlib.suppress(TryAgain):
            await in_database(tally.write, now=clock.now())


async def check_access() -> None:
    while True:
        await asyncio.sleep(CHECK_ACCESS_SECONDS)
        if consoles := [
            consumer
            for consumer in heartbeats.consumers()
            if isinstance(consumer, ConsoleConsumer) and consumer.opened
        ]:
            await access.check(consoles)


async def measure_lag() -> None:
    """Measures how late the event loop resumes a sleeping task. It reports the maximum of the last ten
    seconds, so that no scrape misses a peak."""
    lags: deque[float] = deque(maxlen=round(LAG_SPAN_SECONDS / LAG_STEP_SECONDS))
    while True:
        begun = time.monotonic()
        await asyncio.sleep(LAG_STEP_SECONDS)
        lags.append(time.monotonic() - begun - LAG_STEP_SECONDS)
        measures.LAG.set(max(lags))


async def prove_keys() -> None:
    """Checks every few seconds that this host has the same keys as the other hosts. While the database is
    down, skips the check. If the check fails, the process shuts down as at a deploy."""
    while True:
        await asyncio.sleep(key_check.INTERVAL_SECONDS)
        try:
            await in_database(key_check.keep, clock.now())
        except TryAgain:
            continue
        except key_check.REFUSALS as error:
            _log.error("keys_refused", error=type(error).__name__)
            os.kill(os.getpid(), signal.SIGTERM)
            return


async def tell_of_stores() -> None:
    database, layer = stores.complaints()
    while True:
        try:
            await in_database(_ask)
        except TryAgain:
            await _tell(database)
        if not bells.connected():
            await _tell(layer)
        await asyncio.sleep(stores.RETRY_SECONDS)


async def _tell(complaint: stores.Complaint) -> None:
    """Runs `tell_if_away` on a database thread, because its check may take seconds. While the database is
    down, these threads have no other work."""
    with contextlib.suppress(TryAgain):
        await in_database(complaint.tell_if_away)


def _ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _forever(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a loop. Whenever the loop raises an error, logs the error and restarts the loop, because deadlines
    depend on these loops."""
    while True:
        try:
            await run()
        except Exception as error:
            measures.FAILED.labels("loop").inc()
            _log.error("loop_failed", error=type(error).__name__, where=where(error))
            await asyncio.sleep(0.5)
