"""What figures say about a line's past, as its supervisors may take it out of the house.

Only fixed periods that are over: a month, or for the heat map a quarter. Each table goes through
chat/figures/small_numbers.py; what two tables could reveal together: docs/decisions/small-numbers.md.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from chat import walls
from chat.figures import codes as codes_of_lines
from chat.figures import counters, feedback, small_numbers
from chat.models import Figure, Service
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import NotFound

SETTLED = timedelta(hours=1)  # a deed of the last minute may still be on its way to its counter
WAITS = (1, 5, 15, 60)  # minutes; the first band is the service level
TALKS = (5, 15, 30, 60)
CODED = ("subject", "detail", "age", "outcome", "referral", "contact")


@dataclass(frozen=True, slots=True)
class Table:
    """People of a period by one property. None is a number that is hidden."""

    name: str
    rows: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Past:
    """A period of a line. `total`: callers who were answered."""

    line: str
    period: str
    total: int
    tables: list[Table]


@dataclass(frozen=True, slots=True)
class Periods:
    """By name, the newest first: `2026-10`, `2026-Q3`."""

    months: list[str]
    quarters: list[str]


def periods(person: Person, line: str, *, now: datetime) -> Periods:
    """What there is to publish of an own line: NotFound for another's."""
    months = _months(walls.own_line(person, line).pk, now)
    return Periods(
        months=[_name(month) for month in sorted(months, reverse=True)],
        quarters=[_quarter(month) for month in sorted(_quarters(months), reverse=True)],
    )


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven local days, today with them. None is a number under five, or one that would tell it."""

    answered: int | None
    abandoned: int | None
    days: dict[date, int | None]


def this_week(person: Person, line: str, *, now: datetime) -> Week:
    """As it runs, to be looked at in the house: it is in no file. NotFound for another's line."""
    today = timezone.localtime(now).date()
    first = today - timedelta(days=6)
    counted = _Counted(walls.own_line(person, line).pk, _midnight(first), now + SETTLED)
    days = dict.fromkeys((first + timedelta(days=ahead) for ahead in range(7)), 0)
    for hour, value in counted.by_hour(counters.ANSWERED):
        day = timezone.localtime(hour).date()
        if day in days:
            days[day] += value
    shown = small_numbers.shown({day.isoformat(): value for day, value in days.items()})
    return Week(
        answered=small_numbers.alone(sum(days.values())),
        abandoned=small_numbers.alone(counted.by_key(counters.ABANDONED).total()),
        days={day: shown[day.isoformat()] for day in days},
    )


def past(person: Person, line: str, period: str, *, now: datetime) -> Past:
    """One period of an own line, on record. NotFound for any that is not published."""
    months = _months(walls.own_line(person, line).pk, now)
    firsts = {_name(month): (month, 1) for month in months}
    firsts |= {_quarter(month): (month, 3) for month in _quarters(months)}
    if period not in firsts:
        raise NotFound
    first, length = firsts[period]
    counted = _Counted(line, _midnight(first), _midnight(_later(first, length)))
    audit.record(person, "figures", subject=line, detail=period)
    return Past(
        line=line,
        period=period,
        total=sum(months[_later(first, ahead)] for ahead in range(length)),
        tables=list(_of_a_month(counted) if length == 1 else _of_a_quarter(counted)),
    )


class _Counted:
    """The counters of a line and a period."""

    def __init__(self, line: str, begin: datetime, end: datetime) -> None:
        self.line = line
        self.rows = Figure.objects.filter(line=line, hour__gte=begin, hour__lt=end)

    def by_key(self, name: str) -> Counter[str]:
        rows = self.rows.filter(name=name).values_list("key").annotate(Sum("value")).order_by()
        return Counter(dict(rows))

    def by_hour(self, name: str) -> Iterator[tuple[datetime, int]]:
        yield from self.rows.filter(name=name).values_list("hour").annotate(Sum("value")).order_by()


def _of_a_month(counted: _Counted) -> Iterator[Table]:
    answered = small_numbers.alone(counted.by_key(counters.ANSWERED).total())
    abandoned = small_numbers.alone(counted.by_key(counters.ABANDONED).total())
    yield Table("callers", {"answered": answered, "abandoned": abandoned})
    yield _in_bands("waits", counted.by_key(counters.WAITED), WAITS)
    yield _in_bands("talks", counted.by_key(counters.HANDLING), TALKS)
    codes = codes_of_lines.of_line(counted.line)
    for name in CODED:
        yield _table(name, codes[name], counted.by_key(f"wrapup_{name}").items())
    for name, answers in feedback.ANSWERS.items():
        yield _table(f"feedback_{name}", answers, counted.by_key(f"feedback_{name}").items())
    handoffs = [(key.partition(":"), value) for key, value in counted.by_key("handoff").items()]
    services = Service.objects.order_by("pk").values_list("pk", flat=True)
    yield _table("handoff_service", services, ((service, value) for (service, _, _), value in handoffs))
    outcomes = sorted(counters.OUTCOMES)
    yield _table("handoff_outcome", outcomes, ((outcome, value) for (_, _, outcome), value in handoffs))


def _of_a_quarter(counted: _Counted) -> Iterator[Table]:
    """When callers were answered: weekday, Monday first, and hour, as in `1_09`."""
    every = [f"{weekday}_{hour:02}" for weekday in range(1, 8) for hour in range(24)]
    local = ((timezone.localtime(hour), value) for hour, value in counted.by_hour(counters.ANSWERED))
    yield _table("hours", every, ((f"{at.isoweekday()}_{at.hour:02}", value) for at, value in local))


def _in_bands(name: str, minutes: Counter[str], edges: tuple[int, ...]) -> Table:
    """From so many minutes, that many not included: `1_5`; the last has no end."""
    bands = [f"{low}_{high}" for low, high in zip((0, *edges), (*edges, "up"), strict=True)]
    band = {key: bands[sum(int(key) >= edge for edge in edges)] for key in minutes}
    return _table(name, bands, ((band[key], value) for key, value in minutes.items()))


def _table(name: str, keys: Iterable[str], values: Iterable[tuple[str, int]]) -> Table:
    """All keys that there can be, or those that are listed would tell that somebody is there."""
    table = dict.fromkeys(keys, 0)
    for key, value in values:
        if key in table:
            table[key] += value
    return Table(name, small_numbers.shown(table))


def _months(line: str, now: datetime) -> dict[date, int]:
    """Months that are over, with how many were answered: five or more."""
    rows = Figure.objects.filter(line=line, name=counters.ANSWERED).annotate(month=TruncMonth("hour"))
    totals = rows.values_list("month").annotate(Sum("value")).order_by()
    return {
        month.date(): total
        for month, total in totals
        if total >= small_numbers.LEAST and _midnight(_later(month.date(), 1)) + SETTLED <= now
    }


def _quarters(months: dict[date, int]) -> list[date]:
    """Those whose three months are published: of two and the quarter the third would follow."""
    firsts = [month for month in months if month.month % 3 == 1]
    return [first for first in firsts if all(_later(first, ahead) in months for ahead in range(3))]


def _later(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 – local midnight


def _name(month: date) -> str:
    return f"{month:%Y-%m}"


def _quarter(first: date) -> str:
    return f"{first.year}-Q{first.month // 3 + 1}"
