"""Imports shifts from a calendar file of another program (RFC 5545). Events that can be read are stored; the
others are reported by line number.

Each event becomes a shift; two events at the same time become one shift for two people. If the summary of an
event is exactly the alias of one of the line's counsellors, that counsellor is put on the shift. Any other
name is reported. If several aliases begin with that name, these aliases are reported too.
"""

import re
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

MAX_FILE_BYTES = 250_000  # less than the request body that the example configuration of the proxy allows
MAX_EVENTS = 1000
MAX_AHEAD = timedelta(days=800)
UNREADABLE = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
)  # the exceptions that the library raises for malformed lines
EVENT = "VEVENT"
READ = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "STATUS", "SUMMARY"}  # properties of an event


class NoCalendar(BadFrame):
    """This is no calendar file: it holds no event. Choose a file that ends in `.ics`."""


class FileTooLarge(BadFrame):
    """This file is too large. Export less than a year."""


class Why(StrEnum):
    """Lists the reasons why an event, or the person whom it names, was not imported."""

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
    ELSEWHERE = "elsewhere"  # the shift exists, but the person is on another one at that time
    FULL = "full"  # the shift existed before the import, and has as many people as are wanted
    SEVERAL = "several"  # the shift exists, but several aliases of counsellors begin with this name
    UNKNOWN = "unknown"  # the shift exists, but no counsellor of the line has this name
    TWICE = "twice"  # an earlier event in the file has the same name and time


@dataclass(frozen=True, slots=True)
class Left:
    """Reports an event that was not imported completely. `line` is the number of the event's first line in
    the file, counted from 1. `name` is the event's summary. If several aliases begin with this name, `fits`
    lists them."""

    line: int
    why: Why
    name: str = ""
    fits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    shifts: int
    people: int
    left: list[Left]


@dataclass(frozen=True, slots=True)
class _Block:
    """Holds the lines of one event. `line` is the number of the first of these lines. `whole` is true if the
    event's END is one of them."""

    line: int
    lines: list[str]
    whole: bool


class _NotTaken(Exception):
    def __init__(self, why: Why, fits: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.fits = fits


def take(supervisor: Person, slug: str, text: str, *, now: datetime) -> Imported:
    """Imports the file. Importing it again changes nothing. Raises FileTooLarge, and NoCalendar if the file
    contains no event."""
    line_scope.own_line(supervisor, slug)
    if len(text.encode()) > MAX_FILE_BYTES:
        raise FileTooLarge
    found, left = _events(text, now)  # parsing may take long, so no row is locked yet
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
                on += _put_on(shift, _meant(name, people), is_new=is_new)
            except _NotTaken as refused:
                left.append(Left(at, refused.why, name, refused.fits))
    audit.record(supervisor, "rota", subject=slug, detail=f"imported {made}")
    shifts.tell(slug)
    return Imported(made, on, sorted(left, key=lambda one: one.line))


def _doubled(events: list[tuple[int, str]], people: dict[str, Person]) -> list[tuple[int, str]]:
    """Returns the duplicate events: those that name the same counsellor of the line as an earlier event at
    the same time."""
    seen: set[str] = set()
    doubled = []
    for at, name in events:
        key = alias_key(name)
        if key in seen and key in people:
            doubled.append((at, name))
        seen.add(key)
    return doubled


def _meant(name: str, people: dict[str, Person]) -> Person | None:
    """Returns the person whose alias is the event's name, or None if the event has no name. Raises _NotTaken
    if nobody has exactly this alias. If several aliases begin with this name, the error lists them."""
    if not name:
        return None
    key = alias_key(name)
    if key in people:
        return people[key]
    fits = tuple(person.alias for other, person in sorted(people.items()) if other.startswith(f"{key} "))
    raise _NotTaken(Why.SEVERAL, fits) if len(fits) > 1 else _NotTaken(Why.UNKNOWN)


def _put_on(shift: Shift, person: Person | None, *, is_new: bool) -> bool:
    """Puts the person on the shift. Returns False if the event names nobody, or somebody who is on the shift
    already. Raises _NotTaken if the shift is full, or if the person is on another shift at that time."""
    if person is None:
        return False
    if Place.objects.filter(shift=shift, person=person).exists():
        return False
    # When a file is imported again, a person who gave their place away is not put back on the full shift.
    if not is_new and places.coming(shift) >= shift.wanted:
        raise _NotTaken(Why.FULL)
    if not places.can_stand(person, shift):
        raise _NotTaken(Why.ELSEWHERE)
    Place.objects.create(shift=shift, person=person)
    return True


type _Found = dict[tuple[datetime, datetime], list[tuple[int, str]]]


def _events(text: str, now: datetime) -> tuple[_Found, list[Left]]:
    """Returns the events by start and end, each with its line number and summary, and a list of the events
    that cannot be read. Raises FileTooLarge if there are too many events."""
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
    """Yields the events of the file. An event without END lasts until the next one begins, or until the file
    ends."""
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
    """Parses one event by itself, so that a malformed line affects no other event.

    The file's own definitions of time zones are left out, those within the event too, and zones are looked up
    by name. The library would apply a file's definition to all later files, and parsing a malicious
    definition might never end.
    """
    event = [f"BEGIN:{EVENT}", *_properties(block.lines[1:-1]), f"END:{EVENT}"]
    text = "\r\n".join(["BEGIN:VCALENDAR", *event, "END:VCALENDAR", ""])
    try:
        return icalendar.Calendar.from_ical(text).events[0]
    except UNREADABLE:
        raise _NotTaken(Why.CUT_OFF) from None


def _properties(lines: list[str]) -> Iterator[str]:
    """Yields the event's own properties that are read. A line that begins with a space or a tab continues the
    line before it (RFC 5545, 3.1); so may the name of a component within the event."""
    depth = 0
    for line in re.sub(r"\n[ \t]", "", "\n".join(lines)).split("\n"):
        name = re.split("[:;]", line, maxsplit=1)[0].strip().upper()
        depth += {"BEGIN": 1, "END": -1}.get(name, 0)
        if depth == 0 and name in READ:
            yield line


def _value(event: icalendar.Event, name: str) -> Any:
    """Returns the value of a property, or None if it is missing or malformed."""
    try:
        return getattr(event.get(name), "dt", None)
    except UNREADABLE:
        return None


def _moment(event: icalendar.Event, name: str, why: Why) -> datetime:
    """Returns the property's time in UTC; a time without a zone counts as local. Raises _NotTaken with the
    reason `why` if the property is missing, and with another reason if its value cannot be used."""
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
