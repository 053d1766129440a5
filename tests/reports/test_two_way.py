"""If subjects are crossed with another answer, neither the cells nor the numbers beside them reveal a number
under five. The attacker knows the rule and the rows and columns, sees both tables of one property as they are
published, and the crossed one, and lists every table that would have been published alike."""

import random
from collections import Counter, defaultdict
from itertools import product

import pytest

from chat.figures.codes import CROSSED
from chat.figures.small_numbers import MIN_COUNT
from chat.reports import two_way
from chat.reports.counted import Counted
from chat.reports.published import Table, crossed
from tests.figures.test_small_numbers import publish, tables
from tests.support.chance import seed

ROWS, COLUMNS = "abcdefghijk", "pqrstuvwx"
type Published = tuple[tuple[int | None, ...], ...]


def published(numbers: tuple[int, ...], height: int, width: int) -> Published:
    """Returns what is published: both margins by their own rule, and the cells."""
    rows, columns = ROWS[:height], COLUMNS[:width]
    cells = dict(zip(product(rows, columns), numbers, strict=True))
    down = publish(tuple(sum(cells[row, column] for column in columns) for row in rows))
    across = publish(tuple(sum(cells[row, column] for row in rows) for column in columns))
    seen = two_way.shown(
        cells,
        [row for row, value in zip(rows, down, strict=True) if value is not None],
        [column for column, value in zip(columns, across, strict=True) if value is not None],
    )
    return down, across, tuple(seen.get(cell) for cell in cells)


@pytest.mark.parametrize(
    ("height", "width", "total"),
    [
        (2, 2, 24),
        (2, 2, 27),
        (3, 2, 20),  # the smallest table of which something is shown
        pytest.param(2, 3, 21, marks=pytest.mark.long),
        pytest.param(3, 2, 22, marks=pytest.mark.long),
        (3, 3, 10),
    ],
)
def test_no_cell_under_five_follows_from_all_that_is_published(height: int, width: int, total: int) -> None:
    alike: defaultdict[Published, list[tuple[int, ...]]] = defaultdict(list)
    for numbers in tables(height * width, total):
        alike[published(numbers, height, width)].append(numbers)
    for (_, _, seen), candidates in alike.items():
        if all(value is None for value in seen):
            continue  # the crossed table shows nothing that could reveal it
        for place in range(height * width):
            values = {candidate[place] for candidate in candidates}
            assert len(values) > 1 or min(values) >= MIN_COUNT, candidates


def test_something_is_shown_of_tables_as_they_come() -> None:
    """With eleven subjects and six ages in a quarter, most people are in a cell that is shown."""
    chance = random.Random(seed("quarters"))
    shares, seen, whole = [0.05, 0.35, 0.25, 0.2, 0.1, 0.05], 0, 0
    for _ in range(40):
        numbers = [
            max(0, round(chance.gauss(many * share, (many * share) ** 0.5)))
            for many in (400, 300, 120, 80, 40, 20, 10, 5, 3, 2, 1)
            for share in shares
        ]
        _, _, cells = published(tuple(numbers), 11, 6)
        seen += sum(value or 0 for value in cells)
        whole += sum(numbers)
    assert seen > 0.6 * whole


@pytest.mark.parametrize("height", [2, 3])
def test_what_is_shown_is_true_and_at_least_five(height: int) -> None:
    chance = random.Random(height)
    for _ in range(300):
        numbers = tuple(chance.choice((0, 1, 4, 5, 9, 30, 80)) for _ in range(height * 3))
        _, _, cells = published(numbers, height, 3)
        assert all(value in {None, number} for value, number in zip(cells, numbers, strict=True))
        assert all(value is None or value >= MIN_COUNT for value in cells)


def test_a_table_without_a_small_number_is_shown_whole_and_an_empty_one_not() -> None:
    whole = dict.fromkeys(product("ab", "pq"), 20)
    assert two_way.shown(whole, "ab", "pq") == whole
    assert two_way.shown({}, "ab", "pq") == dict.fromkeys(whole)
    assert two_way.shown(whole, "", "") == {}


def test_a_small_number_alone_takes_three_others_along() -> None:
    cells = dict.fromkeys(product("abc", "pqr"), 40) | {("a", "p"): 2}
    shown = two_way.shown(cells, "abc", "pqr")
    hidden = {cell for cell, value in shown.items() if value is None}
    assert len(hidden) == 4
    assert {row for row, _ in hidden} > {"a"}


def test_a_subject_or_an_answer_that_its_own_table_hides_is_in_no_crossed_table() -> None:
    """A row of hidden numbers reveals that somebody is there, and how many there are beside the others."""
    counted: Counted = {
        f"cross_{question}": Counter({"leak:a": 20, "leak:b": 4, "threat:a": 20, "rare:a": 3, "rare:b": 1})
        for question in CROSSED
    }
    subjects = Table("subject", {"leak": 24, "threat": 20, "rare": None})
    answers = [Table(question, {"a": 43, "b": None}) for question in CROSSED]
    for cross in crossed(counted, [subjects, *answers]):
        assert cross.columns == ["a"]
        assert {row: [*cells] for row, cells in cross.rows.items()} == {"leak": ["a"], "threat": ["a"]}
