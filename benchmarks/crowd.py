"""Lets 10,000 callers wait on two processes for ten minutes, while two people talk.

Run it with `python -m benchmarks.crowd`. Every five seconds the first in the queue leaves and a new caller
joins at the end. Three seconds later the number on each page is compared with the queue in the database. A
run of full length writes results-crowd.md.
"""

import argparse
import asyncio
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from benchmarks.pairs import STRAGGLERS_SECONDS, Pair, pair_of
from benchmarks.people import Caller, Console
from benchmarks.report import Figure, as_markdown, as_text, at_most, percentile, within
from benchmarks.servers import Stores, cpu_seconds, family, many_files, rss_kib
from benchmarks.signin import SignIn
from benchmarks.waiting import LINE, OTHER_LINE, in_parallel
from tests.support.platform import Platform

SOCKETS, SECONDS = 10_000, 600.0
EVERY = 5.0  # seconds between two changes
SHOWN = 3.0  # seconds within which every page must show a change
WARM = 60.0  # seconds, after which memory must be flat
QUIET = 20.0  # seconds in which the two talk before the crowd comes
PAUSE = 0.2  # seconds between two of their messages
FLAT = 0.05
SPARE_FILES = 2_000
RESULTS = Path(__file__).parent / "results-crowd.md"
IN_ORDER = "SELECT id FROM chat_conversation WHERE line_id = %s AND state = 'waiting' ORDER BY rank, id"


@dataclass
class Watched:
    """Holds what was observed of the crowd, in seconds and KiB."""

    changes: int = 0
    told: int = 0
    slowest: float = 0.0
    wrong: int = 0
    lost: int = 0
    came: float = 0.0
    quiet: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    cpu: float = 0.0

    def grown(self, warm: float) -> float:
        """Returns by how much memory grew at most after the first `warm` seconds, as a share."""
        later = [kib for at, kib in self.memory if at >= warm]
        return max(later) / later[0] - 1


