"""Simulates the evenings of a helpline caller by caller, to check the formulas. It uses ciw: callers come at
random, the length of chats is not exponential, and people leave when they lose patience. It is seeded, so
that the same draw gives the same result."""

import math
from dataclasses import dataclass

import ciw

from chat.planning.erlang import GOALS, Goal

CALLERS = 8000
CLOSE = 0.015  # how near to its goal a share is checked again
MOST_RUNS = 4
WARM_UP = 0.1


@dataclass(frozen=True, slots=True)
class Situation:
    """Describes a situation. `arrivals` are callers an hour; `handling` and `patience` are in minutes.
    `spread` is that of handling, relative to its mean. `shape` is that of patience: under 1, many leave at
    once and the rest stay; over 1, most leave at about the same time."""

    number: int
    arrivals: float
    handling: float
    spread: float
    patience: float
    shape: float
    slots: int


def people_needed(situation: Situation, about: int) -> int:
    """Returns the fewest people who reach the goals. The search begins at `about`."""
    people = max(1, about)
    if enough(situation, people):
        while people > 1 and enough(situation, people - 1):
            people -= 1
        return people
    while not enough(situation, people):
        people += 1
    return people


def enough(situation: Situation, people: int) -> bool:
    """Returns whether this many reach each goal. Near the goal the mean of several runs counts."""
    shares: list[dict[Goal, float]] = []
    for run in range(MOST_RUNS):
        shares.append(_play(situation, people, run))
        means = {goal: sum(one[goal] for one in shares) / len(shares) for goal in GOALS}
        if all(abs(mean - goal.share) > CLOSE for goal, mean in means.items()):
            break
    return all(mean >= goal.share for goal, mean in means.items())


def _play(situation: Situation, people: int, run: int) -> dict[Goal, float]:
    minute = situation.arrivals / 60
    variance = math.log(1 + situation.spread**2)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(minute)],
        service_distributions=[
            ciw.dists.Lognormal(math.log(situation.handling) - variance / 2, math.sqrt(variance))
        ],
        number_of_servers=[people * situation.slots],
        reneging_time_distributions=[
            ciw.dists.Weibull(situation.patience / math.gamma(1 + 1 / situation.shape), situation.shape)
        ],
    )
    ciw.seed(1000 * situation.number + 10 * people + run)
    played = ciw.Simulation(network)
    length = CALLERS / minute
    played.simulate_until_max_time(length)
    came = [
        record
        for record in played.get_all_records()
        if length * WARM_UP < record.arrival_date < length - 10 * situation.patience
        and record.record_type in {"service", "renege"}
    ]
    served = [record.waiting_time for record in came if record.record_type == "service"]
    return {goal: sum(wait <= goal.within for wait in served) / max(1, len(came)) for goal in GOALS}
