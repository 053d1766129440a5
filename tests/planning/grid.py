"""Makes the grid of situations in which the advice is compared with the simulator. `make advice-grid` plays
it in some minutes and stores it beside this file. CI plays ten of its rows again."""

import csv
import math
import random
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

from chat.planning import erlang
from tests.planning import simulator
from tests.planning.simulator import Situation

KEPT = Path(__file__).with_name("advice_grid.csv")
MANY = 500
SEED = 1126
MOST_AT_ONCE = 60  # chats, on average: larger than any helpline of one country
FIELDS = ("number", "arrivals", "handling", "spread", "patience", "shape", "slots", "advised", "needed")


def situations() -> Iterator[Situation]:
    """Returns quiet nights and busy evenings, with as many situations of each size."""
    chance = random.Random(SEED)
    number = 0
    while number < MANY:
        found = Situation(
            number=number,
            arrivals=round(_between(0.5, 60, chance), 2),
            handling=round(_between(8, 60, chance), 1),
            spread=chance.choice((0.5, 0.8, 1.0, 1.3)),
            patience=round(_between(1.5, 30, chance), 1),
            shape=chance.choice((0.8, 1.0, 1.2)),
            slots=chance.choice((1, 2, 3, 4)),
        )
        if found.arrivals * found.handling / 60 <= MOST_AT_ONCE:
            yield found
            number += 1


def advised(situation: Situation) -> int:
    load = erlang.Load(situation.arrivals / 60, situation.handling, situation.patience)
    return erlang.people_needed(load, situation.slots)


def play(situation: Situation) -> tuple[Situation, int, int]:
    """Returns how many people are advised, and how many are needed."""
    said = advised(situation)
    return situation, said, simulator.people_needed(situation, said)


def kept() -> list[tuple[Situation, int, int]]:
    with KEPT.open() as file:
        return [
            (
                Situation(
                    number=int(row["number"]),
                    arrivals=float(row["arrivals"]),
                    handling=float(row["handling"]),
                    spread=float(row["spread"]),
                    patience=float(row["patience"]),
                    shape=float(row["shape"]),
                    slots=int(row["slots"]),
                ),
                int(row["advised"]),
                int(row["needed"]),
            )
            for row in csv.DictReader(file)
        ]


def _between(low: float, high: float, chance: random.Random) -> float:
    return math.exp(chance.uniform(math.log(low), math.log(high)))


if __name__ == "__main__":
    with Pool() as pool, KEPT.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for done, (one, said, needed) in enumerate(pool.imap(play, situations()), 1):
            writer.writerow(
                (
                    one.number,
                    one.arrivals,
                    one.handling,
                    one.spread,
                    one.patience,
                    one.shape,
                    one.slots,
                    said,
                    needed,
                )
            )
            print(f"\r{done} of {MANY}", end="", flush=True)
    print()
