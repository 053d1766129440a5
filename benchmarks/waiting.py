"""Measures callers who wait: memory per socket, the cost of a queue change, a conversation beside the
crowd."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from statistics import median

import msgspec
import psutil

from benchmarks.pairs import Pair, helpline_pairs
from benchmarks.people import Caller, Console
from benchmarks.person import Refused
from benchmarks.report import percentile
from benchmarks.servers import Stores, cpu_seconds, family, rss_kib
from benchmarks.wire import Socket, connect
from tests.support.platform import Platform

LINE, OTHER_LINE = "helpwanted", "stopitnow"
CHANGE_SECONDS = 1.6  # changes of the queue are sent at most once a second
AT_ONCE = 20
WARM = 20
BESIDE_MESSAGES = 100
BACK_SECONDS = 60.0
TOLD_SECONDS = 0.5
REST_SECONDS = 20.0  # each socket has one beat in this time


@dataclass
class Crowd:
    """Holds what was measured at each size of the crowd."""

    kib: dict[int, float] = field(default_factory=dict)  # KiB of the web process for each socket
    kib_stored: dict[int, float] = field(default_factory=dict)  # and of PostgreSQL
    change: dict[int, float] = field(default_factory=dict)  # CPU ms of one change
    shown: dict[int, float] = field(default_factory=dict)  # seconds until the last socket had been told
    rest: dict[int, float] = field(default_factory=dict)  # % of a core while there are only beats


class Waiters:
    """Represents a growing crowd of callers who wait on one line of our platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.callers: list[Caller] = []
        self.told_at = 0.0

    async def grow(self, size: int) -> None:
        """Lets callers enter the queue, a few at a time, until `size` wait."""
        await in_parallel([self._one() for _ in range(size - len(self.callers))])

    async def one_leaves(self) -> None:
        """Lets the first in the queue leave, so that everybody else moves up."""
        self.callers.sort(key=lambda caller: caller.began)
        first = self.callers.pop(0)
        await first.leave()
        await first.goodbye()

    async def _one(self) -> None:
        caller = Caller(self.platform.url, LINE)
        caller.on_queue = self._told
        await caller.start()
        self.callers.append(caller)

    def _told(self) -> None:
        self.told_at = time.perf_counter()


class Room:
    """Represents a growing crowd in one room of the tutorial's chat, where news is sent with `group_send`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sockets: list[Socket] = []
        self.told_at = 0.0

    async def grow(self, size: int) -> None:
        await in_parallel([self._one() for _ in range(size - len(self.sockets))])

    async def tell(self) -> None:
        """Sends everybody a frame as long as ours."""
        self.sockets[0].send(msgspec.json.encode({"id": "queue", "message": '{"ahead":12,"minutes":null}'}))

    async def _one(self) -> None:
        self.sockets.append(await connect(self.url, "/ws/chat/queue/", self._told))

    def _told(self, _text: bytes) -> None:
        self.told_at = time.perf_counter()


async def in_parallel(work: Iterable[Awaitable[None]]) -> None:
    """Awaits all of the work, a few at a time."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(item: Awaitable[None]) -> None:
        async with at_once:
            await item

    await asyncio.gather(*(one(item) for item in work))


async def crowds(
    stores: Stores, platform: Platform, sizes: list[int], *, times: int, say: Callable[[str], None]
) -> tuple[Crowd, Crowd, Waiters]:
    """Measures our crowd and the tutorial's at each size. For memory, each socket of the tutorial has its own
    room."""
    ours, theirs = Crowd(), Crowd()
    waiters = Waiters(platform)
    await waiters.grow(WARM)
    web, whole = psutil.Process(platform.pids[0]), lambda: [*family(platform.pid), *stores.family()]
    before, stored = rss_kib(web), stores.postgres_kib()
    for size in sizes:
        await waiters.grow(size)
        await asyncio.sleep(2)
        ours.kib[size] = (rss_kib(web) - before) / (size - WARM)
        ours.kib_stored[size] = (stores.postgres_kib() - stored) / (size - WARM)
        ours.change[size], ours.shown[size] = await _change(waiters, waiters.one_leaves, whole, times)
        ours.rest[size] = await _rate(REST_SECONDS, lambda: [web]) * 100
        say(f"  {size} wait: {ours.kib[size]:.0f} KiB a socket, a change costs {ours.change[size]:.1f} ms")
    baseline = stores.baseline("tutorial")
    try:
        await _rooms(baseline.url, baseline.family, sizes, theirs)
        room = Room(baseline.url)
        for size in sizes:
            await room.grow(size)
            costs = await _change(room, room.tell, lambda: [*baseline.family(), *stores.family()], times)
            theirs.change[size], theirs.shown[size] = costs
            say(f"  {size} in a room: a group_send costs {theirs.change[size]:.1f} ms")
    finally:
        baseline.close()
    return ours, theirs, waiters


