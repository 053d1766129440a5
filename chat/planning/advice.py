"""Advises how many counsellors each hour of a week needs, and shows how many are on the rota. The advice is a
range, because it relies on a forecast.

Each hour is computed separately, as if callers had been coming at the same rate for a long time: a chat that
continues into the next hour is not taken into account. docs/decisions/staffing-advice.md describes how much
this and the other simplifications matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from statistics import fmean

from chat import line_scope
from chat.lines import hours, schedules
from chat.lines.hours import AMSTERDAM, DAY, Schedule
from chat.models import Line
from chat.planning import demand, erlang, forecast, places, shifts
from chat.planning.demand import Hour, Letters, Working
from chat.planning.erlang import GOALS, Goal
from chat.planning.forecast import Expected, Pattern
from chat.planning.models import Shift
from counsellors.models import Person

SLOWER = 0.15  # assumed: each additional simultaneous chat lengthens every chat by this share
QUARTERS = (0, 15, 30, 45)
CHECKED_WEEKS = 4


type Goals = tuple[Goal, Goal]  # for answers within one minute, and within five minutes


class Verdict(StrEnum):
    CLOSED = "closed"
    UNKNOWN = "unknown"
    TOO_FEW = "too_few"
    ENOUGH = "enough"
    PLENTY = "plenty"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Describes assumptions to try. `people` is added to the number of counsellors planned in every hour.
    `slots` is how many chats a counsellor has at once; None means the measured number. `longer` is how many
    hours later the line closes."""

    people: int = 0
    slots: int | None = None
    longer: int = 0


@dataclass(frozen=True, slots=True)
class HourAdvice:
    """Holds the advice for an hour: the `planned` counsellors, the `expected` callers, and the range from
    `low` to `high` of counsellors needed. `helped` is the share of callers whom the planned counsellors
    answer within a minute. Unknown values are None."""

    at: datetime
    verdict: Verdict
    planned: int
    expected: float | None = None
    low: int | None = None
    high: int | None = None
    helped: float | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """Compares the callers who came in the last weeks with the advice that this module would have given for
    these weeks. `foretold` and `came` are the expected and the actual number of callers. `off` is the mean
    error of the expected number for one hour. `hours` is how many open hours were compared, and `short` is
    how many of these hours needed more people than advised."""

    hours: int
    foretold: float
    came: int
    off: float
    short: int


@dataclass(frozen=True, slots=True)
class Advice:
    """Holds the advice for a week. `helped` is the share of the week's callers whom the planned counsellors
    answer within a minute; None if no callers are expected. `letters` is the work of answering letters, which
    the hours do not include."""

    hours: list[HourAdvice]
    working: Working
    goals: Goals
    helped: float | None
    checked: Checked | None
    letters: Letters | None


def of_week(supervisor: Person, slug: str, monday: date, what_if: WhatIf, *, now: datetime) -> Advice:
    """Returns the advice for the week that begins on `monday`. Raises NotFound for a line that is not the
    supervisor's."""
    line = line_scope.own_line(supervisor, slug)
    schedule = schedules.of_line(line)
    today = now.astimezone(AMSTERDAM).date()
    was_open = demand.opened(line, since=now - demand.RECENT, until=shifts.midnight(today))
    is_open = _opening(schedule, was_open)
    callers = demand.callers(line, since=now - demand.LOOK_BACK, until=shifts.midnight(today))
    measured = demand.work(line, now=now)
    working = _with(measured, what_if)
    goals = _goals(line)
    pattern = forecast.pattern(callers, min(today, monday), is_open)
    planned = _planned(line, monday)
    week = [
        _hour(
            datetime.combine(day, time(hour), AMSTERDAM),
            is_open=_open_longer(is_open, day, hour, what_if.longer),
            pattern=pattern,
            working=working,
            goals=goals,
            planned=planned.get((day, hour), 0) + what_if.people,
        )
        for day in (monday + ahead * DAY for ahead in range(7))
        for hour in range(24)
    ]
    return Advice(
        hours=week,
        working=working,
        goals=goals,
        helped=_helped(week),
        checked=_check(callers, today, is_open, measured, goals),
        letters=demand.letters(line, now=now),
    )


def _hour(
    at: datetime, *, is_open: bool, pattern: Pattern | None, working: Working, goals: Goals, planned: int
) -> HourAdvice:
    planned = max(0, planned)
    if not is_open:
        return HourAdvice(at, Verdict.CLOSED, planned)
    if pattern is None:
        return HourAdvice(at, Verdict.UNKNOWN, planned)
    expected = pattern.at(at.date(), at.hour)
    low, high = (_needed(callers, working, goals) for callers in (expected.low, expected.high))
    verdict = Verdict.TOO_FEW if planned < low else Verdict.PLENTY if planned > high else Verdict.ENOUGH
    helped = erlang.helped_within(_load(expected.mid, working), planned * working.slots, goals[0].within)
    return HourAdvice(at, verdict, planned, expected.mid, low, high, helped)


