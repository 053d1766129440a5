"""Decides whether one more caller may wait on a line. Connected callers take a place; callers who are away
keep only their rank."""

from datetime import datetime

from django.conf import settings

from chat.lines import open_now
from chat.models import Line
from chat.queue import rank
from helpline.lib.errors import LineClosed, LineFull, TryAgain, UnknownLine


def find_place(slug: str, *, now: datetime) -> Line:
    """Returns the line if it seems to have a free place. It takes no lock, so that a refusal is cheap."""
    line = Line.objects.filter(pk=slug).first()
    if line is None:
        raise UnknownLine
    _require_open(line, now)
    if is_full(line):
        raise LineFull
    return line


def is_full(line: Line) -> bool:
    """Returns whether the line seems full now. Only `claim_place` is exact."""
    return rank.more_than(line.pk, _most(line) - 1)


def claim_place(found: Line, *, now: datetime) -> None:
    """Claims a place under the line's lock. `found`: the line as `find_place` returned it. This must be the
    last call before the commit, when the caller's own row is already stored as waiting.

    Raises LineFull, LineClosed or TryAgain; each of these rolls the transaction back. Simultaneous callers
    take the lock one after the other, so that each check counts all earlier callers.
    """
    line = Line.objects.select_for_update(no_key=True).get(pk=found.pk)
    if line.review_key != found.review_key:
        raise TryAgain  # the line has a newer key: shares of the old one may be deleted before this commit
    _require_open(line, now)  # a supervisor may just have closed the line, or lowered `most_waiting`
    if rank.more_than(line.pk, _most(line)):
        raise LineFull


def _require_open(line: Line, now: datetime) -> None:
    opening = open_now.opening(line, now=now)
    if not opening.open:
        raise LineClosed(opens=opening.opens)


def _most(line: Line) -> int:
    return settings.QUEUE_MAX if line.most_waiting is None else line.most_waiting
