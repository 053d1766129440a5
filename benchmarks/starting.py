"""Measures how many callers who come at once are let in per second, by one process and by two."""

import asyncio
import time
from collections.abc import Callable
from statistics import median

from benchmarks.people import Caller
from benchmarks.servers import Stores, family, go_on, stand_still
from benchmarks.waiting import LINE, in_parallel
from tests.support.platform import Platform

CALLERS = 200  # in each round; each socket is open before the first `start`
SETTLE_SECONDS = 1.0


async def rates(stores: Stores, rounds: int, say: Callable[[str], None]) -> tuple[float, float]:
    """Returns the `start`s per second of one process and of two, as medians of rounds that alternate."""
    platforms = []
    try:
        for processes in (1, 2):
            platforms.append(stores.helpline(counsellors=1, processes=processes, OPENING_SECONDS=60))
            stand_still(family(platforms[-1].pid))
        measured: list[list[float]] = [[], []]
        for number in range(rounds + 1):
            for platform, found in zip(platforms, measured, strict=True):
                rate = await _awake(platform)
                if number:  # the first round only warms up
                    found.append(rate)
                    say(f"  round {number} of {rounds}, processes {len(platform.urls)}: {rate:.0f} a second")
    finally:
        for platform in platforms:
            go_on(family(platform.pid))
            await asyncio.to_thread(platform.close)
    return median(measured[0]), median(measured[1])


async def _awake(platform: Platform) -> float:
    go_on(family(platform.pid))
    await asyncio.sleep(SETTLE_SECONDS)
    rate = await starts_a_second(platform.urls, CALLERS)
    stand_still(family(platform.pid))
    return rate


async def starts_a_second(urls: list[str], many: int) -> float:
    """Returns how many callers per second are let in when all come at once. Then it empties the queue."""
    callers = [Caller(urls[number % len(urls)], LINE) for number in range(many)]
    await in_parallel([caller.connect() for caller in callers])
    begun = time.perf_counter()
    await asyncio.gather(*(caller.enter() for caller in callers))
    seconds = time.perf_counter() - begun
    await in_parallel([_go(caller) for caller in callers])
    return many / seconds


async def _go(caller: Caller) -> None:
    await caller.leave()
    await caller.goodbye()