def _goals(line: Line) -> Goals:
    """Returns the line's goals: GOALS, in which a share of callers that was set for this line replaces the
    default share."""
    own = (line.goal_at_once, line.goal_soon)
    at_once, soon = (
        Goal(percent / 100, usual.within) if percent else usual
        for percent, usual in zip(own, GOALS, strict=True)
    )
    return at_once, soon


def _needed(callers: float, working: Working, goals: Goals) -> int:
    """Returns how many people are needed: at least one, because a line without a counsellor is not open."""
    minutes = round(working.handling, 1), round(working.patience, 1)
    return _people(round(callers, 2), *minutes, working.slots, goals)


@lru_cache(maxsize=4096)
def _people(callers: float, handling: float, patience: float, slots: int, goals: Goals) -> int:
    return max(1, erlang.people_needed(erlang.Load(callers / 60, handling, patience), slots, goals))


def _load(callers: float, working: Working) -> erlang.Load:
    return erlang.Load(callers / 60, working.handling, working.patience)


def _with(measured: Working, what_if: WhatIf) -> Working:
    if what_if.slots is None or what_if.slots == measured.slots:
        return measured
    slower = (1 + SLOWER * (what_if.slots - 1)) / (1 + SLOWER * (measured.slots - 1))
    return replace(measured, slots=what_if.slots, handling=measured.handling * slower)


def _opening(schedule: Schedule, was_open: Mapping[Hour, bool]) -> forecast.IsOpen:
    """Returns a function that decides whether the line is open in an hour. If the line's open minutes in that
    hour were counted, the count decides, otherwise the current schedule. The count matters for an hour that
    was added to the schedule recently: on earlier dates nobody came in that hour because the line was closed,
    and not because few people needed help."""

    @cache
    def is_open(day: date, hour: int) -> bool:
        """Returns whether the line was open for half of the hour or more. If the open minutes of that hour
        were not counted, returns whether the schedule is open at half past the hour."""
        if (day, hour) in was_open:
            return was_open[day, hour]
        return hours.is_open(schedule, datetime.combine(day, time(hour, 30), AMSTERDAM))

    return is_open


def _open_longer(is_open: forecast.IsOpen, day: date, hour: int, longer: int) -> bool:
    """Returns whether the line would be open in this hour if it closed `longer` hours later, at midnight at
    the latest."""
    return any(hour - more >= 0 and is_open(day, hour - more) for more in range(longer + 1))


def _planned(line: Line, monday: date) -> dict[Hour, int]:
    """Returns how many counsellors are planned for each hour: the lowest of the numbers at :00, :15, :30 and
    :45."""
    rows = list(shifts.in_days(line, monday - DAY, monday + shifts.WEEK))
    found: dict[Hour, int] = {}
    for ahead in range(7):
        for hour in range(24):
            at = datetime.combine(monday + ahead * DAY, time(hour), AMSTERDAM)
            found[at.date(), hour] = min(_there(rows, at + timedelta(minutes=past)) for past in QUARTERS)
    return found


def _there(rows: Iterable[Shift], at: datetime) -> int:
    return sum(
        place.state in places.COMING
        for shift in rows
        if shift.starts_at <= at < shift.ends_at
        for place in shift.places.all()
    )


def _helped(week: Iterable[HourAdvice]) -> float | None:
    known = [(one.expected, one.helped) for one in week if one.expected and one.helped is not None]
    total = sum(expected for expected, _ in known)
    return sum(expected * helped for expected, helped in known) / total if total else None


def _check(
    callers: dict[Hour, int], today: date, is_open: forecast.IsOpen, working: Working, goals: Goals
) -> Checked | None:
    """Compares the callers who came in each of the last weeks with the advice that would have been computed
    from the figures before that week. Returns None if too little had been counted before one of these
    weeks."""
    last = shifts.monday_of(today)
    rows: list[tuple[Expected, int]] = []
    for ago in range(1, CHECKED_WEEKS + 1):
        monday = last - ago * shifts.WEEK
        pattern = forecast.pattern(
            {one: many for one, many in callers.items() if one[0] < monday}, monday, is_open
        )
        if pattern is None:
            return None
        rows += [
            (pattern.at(day, hour), callers.get((day, hour), 0))
            for day in (monday + ahead * DAY for ahead in range(7))
            for hour in range(24)
            if is_open(day, hour)
        ]
    if not rows:
        return None
    return Checked(
        hours=len(rows),
        foretold=sum(expected.mid for expected, _ in rows),
        came=sum(came for _, came in rows),
        off=fmean(abs(expected.mid - came) for expected, came in rows),
        short=sum(
            _needed(came, working, goals) > _needed(expected.high, working, goals) for expected, came in rows
        ),
    )
