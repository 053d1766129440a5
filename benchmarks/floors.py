"""Measures the least that a message can take on Daphne, and on Daphne with a committed row.

Run it with `python -m benchmarks.floors`; it takes about three minutes. Two bare programs
(`benchmarks/baselines/echo`, `insert`) and our platform are measured in turn, with the same pairs. What ours
takes beyond the second program is the cost of everything that the bare program does not do.
"""

import argparse
import asyncio
import sys
from contextlib import ExitStack

from benchmarks.pairs import helpline_pairs, room_pairs
from benchmarks.servers import Stores, family, many_files
from benchmarks.talking import Side, consoles, rounds

BARE = ("echo", "insert")
PAIRS = 50
FIGURES = {"p50": "p50, ms", "p99": "p99, ms", "cpu_calm": "CPU s for 1,000, gentle", "rate": "messages/s"}


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


async def measure(times: int, calm: float, full: float) -> list[Side]:
    with ExitStack() as ends:
        stores = ends.enter_context(Stores())
        platform = stores.helpline(counsellors=PAIRS // 2)
        ends.callback(platform.close)
        sides = []
        for name in BARE:
            bare = stores.baseline(name)
            ends.callback(bare.close)
            pairs, _ = await room_pairs(bare.url, PAIRS)
            sides.append(Side(name, pairs, bare.family))
        pairs, _ = await helpline_pairs(platform.url, await consoles(platform, PAIRS, 1))
        sides.append(Side("ours", pairs, lambda: family(platform.pid)))
        await rounds(stores, sides, times, calm=calm, full=full, say=say)
        return sides


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    many_files()
    sides = asyncio.run(measure(asked.rounds, 8, 4))
    say("| | " + " | ".join(FIGURES.values()) + " |")
    for side in sides:
        say(f"| {side.name} | " + " | ".join(f"{side.median_of(name):.2f}" for name in FIGURES) + " |")


if __name__ == "__main__":
    main()
