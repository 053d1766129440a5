"""Computes, from the signs of a line, the work that a place costs. docs/decisions/earned-places.md

It measures the line, never the caller. Callers are anonymous, and what they write does not count in their
favour, because the server cannot read it and so cannot tell words from noise.
"""

from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings

ANYWAY = 0.8  # from this share of the places on there is pressure, even without a rush
LAST = 0.9  # from this share of the places on, the work is hard
LOWEST = 0.1  # below this share of the places nothing is ever asked
UNSERIOUS_LOWERS = 0.05  # each unserious conversation lowers the share for pressure by this, for an hour
UNREAD_RAISES = 0.3  # unread messages add at most this part of the difference between least and most work
RUSH = 10  # it is a rush if this many more than twice the usual number came lately

# The most iterations of a challenge. They take 1, 8 and 30 seconds on a phone that is six times slower than
# the browser that was measured.
MIN_ITERATIONS, MAX_ITERATIONS, MAX_HARD_ITERATIONS = 1_280_000, 7_800_000, 29_000_000


class Level(IntEnum):
    """Lists the levels, as on the wire."""

    NONE = 0
    WORK = 1
    HARD = 2
    FULL = 3


@dataclass(frozen=True, slots=True)
class Signs:
    """Holds the signs of a line with `most` places. `here`, `away`: how many waiting callers are connected,
    and how many are away. `came`: how many of these came lately. `usual`: how many usually start in as long a
    time at this hour. `unread`: how many of those here wrote before any staff was granted. `unserious`: how
    many conversations a counsellor closed as unserious in the last hour.

    Callers who are away take no place but are counted. Otherwise an attacker could open hundreds of
    conversations one after the other, leave each, and then return to all of them.
    """

    most: int
    here: int
    away: int = 0
    came: int = 0
    usual: float = 0.0
    unread: int = 0
    unserious: int = 0


@dataclass(frozen=True, slots=True)
class Pressure:
    """Says what a place costs. `work`: the most iterations, 0 if no work is asked."""

    level: Level
    work: int = 0


def of(signs: Signs) -> Pressure:
    if signs.here >= signs.most:
        return Pressure(Level.FULL)
    taken, begins = signs.here / signs.most, begins_at(signs.unserious)
    share = (signs.here + signs.away) / signs.most
    if not may_begin(signs) or not (share >= ANYWAY or _is_rush(signs)):
        return Pressure(Level.NONE)
    unread = min(UNREAD_RAISES, signs.unread / signs.most / 2)
    if taken >= LAST:
        return Pressure(
            Level.HARD, _between(MAX_ITERATIONS, MAX_HARD_ITERATIONS, (taken - LAST) / (1 - LAST) + unread)
        )
    return Pressure(
        Level.WORK, _between(MIN_ITERATIONS, MAX_ITERATIONS, (share - begins) / (LAST - begins) + unread)
    )


def may_begin(signs: Signs) -> bool:
    """Returns whether so many callers wait that the other signs matter."""
    waiting = signs.here + signs.away
    return waiting >= settings.PRESSURE_LEAST and waiting >= begins_at(signs.unserious) * signs.most


def begins_at(unserious: int) -> float:
    """Returns the share of the places below which nothing is asked."""
    lowered = settings.PRESSURE_FROM - UNSERIOUS_LOWERS * unserious
    return max(lowered, min(LOWEST, settings.PRESSURE_FROM))


def _is_rush(signs: Signs) -> bool:
    return signs.came >= 2 * signs.usual + RUSH


def _between(least: int, most: int, part: float) -> int:
    return round((least + (most - least) * min(1.0, part)) * settings.WORK_SCALE)
