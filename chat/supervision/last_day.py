"""Sums up the last day of each line for a supervisor who was not there, from figures that exist already. It
names no conversation, caller or colleague."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from chat import line_scope
from chat.figures import counters
from chat.models import Figure, Missed, Sample
from counsellors.models import AuditRow, Person

DAY = timedelta(days=1)
ACUTE = "2"  # the key under which counters.STARTED counts what callers said


@dataclass(slots=True)
class LastDay:
    """Counts what happened on a line. `acute`: of those who came, how many said that it is acute; `missed`:
    calls for help and acute callers to whom nobody came; `alone`: for how long the line was open with nobody
    on duty."""

    line: str
    came: int = 0
    acute: int = 0
    answered: int = 0
    gave_up: int = 0
    refused: int = 0
    missed: int = 0
    longest: timedelta = timedelta()
    alone: timedelta = timedelta()


def begin(now: datetime) -> datetime:
    """Returns since when `of_lines` counts: a whole hour, because the counters are of whole hours."""
    return (now - DAY).replace(minute=0, second=0, microsecond=0)


def of_lines(supervisor: Person, *, now: datetime) -> list[LastDay]:
    slugs = list(line_scope.own_lines(supervisor).offered().values_list("pk", flat=True))
    made = {slug: LastDay(slug) for slug in slugs}
    _count(made, begin(now))
    _sample(made, begin(now))
    for slug, missed in _missed(slugs, begin(now)):
        made[slug].missed += missed
    return list(made.values())


def _count(made: dict[str, LastDay], since: datetime) -> None:
    fields = {
        counters.STARTED: "came",
        counters.ANSWERED: "answered",
        counters.ABANDONED: "gave_up",
        counters.REFUSED: "refused",
    }
    rows = Figure.objects.filter(line__in=made, hour__gte=since, name__in=fields)
    for line, name, value in rows.values_list("line", "name").annotate(Sum("value")).order_by():
        setattr(made[line], fields[name], value)
    acute = rows.filter(name=counters.STARTED, key=ACUTE)
    for line, value in acute.values_list("line").annotate(Sum("value")).order_by():
        made[line].acute = value


def _sample(made: dict[str, LastDay], since: datetime) -> None:
    rows = Sample.objects.filter(line__in=made, at__gte=since).values_list("line")
    alone = Count("pk", filter=Q(open=True, on=0))
    for line, longest, samples in rows.annotate(most=Max("longest"), alone=alone).order_by():
        made[line].longest = timedelta(seconds=longest)
        made[line].alone = samples * settings.SAMPLE


def _missed(slugs: Collection[str], since: datetime) -> list[tuple[str, int]]:
    """Returns how many nobody has seen yet, and how many somebody has: these are in the audit only."""
    unseen = Missed.objects.filter(line__in=slugs, at__gte=since).values_list("line")
    seen = AuditRow.objects.filter(action="missed_seen", subject__in=slugs, at__gte=since)
    return [
        *unseen.annotate(Count("pk")).order_by(),
        *seen.values_list("subject").annotate(Count("pk")).order_by(),
    ]
