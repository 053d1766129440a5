"""Moments that a person waits for: from `next` to the first readable word, and a process that begins."""

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
    """Median ms from `next` until the console holds the caller's grant and what was written before it."""
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
    """Seconds from the start of the tutorial's process to its first accepted socket. It has to be stopped."""
    begun = time.perf_counter()
    baseline.begin()
    await _accepted(baseline.url, "/ws/chat/first/", baseline.url, "")
    return time.perf_counter() - begun


async def ours_begins(platform: Platform) -> float:
    """The same for one more web process of ours."""
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
