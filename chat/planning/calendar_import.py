"""Shifts out of a calendar file of another program (RFC 5545): what can be read is taken, the rest is named
by line.

Each event becomes a shift; two at the same time, one on which two are wanted. An event that bears the name of
one of the line's counsellors, and nothing else, puts them on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import icalendar
from django.db import transaction

from chat import walls
from chat.lines.hours import AMSTERDAM
from chat.models import Place, Shift
from chat.planning import places, shifts
from chat.planning.shifts import LONGEST, MOST_WANTED
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import BadFrame

LONGEST_FILE = 1_000_000
MOST_EVENTS = 2000
FURTHEST = timedelta(days=800)
UNREADABLE = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
)  # what the library says of torn lines
ZONE, EVENT, END = "VTIMEZONE", "VEVENT", "END:"


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
    ELSEWHERE = "elsewhere"  # the shift is there now; the person is on another then


@dataclass(frozen=True, slots=True)
class Left:
    """What was not taken: the first line of its event, counted from 1."""

    line: int
    why: Why


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


class _Unreadable(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def take(supervisor: Person, slug: str, text: str, *, now: datetime) -> Imported:
    """Sent twice, it changes nothing the second time."""
    line = walls.own_line(supervisor, slug, lock=True)
    if len(text) > LONGEST_FILE:
        raise FileTooLarge
    found, left = _events(text, now)
    if not found and not left:
        raise NoCalendar
    by_name = {person.alias.casefold(): person for person in places.people_for(line)}
    made, on = 0, 0
    for (starts, ends), events in found.items():
        shift, is_new = Shift.objects.get_or_create(
            line=line, starts_at=starts, ends_at=ends, defaults={"wanted": min(MOST_WANTED, len(events))}
        )
        made += is_new
        for at, summary in events:
            person = by_name.get(summary.strip().casefold())
            if person is None or Place.objects.filter(shift=shift, person=person).exists():
                continue
            if places.can_stand(person, shift):
                Place.objects.create(shift=shift, person=person)
                on += 1
            else:
                left.append(Left(at, Why.ELSEWHERE))
    audit.record(supervisor, "rota", subject=slug, detail=f"imported {made}")
    shifts.tell(slug)
    return Imported(made, on, sorted(left, key=lambda one: one.line))


type _Found = dict[tuple[datetime, datetime], list[tuple[int, str]]]


def _events(text: str, now: datetime) -> tuple[_Found, list[Left]]:
    """By their times, each with its line and its summary."""
    zones = [block for block in _blocks(text, ZONE) if block.whole]
    found: _Found = {}
    left: list[Left] = []
    for block in list(_blocks(text, EVENT))[:MOST_EVENTS]:
        try:
            starts, ends, summary = _read(block, zones, now)
        except _Unreadable as unreadable:
            left.append(Left(block.line, unreadable.why))
        else:
            found.setdefault((starts, ends), []).append((block.line, summary))
    return found, left


def _blocks(text: str, name: str) -> Iterator[_Block]:
    """A block that is cut off ends where the next begins, or the file does."""
    begun: int | None = None
    lines = text.splitlines()
    for number, line in enumerate(lines):
        word = line.strip().upper()
        if word == f"BEGIN:{name}":
            if begun is not None:
                yield _Block(begun + 1, lines[begun:number], whole=False)
            begun = number
        elif word == f"{END}{name}" and begun is not None:
            yield _Block(begun + 1, lines[begun : number + 1], whole=True)
            begun = None
    if begun is not None:
        yield _Block(begun + 1, lines[begun:], whole=False)


def _read(block: _Block, zones: list[_Block], now: datetime) -> tuple[datetime, datetime, str]:
    if not block.whole:
        raise _Unreadable(Why.CUT_OFF)
    event = _parsed(block, zones)
    starts = _moment(event, "DTSTART", Why.NO_START)
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        raise _Unreadable(Why.REPEATS)
    if event.get("DTEND") is None and event.get("DURATION") is not None:
        length = _value(event, "DURATION")
        if not isinstance(length, timedelta):
            raise _Unreadable(Why.NO_END)
        ends = starts + length
    else:
        ends = _moment(event, "DTEND", Why.NO_END)
    if ends <= starts:
        raise _Unreadable(Why.NO_END)
    if ends - starts > LONGEST:
        raise _Unreadable(Why.TOO_LONG)
    if ends <= now:
        raise _Unreadable(Why.OVER)
    if starts > now + FURTHEST:
        raise _Unreadable(Why.TOO_FAR)
    return starts, ends, str(event.get("SUMMARY", ""))


def _parsed(block: _Block, zones: list[_Block]) -> icalendar.Event:
    """By itself, with the zones of its file: a line that makes no sense spoils no other event."""
    for around in (zones, []):  # nor does a torn zone: its times are then by the clock on the wall here
        inside = [line for one in (*around, block) for line in one.lines]
        text = "\r\n".join(["BEGIN:VCALENDAR", *inside, "END:VCALENDAR", ""])
        try:
            events = icalendar.Calendar.from_ical(text).events
            if events:
                return events[0]
        except UNREADABLE:
            continue
    raise _Unreadable(Why.CUT_OFF)


def _value(event: icalendar.Event, name: str) -> Any:
    """None for what is not there, and for what makes no sense."""
    try:
        return getattr(event.get(name), "dt", None)
    except UNREADABLE:
        return None


def _moment(event: icalendar.Event, name: str, why: Why) -> datetime:
    """In UTC; what names no zone is by the clock on the wall here."""
    value = _value(event, name)
    if value is None:
        raise _Unreadable(why)
    if not isinstance(value, datetime):
        raise _Unreadable(Why.WHOLE_DAY)
    try:
        return (value if value.tzinfo else value.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    except OverflowError:
        raise _Unreadable(Why.TOO_FAR) from None
