"""Figures that leave the house: no number under five, nor one that follows from what is shown.

A table counts people by one property; its sum may be known from elsewhere, and so may this rule. Hidden are
the numbers under five, zero like four, and then, while the hidden ones could be worked out, the next smallest
number, wherever it stands. Why that is enough: docs/decisions/small-numbers.md
"""

from collections.abc import Collection, Mapping

MIN_COUNT = 5


def shown(table: Mapping[str, int]) -> dict[str, int | None]:
    """The table as it may be published: None for each number that is hidden, for whichever reason."""
    for most in sorted({MIN_COUNT - 1, *(number for number in table.values() if number >= MIN_COUNT)}):
        if _keeps([number for number in table.values() if number <= most]):
            return {key: number if number > most else None for key, number in table.items()}
    return dict.fromkeys(table)


def alone(number: int) -> int | None:
    """A number that is no part of a published sum."""
    return number if number >= MIN_COUNT else None


def _keeps(hidden: Collection[int]) -> bool:
    """Whether the hidden numbers stay so for somebody who knows their sum.

    A sum under five is a small number itself, of one number or of many. Of fours alone, the largest that
    hide, each must be a four.
    """
    return not hidden or (sum(hidden) >= MIN_COUNT and set(hidden) != {MIN_COUNT - 1})
