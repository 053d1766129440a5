"""Computes opening hours, in the local time of Amsterdam, from plain values, which chat/lines/schedules.py
reads from the database.

A schedule is open at an instant if the local clock then shows a time inside a span. Therefore a span inside
the hour that is skipped in March does not apply on that day, and a span inside the hour that occurs twice in
October applies both times. A span belongs to the day on which it begins. A span that runs over midnight
applies until its end, regardless of the next day's hours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from chat.spans import ANY, MIDNIGHT, Span

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
HORIZON_DAYS = 400  # how far ahead the next opening is looked for
PREVIEW_DAYS = 28
WEEK_DAYS = 8  # how far ahead pages and boards announce the next opening or closing

type Spans = tuple[Span, ...]  # the spans of one day; empty if it is closed
ALL_DAY = Span(MIDNIGHT, MIDNIGHT)
DAY_AND_NIGHT: tuple[Spans, ...] = ((ALL_DAY,),) * 7


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Holds the hours of one date, and the reason for them. These hours override all other rules."""

    spans: Spans
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Holds the hours of a line or a service. Dates override holidays, and holidays override weekdays."""

    week: tuple[Spans, ...]  # Monday first
    holidays: Mapping[str, Spans] = field(default_factory=dict)  # by the holiday's name, or ANY
    dates: Mapping[date, Exceptional] = field(default_factory=dict)

    def on(self, day: date) -> "Day":
        if (exceptional := self.dates.get(day)) is not None:
            return Day(day, exceptional.spans, exceptional.reason)
        for feast in feasts_of(day):
            if (spans := self._on_feast(feast, day)) is not None:
                return Day(day, spans, feast)
        return Day(day, self.week[day.weekday()])

    def _on_feast(self, feast: str, day: date) -> Spans | None:
        own = self.holidays.get(feast)
        return self.holidays.get(ANY) if own is None and is_public(feast, day) else own


@dataclass(frozen=True, slots=True)
class Day:
    """Holds the opening hours that begin on a day. `why`: the holiday or the reason, if other hours replace
    those of the weekday; otherwise empty."""

    date: date
    spans: Spans
    why: str = ""


def is_open(schedule: Schedule, instant: datetime) -> bool:
    local = instant.astimezone(AMSTERDAM)
    today, reading = local.date(), local.time()
    return any(span.contains(reading) for span in schedule.on(today).spans) or any(
        span.contains_next_morning(reading) for span in schedule.on(today - DAY).spans
    )


def next_opening(schedule: Schedule, instant: datetime) -> datetime | None:
    """Returns `instant` if the schedule is open at that instant. Otherwise returns the next opening, or None
    if there is no opening within HORIZON_DAYS."""
    return instant if is_open(schedule, instant) else next_change(schedule, instant)


def next_change(schedule: Schedule, instant: datetime, days: int = HORIZON_DAYS) -> datetime | None:
    """Returns the first later instant at which the schedule opens or closes, or None if it does neither
    within `days`."""
    now = is_open(schedule, instant)
    today = instant.astimezone(AMSTERDAM).date()
    for ahead in range(days):
        for moment in _moments(schedule, today + ahead * DAY):
            if moment > instant and is_open(schedule, moment) != now:
                return moment
    return None


def four_weeks(schedule: Schedule, first: date) -> tuple[Day, ...]:
    return tuple(schedule.on(first + ahead * DAY) for ahead in range(PREVIEW_DAYS))


def overlap(days: Sequence[Spans]) -> bool:
    """Returns whether any two spans of one day, or of a whole week (Monday first), overlap. Spans that run
    over midnight, also from Sunday to Monday, are compared too."""
    spans = sorted(_in_week(number, span) for number, spans in enumerate(days) for span in spans)
    if not spans:
        return False
    first_again = (spans[0][0] + 7 * DAY, spans[0][1] + 7 * DAY)
    return any(end > start for (_, end), (start, _) in pairwise([*spans, first_again]))


def feasts_of(day: date) -> tuple[str, ...]:
    """Returns the Dutch holidays on a date: none on most dates, but in some years two holidays have the same
    date."""
    return _feasts(day.year)[0].get(day, ())


def is_public(feast: str, day: date) -> bool:
    return feast in _feasts(day.year)[1].get(day, ())


type Calendar = dict[date, tuple[str, ...]]


@lru_cache(maxsize=64)
def _feasts(year: int) -> tuple[Calendar, Calendar]:
    """Returns all holidays of a year, and the public ones among them."""
    public, optional = _category(year, holidays.PUBLIC), _category(year, holidays.OPTIONAL)
    both = {
        day: tuple(dict.fromkeys(public.get(day, ()) + optional.get(day, ()))) for day in (*public, *optional)
    }
    return both, public


def _category(year: int, category: str) -> Calendar:
    found = holidays.country_holidays("NL", years=year, language="nl", categories=(category,))
    return {day: tuple(found.get_list(day)) for day in found}


def _moments(schedule: Schedule, day: date) -> list[datetime]:
    """Returns, in order, every instant of a day at which the schedule may open or close. At some of these
    instants it does neither."""
    readings = {edge for span in schedule.on(day).spans for edge in (span.opens, span.closes)}
    readings |= {span.closes for span in schedule.on(day - DAY).spans if span.runs_over_midnight}
    shown = (datetime.combine(day, reading, AMSTERDAM) for reading in readings)
    found = {moment.replace(fold=fold).astimezone(UTC) for moment in shown for fold in (0, 1)}
    return sorted(found.union(_clock_change(day)))


def _clock_change(day: date) -> Iterator[datetime]:
    """Yields the first 23 whole hours of a day on which the clocks change, because the clocks change at one
    of these hours. Yields nothing for other days."""
    midnight = datetime.combine(day, MIDNIGHT, AMSTERDAM)
    if midnight.utcoffset() != (midnight + DAY).utcoffset():
        yield from (midnight.astimezone(UTC) + timedelta(hours=hour) for hour in range(23))


def _in_week(weekday: int, span: Span) -> tuple[timedelta, timedelta]:
    start = weekday * DAY + _since_midnight(span.opens)
    end = weekday * DAY + _since_midnight(span.closes)
    return start, end + DAY if span.runs_over_midnight else end


def _since_midnight(reading: time) -> timedelta:
    return datetime.combine(date.min, reading) - datetime.combine(date.min, MIDNIGHT)
