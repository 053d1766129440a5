"""Reads and writes the stored hours, as the plain values that chat/lines/hours.py defines."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from typing import Any

from chat.lines.hours import DAY_AND_NIGHT, Exceptional, Schedule, Spans
from chat.models import DatedHours, HolidayHours, Line, Service, WeeklyHours
from chat.models.hours import Hours

PARTS = ("weeklyhours", "holidayhours", "datedhours")  # relations to prefetch when many schedules are read

type Week = tuple[Spans, ...]


def of_line(line: Line) -> Schedule:
    """Returns the line's schedule. Without weekly hours it is always open, except on its holidays and
    exceptions."""
    return _schedule(line, _week(line) or DAY_AND_NIGHT)


def of_service(service: Service) -> Schedule | None:
    """Returns the service's schedule; None if its hours are unknown."""
    week = DAY_AND_NIGHT if service.always_open else _week(service)
    return _schedule(service, week) if week else None


def stored(owner: Line | Service) -> Schedule:
    """Returns the stored hours as they are. Without weekly hours the week has no spans, while `of_line`
    treats such a line as always open."""
    return _schedule(owner, _week(owner) or ((),) * 7)


def _schedule(owner: Line | Service, week: Week) -> Schedule:
    dated = list(owner.datedhours.all())
    reasons = {row.date: row.reason for row in dated}
    dates = {day: Exceptional(spans, reasons[day]) for day, spans in _by_day(dated).items()}
    return Schedule(week, holidays=_by_day(owner.holidayhours.all()), dates=dates)


def _week(owner: Line | Service) -> Week:
    """Returns the week, Monday first; empty if no weekly hours are stored."""
    spans = _by_day(owner.weeklyhours.all())
    return tuple(spans.get(weekday, ()) for weekday in range(7)) if spans else ()


def _by_day(rows: Iterable[Hours]) -> dict[Any, Spans]:
    days: defaultdict[Any, Spans] = defaultdict(tuple)
    for row in rows:
        days[row.day] += row.spans
    return dict(days)


def replace_of_service(service: Service, schedule: Schedule) -> None:
    """Replaces the service's stored hours. A week without any span means that the hours are unknown. Such a
    week is not stored."""
    week = schedule.week if any(schedule.week) else ()
    _replace({"service": service}, replace(schedule, week=week))


def replace_of_line(line: Line, schedule: Schedule) -> None:
    """Replaces the line's stored hours. A day without spans is stored as closed."""
    _replace({"line": line}, schedule)


def _replace(owner: dict[str, Any], schedule: Schedule) -> None:
    for model in (WeeklyHours, HolidayHours, DatedHours):
        model.objects.filter(**owner).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(**owner, weekday=weekday, opens=opens, closes=closes)
        for weekday, spans in enumerate(schedule.week)
        for opens, closes in _times(spans)
    )
    HolidayHours.objects.bulk_create(
        HolidayHours(**owner, holiday=holiday, opens=opens, closes=closes)
        for holiday, spans in schedule.holidays.items()
        for opens, closes in _times(spans)
    )
    DatedHours.objects.bulk_create(
        DatedHours(**owner, date=date, reason=how.reason, opens=opens, closes=closes)
        for date, how in schedule.dates.items()
        for opens, closes in _times(how.spans)
    )


def _times(spans: Spans) -> list[tuple[time | None, time | None]]:
    return [(span.opens, span.closes) for span in spans] or [(None, None)]
