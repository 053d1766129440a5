"""Lets a supervisor read a line's opening hours, see the effect of a change on the next four weeks, and save
the change."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from chat import bells, line_scope
from chat.lines import hours, schedules, staff
from chat.lines.hours import Day, Schedule, Spans
from chat.spans import ANY, FEASTS
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict

VERSION_CHARS = 16


class HoursOverlap(BadFrame):
    """Two of these times overlap, perhaps over midnight. Join them or shorten one."""


class HoursNothing(BadFrame):
    """One of these times begins and ends at the same moment. For a whole day, write 00:00 to 00:00."""


class NoSuchFeast(BadFrame):
    """There is no holiday of that name."""


class NoSuchDate(BadFrame):
    """One of these dates does not exist, or is listed twice."""


class HoursChanged(Conflict):
    """A colleague has changed these hours meanwhile. Look at them, and save again."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Holds a line's hours, and the opening times of the next four weeks that result from these hours.
    `version` changes with the hours."""

    schedule: Schedule
    preview: tuple[Day, ...]
    version: str


def read(supervisor: Person, slug: str, *, now: datetime) -> Timetable:
    """Returns the hours. Raises NotFound for a line that is not the supervisor's."""
    return of(schedules.of_line(line_scope.own_line(supervisor, slug)), now=now)


@transaction.atomic
def change(
    supervisor: Person, slug: str, schedule: Schedule, *, keep: bool, now: datetime, version: str = ""
) -> Timetable:
    """Returns the timetable that results from the schedule; with `keep`, also saves that schedule. Raises a
    BadFrame that says what is wrong, and HoursChanged if the saved hours have another `version` than the one
    that was edited; "" saves over any."""
    line = line_scope.own_line(supervisor, slug)
    made = tried(schedule, now=now)
    if keep:
        # If two people save at the same time, the second save waits here. Otherwise the rows of both could be
        # mixed.
        line_scope.own_line(supervisor, slug, lock=True)
        require_version(schedules.of_line(line), version)
        schedules.replace_of_line(line, made.schedule)
        audit.record(supervisor, "hours", subject=slug, detail=f"{len(made.schedule.dates)} dates")
        bells.ring_on_commit(bells.LineChanged(slug))
        staff.tell_supervisors(slug)
        # As stored, in the order of the day: the version of another order would be that of other hours.
        return of(schedules.of_line(line), now=now)
    return made


def require_version(stored: Schedule, version: str) -> None:
    """Raises HoursChanged if the stored hours have another version. "" fits any."""
    if version not in ("", _version(stored)):
        raise HoursChanged


def tried(schedule: Schedule, *, now: datetime) -> Timetable:
    """Returns the timetable that results from the schedule. Raises a BadFrame that says what is wrong."""
    _check(schedule)
    return of(schedule, now=now)


def of(schedule: Schedule, *, now: datetime) -> Timetable:
    """Returns the timetable without past dates. Yesterday is included, because a span that began yesterday
    may end this morning."""
    today = now.astimezone(hours.AMSTERDAM).date()
    dates = {day: how for day, how in sorted(schedule.dates.items()) if day >= today - hours.DAY}
    coming = replace(schedule, dates=dates)
    return Timetable(coming, hours.four_weeks(coming, today), _version(schedule))


def _version(schedule: Schedule) -> str:
    parts = (dict(enumerate(schedule.week)), schedule.holidays, schedule.dates)
    words = repr([sorted((str(day), repr(how)) for day, how in part.items()) for part in parts])
    return hashlib.sha256(words.encode()).hexdigest()[:VERSION_CHARS]


def _check(schedule: Schedule) -> None:
    if not {*schedule.holidays} <= {ANY, *FEASTS}:
        raise NoSuchFeast
    days = list(_days(schedule))
    if any(span.is_nothing for spans in days for span in spans):
        raise HoursNothing
    if hours.overlap(schedule.week) or any(hours.overlap([spans]) for spans in days):
        raise HoursOverlap


def _days(schedule: Schedule) -> Iterator[Spans]:
    yield from schedule.week
    yield from schedule.holidays.values()
    yield from (how.spans for how in schedule.dates.values())
