"""A made-up past for a demo, so that a newcomer sees every page at work: a year of figures, hours, a holiday.

Numbers only, drawn from a seed: nobody's conversation. Never where anybody works for real.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from chat.figures import codes, counters, feedback
from chat.models import DatedHours, Figure, Line, WeeklyHours

DAYS = 365
BATCH = 2000
# What the wait is foretold from looks back four weeks: there a newcomer sees what is so, not what is made up.
FORETOLD_FROM = timedelta(weeks=5)
# Callers on a day, by weekday, Monday first; by hour of opening; and how many come in each month.
BY_WEEKDAY = (1.2, 1.1, 1.0, 1.0, 0.8, 0.7, 1.1)
BY_HOUR = {9: 2, 10: 2, 11: 3, 12: 2, 13: 2, 14: 3, 15: 4, 16: 6, 17: 4, 18: 3, 19: 6, 20: 8, 21: 6}
A_DAY = 14
OPENS, CLOSES = time(9), time(22)
# The first of a question's codes come most: what an evening looks like, not what is so.
FALLING = 0.72


@transaction.atomic
def past(*, now: datetime, seed: int = 1126) -> int:
    """For each line without any figure yet; how many rows were made."""
    made = 0
    for number, line in enumerate(Line.objects.real().order_by("pk")):
        if not Figure.objects.filter(line=line).exists():
            made += _year(line, random.Random(seed + number), now)  # noqa: S311 – made-up numbers, no secret
        if not WeeklyHours.objects.filter(line=line).exists():
            _hours(line, now)
    return made


def _year(line: Line, chance: random.Random, now: datetime) -> int:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows: list[Figure] = []
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(days=ago)
        for hour, counted in _day(line, day, chance, with_waits=now - day > FORETOLD_FROM):
            rows += [
                Figure(line=line, hour=hour, name=name, key=key, value=value)
                for (name, key), value in counted.items()
            ]
    Figure.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _day(
    line: Line, day: datetime, chance: random.Random, *, with_waits: bool
) -> Iterator[tuple[datetime, Counter[counters.Counter]]]:
    """Answered by their hour; what is only ever published by month in the hour of opening."""
    busy = BY_WEEKDAY[day.weekday()] * chance.uniform(0.6, 1.4)
    many = round(A_DAY * busy)
    answered = Counter(chance.choices(list(BY_HOUR), list(BY_HOUR.values()), k=many))
    for hour, callers in answered.items():
        yield day.replace(hour=hour), Counter({(counters.ANSWERED, ""): callers})
    all_day, waits = _of_a_day(line, many, chance), _waits_and_talks(many, chance)
    yield day.replace(hour=min(BY_HOUR) - 1), all_day + waits if with_waits else all_day


def _waits_and_talks(many: int, chance: random.Random) -> Counter[counters.Counter]:
    counted: Counter[counters.Counter] = Counter()
    for _ in range(many):
        waited = min(40, int(chance.expovariate(1 / 3)))
        counted[counters.WAITED, str(waited)] += 1
        counted[counters.HANDLING, str(5 + min(70, int(chance.expovariate(1 / 22))))] += 1
        counted[counters.WITHIN, ""] += waited == 0
    return counted


def _of_a_day(line: Line, many: int, chance: random.Random) -> Counter[counters.Counter]:
    counted: Counter[counters.Counter] = Counter()
    asked = codes.of_line(line.pk)
    for _ in range(many):
        for question, answers in asked.items():
            counted[f"wrapup_{question}", _one_of(answers, chance)] += 1
    counted[counters.ABANDONED, ""] += round(many * chance.uniform(0.02, 0.12))
    for question, told in feedback.ANSWERS.items():
        counted[f"feedback_{question}", _one_of(told, chance)] += many // 3
    for service in ("csg", "113"):
        outcome = chance.choices(("joined", "declined", "expired", "refused"), (8, 1, 1, 2))[0]
        counted["handoff", f"{service}:{outcome}"] += chance.randint(0, 1)
    return Counter({key: value for key, value in counted.items() if value})


def _one_of(answers: list[str] | tuple[str, ...], chance: random.Random) -> str:
    return chance.choices(answers, [FALLING**place for place in range(len(answers))])[0]


def _hours(line: Line, now: datetime) -> None:
    """Every day from nine to ten in the evening, and within two weeks a day that is shorter."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(line=line, weekday=weekday, opens=OPENS, closes=CLOSES) for weekday in range(7)
    )
    soon = timezone.localtime(now).date() + timedelta(days=10)
    DatedHours.objects.create(line=line, date=soon, opens=time(12), closes=time(17), reason="training")
