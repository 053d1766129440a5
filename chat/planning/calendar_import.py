"""Imports shifts from a calendar file of another program (RFC 5545): what can be read is taken, the rest is
reported by line.

Each event becomes a shift; two at the same time become one on which two are wanted. An event whose summary is
the name of one of the line's counsellors, and nothing else, puts them on it; any other name is reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import icalendar
from django.db import transaction

from chat import line_scope
from chat.lines.hours import AMSTERDAM
from chat.planning import places, shifts
from chat.planning.models import Place, Shift
from chat.planning.shifts import MAX_SHIFT, MAX_WANTED
from counsellors import audit
from counsellors.models import Person, alias_key
from helpline.lib.errors import BadFrame

MAX_FILE_BYTES = 250_000  # bytes: what the proxy's example lets through
MAX_EVENTS = 1000
MAX_AHEAD = timedelta(days=800)
UNREADABLE = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
)  # what the library says of torn lines
EVENT = "VEVENT"


class NoCalendar(BadFrame):
    """This is no calendar file: it holds no event. Choose a file that ends in `.ics`."""


class FileTooLarge(BadFrame):
    """This file is too large. Export less than a year."""


class Why(StrEnum):
    """Why an event was not taken."""

    CUT_OFF = "cut_off"
    NO_START = "no_start"
    NO_END = "no_end"
    WHOLE_DAY = "whole_day"
    TOO_LONG = "too_long"
    REPEATS = "repeats"
    OVER = "over"
    TOO_FAR = "too_far"
    NO_ZONE = "no_zone"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"  # the shift is there now; the person is on another then
    FULL = "full"  # the shift was there, with as many as are wanted
    UNKNOWN = "unknown"  # the shift is there now, and nobody on it: no counsellor of the line has this name
    TWICE = "twice"  # the same name, at the same time, stands in the file before


@dataclass(frozen=True, slots=True)
class Left:
    """What was not taken: the first line of its event, counted from 1, and its name."""

    line: int
    why: Why
    name: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    shifts: int
    people: int
    left: list[Left]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of the file that belong together; `whole`: until their END."""

    line: int
    lines: list[str]
    whole: bool


