"""Hides cells of a table of two crossed properties, so that no number under five can be derived: neither from
the cells that are shown, nor from the sums of rows and columns, which are published too.

Rows whose own sum is hidden are merged into one rest row, and columns whose own sum is hidden into one rest
column. The rest row and the rest column are never shown. All cells under five are hidden. A hidden cell could
still be derived if no closed walk over hidden cells leads through it, for example because it is the only
hidden cell of its row or column. Then a rectangle with this cell as a corner is chosen, and its three other
corners are hidden as well. The numbers in single cells have no influence on this choice. At the end, each
small cell is checked: it must be able to have another value while everything published stays the same. That
is so if the cell is on a closed walk over hidden cells whose values can be raised and lowered by one in turn
(D. Gusfield, "A graph theoretic approach to statistical data security", SIAM J. Comput. 17, 1988). If this
fails for one cell, no cell is shown. Two tables that look the same when published also lead to the same
decisions, so knowing these rules reveals nothing more about the hidden numbers
(docs/decisions/small-numbers.md).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from chat.figures.small_numbers import MIN_COUNT

REST = ""

type Cell = tuple[str, str]  # row and column
type Cells = Mapping[Cell, int]
type May = Callable[[Cell], bool]


@dataclass(frozen=True, slots=True)
class _Table:
    """Holds all cells of a crossed table. `small` are those under five. `rest` are those of the merged rows
    and columns, which are never shown. A cell in `small` or `rest` is safe only if it could have another
    value."""

    cells: Cells
    rows: list[str]
    columns: list[str]
    small: frozenset[Cell]
    rest: frozenset[Cell]

    @property
    def unsure(self) -> list[Cell]:
        return sorted(self.small | self.rest)


def shown(cells: Cells, rows: Collection[str], columns: Collection[str]) -> dict[Cell, int | None]:
    """Returns the cells as they may be published, with None for each hidden one. `rows` and `columns` are
    those whose sums are published."""
    keys = [(row, column) for row in rows for column in columns]
    table = _with_rest(cells, rows, columns)
    hidden = _hidden(table)
    if hidden is None or not all(_may_differ(cell, table, hidden) for cell in table.unsure):
        return dict.fromkeys(keys)
    return {key: None if key in hidden else table.cells[key] for key in keys}


def _with_rest(cells: Cells, rows: Collection[str], columns: Collection[str]) -> _Table:
    merged: dict[Cell, int] = {}
    for (row, column), number in cells.items():
        key = (row if row in rows else REST, column if column in columns else REST)
        merged[key] = merged.get(key, 0) + number
    down = [*rows, *([REST] if any(row == REST for row, _ in merged) else [])]
    across = [*columns, *([REST] if any(column == REST for _, column in merged) else [])]
    whole = {(row, column): merged.get((row, column), 0) for row in down for column in across}
    rest = frozenset(cell for cell in whole if REST in cell)
    small = frozenset(cell for cell, number in whole.items() if number < MIN_COUNT) - rest
    return _Table(whole, down, across, small, rest)


def _hidden(table: _Table) -> set[Cell] | None:
    """Returns all cells to hide: the small cells, the cells of the rest row and the rest column, and as many
    other cells as are needed so that nobody can compute a small cell by subtraction. Returns None if there
    are too few cells for that."""
    hidden = set(table.small | table.rest)
    for cell in table.unsure:
        while not _is_on_a_walk(cell, table, hidden):
            others = _cheapest(cell, table, hidden)
            if others is None:
                return None
            hidden |= others
    return hidden


def _cheapest(cell: Cell, table: _Table, hidden: Collection[Cell]) -> set[Cell] | None:
    """Returns the corners of a rectangle through this cell that are not hidden yet. It chooses the rectangle
    with the fewest such corners, then the one whose rows and columns have the smallest sums. The numbers in
    single cells must not influence the choice, because the choice would then reveal these numbers."""
    sums = _sums(table)
    (row, column) = cell
    found = [
        ({(row, other), (below, column), (below, other)} - {*hidden}, below, other)
        for below in table.rows
        for other in table.columns
        if below != row and other != column
    ]
    best = min(
        found,
        key=lambda one: (len(one[0]), sum(sums[0][r] + sums[1][c] for r, c in one[0]), one[1], one[2]),
        default=None,
    )
    return best[0] if best else None


def _sums(table: _Table) -> tuple[dict[str, int], dict[str, int]]:
    return (
        {row: sum(table.cells[row, column] for column in table.columns) for row in table.rows},
        {column: sum(table.cells[row, column] for row in table.rows) for column in table.columns},
    )


def _is_on_a_walk(cell: Cell, table: _Table, hidden: Collection[Cell]) -> bool:
    def may(other: Cell) -> bool:
        return other != cell and other in hidden

    return _leads(cell, table, more=may, less=may, to_row=False)


def _may_differ(cell: Cell, table: _Table, hidden: Collection[Cell]) -> bool:
    """Returns whether the value of the cell could be one higher or one lower. All sums must then stay the
    same, each small cell must stay small, and no other hidden cell may become small."""

    def more(other: Cell) -> bool:
        return (
            other != cell
            and other in hidden
            and (other not in table.small or table.cells[other] < MIN_COUNT - 1)
        )

    def less(other: Cell) -> bool:
        floor = 0 if other in table.small or other in table.rest else MIN_COUNT
        return other != cell and other in hidden and table.cells[other] > floor

    number = table.cells[cell]
    could_grow = cell in table.rest or number < MIN_COUNT - 1
    return (could_grow and _leads(cell, table, more, less, to_row=True)) or (
        number > 0 and _leads(cell, table, more, less, to_row=False)
    )


def _leads(cell: Cell, table: _Table, more: May, less: May, *, to_row: bool) -> bool:
    """Returns whether a path over cells leads from the cell's row to its column, or with `to_row` from its
    column to its row. A step from a row to a column adds one to a cell, if `more` allows it; a step from a
    column to a row takes one away, if `less` allows it."""
    row, column = cell
    begin, end = ((False, column), (True, row)) if to_row else ((True, row), (False, column))
    seen, ahead = {begin}, [begin]
    while ahead:
        is_row, name = ahead.pop()
        if (is_row, name) == end:
            return True
        if is_row:
            steps = [(False, other) for other in table.columns if more((name, other))]
        else:
            steps = [(True, other) for other in table.rows if less((other, name))]
        ahead += [step for step in steps if step not in seen]
        seen.update(steps)
    return False
