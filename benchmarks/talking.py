"""Measures fifty pairs who talk: delivery at a gentle rate, the most messages per second, CPU per message."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import psutil

from benchmarks.pairs import Pair, closed_loop, gentle, helpline_pairs, room_pairs, socketio_pairs
from benchmarks.people import Console
from benchmarks.report import percentile
from benchmarks.servers import BASELINES, Stores, cpu_seconds, family, go_on, stand_still
from benchmarks.signin import SignIn
from tests.support.platform import Platform

SIGN_INS_AT_ONCE = 4
SETTLE_SECONDS = 5.0


@dataclass
class Round:
    """Holds one side's figures of one round: milliseconds, messages per second, CPU seconds per 1,000
    messages.

    `cpu_calm` is measured at the gentle rate, and so includes the side's background work; `cpu` and
    `cpu_stores` at full load.
    """

    p50: float
    p95: float
    p99: float
    rate: float
    cpu_calm: float
    cpu: float
    cpu_stores: float
    lost: int


@dataclass
class Side:
    """Represents one of the four servers, with its pairs."""

    name: str
    pairs: list[Pair]
    family: Callable[[], list[psutil.Process]]
    rounds: list[Round] = field(default_factory=list)

    def median_of(self, figure: str) -> float:
        return float(median(getattr(row, figure) for row in self.rounds))


async def consoles(platform: Platform, many: int, slots: int) -> dict[Console, str]:
    """Returns counsellors who are signed in and on duty, half on each line, with the line of each."""
    half = (many + 1) // 2
    people = [
        *platform.people("counsellor", line="helpwanted")[:half],
        *platform.people("counsellor", line="stopitnow")[: many - half],
    ]
    at_once = asyncio.Semaphore(SIGN_INS_AT_ONCE)

    async def one(place: int) -> tuple[Console, str]:
        async with at_once:
            console = Console(platform.url, await SignIn(platform.url, people[place]).run())
            await console.begin(slots)
            return console, people[place].lines[0]

    return dict(await asyncio.gather(*(one(place) for place in range(len(people)))))


async def sides(stores: Stores, platform: Platform, many: int) -> tuple[list[Side], list[Callable[[], None]]]:
    """Returns the four servers with `many` pairs each, and the functions that stop the baselines."""
    result, ends = [], []
    for name in BASELINES:
        baseline = stores.baseline(name)
        ends.append(baseline.close)
        make = socketio_pairs if name == "socketio" else room_pairs
        pairs, _ = await make(baseline.url, many)
        result.append(Side(name, pairs, baseline.family))
    pairs, _ = await helpline_pairs(platform.url, await consoles(platform, many, 1))
    result.append(Side("ours", pairs, lambda: family(platform.pid)))
    return result, ends


async def rounds(
    stores: Stores, four: list[Side], many: int, *, calm: float, full: float, say: Callable[[str], None]
) -> None:
    """Runs `many` rounds of `calm` seconds at a gentle rate and `full` seconds at full load, side after
    side."""
    ours = four[-1]
    for number in range(many):
        for side in four:
            # Ours renews leases and checks access even while nobody writes, so it is suspended. The baselines
            # do nothing then, and keep running: in a suspended one, reads of Redis would time out.
            (go_on if side is ours else stand_still)(ours.family())
            await asyncio.sleep(SETTLE_SECONDS if side is ours else 0.3)
            side.rounds.append(await _round(stores, side, calm, full))
            say(f"  round {number + 1} of {many}, {side.name}: {_sentence(side.rounds[-1])}")
    go_on(ours.family())


async def _round(stores: Stores, side: Side, calm: float, full: float) -> Round:
    marks: list[tuple[float, float]] = []

    def mark() -> None:
        marks.append((cpu_seconds(side.family()), cpu_seconds(stores.family())))

    mark()
    latencies, lost = await gentle(side.pairs, calm)
    mark()
    cpu_calm = sum(_per_thousand(marks, place, len(latencies)) for place in (0, 1))
    marks.clear()
    loop = await closed_loop(side.pairs, full, mark)
    own, shared = (_per_thousand(marks, place, loop.messages) for place in (0, 1))
    return Round(
        p50=percentile(latencies, 0.50) * 1000,
        p95=percentile(latencies, 0.95) * 1000,
        p99=percentile(latencies, 0.99) * 1000,
        rate=loop.rate,
        cpu_calm=cpu_calm,
        cpu=own + shared,
        cpu_stores=shared,
        lost=lost + loop.lost,
    )


def _per_thousand(marks: list[tuple[float, float]], place: int, messages: int) -> float:
    return (marks[1][place] - marks[0][place]) * 1000 / max(1, messages)


def _sentence(row: Round) -> str:
    return (
        f"p50 {row.p50:.2f} ms, p99 {row.p99:.2f} ms, {row.rate:.0f} messages/s, "
        f"{row.cpu:.3f} CPU s per 1,000 ({row.cpu_calm:.2f} at the gentle rate), {row.lost} lost"
    )
