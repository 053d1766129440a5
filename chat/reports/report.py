"""Builds reports for funders about a year or a quarter. Each number in them is a sum of published numbers.

So a report reveals nothing that the published numbers do not reveal (published.py). If a part of a sum is
hidden, the sum is shown as "at least".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chat import line_scope
from chat.figures import counters
from chat.reports import counted, periods, published
from chat.reports.counted import Counted
from chat.reports.published import Cross, Table
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import NotFound


@dataclass(frozen=True, slots=True)
class Total:
    """Holds a sum. `value` is None if all of it is hidden. `at_least` is true if only a part of it is
    hidden."""

    value: int | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Staffed:
    """Holds how many hours the line was open, how many of these hours had somebody on duty, and the sum of
    everybody's hours on duty."""

    open: float
    staffed: float
    people: float
    months: int  # how many months were counted
    whole: int  # how many of them are over

    @property
    def totals(self) -> tuple[Total, Total, Total]:
        """Returns `open`, `staffed` and `people`, rounded to hours. All are empty if nothing was counted,
        because the line may nevertheless have been open."""
        if not self.months:
            return Total(), Total(), Total()
        return Total(round(self.open)), Total(round(self.staffed)), Total(round(self.people))


@dataclass(frozen=True, slots=True)
class Span:
    """Holds the sums of the published numbers of a period. `months` maps the first day of each published
    month to the number of callers answered in it."""

    name: str
    expected: list[date]
    months: dict[date, int]
    tables: dict[str, dict[str, Total]]
    crosses: dict[str, dict[str, dict[str, Total]]]
    staffed: Staffed

    @property
    def answered(self) -> int:
        return sum(self.months.values())

    @property
    def quarters(self) -> list[date]:
        """Returns the quarters whose months are all published. The form's answers are shown for these
        quarters only."""
        return periods.quarters(self.months)

    @property
    def lacking_quarters(self) -> list[date]:
        return [
            first for first in periods.quarters(dict.fromkeys(self.expected, 0)) if first not in self.quarters
        ]

    @property
    def coded(self) -> Total:
        """Returns how many callers were answered in `quarters`. The shares of the form's answers are computed
        from this number."""
        months = [month for first in self.quarters for month in periods.of_quarter(first)]
        return Total(sum(self.months[month] for month in months)) if months else Total()


@dataclass(frozen=True, slots=True)
class Report:
    """Holds a span and, for comparison, the same months of the year before, for which there may be no
    numbers."""

    line: str
    now: Span
    before: Span

    @property
    def is_like(self) -> bool:
        """Returns whether the same months are published in both spans, so that the two can be compared."""
        return {periods.later(month, 12) for month in self.before.months} == {*self.now.months}

    @property
    def is_like_in_hours(self) -> bool:
        whole = len(self.now.expected)
        return self.now.staffed.whole == self.before.staffed.whole == whole


def of(person: Person, line: str, period: str, *, now: datetime) -> Report:
    """Returns the report of a period such as `2026` or `2026-Q3` for one of the person's lines, and writes an
    audit row. Raises NotFound for any other line, and if nothing of the period is published."""
    own = line_scope.own_line(person, line).pk
    expected = _months_of(period)
    known = periods.months(own, now)
    if not any(month in known for month in expected):
        raise NotFound
    earlier = [periods.later(month, -12) for month in expected]
    # The earlier span includes a month only if the same month of the later span is published, too.
    same = {month: many for month, many in known.items() if periods.later(month, 12) in known}
    audit.record(person, "figures", subject=line, detail=f"report {period}")
    year, _, quarter = period.partition("-")
    before = "-".join(filter(None, (str(int(year) - 1), quarter)))
    return Report(
        line=own,
        now=_span(own, period, expected, known, now),
        before=_span(own, before, earlier, same, now),
    )


def _months_of(period: str) -> list[date]:
    year, _, quarter = period.partition("-Q")
    if not (year.isdecimal() and len(year) == 4 and year != "0000" and int(year) > 1):
        raise NotFound
    if not quarter:
        if "-" in period:
            raise NotFound
        return periods.of_year(int(year))
    if quarter not in {"1", "2", "3", "4"}:
        raise NotFound
    return periods.of_quarter(date(int(year), periods.QUARTER * (int(quarter) - 1) + 1, 1))


def _span(line: str, name: str, expected: list[date], known: periods.Months, now: datetime) -> Span:
    months = {month: known[month] for month in expected if month in known}
    found = {month: _of_month(line, month) for month in months}
    by_month = [list(published.of_month(one)) for one in found.values()]
    by_quarter: list[list[Table]] = []
    crosses: list[Cross] = []
    for first in periods.quarters(months):  # the same quarters as in Span.quarters
        whole = counted.together(found[month] for month in periods.of_quarter(first))
        end = periods.midnight(periods.later(first, periods.QUARTER))
        tables = list(published.of_quarter(line, whole, end=end))
        by_quarter.append(tables)
        crosses += published.crossed(whole, tables)
    return Span(
        name=name,
        expected=expected,
        months=months,
        tables=_added(by_month) | _added(by_quarter),
        crosses=_added_crosses(crosses),
        staffed=_staffed({month: _until_now(line, month, now) for month in expected}, now),
    )


def _added(parts: Iterable[Iterable[Table]]) -> dict[str, dict[str, Total]]:
    values: dict[str, dict[str, list[int | None]]] = {}
    for tables in parts:
        for one in tables:
            rows = values.setdefault(one.name, {})
            for key, value in one.rows.items():
                rows.setdefault(key, []).append(value)
    return {name: {key: add(every) for key, every in rows.items()} for name, rows in values.items()}


def _added_crosses(parts: Iterable[Cross]) -> dict[str, dict[str, dict[str, Total]]]:
    """Adds up crossed tables by question, subject and code. If a subject is hidden in one quarter, its sum
    over the other quarters is shown as "at least"."""
    parts = list(parts)
    found: dict[str, dict[str, dict[str, Total]]] = {}
    for question in dict.fromkeys(one.question for one in parts):
        same = [one for one in parts if one.question == question]
        subjects = dict.fromkeys(subject for one in same for subject in one.rows)
        codes = list(dict.fromkeys(code for one in same for code in one.columns))
        found[question] = {
            subject: {code: add(one.rows.get(subject, {}).get(code) for one in same) for code in codes}
            for subject in subjects
        }
    return found


def add(values: Iterable[int | None]) -> Total:
    every = list(values)
    seen = [value for value in every if value is not None]
    return Total(sum(seen), at_least=len(seen) < len(every)) if seen else Total()


def _of_month(line: str, month: date) -> Counted:
    return counted.of(line, periods.midnight(month), periods.midnight(periods.later(month, 1)))


def _until_now(line: str, month: date, now: datetime) -> Counted:
    """Returns a month's counters, or {} if the month has not begun. Only the opening and duty hours are read
    from these counters. These hours reveal nothing about callers, so they may be shown before the month is
    published."""
    begin = periods.midnight(month)
    return counted.of(line, begin, periods.midnight(periods.later(month, 1))) if begin <= now else {}


def _staffed(months: Mapping[date, Counted], now: datetime) -> Staffed:
    together = counted.together(months.values())
    known = [month for month, found in months.items() if counters.OPEN_FOR in found]

    def hours(name: str) -> float:
        return counted.by(together, name).total() / 60

    return Staffed(
        open=hours(counters.OPEN_FOR),
        staffed=hours(counters.STAFFED_FOR),
        people=hours(counters.PEOPLE_FOR),
        months=len(known),
        whole=sum(periods.midnight(periods.later(month, 1)) <= now for month in known),
    )
