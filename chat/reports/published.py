"""Builds the published tables of a month or a quarter. Each table counts by one property, or crosses subjects
with another property.

Each table is published either by month or by quarter. So nobody can derive a month's numbers by subtracting
other months from a quarter. Frequent events are published by month, and the coded answers by quarter. The
numbers of a year are sums of the published ones (report.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from chat.figures import codes as codes_of_lines
from chat.figures import counters, feedback, small_numbers
from chat.figures.codes import CROSSED, SUBJECT
from chat.models import Service
from chat.reports import two_way
from chat.reports.counted import Counted, by

WAITS = (1, 5, 15, 60)  # minutes; the share in the first band is the service level
TALKS = (5, 15, 30, 60)
INSIDE, OUTSIDE = "inside", "outside"
IN_TIME, LATE = "in_time", "late"


@dataclass(frozen=True, slots=True)
class Table:
    """Holds the numbers of a period by one property. Hidden numbers are None."""

    name: str
    rows: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Cross:
    """Holds the numbers of a period by subject and by the answer to another question. Rows and columns whose
    own sum is hidden are left out."""

    question: str
    columns: list[str]
    rows: dict[str, dict[str, int | None]]


def of_month(counted: Counted) -> Iterator[Table]:
    answered = small_numbers.alone(by(counted, counters.ANSWERED).total())
    abandoned = small_numbers.alone(by(counted, counters.ABANDONED).total())
    yield Table("callers", {"answered": answered, "abandoned": abandoned})
    yield _in_bands("waits", by(counted, counters.WAITED), WAITS)
    yield _in_bands("talks", by(counted, counters.HANDLING), TALKS)
    inside = by(counted, counters.INSIDE).total()
    told = {INSIDE: inside, OUTSIDE: by(counted, counters.FORETOLD).total() - inside}
    yield table("foretold", told, told.items())
    yield table("by_hand", counters.HOW, by(counted, counters.BY_HAND).items())
    letters = by(counted, counters.LETTERS)
    yield Table("letters_sent", {"sent": small_numbers.alone(letters["sent"])})
    answers_to_letters = {IN_TIME: letters["in_time"], LATE: letters["answered"] - letters["in_time"]}
    yield table("letters", answers_to_letters, answers_to_letters.items())
    for name, answers in feedback.ANSWERS.items():
        yield table(f"feedback_{name}", answers, by(counted, f"feedback_{name}").items())


def of_quarter(line: str, counted: Counted, *, end: datetime) -> Iterator[Table]:
    """Yields the tables of the quarter that ends at `end`, with the codes and services that existed before
    then."""
    for question, answers in codes_of_lines.of_line(line, before=end).items():
        if not answers:
            continue  # one of the line's own questions, to which nobody has added answers yet
        yield table(question, answers, by(counted, f"wrapup_{question}").items())
    handoffs = [(key.partition(":"), value) for key, value in by(counted, "handoff").items()]
    services = Service.objects.filter(Q(since=None) | Q(since__lt=end)).order_by("pk")
    slugs = services.values_list("pk", flat=True)
    yield table("handoff_service", slugs, ((service, value) for (service, _, _), value in handoffs))
    outcomes = sorted(counters.OUTCOMES)
    yield table("handoff_outcome", outcomes, ((outcome, value) for (_, _, outcome), value in handoffs))
    yield table("debriefs", counters.DEBRIEFS, by(counted, counters.DEBRIEF).items())


def crossed(counted: Counted, tables: Iterable[Table]) -> Iterator[Cross]:
    """Yields the crossed tables of a quarter. `tables` are the other tables of that quarter; a subject or
    answer that they hide gets no row or column."""
    known = {one.name: [key for key, value in one.rows.items() if value is not None] for one in tables}
    for question in CROSSED:
        cells: Counter[tuple[str, str]] = Counter()
        for key, value in by(counted, f"cross_{question}").items():
            subject, _, code = key.partition(":")
            cells[subject, code] += value
        seen = two_way.shown(cells, known[SUBJECT], known[question])
        rows = {row: {code: seen[row, code] for code in known[question]} for row in known[SUBJECT]}
        yield Cross(question, known[question], rows)


def table(name: str, keys: Iterable[str], values: Iterable[tuple[str, int]]) -> Table:
    """Returns a table that has a row for every possible key. If only the counted keys were listed, a reader
    would know that none of them is zero."""
    rows = dict.fromkeys(keys, 0)
    for key, value in values:
        if key in rows:
            rows[key] += value
    return Table(name, small_numbers.shown(rows))


def _in_bands(name: str, minutes: Counter[str], edges: tuple[int, ...]) -> Table:
    """Returns a table by bands of minutes: `1_5` is from one to just under five minutes, and the last band
    has no upper limit."""
    bands = [f"{low}_{high}" for low, high in zip((0, *edges), (*edges, "up"), strict=True)]
    band = {key: bands[sum(int(key) >= edge for edge in edges)] for key in minutes}
    return table(name, bands, ((band[key], value) for key, value in minutes.items()))
