"""Forecasts how many callers come in an hour, from the weekday, the hour of the day, the trend, and holidays.
It reads no database.

The forecast is the mean of the last twelve weeks at that weekday and hour, smoothed over the neighbouring
hours, multiplied by a factor that compares the last weeks with all twelve. The latest weeks have the greatest
weight in this factor, and half of their trend is extrapolated. On a holiday, the forecast is also multiplied
by the ratio of callers on earlier holidays to callers on ordinary days. The range is meant to contain the
mean of that hour four times out of five. The fewer callers were counted, and the more the weeks differ, the
wider the range is.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from chat.lines import hours
from chat.planning.demand import Hour

WEEKS, DAYS = 12, 7
MIN_WEEKS, MIN_CALLERS = 4, 50
HALF_LIFE_WEEKS = 3.0
DAMPED = 0.5
HOLIDAY_WEIGHT = 20.0  # in callers: how strongly the ratio is pulled towards 1 if few holidays were counted
HOLIDAY_DOUBT = 0.25
FOUR_IN_FIVE = 1.2816  # normal distribution: four of five values lie within this many standard deviations
DAY = timedelta(days=1)

type IsOpen = Callable[[date, int], bool]


@dataclass(frozen=True, slots=True)
class Expected:
    """Holds the callers expected in an hour: the mean, and the range that should contain it."""

    low: float
    mid: float
    high: float


NOBODY = Expected(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Holds the statistics of a line's last weeks from which coming hours are forecast. `rates` are mean
    callers by weekday and hour, and `seen` is the number of callers from which each rate was computed.
    `level`, and on holidays also `holiday`, are factors for the rate. `unrest` is the variation between
    weeks."""

    rates: Mapping[tuple[int, int], float]
    seen: Mapping[tuple[int, int], float]
    level: float
    unrest: float
    holiday: float

    def at(self, day: date, hour: int) -> Expected:
        """Returns how many callers to expect. For an hour in which the line was never open, the nearest known
        hour of that weekday is used."""
        slot = self._nearest(day.weekday(), hour)
        if slot is None:
            return NOBODY
        is_feast = bool(hours.feasts_of(day))
        mid = self.rates[slot] * self.level * (self.holiday if is_feast else 1)
        doubt = 1 / (self.seen[slot] + 1) + self.unrest**2 + (HOLIDAY_DOUBT**2 if is_feast else 0)
        factor = math.exp(FOUR_IN_FIVE * math.sqrt(doubt))
        return Expected(mid / factor, mid, mid * factor)

    def _nearest(self, weekday: int, hour: int) -> tuple[int, int] | None:
        known = [slot for slot in self.rates if slot[0] == weekday]
        return min(known, key=lambda slot: (abs(slot[1] - hour), slot[1]), default=None)


def pattern(callers: Mapping[Hour, int], before: date, is_open: IsOpen) -> Pattern | None:
    """Returns the pattern of the callers who were counted before the day `before`, or None if there are too
    few weeks or too few callers."""
    first = max(min((day for day, _ in callers), default=before), before - WEEKS * DAYS * DAY)
    weeks = (before - first).days // DAYS
    days = [before - ago * DAY for ago in range(1, weeks * DAYS + 1)]
    usual = [day for day in days if not hours.feasts_of(day)]
    came = Counter({hour: many for hour, many in callers.items() if hour[0] in {*usual}})
    if weeks < MIN_WEEKS or came.total() < MIN_CALLERS:
        return None
    rates, seen = _rates(came, usual, is_open)
    busy = [_against(came, rates, usual, before - week * DAYS * DAY, is_open) for week in range(weeks)]
    known = {week: ratio for week, (ratio, _) in enumerate(busy) if ratio is not None}
    level, slope = _level(known)
    return Pattern(
        rates=rates,
        seen=seen,
        level=max(0.2, level + DAMPED * slope),
        unrest=_unrest(known, slope, [expected for _, expected in busy]),
        holiday=_holiday(callers, rates, before, is_open),
    )


