"""Schedules expensive work on an event loop fairly: the client for which the least work has been done so far
goes first, and other tasks of the loop also get time.

So a client with its first request goes before a client that has sent many. After each piece of work, the next
one waits for twice as long as that work took, so that other tasks can run.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

REST_RATIO = 2.0  # the pause after a turn, as a multiple of its duration


class FairScheduler:
    """Runs one piece of work at a time on one loop."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._came = itertools.count()
        self._taken = False

    @asynccontextmanager
    async def turn(self, had: int) -> AsyncIterator[None]:
        """Waits for a turn. `had` is the amount of work that was done for this client before, in one unit for
        all clients."""
        loop = asyncio.get_running_loop()
        if self._taken:
            mine: asyncio.Future[None] = loop.create_future()
            heapq.heappush(self._waiting, (had, next(self._came), mine))
            try:
                await mine
            except asyncio.CancelledError:
                if not mine.cancelled():  # it was just given the turn, so it passes the turn on
                    self._give()
                raise
        self._taken = True
        begun = time.monotonic()
        try:
            yield
        finally:
            loop.call_later(REST_RATIO * (time.monotonic() - begun), self._give)

    def _give(self) -> None:
        """Gives the turn to the next client that still waits, and skips those whose socket has closed."""
        self._taken = False
        while self._waiting and not self._taken:
            _, _, waiter = heapq.heappop(self._waiting)
            if not waiter.done():
                self._taken = True
                waiter.set_result(None)


_turns = WeakKeyDictionary[asyncio.AbstractEventLoop, FairScheduler]()


def here() -> FairScheduler:
    """Returns the scheduler of this loop."""
    return _turns.setdefault(asyncio.get_running_loop(), FairScheduler())
