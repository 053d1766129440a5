"""Hides small numbers in published figures: no number under five, and none from which one could be derived.

A table counts people by one property; its sum may be known from elsewhere, and so may this rule. Hidden are
the numbers under five, zero like four, and then, while the hidden ones could be derived, the next smallest
number, wherever it is. Why that is enough: docs/decisions/small-numbers.md
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
    """Returns a number that is no part of a published sum."""
    return number if number >= MIN_COUNT else None


def _keeps(hidden: Collection[int]) -> bool:
    """Whether the hidden numbers stay hidden from somebody who knows their sum.

    A sum under five is a small number itself, of one number or of many. If all hidden numbers were fours, the
    largest that hide, their sum would reveal each.
    """
    return not hidden or (sum(hidden) >= MIN_COUNT and set(hidden) != {MIN_COUNT - 1})
