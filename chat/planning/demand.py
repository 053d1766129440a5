"""Reads a line's counters for planning: how many callers came in each hour, how long a chat takes, and how
long callers wait before they leave."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, Min, QuerySet, Sum

from chat.figures import counters
from chat.lines.hours import AMSTERDAM
from chat.models import Figure, Line, Work
from counsellors.models import Role

LOOK_BACK = timedelta(weeks=60)  # more than a year, because each holiday comes once a year
RECENT = timedelta(weeks=12)
CAME = (counters.STARTED, counters.REFUSED)
HALF = 0.5  # counters round durations down to whole minutes, so half a minute is added on average
# Until five chats are counted, a chat is assumed to take half an hour. The callers who left always include
# five imaginary ones, who each waited ten minutes.
USUAL_HANDLING, FEW = 30.0, 5
USUAL_PATIENCE = 10.0
USUAL_SLOTS = 2

USUAL_LETTER = 30.0  # minutes; assumed until five answers are counted

type Hour = tuple[date, int]  # in local time


@dataclass(frozen=True, slots=True)
class Working:
    """Holds averages of a line. `handling` is how many minutes a chat takes, `patience` is how many minutes a
    caller waits before they leave, and `slots` is how many simultaneous chats a counsellor has."""

    handling: float
    patience: float
    slots: int


@dataclass(frozen=True, slots=True)
class Letters:
    """Holds how many letters came in a week, on average, and how many minutes an answer takes."""

    week: float
    minutes: float

    @property
    def hours(self) -> float:
        return self.week * self.minutes / 60


def callers(line: Line, *, since: datetime, until: datetime) -> dict[Hour, int]:
    """Returns how many callers came in each local hour, including those who were refused because the line was
    full. When the clock goes back, two hours have the same local time; they are counted as one hour."""
    rows = Figure.objects.filter(line=line, name__in=CAME, hour__gte=since, hour__lt=until)
    found: Counter[Hour] = Counter()
    for hour, value in rows.values_list("hour").annotate(Sum("value")).order_by():
        local = hour.astimezone(AMSTERDAM)
        found[local.date(), local.hour] += value
    return dict(found)


def opened(line: Line, *, since: datetime, until: datetime) -> dict[Hour, bool]:
    """Returns, for each local hour, whether the line was open for half of the hour or more. Hours in which
    the line's open minutes were not counted are left out."""
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
        # Callers who were answered could have waited longer, so their waits count, too. The sum of all waits,
        # divided by the number of callers who left, is the maximum-likelihood mean of an exponential patience
        # with censored observations.
        patience=(waited + in_vain + FEW * USUAL_PATIENCE) / (left + FEW),
        slots=_slots(line),
    )


def letters(line: Line, *, now: datetime) -> Letters | None:
    """Returns averages over RECENT, or over the time since the first letter if that is shorter. Returns None
    if no letter came within RECENT."""
    rows = Figure.objects.filter(line=line, hour__gte=now - RECENT, hour__lt=now)
    sent = rows.filter(name=counters.LETTERS, key="sent")
    begun = sent.aggregate(first=Min("hour"), many=Sum("value"))
    if begun["first"] is None:
        return None
    weeks = max(1.0, (now - begun["first"]) / timedelta(weeks=1))
    answers, took = _minutes(rows.filter(name=counters.LETTER_MINUTES))
    return Letters(begun["many"] / weeks, took / answers if answers >= FEW else USUAL_LETTER)


def _minutes(rows: QuerySet[Figure]) -> tuple[int, float]:
    """Returns the number of durations that these rows count, and the sum of these durations in minutes."""
    values = dict(rows.values_list("key").annotate(Sum("value")).order_by())
    return sum(values.values()), sum((int(key) + HALF) * value for key, value in values.items())


def _slots(line: Line) -> int:
    """Returns how many simultaneous chats a counsellor of the line has: the mean of the numbers that the
    counsellors chose when they were last on duty."""
    rows = Work.objects.filter(
        line=line, person__is_active=True, person__role_rows__name=Role.Name.COUNSELLOR
    )
    mean = rows.filter(person__duty__slots__gt=0).aggregate(mean=Avg("person__duty__slots"))["mean"]
    return round(mean) if mean else USUAL_SLOTS
