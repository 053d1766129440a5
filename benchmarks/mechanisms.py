"""Measures what each mechanism beyond plain Daphne, Channels and Django gains.

Run it with `python -m benchmarks.mechanisms`. Each batch compares a complete platform with others that each
lack one mechanism. They are measured in turn; a platform that is not being measured is suspended.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from benchmarks.pairs import Pair, closed_loop, gentle, helpline_pairs
from benchmarks.report import percentile
from benchmarks.servers import Stores, cpu_seconds, family, go_on, many_files, stand_still
from benchmarks.starting import starts_a_second
from benchmarks.talking import consoles
from tests.support import folders
from tests.support.platform import Platform

MECHANISMS = (
    "the loop's connection", "group commit", "hints of bells", "few packets", "silence when alone",
    "own receive loop", "threads of their own", "shorter switch interval", "frozen objects",
    "prepared statements",
)  # fmt: skip
BATCH = 4
folders.OURS = tuple(name for name in folders.OURS if name != "DJANGO_SETTINGS_MODULE")
PAIRS = 30
NEWCOMERS = 120
SETTLE_SECONDS = 2.0


@dataclass
class Side:
    """Holds a platform and the rows measured on it, with the columns of FIGURES."""

    without: str
    platform: Platform
    pairs: list[Pair]
    rows: list[list[float]] = field(default_factory=list)

    def medians(self) -> list[float]:
        return [median(column) for column in zip(*self.rows, strict=True)]


FIGURES = ("p50 ms", "p99 ms", "CPU s", "messages/s", "CPU s full", "starts/s", "p99 in a rush, ms")


def start(stores: Stores, without: str) -> Platform:
    """Starts our platform with the mechanism `without` switched off."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "benchmarks.without.settings", "WITHOUT": without}
    return stores.helpline(counsellors=(PAIRS + 1) // 2, OPENING_SECONDS=60)


async def measure(side: Side, stores: Stores, calm: float, full: float) -> list[float]:
    def cpu() -> float:
        return cpu_seconds([*family(side.platform.pid), *stores.family()])

    before = cpu()
    latencies, _ = await gentle(side.pairs, calm)
    spent = (cpu() - before) * 1000 / len(latencies)
    marks: list[float] = []
    loop = await closed_loop(side.pairs, full, lambda: marks.append(cpu()))
    rush = asyncio.create_task(gentle(side.pairs, 3))
    await asyncio.sleep(0.2)
    starts = await starts_a_second(side.platform.urls, NEWCOMERS)
    in_rush, _ = await rush
    return [
        percentile(latencies, 0.5) * 1000,
        percentile(latencies, 0.99) * 1000,
        spent,
        loop.rate,
        (marks[1] - marks[0]) * 1000 / loop.messages,
        starts,
        percentile(in_rush, 0.99) * 1000,
    ]


async def batch(names: list[str], rounds: int, calm: float, full: float, say: Callable[[str], None]) -> None:
    with ExitStack() as ends:
        stores = ends.enter_context(Stores())
        sides = []
        for name in ["nothing", *names]:
            platform = await asyncio.to_thread(start, stores, name)
            ends.callback(platform.close)
            pairs, _ = await helpline_pairs(platform.url, await consoles(platform, PAIRS, 1))
            sides.append(Side(name, platform, pairs))
            stand_still(family(platform.pid))
        for number in range(rounds + 1):
            for side in sides:
                go_on(family(side.platform.pid))
                await asyncio.sleep(SETTLE_SECONDS)
                row = await measure(side, stores, calm, full)
                if number:  # the first round only warms up
                    side.rows.append(row)
                say(f"  {number} {side.without}: " + ", ".join(f"{figure:.2f}" for figure in row))
                stand_still(family(side.platform.pid))
        for side in sides:
            go_on(family(side.platform.pid))
    here = sides[0].medians()
    for side in sides:
        both = zip(side.medians(), here, strict=True)
        shares = [f"{there:.2f} ({there / mine:.2f})" for there, mine in both]
        say(f"| {side.without} | " + " | ".join(shares) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=MECHANISMS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calm", type=float, default=5)
    parser.add_argument("--full", type=float, default=3)
    asked = parser.parse_args()
    many_files()

    def say(sentence: str) -> None:
        sys.stdout.write(sentence + "\n")
        sys.stdout.flush()

    say("| without | " + " | ".join(FIGURES) + " |")
    for first in range(0, len(asked.names), BATCH):
        asyncio.run(batch(asked.names[first : first + BATCH], asked.rounds, asked.calm, asked.full, say))


if __name__ == "__main__":
    main()
