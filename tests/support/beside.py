"""Measures the messages of two people who talk beside a flood, from one page to the other."""

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Self

from tests.support.cast import anna, carla
from tests.support.platform import Platform, status_and_body

WORST = 2.0  # seconds
UNNOTICED = 0.25  # seconds: on a busy machine three times very little is still very little


class Beside:
    """Holds Anna and Carla, who talk."""

    def __init__(self, exchange: Callable[[], Awaitable[None]]) -> None:
        self.exchange = exchange
        self.quiet = 0.0

    @classmethod
    async def begin(cls, platform: Platform) -> Self:
        caller = await anna(platform)
        await caller.start()
        counsellor = await carla(platform)
        talk = await counsellor.take()

        async def exchange() -> None:
            posted = await caller.post("are you there?")
            await counsellor.becomes(lambda: talk.newest >= posted.seq, 10)
            posted = await counsellor.post(caller.conversation, "I am here")
            await caller.becomes(lambda: caller.talk.newest >= posted.seq, 10)

        self = cls(exchange)
        self.quiet = max(await self.took())
        return self

    async def took(self, many: int = 25) -> list[float]:
        """Returns the seconds of each of this many exchanges."""
        took = []
        for _ in range(many):
            begun = time.monotonic()
            await self.exchange()
            took.append(time.monotonic() - begun)
        return took

    async def goes_on(self) -> None:
        """Checks that they notice nothing, compared with a quiet time, and in the worst case."""
        took = await self.took()
        assert statistics.median(took) < max(3 * self.quiet, UNNOTICED)
        assert max(took) < WORST


def reached(platform: Platform, bound: str) -> float:
    """Returns how often the process reached that limit, by its own count."""
    return of_metrics(platform, f'helpline_bound_reached_total{{bound="{bound}"}}')


def used(platform: Platform, bound: str) -> float:
    return of_metrics(platform, f'helpline_bound_used{{bound="{bound}"}}')


def of_metrics(platform: Platform, name: str) -> float:
    _, body = status_and_body(platform.url, "/metrics")
    lines = (line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#"))
    return next(float(number) for found, number in lines if found == name)
