"""Takes one sample of each line per minute, for the chart of the day on the supervisors' board. Samples hold
only sums and are deleted after eight weeks."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone

from chat import line_scope
from chat.figures import counters
from chat.models import Figure, Line, Sample
from chat.supervision.board import board
from counsellors.models import Person

RETENTION = timedelta(weeks=8)
HOUR = timedelta(hours=1)
MAX_HOURS_SUMMED = 48  # after a longer outage, older hours are not summed up
MAX_POINTS = 300  # a screen cannot show more points separately


def take(*, now: datetime) -> None:
    """Stores one sample of each line for this moment. If two workers store a sample for the same moment, the
    sample of the first one stays."""
    Sample.objects.bulk_create((_sample(line, now) for line in Line.objects.offered()), ignore_conflicts=True)


def moment(now: datetime) -> datetime:
    """Rounds the time down to a multiple of the sampling interval, so that every process stores the same
    time."""
    return now - (now - datetime.min.replace(tzinfo=UTC)) % settings.SAMPLE


def today(person: Person, line: str, *, now: datetime) -> list[Sample]:
    """Returns the samples since midnight, local time, oldest first. If there are more than MAX_POINTS,
    returns only every n-th sample, including the newest. Raises NotFound for a line that is not the
    person's."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Sample.objects.filter(line=line_scope.own_line(person, line), at__gte=midnight, at__lte=now)
    newest_first = list(rows.order_by("-at"))
    every = max(1, -(-len(newest_first) // MAX_POINTS))
    return newest_first[::every][::-1]


def sum_up(now: datetime) -> None:
    """Adds to each line's counters how long it was open and staffed in each of the past hours.

    If two workers add the sums of the same hour, the first worker's sums stay. Both compute the same sums,
    because the hour is over.
    """
    begin = now.replace(minute=0, second=0, microsecond=0)
    for back in range(1, MAX_HOURS_SUMMED + 1):
        hour = begin - back * HOUR
        known = Figure.objects.filter(name=counters.PEOPLE_FOR, hour=hour).values("line")
        rows = Sample.objects.filter(at__gte=hour, at__lt=hour + HOUR).exclude(line__in=known)
        sums = rows.values("line").annotate(
            samples=Count("pk"),
            was_open=Count("pk", filter=Q(open=True)),
            staffed=Count("pk", filter=Q(open=True, on__gt=0)),
            people=Sum("on"),
        )
        Figure.objects.bulk_create(
            (figure for line in sums.order_by() for figure in _summed(line, hour)), ignore_conflicts=True
        )


def _summed(sums: Mapping[str, Any], hour: datetime) -> Iterator[Figure]:
    """Yields the counters in minutes. Each sample counts for an equal part of the hour."""
    found = {
        counters.OPEN_FOR: sums["was_open"],
        counters.STAFFED_FOR: sums["staffed"],
        counters.PEOPLE_FOR: sums["people"],
    }
    for name, value in found.items():
        minutes = round(60 * value / sums["samples"])
        yield Figure(name=name, key="", line_id=sums["line"], hour=hour, value=minutes)


def forget_old(now: datetime) -> int:
    deleted, _ = Sample.objects.filter(at__lte=now - RETENTION).delete()
    return deleted


def _sample(line: Line, now: datetime) -> Sample:
    sums = board(line, now=now)
    return Sample(
        line=line,
        at=moment(now),
        waiting=sums.waiting,
        active=sums.active,
        on=sums.on,
        open=sums.open,
        longest=max(0, round((now - sums.oldest).total_seconds())) if sums.oldest else 0,
    )
