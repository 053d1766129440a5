"""Sums up the last day of each line from existing figures, for a supervisor who was not at work. The summary
names no conversation, caller or colleague."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from chat import line_scope
from chat.figures import counters
from chat.models import Figure, Missed, Sample
from counsellors.models import Person

DAY = timedelta(days=1)
MAX_GRAVE = 20  # per line; further ones are not listed
ACUTE = "2"  # the key of counters.STARTED for callers who chose acute


@dataclass(slots=True)
class LastDay:
    """Counts what happened on a line. `acute`: how many of the callers who came chose the urgency acute;
    `missed`: how many calls for help nobody answered, plus how many acute callers left the queue; `alone`:
    for how long the line was open with nobody on duty; `grave`: at most MAX_GRAVE `Missed` rows about acute
    callers."""

    line: str
    came: int = 0
    acute: int = 0
    answered: int = 0
    gave_up: int = 0
    refused: int = 0
    missed: int = 0
    longest: timedelta = timedelta()
    alone: timedelta = timedelta()
    grave: list[Missed] = field(default_factory=list)


def begin(now: datetime) -> datetime:
    """Returns the time from which `of_lines` counts: a day ago, rounded down to the full hour, because each
    counter covers one clock hour."""
    return (now - DAY).replace(minute=0, second=0, microsecond=0)


def of_lines(supervisor: Person, *, now: datetime) -> list[LastDay]:
    slugs = list(line_scope.own_lines(supervisor).offered().values_list("pk", flat=True))
    made = {slug: LastDay(slug) for slug in slugs}
    _count(made, begin(now))
    _sample(made, begin(now))
    _grave(made, begin(now))
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


def _grave(made: dict[str, LastDay], since: datetime) -> None:
    """Fills in `missed` and `grave`, newest first, including rows that a supervisor has already seen."""
    for row in Missed.objects.filter(line__in=made, at__gte=since).order_by("-at", "pk"):
        day = made[row.line_id]
        day.missed += row.kind != Missed.Kind.LOST
        if row.acute and len(day.grave) < MAX_GRAVE:
            day.grave.append(row)
