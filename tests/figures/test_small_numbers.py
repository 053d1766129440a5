"""No published pair of tables, with their total, reveals a number under five. The attacker knows the rule,
the keys and the total, sees two tables of one period, and lists every pair of tables that would have been
published alike."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.figures.small_numbers import MIN_COUNT, alone, shown

type Numbers = tuple[int, ...]
type Shown = tuple[int | None, ...]
MOST = 14  # the largest total for which every table is written down


@cache
def publish(numbers: Numbers) -> Shown:
    return tuple(shown({str(place): number for place, number in enumerate(numbers)}).values())


@cache
def tables(size: int, total: int) -> tuple[Numbers, ...]:
    """Returns every table of this many numbers with this sum."""
    if size == 1:
        return ((total,),)
    return tuple((first, *rest) for first in range(total + 1) for rest in tables(size - 1, total - first))


@cache
def alike(size: int, total: int) -> dict[Shown, list[Numbers]]:
    found: defaultdict[Shown, list[Numbers]] = defaultdict(list)
    for numbers in tables(size, total):
        found[publish(numbers)].append(numbers)
    return found


def possible(seen: tuple[Shown, Shown], total: int | None) -> Iterator[Numbers]:
    """Returns both tables, one after the other, for each pair that the attacker cannot rule out."""
    for sum_of_both in range(MIN_COUNT) if total is None else [total]:
        choices = [alike(len(table), sum_of_both).get(table, []) for table in seen]
        for one, other in product(*choices):
            yield one + other


pairs = st.integers(0, MOST).flatmap(
    lambda total: st.tuples(
        *(st.integers(2, 4).flatmap(lambda size: st.sampled_from(tables(size, total))) for _ in "ab")
    )
)


@given(pairs)
def test_a_pair_of_tables_with_their_total_determines_no_number_under_five(
    pair: tuple[Numbers, Numbers],
) -> None:
    seen = (publish(pair[0]), publish(pair[1]))
    candidates = list(possible(seen, alone(sum(pair[0]))))
    truth = pair[0] + pair[1]
    assert truth in candidates
    for place, number in enumerate(truth):
        if number < MIN_COUNT:
            assert len({candidate[place] for candidate in candidates}) > 1, place


@pytest.mark.parametrize("size", [2, 3, 4, 5])
@pytest.mark.parametrize("total", range(MIN_COUNT, MOST + 1))
def test_of_all_small_tables_none_determines_a_number_under_five(size: int, total: int) -> None:
    for candidates in alike(size, total).values():
        for place in range(size):
            values = {candidate[place] for candidate in candidates}
            assert len(values) > 1 or min(values) >= MIN_COUNT


tables_of_any_size = st.dictionaries(
    st.text(min_size=1, max_size=3), st.integers(0, 60), min_size=1, max_size=60
)


@given(tables_of_any_size)
def test_what_is_shown_is_true_at_least_five_and_larger_than_all_that_is_hidden(
    table: dict[str, int],
) -> None:
    published = shown(table)
    assert published.keys() == table.keys()
    visible = [number for number in published.values() if number is not None]
    hidden = [number for key, number in table.items() if published[key] is None]
    assert all(published[key] in {None, number} for key, number in table.items())
    assert all(number >= MIN_COUNT for number in visible)
    assert not visible or not hidden or max(hidden) < min(visible)


@given(tables_of_any_size)
def test_the_difference_between_the_total_and_what_is_shown_is_no_number_under_five(
    table: dict[str, int],
) -> None:
    published = shown(table)
    if any(number is not None for number in published.values()):
        difference = sum(table.values()) - sum(number or 0 for number in published.values())
        assert difference == 0 or difference >= MIN_COUNT
        assert difference > 0 or None not in published.values(), "a hidden zero would be known"


@given(tables_of_any_size, st.data())
def test_which_of_the_hidden_has_which_number_leaves_no_trace(
    table: dict[str, int], data: st.DataObject
) -> None:
    published = shown(table)
    hidden = [key for key, number in published.items() if number is None]
    swapped = dict(zip(hidden, data.draw(st.permutations([table[key] for key in hidden])), strict=True))
    assert shown(table | swapped) == published


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((12, 9, 7), (12, 9, 7)),
        ((12, 9, 4), (12, None, None)),  # a single hidden number is the rest
        ((12, 3, 4), (12, None, None)),
        ((12, 7, 1, 2), (12, None, None, None)),  # together they are three
        ((12, 7, 4, 4), (12, None, None, None)),  # each four, for eight in two
        ((12, 7, 3, 3), (12, 7, None, None)),  # or two and four people
        # Equal numbers are hidden together, because their order would reveal them.
        ((12, 6, 6, 0), (12, None, None, None)),
        ((9, 0), (None, None)),
        ((4, 4), (None, None)),
        ((3,), (None,)),
        ((8,), (8,)),
    ],
)
def test_hidden_is_what_is_small_and_then_the_next_smallest(numbers: Numbers, expected: Shown) -> None:
    assert publish(numbers) == expected
