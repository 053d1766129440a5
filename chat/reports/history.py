"""Publishes the figures of a line's past periods. The line's supervisors may pass these figures on outside
the organisation.

Only whole months and quarters are published, and only after they have ended. docs/decisions/small-numbers.md
describes what a reader could derive from two tables together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from chat import line_scope
from chat.figures import counters, small_numbers
from chat.models import Figure
from chat.reports import counted, periods, published
from chat.reports.periods import SETTLING_TIME
from chat.reports.published import Cross, Table
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import NotFound


@dataclass(frozen=True, slots=True)
class Past:
    """Holds the published figures of one period of a line. `total` is how many callers were answered."""

    line: str
    period: str
    total: int
    tables: list[Table]
    crosses: list[Cross] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Periods:
    """Holds the names of the published periods, the newest first: `2026-10`, `2026-Q3`, `2026`."""

    months: list[str]
    quarters: list[str]
    years: list[str]


def periods_of(person: Person, line: str, *, now: datetime) -> Periods:
    """Returns the published periods of one of the person's lines. Raises NotFound for any other line."""
    months = periods.months(line_scope.own_line(person, line).pk, now)
    return Periods(
        months=[periods.month_name(month) for month in sorted(months, reverse=True)],
        quarters=[periods.quarter_name(first) for first in sorted(periods.quarters(months), reverse=True)],
        years=[str(year) for year in sorted({month.year for month in months}, reverse=True)],
    )


@dataclass(frozen=True, slots=True)
class Week:
    """Holds the last seven local days, including today. A number is None if it is under five, or if a number
    under five could be derived from it."""

    answered: int | None
    abandoned: int | None
    days: dict[date, int | None]


def this_week(person: Person, line: str, *, now: datetime) -> Week:
    """Returns the last seven days. Only the organisation itself may see them, so no exported file contains
    them. Raises NotFound for a line that is not the person's."""
    today = timezone.localtime(now).date()
    first = today - timedelta(days=6)
    begin, end = periods.midnight(first), now + SETTLING_TIME
    own = line_scope.own_line(person, line).pk
    days = dict.fromkeys((first + timedelta(days=ahead) for ahead in range(7)), 0)
    for hour, value in _answered(own, begin, end):
        day = timezone.localtime(hour).date()
        if day in days:
            days[day] += value
    shown = small_numbers.shown({day.isoformat(): value for day, value in days.items()})
    abandoned = counted.by(counted.of(own, begin, end), counters.ABANDONED).total()
    return Week(
        answered=small_numbers.alone(sum(days.values())),
        abandoned=small_numbers.alone(abandoned),
        days={day: shown[day.isoformat()] for day in days},
    )


def past(person: Person, line: str, period: str, *, now: datetime) -> Past:
    """Returns the published figures of one past month or quarter of one of the person's lines, and writes an
    audit row. Raises NotFound for any other line, and for a period that is not published."""
    own = line_scope.own_line(person, line).pk
    months = periods.months(own, now)
    month = {periods.month_name(one): one for one in months}.get(period)
    quarter = {periods.quarter_name(one): one for one in periods.quarters(months)}.get(period)
    if month is None and quarter is None:
        raise NotFound
    audit.record(person, "figures", subject=line, detail=period)
    if month is not None:
        found = counted.of(own, periods.midnight(month), periods.midnight(periods.later(month, 1)))
        return Past(own, period, months[month], list(published.of_month(found)))
    return _quarter(own, period, quarter or date.max, months)


def _quarter(line: str, period: str, first: date, months: periods.Months) -> Past:
    begin, end = periods.midnight(first), periods.midnight(periods.later(first, periods.QUARTER))
    found = counted.of(line, begin, end)
    tables = list(published.of_quarter(line, found, end=end))
    total = sum(months[month] for month in periods.of_quarter(first))
    crosses = list(published.crossed(found, tables))
    return Past(line, period, total, [*tables, _hours(line, begin, end)], crosses)


def _hours(line: str, begin: datetime, end: datetime) -> Table:
    """Returns a table of how many callers were answered in each hour of each weekday. The key `1_09` is
    Monday from nine to ten."""
    every = [f"{weekday}_{hour:02}" for weekday in range(1, 8) for hour in range(24)]
    local = ((timezone.localtime(hour), value) for hour, value in _answered(line, begin, end))
    return published.table(
        "hours", every, ((f"{at.isoweekday()}_{at.hour:02}", value) for at, value in local)
    )


def _answered(line: str, begin: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    rows = Figure.objects.filter(line=line, hour__gte=begin, hour__lt=end, name=counters.ANSWERED)
    yield from rows.values_list("hour").annotate(Sum("value")).order_by()
