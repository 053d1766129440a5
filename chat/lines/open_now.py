"""Determines whether a line is open now, and when that changes."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from chat.lines import hours, schedules, under_roots
from chat.models import Line
from helpline.lib import clock
from helpline.lib.errors import UnknownLine


@dataclass(frozen=True, slots=True)
class Opening:
    """Holds whether a caller can enter now. `opens` is when the line opens, if that is known."""

    open: bool
    opens: datetime | None = None


def opening(line: Line, *, now: datetime | None = None) -> Opening:
    """Returns whether the line is open: as a supervisor set it, or else by its hours.

    A line is closed if it has ended, or if browsers would let no staff into its conversations
    (`under_roots`). `opens` is unknown for such a line and for a line that a supervisor closed.
    """
    if line.ended:
        return Opening(open=False)
    now = now or clock.now()
    if under_roots.is_closed(line, now=now):
        return Opening(open=False)
    state = line.state_at(now)
    if state != Line.State.HOURS:
        return Opening(open=state == Line.State.OPEN)
    schedule = schedules.of_line(line)
    opens = hours.next_opening(schedule, now)
    return Opening(open=True) if opens == now else Opening(open=False, opens=opens)


def next_change(line: Line, *, now: datetime) -> datetime | None:
    """Returns when the line next opens or closes by its hours. Returns None if the line does not follow its
    hours now, or if it neither opens within HORIZON_DAYS nor closes within WEEK_DAYS (hours.py)."""
    found = opening(line, now=now)
    if line.state_at(now) != Line.State.HOURS or not found.open:
        return found.opens
    return hours.next_change(schedules.of_line(line), now, days=hours.WEEK_DAYS)


def by_hours(line: Line, *, now: datetime) -> bool | None:
    """For a line that a supervisor has opened or closed by hand, returns whether the hours alone would open
    it now. Returns None for a line that follows its hours."""
    if line.state_at(now) == Line.State.HOURS:
        return None
    return hours.is_open(schedules.of_line(line), now)


def for_waiting(slug: str, *, now: datetime) -> tuple[bool, datetime | None]:
    """Returns whether the line is open, and when its waiting callers are sent away (`waiting_ends`). The slug
    may be that of a practice line."""
    line = Line.objects.get(pk=slug)
    return opening(line, now=now).open, waiting_ends(line, now=now)


def has_ended(slug: str) -> bool:
    return Line.objects.filter(pk=slug).exclude(ended_at=None).exists()


def waiting_ends(line: Line, *, now: datetime) -> datetime | None:
    """Returns when the waiting callers of a closed line without counsellors are sent away, unless a
    counsellor comes back before that. Returns None for any other line."""
    if line.unstaffed_since is None or opening(line, now=now).open:
        return None
    return line.unstaffed_since + settings.CLOSING


def find(name: str) -> Line:
    """Returns the line with this slug or page path. Raises UnknownLine if there is no such line, or if it is
    a practice line."""
    line = Line.objects.real().filter(Q(pk=name) | Q(path=name)).first()
    if line is None:
        raise UnknownLine
    return line