class Crowd:
    """Represents the callers who wait, half on each process."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.callers: dict[str, Caller] = {}
        self.number = 0

    async def grow(self, many: int) -> None:
        await in_parallel([self.one_comes() for _ in range(many)])

    async def one_comes(self) -> None:
        self.number += 1
        caller = Caller(self.platform.urls[self.number % len(self.platform.urls)], LINE)
        await caller.start()
        self.callers[caller.writer.conversation] = caller

    async def one_leaves(self) -> None:
        """Lets the first in the queue leave."""
        first = self.callers.pop((await self.in_order())[0])
        await first.leave()
        await first.goodbye()

    async def in_order(self) -> list[str]:
        url = self.platform.stores["DATABASE_URL"]
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            return [str(row[0]) for row in await (await connection.execute(IN_ORDER, [LINE])).fetchall()]

    async def wrongly_told(self) -> int:
        """Returns how many pages show a wrong number, or have no place in the queue, as after a lost
        socket."""
        order = await self.in_order()
        gone = len(self.callers.keys() ^ set(order))
        return gone + sum(
            self.callers[one].ahead != shown(place) for place, one in enumerate(order) if one in self.callers
        )


def shown(ahead: int) -> int:
    """Returns the number of callers ahead as a page is told it: exact up to ten, then rounded up to a
    multiple of five."""
    return ahead if ahead <= 10 else -(-ahead // 5) * 5


async def measure(stores: Stores, sockets: int, seconds: float) -> Watched:
    with closing(
        stores.helpline(
            counsellors=1, processes=2, QUEUE_MAX=3 * sockets, HERE_SECONDS=45, STAFF_LEASE_SECONDS=60
        )
    ) as platform:
        return await _measure(platform, stores, sockets, seconds)


async def _measure(platform: Platform, stores: Stores, sockets: int, seconds: float) -> Watched:
    watched, crowd = Watched(), Crowd(platform)
    pair = await _talk_across(platform)
    await talk(pair, QUIET)
    watched.quiet = pair.latencies[:]
    begun = time.monotonic()
    await crowd.grow(sockets)
    watched.came = time.monotonic() - begun
    _say(f"{sockets:,} came in {watched.came:.0f} s.")
    await asyncio.sleep(EVERY)
    talking = asyncio.ensure_future(talk(pair, seconds))
    everything = [*family(platform.pid), *stores.family()]
    cpu, begun = cpu_seconds(everything), time.monotonic()
    while (at := time.monotonic() - begun) < seconds:
        memory = sum(rss_kib(psutil.Process(pid)) for pid in platform.pids)
        watched.memory.append((at, memory))
        await _change(crowd, watched)
        if watched.changes % 12 == 1:
            _say(f"  {at:4.0f} s: {memory / 1024:.0f} MiB, slowest {watched.slowest:.2f} s")
        await asyncio.sleep(max(0.0, begun + watched.changes * EVERY - time.monotonic()))
    watched.memory.append((at, sum(rss_kib(psutil.Process(pid)) for pid in platform.pids)))
    watched.cpu = (cpu_seconds(everything) - cpu) / at
    await talking
    watched.beside, watched.lost = pair.latencies[:], len(pair.sent)
    for caller in crowd.callers.values():
        caller.cut()
    return watched


async def _change(crowd: Crowd, watched: Watched) -> None:
    await asyncio.sleep(0)
    await crowd.one_comes()
    begun = time.perf_counter()
    await crowd.one_leaves()
    await asyncio.sleep(max(0.0, begun + SHOWN - time.perf_counter()))
    watched.wrong += await crowd.wrongly_told()
    told = [caller.told_at - begun for caller in crowd.callers.values() if caller.told_at > begun]
    watched.changes += 1
    watched.told += len(told)
    watched.slowest = max(watched.slowest, *told, 0.0)


async def _talk_across(platform: Platform) -> Pair:
    """Returns the pair of a counsellor on one process and a caller on the other, on the line where nobody
    waits."""
    person = platform.people("counsellor", line=OTHER_LINE)[0]
    console = Console(platform.urls[0], await SignIn(platform.urls[0], person).run())
    await console.begin()
    caller = Caller(platform.urls[1], OTHER_LINE)
    await caller.start()
    await console.take(OTHER_LINE)
    return pair_of(caller, console)


async def talk(pair: Pair, seconds: float) -> None:
    pair.latencies.clear()
    until, end = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        pair.say(end)
        end = 1 - end
        await asyncio.sleep(PAUSE)
    deadline = time.monotonic() + STRAGGLERS_SECONDS
    while pair.sent and time.monotonic() < deadline:  # noqa: ASYNC110 – for stragglers
        await asyncio.sleep(0.05)


def figures(watched: Watched, sockets: int, seconds: float) -> list[Figure]:
    quiet, beside = (percentile(found, 0.5) * 1000 for found in (watched.quiet, watched.beside))
    grown = watched.grown(min(WARM, seconds / 3)) * 100
    return [
        Figure("change shown to the last of all", "s", watched.slowest,
               budgets=(within(SHOWN, f"≤ {SHOWN:g} s", watched.slowest),)),
        Figure(f"pages that showed something else {SHOWN:g} s after a change", "", watched.wrong,
               budgets=(within(0, "none", watched.wrong),)),
        Figure("changes", "", watched.changes),
        Figure("frames of the queue", "", watched.told),
        Figure("memory of both processes, first", "MiB", watched.memory[0][1] / 1024),
        Figure("… that came after the first minute", "%", grown,
               budgets=(within(FLAT * 100, f"≤ {FLAT:.0%}", grown),)),
        Figure("p50 of a conversation beside", "ms", beside,
               budgets=(at_most(3, quiet, f"quiet p50 ({quiet:.2f} ms)", beside),)),
        Figure("… p99", "ms", percentile(watched.beside, 0.99) * 1000),
        Figure("messages lost", "", watched.lost, budgets=(within(0, "none", watched.lost),)),
        Figure("CPU of all processes, stores too", "cores", watched.cpu),
        Figure(f"time in which {sockets:,} came in", "s", watched.came),
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    parser.add_argument("--sockets", type=int, default=SOCKETS, help="that wait")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for which they wait")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a budget is missed")
    options = parser.parse_args()
    if many_files() < options.sockets + SPARE_FILES:
        _say("The limit of open files is too low for so many sockets: see `ulimit -Hn`.")
        return 2
    with Stores() as stores:
        known = stores.facts(f"{options.sockets:,} wait for {options.seconds:g} s")
        known[-1] = "two web processes of ours and a worker; the driver shares the cores"
        watched = asyncio.run(measure(stores, options.sockets, options.seconds))
    found = figures(watched, options.sockets, options.seconds)
    if options.sockets >= SOCKETS and options.seconds >= SECONDS:
        RESULTS.write_text(as_markdown("Results of `make bench-crowd`", found, known))
        _say(f"Written to {RESULTS}.")
    _say("\n" + as_text(found))
    missed = [budget for figure in found for budget in figure.budgets if not budget.met]
    _say(f"\n{len(missed)} missed.")
    return 1 if missed and options.strict else 0


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