type Slots = dict[tuple[int, int], float]


def _rates(came: Mapping[Hour, int], days: Iterable[date], is_open: IsOpen) -> tuple[Slots, Slots]:
    """Returns, by weekday and hour, the smoothed mean of callers, and the number of callers from which it was
    computed."""
    open_days: Counter[tuple[int, int]] = Counter()
    counted: Counter[tuple[int, int]] = Counter()
    for day in days:
        for hour in range(24):
            if is_open(day, hour):
                open_days[day.weekday(), hour] += 1
                counted[day.weekday(), hour] += came.get((day, hour), 0)
    rates: Slots = {}
    seen: Slots = {}
    for weekday, hour in open_days:
        beside = [(weekday, hour - 1), (weekday, hour), (weekday, hour), (weekday, hour + 1)]
        there = [slot for slot in beside if slot in open_days]
        rates[weekday, hour] = sum(counted[slot] for slot in there) / sum(open_days[slot] for slot in there)
        seen[weekday, hour] = float(sum(counted[slot] for slot in {*there}))
    return rates, seen


def _against(
    came: Mapping[Hour, int], rates: Slots, days: Iterable[date], end: date, is_open: IsOpen
) -> tuple[float | None, float]:
    """Returns two numbers. The first is the number of callers in the week before `end`, divided by the usual
    number of callers in that week's open hours; it is None if the usual number is zero. The second is the
    usual number."""
    hours_of_it = [
        (day, hour)
        for day in days
        if end - DAYS * DAY <= day < end
        for hour in range(24)
        if is_open(day, hour)
    ]
    usual = sum(rates.get((day.weekday(), hour), 0.0) for day, hour in hours_of_it)
    return (sum(came.get(one, 0) for one in hours_of_it) / usual if usual else None), usual


def _level(busy: Mapping[int, float]) -> tuple[float, float]:
    """Returns the weighted mean of `busy`, and the amount that the trend adds to this mean by the coming
    week. `busy` maps each week to its ratio from `_against`; week 0 is the last one."""
    weights = {week: 0.5 ** (week / HALF_LIFE_WEEKS) for week in busy}
    level = sum(weights[week] * ratio for week, ratio in busy.items()) / sum(weights.values())
    middle, mean = fmean(busy), fmean(busy.values())
    spread = sum((week - middle) ** 2 for week in busy)
    slope = -sum((week - middle) * (ratio - mean) for week, ratio in busy.items()) / spread if spread else 0
    # The weighted mean describes a time some weeks ago. `back` is the number of weeks from then to the coming
    # week.
    back = sum(weights[week] * week for week in busy) / sum(weights.values()) + 1
    return level, slope * back


def _unrest(busy: Mapping[int, float], ahead: float, usual: Iterable[float]) -> float:
    """Returns the variation between weeks. The part that chance causes in counts of this size is subtracted,
    and the rest is combined with half of the extrapolated trend."""
    mean = fmean(busy.values())
    variance = fmean((ratio - mean) ** 2 for ratio in busy.values())
    chance = fmean(1 / expected for expected in usual if expected)
    return math.sqrt(max(0.0, variance - chance) + (ahead / 2) ** 2)


def _holiday(callers: Mapping[Hour, int], rates: Slots, before: date, is_open: IsOpen) -> float:
    """Returns the ratio of callers on earlier holidays to the usual callers in the same hours. If few
    holidays were counted, the ratio stays near 1."""
    first = min((day for day, _ in callers), default=before)
    feasts = [
        day for ago in range(1, (before - first).days + 1) if hours.feasts_of(day := before - ago * DAY)
    ]
    usual = sum(
        rates.get((day.weekday(), hour), 0.0) for day in feasts for hour in range(24) if is_open(day, hour)
    )
    came = sum(callers.get((day, hour), 0) for day in feasts for hour in range(24))
    return (came + HOLIDAY_WEIGHT) / (usual + HOLIDAY_WEIGHT)
