"""Computes how much work a place costs, from the line's signs: the numbers that describe its load
(docs/decisions/earned-places.md).

Pressure is measured for the line, never for a caller. Callers are anonymous. Writing messages does not reduce
the work of a caller: the server cannot read the messages, so it cannot distinguish words from random
characters.
"""

from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings

# Shares of the places. If ANYWAY is reached by all waiting callers, connected or away, there is pressure even
# without a rush. If LAST is reached by the connected waiting callers alone, the work is hard.
ANYWAY = 0.8
LAST = 0.9
LOWEST = 0.1  # PRESSURE_FROM is never lowered further than this
UNSERIOUS_LOWERS = 0.05  # each unserious conversation lowers PRESSURE_FROM by this, for an hour
UNREAD_RAISES = 0.3  # unread messages add at most this share of the difference between least and most work
RUSH = 10  # a rush: at least twice the usual number of callers, plus this many, came

# Iterations that the most expensive challenge requires when pressure begins, just before the work becomes
# hard, and on a nearly full line. They take 1, 8 and 30 seconds on a phone that is six times slower than the
# browser with which this was measured.
MIN_ITERATIONS, MAX_ITERATIONS, MAX_HARD_ITERATIONS = 1_280_000, 7_800_000, 29_000_000


class Level(IntEnum):
    """Lists the levels of pressure with their numbers in the protocol."""

    NONE = 0
    WORK = 1
    HARD = 2
    FULL = 3


@dataclass(frozen=True, slots=True)
class Signs:
    """Holds the signs of a line with `most` places. `here`, `away`: how many waiting callers are connected,
    and how many are away. `came`: how many of these callers came within PRESSURE_WINDOW. `usual`: how many
    callers usually come in such a window at this hour. `unread`: how many of the connected ones have written
    although no staff has been granted access yet. `unserious`: how many conversations a counsellor closed as
    unserious in the last hour.

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
    """Holds the level of pressure and the work that a place requires. `work`: the most iterations, or 0 if no
    work is required."""

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
    """Returns the share of occupied places below which no proof of work is required."""
    lowered = settings.PRESSURE_FROM - UNSERIOUS_LOWERS * unserious
    return max(lowered, min(LOWEST, settings.PRESSURE_FROM))


def _is_rush(signs: Signs) -> bool:
    return signs.came >= 2 * signs.usual + RUSH


def _between(least: int, most: int, part: float) -> int:
    return round((least + (most - least) * min(1.0, part)) * settings.WORK_SCALE)