async def _rooms(
    url: str, processes: Callable[[], list[psutil.Process]], sizes: list[int], result: Crowd
) -> None:
    sockets: list[Socket] = []

    async def one(number: int) -> None:
        sockets.append(await connect(url, f"/ws/chat/room{number}/", lambda _: None))

    await in_parallel([one(-number) for number in range(1, WARM + 1)])
    web = processes()[0]
    before = rss_kib(web)
    for size in [size for size in sizes if size <= 2000]:
        await in_parallel([one(number) for number in range(len(sockets) - WARM, size - WARM)])
        await asyncio.sleep(2)
        result.kib[size] = (rss_kib(web) - before) / (size - WARM)
    for socket in sockets:
        socket.cut()
    await asyncio.sleep(2)


async def _change(
    crowd: Waiters | Room,
    change: Callable[[], Awaitable[None]],
    processes: Callable[[], list[psutil.Process]],
    times: int,
) -> tuple[float, float]:
    """Returns the CPU ms that one change costs beyond an equally long quiet time, and the seconds until the
    last caller was told."""
    costs, quiet, shown = [], [], []
    for _ in range(times):
        quiet.append(await _rate(CHANGE_SECONDS, processes))
        begun, before = time.perf_counter(), cpu_seconds(processes())
        await change()
        await _until_told(crowd, begun)
        costs.append((cpu_seconds(processes()) - before, time.perf_counter() - begun))
        shown.append(max(0.0, crowd.told_at - begun))
    rest = median(quiet)
    return median(cost - rest * seconds for cost, seconds in costs) * 1000, max(shown)


async def _rate(seconds: float, processes: Callable[[], list[psutil.Process]]) -> float:
    """Returns the CPU seconds used per second while there are only beats."""
    before = cpu_seconds(processes())
    await asyncio.sleep(seconds)
    return (cpu_seconds(processes()) - before) / seconds


async def _until_told(crowd: Waiters | Room, begun: float) -> None:
    """Waits until nobody has been told anything for half a second, so that a slow round does not reach into
    the next."""
    while (now := time.perf_counter()) - begun < CHANGE_SECONDS or now - crowd.told_at < TOLD_SECONDS:
        await asyncio.sleep(0.05)
        if now - begun > BACK_SECONDS:
            raise TimeoutError("the queue is told without end")


async def talk_beside(console: Console, platform: Platform) -> Pair:
    """Begins one conversation on the line where nobody waits."""
    pairs, _ = await helpline_pairs(platform.url, {console: OTHER_LINE})
    return pairs[0]


async def talk(pair: Pair, meanwhile: Callable[[], Awaitable[None]] | None = None) -> float:
    """Returns the p50 in ms of a counsellor's hundred messages, ten a second. Calls `meanwhile` every
    second."""
    pair.latencies.clear()
    for number in range(BESIDE_MESSAGES):
        if meanwhile is not None and number % 10 == 0:
            await meanwhile()
        pair.say(1)
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    return percentile(pair.latencies, 0.5) * 1000


async def come_back(callers: list[Caller]) -> tuple[float, int]:
    """Cuts all connections at once. Returns the seconds until all have resumed, and how many attempts were
    refused.

    A refused caller tries again within a second, as a page does.
    """

    refused = 0

    async def one(caller: Caller) -> None:
        nonlocal refused
        while time.perf_counter() - begun < BACK_SECONDS:
            try:
                await caller.resume()
            except (OSError, TimeoutError, Refused):
                refused += 1
                await asyncio.sleep(random.random())  # noqa: S311 – jitter
            else:
                return

    for caller in callers:
        caller.cut()
    begun = time.perf_counter()
    await asyncio.gather(*map(one, callers))
    return time.perf_counter() - begun, refused


async def rooms_come_back(url: str, many: int) -> float:
    """Returns the same seconds for the tutorial's rooms, where connecting again is enough."""

    async def one(number: int) -> Socket:
        return await connect(url, f"/ws/chat/back{number}/", lambda _: None)

    for socket in await asyncio.gather(*(one(number) for number in range(many))):
        socket.cut()
    begun = time.perf_counter()
    for socket in await asyncio.gather(*(one(number) for number in range(many))):
        socket.cut()
    return time.perf_counter() - begun


async def memory_growth(
    platform: Platform, waiters: Waiters, minutes: float, say: Callable[[str], None]
) -> float:
    """Returns the share by which the web process grew in `minutes` with beats and a change every five
    seconds."""
    web = psutil.Process(platform.pids[0])
    begin, until = rss_kib(web), time.perf_counter() + minutes * 60
    while time.perf_counter() < until:
        await asyncio.sleep(min(5.0, max(0.0, until - time.perf_counter())))
        await waiters.one_leaves()
    grown = rss_kib(web) / begin - 1
    say(f"  {len(waiters.callers)} wait: {begin / 1024:.0f} MiB, {grown:+.1%} after {minutes:g} min")
    return grown