class _NotTaken(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def take(supervisor: Person, slug: str, text: str, *, now: datetime) -> Imported:
    """Imports the file. Sent twice, it changes nothing the second time."""
    line_scope.own_line(supervisor, slug)
    if len(text.encode()) > MAX_FILE_BYTES:
        raise FileTooLarge
    found, left = _events(text, now)  # before any row is locked: a file may take its time
    if not found and not left:
        raise NoCalendar
    return _write(supervisor, slug, found, left)


@transaction.atomic
def _write(supervisor: Person, slug: str, found: "_Found", left: "list[Left]") -> Imported:
    line = line_scope.own_line(supervisor, slug)
    people = {alias_key(person.alias): person for person in places.people_for(line)}
    places.lock_there({person.pk for person in people.values()})
    made, on = 0, 0
    for (starts, ends), events in sorted(found.items()):
        doubled = _doubled(events, people)
        left += [Left(at, Why.TWICE, name) for at, name in doubled]
        wanted = min(MAX_WANTED, len(events) - len(doubled))
        shift, is_new = Shift.objects.get_or_create(
            line=line, starts_at=starts, ends_at=ends, defaults={"wanted": wanted}
        )
        made += is_new
        for at, name in events:
            if (at, name) in doubled:
                continue
            try:
                on += _put_on(shift, people.get(alias_key(name)), name, is_new=is_new)
            except _NotTaken as refused:
                left.append(Left(at, refused.why, name))
    audit.record(supervisor, "rota", subject=slug, detail=f"imported {made}")
    shifts.tell(slug)
    return Imported(made, on, sorted(left, key=lambda one: one.line))


def _doubled(events: list[tuple[int, str]], people: dict[str, Person]) -> list[tuple[int, str]]:
    """Returns events that name somebody of the line whom an earlier event at that time names already."""
    seen: set[str] = set()
    doubled = []
    for at, name in events:
        key = alias_key(name)
        if key in seen and key in people:
            doubled.append((at, name))
        seen.add(key)
    return doubled


def _put_on(shift: Shift, person: Person | None, name: str, *, is_new: bool) -> bool:
    """Puts the person on it. Returns False where the event names nobody, or somebody who is on it already."""
    if person is None:
        if name:
            raise _NotTaken(Why.UNKNOWN)
        return False
    if Place.objects.filter(shift=shift, person=person).exists():
        return False
    # Sent again: whoever swapped or gave away their place is not put back beside who has it now.
    if not is_new and places.coming(shift) >= shift.wanted:
        raise _NotTaken(Why.FULL)
    if not places.can_stand(person, shift):
        raise _NotTaken(Why.ELSEWHERE)
    Place.objects.create(shift=shift, person=person)
    return True


type _Found = dict[tuple[datetime, datetime], list[tuple[int, str]]]


def _events(text: str, now: datetime) -> tuple[_Found, list[Left]]:
    """Returns events by their times, each with its line and its summary."""
    found: _Found = {}
    left: list[Left] = []
    blocks = list(_blocks(text))
    if len(blocks) > MAX_EVENTS:
        raise FileTooLarge
    for block in blocks:
        try:
            starts, ends, summary = _read(block, now)
        except _NotTaken as unreadable:
            left.append(Left(block.line, unreadable.why))
        else:
            found.setdefault((starts, ends), []).append((block.line, summary))
    return found, left


def _blocks(text: str) -> Iterator[_Block]:
    """Yields events. One that is cut off ends where the next begins, or the file does."""
    begun: int | None = None
    lines = text.splitlines()
    for number, line in enumerate(lines):
        word = line.strip().upper()
        if word == f"BEGIN:{EVENT}":
            if begun is not None:
                yield _Block(begun + 1, lines[begun:number], whole=False)
            begun = number
        elif word == f"END:{EVENT}" and begun is not None:
            yield _Block(begun + 1, lines[begun : number + 1], whole=True)
            begun = None
    if begun is not None:
        yield _Block(begun + 1, lines[begun:], whole=False)


def _read(block: _Block, now: datetime) -> tuple[datetime, datetime, str]:
    if not block.whole:
        raise _NotTaken(Why.CUT_OFF)
    event = _parsed(block)
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise _NotTaken(Why.CANCELLED)
    starts = _moment(event, "DTSTART", Why.NO_START)
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        raise _NotTaken(Why.REPEATS)
    if event.get("DTEND") is None and event.get("DURATION") is not None:
        length = _value(event, "DURATION")
        if not isinstance(length, timedelta):
            raise _NotTaken(Why.NO_END)
        ends = starts + min(length, 2 * MAX_SHIFT) if length > -MAX_SHIFT else starts
    else:
        ends = _moment(event, "DTEND", Why.NO_END)
    if ends <= starts:
        raise _NotTaken(Why.NO_END)
    if ends - starts > MAX_SHIFT:
        raise _NotTaken(Why.TOO_LONG)
    if ends <= now:
        raise _NotTaken(Why.OVER)
    if starts > now + MAX_AHEAD:
        raise _NotTaken(Why.TOO_FAR)
    return starts, ends, str(event.get("SUMMARY", "")).strip()


def _parsed(block: _Block) -> icalendar.Event:
    """Parses one event by itself, so that a line that makes no sense spoils no other event.

    The file's own time zones are left out. Zones are known by their names; what a file defines would apply to
    everybody's files from then on, and can be made so that nobody reads it to the end.
    """
    text = "\r\n".join(["BEGIN:VCALENDAR", *block.lines, "END:VCALENDAR", ""])
    try:
        return icalendar.Calendar.from_ical(text).events[0]
    except UNREADABLE:
        raise _NotTaken(Why.CUT_OFF) from None


def _value(event: icalendar.Event, name: str) -> Any:
    """Returns None for what is not there, and for what makes no sense."""
    try:
        return getattr(event.get(name), "dt", None)
    except UNREADABLE:
        return None


def _moment(event: icalendar.Event, name: str, why: Why) -> datetime:
    """Returns the time in UTC; without a zone it is local time."""
    value = _value(event, name)
    if value is None:
        raise _NotTaken(why)
    if not isinstance(value, datetime):
        raise _NotTaken(Why.WHOLE_DAY)
    if value.tzinfo is None and event[name].params.get("TZID"):
        raise _NotTaken(Why.NO_ZONE)
    try:
        return (value if value.tzinfo else value.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    except UNREADABLE:
        raise _NotTaken(Why.TOO_FAR) from None
