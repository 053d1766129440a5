"""The hours that the database holds, as the plain values of `hours`."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from chat.hours import DAY_AND_NIGHT, Exceptional, Schedule, Spans
from chat.models import Line, Service
from chat.models.hours import Hours

PARTS = ("weeklyhours", "holidayhours", "datedhours")  # to prefetch where many are asked for

type Week = tuple[Spans, ...]


def of_line(line: Line) -> Schedule:
    """A line without weekly hours is closed for nobody, save on its holidays and exceptions."""
    return _schedule(line, _week(line) or DAY_AND_NIGHT)


def of_service(service: Service) -> Schedule | None:
    """None where its hours are not known."""
    week = DAY_AND_NIGHT if service.always_open else _week(service)
    return _schedule(service, week) if week else None


def _schedule(owner: Line | Service, week: Week) -> Schedule:
    dated = list(owner.datedhours.all())
    reasons = {row.date: row.reason for row in dated}
    dates = {day: Exceptional(spans, reasons[day]) for day, spans in _by_day(dated).items()}
    return Schedule(week, holidays=_by_day(owner.holidayhours.all()), dates=dates)


def _week(owner: Line | Service) -> Week:
    """Monday first; empty where no weekly hours are known."""
    spans = _by_day(owner.weeklyhours.all())
    return tuple(spans.get(weekday, ()) for weekday in range(7)) if spans else ()


def _by_day(rows: Iterable[Hours]) -> dict[Any, Spans]:
    days: defaultdict[Any, Spans] = defaultdict(tuple)
    for row in rows:
        days[row.day] += row.spans
    return dict(days)
