"""Hides small numbers in published figures: every number under five, and further numbers, as long as a hidden
number could be derived from the others.

A table counts people by one property. The rule hides all numbers from zero to four. As long as a reader could
derive one of these numbers from this rule and the table's sum, which may be known from elsewhere, the rule
also hides the smallest number that is still shown. docs/decisions/small-numbers.md explains why that is
enough.
"""

from collections.abc import Collection, Mapping

MIN_COUNT = 5


def shown(table: Mapping[str, int]) -> dict[str, int | None]:
    """Returns the table as it may be published. All hidden numbers are None, so that nobody sees which of
    them are small and which were hidden in addition."""
    for most in sorted({MIN_COUNT - 1, *(number for number in table.values() if number >= MIN_COUNT)}):
        if _keeps([number for number in table.values() if number <= most]):
            return {key: number if number > most else None for key, number in table.items()}
    return dict.fromkeys(table)


def alone(number: int) -> int | None:
    """Returns the number, or None if it is under five. The number must not be part of a published sum."""
    return number if number >= MIN_COUNT else None


def _keeps(hidden: Collection[int]) -> bool:
    """Returns whether the hidden numbers stay hidden from somebody who knows their sum.

    A sum under five is itself a number to be hidden. If all hidden numbers are four, which is the largest
    number under five, their sum reveals each of them.
    """
    return not hidden or (sum(hidden) >= MIN_COUNT and set(hidden) != {MIN_COUNT - 1})
