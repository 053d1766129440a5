"""Hides cells of two crossed properties so that no number under five can be derived: neither from the cells
that are shown, nor from the sums of rows and columns, which are published beside them.

Rows and columns whose own sum is hidden form one rest that is never shown. Hidden are all cells under five,
and then, for every hidden cell that would be the only one of its row or column, or could be derived along one
path, the three others of a rectangle: which three follows from sums alone. In the end each small cell must
have another value with which everything published stays the same: on a closed walk over hidden cells, one
more here and one less there (D. Gusfield, "A graph theoretic approach to statistical data security", SIAM J.
Comput. 17, 1988). If one has not, nothing is shown. Each of these decisions is the same for every table that
would be published alike, so knowing the rule reveals nothing. docs/decisions/small-numbers.md
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
    """All cells, with what is hidden among them. `small`: under five; `rest`: never shown; both are safe only
    if they could be another number."""

    cells: Cells
    rows: list[str]
    columns: list[str]
    small: frozenset[Cell]
    rest: frozenset[Cell]

    @property
    def unsure(self) -> list[Cell]:
        return sorted(self.small | self.rest)


def shown(cells: Cells, rows: Collection[str], columns: Collection[str]) -> dict[Cell, int | None]:
    """Returns None for each hidden cell. `rows`, `columns`: those whose sums are published."""
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
    """Returns the small ones, the rest, and what must be hidden with them; None where no choice is left."""
    hidden = set(table.small | table.rest)
    for cell in table.unsure:
        while not _is_on_a_walk(cell, table, hidden):
            others = _cheapest(cell, table, hidden)
            if others is None:
                return None
            hidden |= others
    return hidden


def _cheapest(cell: Cell, table: _Table, hidden: Collection[Cell]) -> set[Cell] | None:
    """Returns the other corners of a rectangle: as few new ones as possible, in the smallest rows and
    columns, by sums alone."""
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
    """Whether one more or one less is possible, with small cells staying small and those hidden beside them
    not becoming so."""

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
    """Whether a path leads from one end of the cell to the other: row to column by one more, back by one
    less."""
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
