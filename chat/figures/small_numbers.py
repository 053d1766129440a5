"""Hides small numbers in published figures: every number under five, and others while a hidden one could be
derived.

A table counts people by one property. A reader may know its sum from elsewhere, and this rule, too. The rule
hides the numbers under five, zero as well as four. While they could still be derived, it also hides the next
smallest number, wherever that is. Why that is enough: docs/decisions/small-numbers.md
"""

from collections.abc import Collection, Mapping

MIN_COUNT = 5


def shown(table: Mapping[str, int]) -> dict[str, int | None]:
    """Returns the table as it may be published: None for each hidden number, for whichever reason."""
    for most in sorted({MIN_COUNT - 1, *(number for number in table.values() if number >= MIN_COUNT)}):
        if _keeps([number for number in table.values() if number <= most]):
            return {key: number if number > most else None for key, number in table.items()}
    return dict.fromkeys(table)


def alone(number: int) -> int | None:
    """Returns a number that is part of no published sum, or None if it is under five."""
    return number if number >= MIN_COUNT else None


def _keeps(hidden: Collection[int]) -> bool:
    """Whether the hidden numbers stay hidden from somebody who knows their sum.

    A sum under five is itself a small number, whether of one number or of many. If all hidden numbers are
    four, the largest of the numbers under five, their sum reveals each of them.
    """
    return not hidden or (sum(hidden) >= MIN_COUNT and set(hidden) != {MIN_COUNT - 1})
