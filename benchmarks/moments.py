"""Measures moments for which a person waits: from `next` to the first readable word, and the start of a
process."""

import asyncio
import time
from statistics import median

from benchmarks.people import Caller, Console
from benchmarks.person import new_id
from benchmarks.servers import Baseline, end, serve_again
from benchmarks.waiting import OTHER_LINE
from benchmarks.wire import SUBPROTOCOL, Shut, connect
from tests.support.platform import Platform

PATIENCE_SECONDS = 60.0


async def first_words(platform: Platform, console: Console, times: int) -> float:
    """Returns the median ms from `next` until the console has the caller's grant and the earlier messages."""
    seen = []
    for _ in range(times):
        caller = Caller(platform.url, OTHER_LINE)
        await caller.start()
        await caller.request_post(new_id())
        begun = time.perf_counter()
        conversation = await console.take(OTHER_LINE)
        seen.append(time.perf_counter() - begun)
        await console.close(conversation)
        await caller.goodbye()
        await asyncio.sleep(0.05)
    return median(seen) * 1000


async def tutorial_begins(baseline: Baseline) -> float:
    """Starts the tutorial's process, which must not be running, and returns the seconds to its first accepted
    socket."""
    begun = time.perf_counter()
    baseline.begin()
    await _accepted(baseline.url, "/ws/chat/first/", baseline.url, "")
    return time.perf_counter() - begun


async def ours_begins(platform: Platform) -> float:
    """Does the same for one more web process of ours."""
    begun = time.perf_counter()
    process, url = serve_again(platform)
    try:
        await _accepted(url, "/ws/caller/", platform.url, SUBPROTOCOL)
        return time.perf_counter() - begun
    finally:
        await asyncio.to_thread(end, process)


async def _accepted(url: str, path: str, origin: str, subprotocol: str) -> None:
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while True:
        try:
            socket = await connect(url, path, lambda _: None, origin=origin, subprotocol=subprotocol)
        except (OSError, Shut):
            if time.perf_counter() > deadline:
                raise
            await asyncio.sleep(0.01)
        else:
            await socket.close()
            return
