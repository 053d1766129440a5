"""Makes up two years of figures, opening hours, and the data of each optional app, so that every page of a
demo has data.

The data are random numbers that depend on a seed, and contain nothing of a real conversation. They are never
made in a real installation.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import batched

from django.db import connection, transaction
from django.utils import timezone

from chat.cases import results
from chat.demo.people import CLOSED_LINE
from chat.figures import codes, counters, feedback
from chat.figures.codes import CROSSED, SUBJECT
from chat.models import DatedHours, Figure, Line, WeeklyHours
from chat.queue import estimates
from helpline import optional_apps

YEARS, DAYS = 2, 365
BATCH = 2000
# Weights spread the callers over weekdays (Monday first) and hours. A_DAY is the mean number per day in the
# last year, and GROWTH the factor from each year to the next.
BY_WEEKDAY = (1.2, 1.1, 1.0, 1.0, 0.8, 0.7, 1.1)
BY_HOUR = {9: 2, 10: 2, 11: 3, 12: 2, 13: 2, 14: 3, 15: 4, 16: 6, 17: 4, 18: 3, 19: 6, 20: 8, 21: 6}
A_DAY, GROWTH = 22.2, 1.24
LETTERS_A_DAY, LETTERS_COME = 4, time(23)  # on lines that accept letters, at a time when they are closed
OPENS, CLOSES = time(9), time(22)
# Each code of a question is drawn this many times as often as the code before it. The factor is invented, not
# measured.
FALLING = 0.72
ON_DUTY = 2

type Values = Counter[counters.Counter]
type Row = tuple[datetime, str, str, int]  # the columns of Figure: hour, name, key, value


@transaction.atomic
def make(*, now: datetime, seed: int = 1126, progress: Callable[[], object] = bool) -> int:
    """Makes up two years of figures for each line that has none yet. Returns how many rows it made; calls
    `progress` after each batch."""
    made = 0
    for number, line in enumerate(Line.objects.real().exclude(pk=CLOSED_LINE).order_by("pk")):
        if not Figure.objects.filter(line=line).exists():
            rows = _years(line, random.Random(seed + number), now)  # noqa: S311 – made-up numbers, no secret
            for batch in batched(rows, BATCH):
                _insert(line, batch)
                progress()
            made += len(rows)
        if not WeeklyHours.objects.filter(line=line).exists():
            _hours(line, now)
        for app in optional_apps.modules("made_up"):
            app.make(line, random.Random(seed + number), now)  # noqa: S311
    return made


def _insert(line: Line, rows: Sequence[Row]) -> None:
    """Inserts by SQL, because a first start makes a hundred thousand rows, and model objects took three times
    as long."""
    hours = {hour: connection.ops.adapt_datetimefield_value(hour) for hour, _, _, _ in rows}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO chat_figure (line_id, hour, name, key, value) VALUES (%s, %s, %s, %s, %s)",
            [(line.pk, hours[hour], name, key, value) for hour, name, key, value in rows],
        )


def _years(line: Line, chance: random.Random, now: datetime) -> list[Row]:
    """Returns the figures of two years: callers by hour, and, in the first hour of each month, the figures
    that are only published by month or quarter."""
    today = timezone.localtime(now).date()
    rows: list[Row] = []
    months: dict[date, int] = {}
    takes_letters = line.letters != Line.Letters.NEVER
    written: Counter[date] = Counter()  # letters, by month
    for ago in range(YEARS * DAYS, 0, -1):
        day = today - timedelta(days=ago)
        many = _callers(day, ago, chance)
        months[day.replace(day=1)] = months.get(day.replace(day=1), 0) + many
        for hour, counted in _day(day, many, chance):
            rows += _figures(hour, counted)
        if letters := takes_letters * chance.randint(0, 2 * LETTERS_A_DAY):
            rows.append((_midnight(day, LETTERS_COME), counters.LETTERS, "sent", letters))
            written[day.replace(day=1)] += letters
    asked = codes.of_line(line.pk)
    for month, many in months.items():
        counted = _of_a_month(asked, many, chance) + _answers(written[month], chance)
        counted += _notices(many // 20 if line.cases else 0, chance)
        # These rows are in the month's first hour. For a recent month, no waits and no lengths of
        # conversations are made up: the estimate of a caller's wait is computed from these figures, and must
        # use real figures only.
        if now - _midnight(month) >= estimates.RECENT:
            counted += _waits_and_talks(many, chance)
        rows += _figures(_midnight(month), counted)
    return rows


def _callers(day: date, ago: int, chance: random.Random) -> int:
    busy = BY_WEEKDAY[day.weekday()] * chance.uniform(0.6, 1.4)
    return round(A_DAY * busy / GROWTH ** (ago // DAYS))


def _figures(hour: datetime, counted: Values) -> list[Row]:
    return [(hour, name, key, value) for (name, key), value in counted.items() if value]


def _day(day: date, many: int, chance: random.Random) -> Iterator[tuple[datetime, Values]]:
    came = Counter(chance.choices(list(BY_HOUR), list(BY_HOUR.values()), k=many))
    begin = _midnight(day)
    for hour in BY_HOUR:
        counted: Values = Counter({(counters.OPEN_FOR, ""): 60, (counters.PEOPLE_FOR, ""): 60 * ON_DUTY})
        counted[counters.STAFFED_FOR, ""] = chance.choice((60, 60, 60, 45))
        counted[counters.STARTED, "0"] = counted[counters.ANSWERED, ""] = came[hour]
        yield begin + timedelta(hours=hour), counted


def _waits_and_talks(many: int, chance: random.Random) -> Values:
    counted: Values = Counter()
    for _ in range(many):
        waited = min(40, int(chance.expovariate(1 / 3)))
        counted[counters.WAITED, str(waited)] += 1
        counted[counters.HANDLING, str(5 + min(70, int(chance.expovariate(1 / 22))))] += 1
        counted[counters.WITHIN, ""] += waited == 0
        counted[counters.INSIDE, ""] += chance.random() < 0.8
    counted[counters.FORETOLD, ""] = many
    return counted


def _of_a_month(asked: dict[str, list[str]], many: int, chance: random.Random) -> Values:
    counted: Values = Counter()
    for _ in range(many):
        told = {question: _one_of(answers, chance) for question, answers in asked.items()}
        for question, code in told.items():
            counted[f"wrapup_{question}", code] += 1
        for question in CROSSED:
            counted[f"cross_{question}", f"{told[SUBJECT]}:{told[question]}"] += 1
    for minutes in range(1, 9):
        counted[counters.LEFT, str(minutes)] = round(many * chance.uniform(0.005, 0.015))
    counted[counters.ABANDONED, ""] = sum(
        value for (name, _), value in counted.items() if name == counters.LEFT
    )
    for question, answers in feedback.ANSWERS.items():
        for _ in range(many // 3):
            counted[f"feedback_{question}", _one_of(answers, chance)] += 1
    for service in ("csg", "113"):
        for _ in range(many // 40):
            outcome = chance.choices(("joined", "declined", "expired", "refused"), (8, 1, 1, 2))[0]
            counted["handoff", f"{service}:{outcome}"] += 1
    for how in counters.HOW:
        counted[counters.BY_HAND, how] = round(many * chance.uniform(0.03, 0.08))
    counted[counters.DEBRIEF, "asked"] = counted[counters.DEBRIEF, "held"] = chance.randint(2, 9)
    return counted


def _answers(letters: int, chance: random.Random) -> Values:
    """Returns the figures of letters that were all answered, some of them late."""
    counted = Counter(
        (counters.LETTER_MINUTES, str(8 + min(60, int(chance.expovariate(1 / 14))))) for _ in range(letters)
    )
    counted[counters.LETTERS, "answered"] = letters
    counted[counters.LETTERS, "in_time"] = letters - letters // 12
    return counted


def _notices(many: int, chance: random.Random) -> Values:
    """Returns the figures of removal cases, a tenth of which have no outcome yet."""
    counted: Values = Counter()
    for _ in range(many):
        for name in ("platform", "what"):
            counted[results.counter(name), _one_of(results.CODES[name], chance)] += 1
        for name in ("outcome", "days") if chance.random() < 0.9 else ():
            counted[results.counter(name), _one_of(results.CODES[name], chance)] += 1
    return counted


def _midnight(day: date, at: time = time()) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _one_of(answers: list[str] | tuple[str, ...], chance: random.Random) -> str:
    return chance.choices(answers, [FALLING**place for place in range(len(answers))])[0]


def _hours(line: Line, now: datetime) -> None:
    """Opens the line every day from 9:00 to 22:00. On one of the next days, the line is open for a shorter
    time."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(line=line, weekday=weekday, opens=OPENS, closes=CLOSES) for weekday in range(7)
    )
    soon = timezone.localtime(now).date() + timedelta(days=10)
    DatedHours.objects.create(line=line, date=soon, opens=time(12), closes=time(17), reason="training")
