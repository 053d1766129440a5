"""Whether a line is open now, and when it opens."""

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
    """Whether a caller can enter now; `opens` when it is known."""

    open: bool
    opens: datetime | None = None


def opening(line: Line, *, now: datetime | None = None) -> Opening:
    """Returns what a supervisor set, or else what the hours say. Closed by hand, nobody knows when it opens.

    Nor is that known where nobody could be let in.
    """
    if under_roots.is_closed(line, now=now or clock.now()):
        return Opening(open=False)
    if line.state != Line.State.HOURS:
        return Opening(open=line.state == Line.State.OPEN)
    schedule, now = schedules.of_line(line), now or clock.now()
    opens = hours.next_opening(schedule, now)
    return Opening(open=True) if opens == now else Opening(open=False, opens=opens)


def next_change(line: Line, *, now: datetime) -> datetime | None:
    """Returns when its hours open or close it next; None where a supervisor decided by hand, or it is far
    off."""
    found = opening(line, now=now)
    if line.state != Line.State.HOURS or not found.open:
        return found.opens
    return hours.next_change(schedules.of_line(line), now, days=hours.WEEK_DAYS)


def is_open(slug: str) -> bool:
    """Whether it is open, for a line for practice or a real one."""
    return opening(Line.objects.get(pk=slug)).open


def waiting_ends(slug: str) -> datetime | None:
    """Returns when those who still wait are sent home, unless somebody comes: for a closed line with nobody
    there."""
    line = Line.objects.get(pk=slug)
    if line.unstaffed_since is None or opening(line).open:
        return None
    return line.unstaffed_since + settings.CLOSING


def find(name: str) -> Line:
    """Returns the line with this slug, or with this path of its page."""
    line = Line.objects.real().filter(Q(pk=name) | Q(path=name)).first()
    if line is None:
        raise UnknownLine
    return line
