"""Turns at work that costs a process much: who had least goes first, and others are left time between.

What one client asks for again and again waits for who asks once; all of it together leaves the loop
twice as long to everybody else as it takes.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

REST_RATIO = 2.0  # times as long as a turn took


class FairScheduler:
    """One turn at a time on one loop."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._came = itertools.count()
        self._taken = False

    @asynccontextmanager
    async def turn(self, had: int) -> AsyncIterator[None]:
        """`had`: what this one was given before, in any unit that all count in."""
        loop = asyncio.get_running_loop()
        if self._taken:
            mine: asyncio.Future[None] = loop.create_future()
            heapq.heappush(self._waiting, (had, next(self._came), mine))
            try:
                await mine
            except asyncio.CancelledError:
                if not mine.cancelled():  # it was this one's turn just then
                    self._give()
                raise
        self._taken = True
        begun = time.monotonic()
        try:
            yield
        finally:
            loop.call_later(REST_RATIO * (time.monotonic() - begun), self._give)

    def _give(self) -> None:
        """To the next one who still wants it: a socket that closed waits no more."""
        self._taken = False
        while self._waiting and not self._taken:
            _, _, waiter = heapq.heappop(self._waiting)
            if not waiter.done():
                self._taken = True
                waiter.set_result(None)


_turns = WeakKeyDictionary[asyncio.AbstractEventLoop, FairScheduler]()


def here() -> FairScheduler:
    """The turns of this loop, one for a process that serves."""
    return _turns.setdefault(asyncio.get_running_loop(), FairScheduler())
