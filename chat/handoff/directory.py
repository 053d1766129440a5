"""The referral directory: which services there are, for whom, and what is open now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models.functions import Lower

from chat.handoff import services
from chat.lines import hours, open_now, schedules, templates
from chat.models import Line, Service

REVIEW_AFTER = timedelta(days=365)  # afterwards a row is read again on its source


@dataclass(frozen=True, slots=True)
class Listed:
    """A service. `guest`: it can be asked by a link; `open`: None where its hours are not known."""

    service: Service
    guest: bool
    open: bool | None


def listed(*, now: datetime) -> list[Listed]:
    """Returns all services by name."""
    own = {line.pk: line for line in Line.objects.prefetch_related(*schedules.PARTS)}
    rows = Service.objects.prefetch_related(*schedules.PARTS).order_by(Lower("name"))
    return [
        Listed(service, services.comes_by_link(service, own), _is_open(service, own.get(service.pk), now))
        for service in rows
    ]


def of_line(line: Line, *, now: datetime) -> list[Listed]:
    """Returns the services that the line shows its callers: its own choice, or that of its template."""
    chosen = set(line.services.values_list("pk", flat=True)) or {*templates.read(line.template).services}
    return [row for row in listed(now=now) if row.service.pk in chosen]


def next_change(row: Listed, *, now: datetime) -> datetime | None:
    """Returns when it opens or closes next; None where that is not known, or nothing changes within a
    week."""
    schedule = schedules.of_service(row.service)
    if schedule is None or (row.open and row.service.always_open):
        return None
    return hours.next_change(schedule, now, days=hours.WEEK_DAYS)


def is_stale(service: Service, *, today: date) -> bool:
    """Whether nobody compared it with its source for a year, or ever."""
    return service.verified_on is None or service.verified_on < today - REVIEW_AFTER


def _is_open(service: Service, line: Line | None, now: datetime) -> bool | None:
    """Whether it is open. A service that is a line of this platform is as open as the line."""
    if line is not None:
        return open_now.opening(line, now=now).open
    schedule = schedules.of_service(service)
    return None if schedule is None else hours.is_open(schedule, now)
