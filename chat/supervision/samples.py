"""How each line stood, minute by minute: the curve of a supervisor's day. Sums, gone after eight weeks."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from chat import walls
from chat.models import Line, Sample
from chat.supervision.board import board
from counsellors.models import Person

KEPT = timedelta(weeks=8)
MOST = 300  # points: as many as a screen can tell apart


def take(*, now: datetime) -> None:
    """One of each line for this moment. Of two workers that take it, the first one's stays."""
    Sample.objects.bulk_create((_sample(line, now) for line in Line.objects.real()), ignore_conflicts=True)


def moment(now: datetime) -> datetime:
    """The same for every process from now until the next one."""
    return now - (now - datetime.min.replace(tzinfo=UTC)) % settings.SAMPLE


def today(person: Person, line: str, *, now: datetime) -> list[Sample]:
    """Since midnight, local time, oldest first and evenly thinned, the newest kept. NotFound at a wall."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Sample.objects.filter(line=walls.own_line(person, line), at__gte=midnight, at__lte=now)
    newest_first = list(rows.order_by("-at"))
    every = max(1, -(-len(newest_first) // MOST))
    return newest_first[::every][::-1]


def forget_old(now: datetime) -> int:
    deleted, _ = Sample.objects.filter(at__lte=now - KEPT).delete()
    return deleted


def _sample(line: Line, now: datetime) -> Sample:
    sums = board(line, now=now)
    return Sample(
        line=line,
        at=moment(now),
        waiting=sums.waiting,
        active=sums.active,
        on=sums.on,
        longest=max(0, round((now - sums.oldest).total_seconds())) if sums.oldest else 0,
    )
