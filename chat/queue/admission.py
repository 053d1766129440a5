"""Admission: whether one more caller may wait on a line. Who is here takes a place; who is away keeps only
the rank."""

from datetime import datetime

from django.conf import settings

from chat.lines import open_now
from chat.models import Line
from chat.queue import rank
from helpline.lib.errors import LineClosed, LineFull, UnknownLine


def find_place(slug: str, *, now: datetime) -> Line:
    """Returns the line if it seems to have a place, without any lock, so that a refusal costs nothing."""
    line = Line.objects.filter(pk=slug).first()
    if line is None:
        raise UnknownLine
    _require_open(line, now)
    if is_full(line):
        raise LineFull
    return line


def is_full(line: Line) -> bool:
    """Whether nobody more can come in, as it looks now."""
    return rank.more_than(line.pk, _most(line) - 1)


def claim_place(slug: str, *, now: datetime) -> None:
    """Claims the place, last before the commit, with the caller's own row already among those that wait.

    Raises LineFull, which rolls everything back. Rivals take the line's lock one after the other, so each
    counts all before it.
    """
    line = Line.objects.select_for_update(no_key=True).get(pk=slug)
    _require_open(line, now)  # a supervisor may have closed it, or lowered `most`, since it was found
    if rank.more_than(slug, _most(line)):
        raise LineFull


def _require_open(line: Line, now: datetime) -> None:
    opening = open_now.opening(line, now=now)
    if not opening.open:
        raise LineClosed(opens=opening.opens)


def _most(line: Line) -> int:
    return settings.QUEUE_MAX if line.most_waiting is None else line.most_waiting
