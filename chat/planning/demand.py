"""Reads a line's counters for planning: how many callers came when, how long a chat takes, how long somebody
waits."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, QuerySet, Sum

from chat.figures import counters
from chat.lines.hours import AMSTERDAM
from chat.models import Figure, Line, Work
from counsellors.models import Role

LOOK_BACK = timedelta(weeks=60)  # holidays come once a year
RECENT = timedelta(weeks=12)
CAME = (counters.STARTED, counters.REFUSED)
HALF = 0.5  # a counter's minutes are whole ones begun and done
# Before anything was counted: a chat of half an hour, and five who left after ten minutes each.
USUAL_HANDLING, FEW = 30.0, 5
USUAL_PATIENCE = 10.0
USUAL_SLOTS = 2

type Hour = tuple[date, int]  # in local time


@dataclass(frozen=True, slots=True)
class Working:
    """`handling`: minutes of a chat. `patience`: minutes until somebody leaves. `slots`: chats at once."""

    handling: float
    patience: float
    slots: int


def callers(line: Line, *, since: datetime, until: datetime) -> dict[Hour, int]:
    """Returns who came, whether or not there was a place for them. An hour that October has twice counts as
    one."""
    rows = Figure.objects.filter(line=line, name__in=CAME, hour__gte=since, hour__lt=until)
    found: Counter[Hour] = Counter()
    for hour, value in rows.values_list("hour").annotate(Sum("value")).order_by():
        local = hour.astimezone(AMSTERDAM)
        found[local.date(), local.hour] += value
    return dict(found)


def opened(line: Line, *, since: datetime, until: datetime) -> dict[Hour, bool]:
    """Returns whether it was open for half of an hour or more, of the hours for which that was counted."""
    rows = Figure.objects.filter(line=line, name=counters.OPEN_FOR, hour__gte=since, hour__lt=until)
    found: dict[Hour, bool] = {}
    for hour, minutes in rows.values_list("hour", "value"):
        local = hour.astimezone(AMSTERDAM)
        found[local.date(), local.hour] = minutes >= HALF * 60
    return found


def work(line: Line, *, now: datetime) -> Working:
    rows = Figure.objects.filter(line=line, hour__gte=now - RECENT, hour__lt=now)
    chats, chatted = _minutes(rows.filter(name=counters.HANDLING))
    _, waited = _minutes(rows.filter(name=counters.WAITED))
    left, in_vain = _minutes(rows.filter(name=counters.LEFT))
    return Working(
        handling=chatted / chats if chats >= FEW else USUAL_HANDLING,
        # Who was answered waited too and did not leave: the time at risk, by how many left in it. That is the
        # likeliest mean of an exponential patience where not all were seen to the end.
        patience=(waited + in_vain + FEW * USUAL_PATIENCE) / (left + FEW),
        slots=_slots(line),
    )


def _minutes(rows: QuerySet[Figure]) -> tuple[int, float]:
    """Returns how many, and their minutes together."""
    values = dict(rows.values_list("key").annotate(Sum("value")).order_by())
    return sum(values.values()), sum((int(key) + HALF) * value for key, value in values.items())


def _slots(line: Line) -> int:
    """Returns as many chats at once as the line's counsellors took when they were last there."""
    rows = Work.objects.filter(
        line=line, person__is_active=True, person__role_rows__name=Role.Name.COUNSELLOR
    )
    mean = rows.filter(person__duty__slots__gt=0).aggregate(mean=Avg("person__duty__slots"))["mean"]
    return round(mean) if mean else USUAL_SLOTS
