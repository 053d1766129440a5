"""Computes Erlang A: the share of random arrivals that is served in time, if waiting callers leave after a
random time.

It models one queue for `places` servers, in which the first caller is served first. Callers arrive as a
Poisson stream, and the duration of a chat and a caller's patience are exponential. The module computes the
density of the wait of a caller who would never leave, as in S. Zeltyn and A. Mandelbaum, "Call centers with
impatient customers: many-server asymptotics of the M/M/n+G queue", Queueing Systems 51 (2005), section 9; the
model is C. Palm's (Tele 1957). A counsellor with several simultaneous chats is modelled as several places.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MAX_PEOPLE = 200
STEPS = 120  # steps of Simpson's rule; with twice as many, the number of people needed is the same
NEGLIGIBLE = 20.0  # waits with less than exp(-NEGLIGIBLE) times the density of no wait are left out


@dataclass(frozen=True, slots=True)
class Load:
    """Holds the load of a line: `arrivals` in callers per minute, and the means of `handling` and `patience`
    in minutes."""

    arrivals: float
    handling: float
    patience: float


@dataclass(frozen=True, slots=True)
class Goal:
    """Holds the share of all callers who should be answered within `within` minutes."""

    share: float
    within: float


GOALS = (Goal(0.80, 1.0), Goal(0.95, 5.0))


def helped_within(load: Load, places: int, minutes: float) -> float:
    """Returns the share of all callers who are answered within this many minutes. A caller who leaves earlier
    is counted as not answered."""
    if places <= 0:
        return 0.0
    if load.arrivals <= 0:
        return 1.0
    idle = _idle(load, places)
    if math.isinf(idle):
        return 1.0
    grown = _growth(load, places)
    peak = max(0.0, _highest(load, places, grown))

    def density(wait: float) -> float:
        return math.exp(grown(wait) - peak)

    horizon = _horizon(load, places)
    minutes = min(minutes, horizon)
    begin, end = density(0), density(minutes)
    soon, later = _integral(density, 0, minutes), _integral(density, minutes, horizon)
    idle *= begin
    served = places / load.handling
    return (idle + end - begin + served * soon) / (idle + load.arrivals * (soon + later))


def people_needed(load: Load, slots: int, goals: Sequence[Goal] = GOALS) -> int:
    """Returns the smallest number of counsellors, each with `slots` chats at once, who reach all goals; the
    result is at most MAX_PEOPLE."""
    for people in range(MAX_PEOPLE):
        if all(helped_within(load, people * slots, goal.within) >= goal.share for goal in goals):
            return people
    return MAX_PEOPLE


def _idle(load: Load, places: int) -> float:
    """Returns the weight of all states with a free place, relative to the state with exactly one free
    place."""
    idle = 1.0
    for busy in range(1, places):
        idle = 1.0 + idle * busy / (load.handling * load.arrivals)
    return idle


def _growth(load: Load, places: int) -> Callable[[float], float]:
    """Returns a function that computes the logarithm of the density of a wait, up to a constant. Arriving
    callers raise the density, and served callers lower it."""
    joining, served = load.arrivals * load.patience, places / load.handling
    return lambda wait: -joining * math.expm1(-wait / load.patience) - served * wait


def _highest(load: Load, places: int, grown: Callable[[float], float]) -> float:
    too_many = load.arrivals * load.handling / places
    return grown(load.patience * math.log(too_many)) if too_many > 1 else 0.0


def _horizon(load: Load, places: int) -> float:
    """Returns the wait, in minutes, beyond which the density is negligible."""
    return (load.arrivals * load.patience + NEGLIGIBLE) * load.handling / places


def _integral(function: Callable[[float], float], low: float, high: float) -> float:
    """Integrates by Simpson's rule."""
    width = (high - low) / STEPS
    inner = sum((4 if step % 2 else 2) * function(low + step * width) for step in range(1, STEPS))
    return (function(low) + inner + function(high)) * width / 3
