"""Measures the CPU cost of supervisors who watch board and floor: twenty compared with one.

Run it with `python -m benchmarks.looking`. Around the supervisors an evening goes on: people talk, callers
come and go, so that there is news every second. The cost is measured with nobody watching, with one and with
twenty, in turn; it includes all processes, also PostgreSQL and Redis.
"""

import asyncio
import sys
from collections.abc import Callable
from statistics import median

from benchmarks.people import Caller, Console
from benchmarks.person import Person, new_id
from benchmarks.servers import Stores, cpu_seconds, family
from benchmarks.signin import SignIn
from benchmarks.talking import consoles
from tests.support.platform import Platform

LINE = "helpwanted"
COUNSELLORS, TALKS, WAITING = 8, 3, 20
VIEWERS = (0, 1, 20)
ROUNDS, SECONDS, SETTLE = 4, 15.0, 2.0
BUDGET = 1.5


class Viewer(Person):
    """Represents a supervisor's page, of which only the frames are counted."""

    path = "/ws/console/"

    async def look(self) -> None:
        await self.connect()
        await self.request("hello", device=None)
        await self.request("watch", board=True)
        await self.request("floor", look=True)


class Evening:
    """Plays two messages a second, and each second a caller who comes or leaves."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.waiting: list[Caller] = []
        self.talking: list[tuple[Console, str]] = []

    async def begin(self) -> None:
        held = await consoles(self.platform, 2 * COUNSELLORS, TALKS)
        for console in (one for one, line in held.items() if line == LINE):
            for _ in range(TALKS):
                await self._caller()
                self.talking.append((console, await console.take(LINE)))
        self.callers, self.waiting = self.waiting, []
        for _ in range(WAITING):
            await self._caller()

    async def go_on(self) -> None:
        for turn in range(sys.maxsize):
            for half in range(2):
                console, conversation = self.talking[(2 * turn + half) % len(self.talking)]
                console.say(conversation, new_id())
                await asyncio.sleep(0.5)
            if turn % 2:
                await self.waiting.pop(0).leave()
            else:
                await self._caller()

    async def _caller(self) -> None:
        caller = Caller(self.platform.url, LINE)
        await caller.start()
        self.waiting.append(caller)


async def measure(stores: Stores, say: Callable[[str], object]) -> float:
    """Returns the cost of 20 viewers divided by the cost of one, as the median of the rounds."""
    platform = stores.helpline(counsellors=COUNSELLORS)
    try:
        evening = Evening(platform)
        await evening.begin()
        going = asyncio.ensure_future(evening.go_on())
        cookie = await SignIn(platform.url, platform.people("supervisor", line=LINE)[0]).run()
        costs: dict[int, list[float]] = {many: [] for many in VIEWERS}
        for _ in range(ROUNDS):
            for many in VIEWERS:
                costs[many].append(await _looked_at(platform, stores, cookie, many))
        going.cancel()
    finally:
        await asyncio.to_thread(platform.close)
    for many, found in costs.items():
        say(f"{many:2} look: {median(found) / SECONDS * 1000:6.1f} ms CPU a second")
    ratio = median(many / one for many, one in zip(costs[20], costs[1], strict=True))
    say(f"20 against 1: {ratio:.2f} (budget {BUDGET})")
    return ratio


async def _looked_at(platform: Platform, stores: Stores, cookie: str, many: int) -> float:
    """Returns the CPU seconds of all processes while `many` supervisors watch."""
    viewers = [Viewer(platform.url, cookie) for _ in range(many)]
    for viewer in viewers:
        await viewer.look()
    await asyncio.sleep(SETTLE)
    processes = [*family(platform.pid), *stores.family()]
    before, frames = cpu_seconds(processes), [viewer.frames for viewer in viewers]
    await asyncio.sleep(SECONDS)
    spent = cpu_seconds(processes) - before
    if any(viewer.frames - known < SECONDS / 2 for viewer, known in zip(viewers, frames, strict=True)):
        raise RuntimeError("a viewer was shown too little")
    await asyncio.gather(*(viewer.goodbye() for viewer in viewers))
    await asyncio.sleep(SETTLE / 2)
    return spent


def main() -> int:
    with Stores() as stores:
        ratio = asyncio.run(measure(stores, lambda sentence: sys.stdout.write(f"{sentence}\n")))
    return int(ratio > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
