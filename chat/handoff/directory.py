"""Reads the referral directory: which services there are, which of them a line shows, and which are open
now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models.functions import Lower

from chat.handoff import services
from chat.lines import hours, open_now, schedules, templates
from chat.models import Line, Service

REVIEW_AFTER = timedelta(days=365)  # after this time an entry must be compared with its source again


@dataclass(frozen=True, slots=True)
class Listed:
    """Describes a service. `guest`: whether a guest can be invited by a link. `open`: None if its hours are
    unknown."""

    service: Service
    guest: bool
    open: bool | None


def listed(*, now: datetime) -> list[Listed]:
    """Returns all services that have not ended, sorted by name."""
    own = {line.pk: line for line in Line.objects.prefetch_related(*schedules.PARTS)}
    rows = Service.objects.offered().prefetch_related(*schedules.PARTS).order_by(Lower("name"))
    return [
        Listed(service, services.comes_by_link(service, own), _is_open(service, own.get(service.pk), now))
        for service in rows
    ]


def of_line(line: Line, *, now: datetime) -> list[Listed]:
    """Returns the services that the line shows its callers. These are the services that the line chose or, if
    it chose none that is still offered, the services of its template."""
    rows, chosen = listed(now=now), set(line.services.values_list("pk", flat=True))
    shown = [row for row in rows if row.service.pk in chosen]
    return shown or [row for row in rows if row.service.pk in templates.read(line.template).services]


def next_change(row: Listed, *, now: datetime) -> datetime | None:
    """Returns when the service next opens or closes, or None if its hours are unknown or nothing changes
    within a week."""
    schedule = schedules.of_service(row.service)
    if schedule is None or (row.open and row.service.always_open):
        return None
    return hours.next_change(schedule, now, days=hours.WEEK_DAYS)


def is_stale(service: Service, *, today: date) -> bool:
    """Returns whether the service was last compared with its source more than a year ago, or never."""
    return service.verified_on is None or service.verified_on < today - REVIEW_AFTER


def _is_open(service: Service, line: Line | None, now: datetime) -> bool | None:
    """Returns whether the service is open, or None if its hours are unknown. A service that is a line of this
    platform is open whenever the line is."""
    if line is not None:
        return open_now.opening(line, now=now).open
    schedule = schedules.of_service(service)
    return None if schedule is None else hours.is_open(schedule, now)
