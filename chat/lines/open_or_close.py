"""Lets a supervisor open or close a line by hand, limit how many callers may wait, or let the hours decide.

`chat/lines/open_now.py` determines from these settings whether the line is open, and
`chat/queue/admission.py` which callers can enter. A line that is opened by hand follows its hours again at a
set time, because otherwise it would stay open until somebody remembered to close it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from chat import bells, line_scope
from chat.lines import hours, schedules, staff
from chat.models import Line
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import WrongField

LONGEST_BY_HAND = timedelta(days=1)


@transaction.atomic
def open_or_close(
    supervisor: Person,
    slug: str,
    *,
    state: str,
    most: int | None,
    reason: str | None,
    until: datetime | None = None,
    now: datetime,
) -> None:
    """Sets the line's state, the maximum number of waiting callers (`most`), and the reason that callers
    read. Conversations that have begun continue.

    `until` is when a line that is opened by hand follows its hours again; if it is None, `_end_of` sets that
    time. Raises NotFound for a line that is not the supervisor's, and WrongField for an `until` that is past,
    over a day away, or given with a state other than open.
    """
    line = line_scope.own_line(supervisor, slug, lock=True)
    if until and (state != Line.State.OPEN or not now < until <= now + LONGEST_BY_HAND):
        raise WrongField("until")
    changed = _in_codes(line, state, most)
    if state != line.state or until:
        _steer(line, supervisor, state, until, now=now)
    line.state, line.most_waiting, line.reason = state, most, reason or ""
    line.save(update_fields=["state", "most_waiting", "reason", "steered_at", "steered_by", "steered_until"])
    audit.record(supervisor, "line", subject=slug, detail=changed)
    _tell(slug)


@transaction.atomic
def follow_hours(slug: str, *, now: datetime) -> None:
    """Lets the hours decide again when the time for which a line was opened by hand is over. The UPDATE
    changes nothing if a supervisor has just extended that time."""
    over = Line.objects.filter(pk=slug, state=Line.State.OPEN, steered_until__lte=now)
    if over.update(state=Line.State.HOURS, reason="", steered_at=None, steered_by=None, steered_until=None):
        audit.record(None, "line", subject=slug, detail=Line.State.HOURS)
        _tell(slug)


def _steer(line: Line, by: Person, state: str, until: datetime | None, *, now: datetime) -> None:
    by_hand = state != Line.State.HOURS
    line.steered_at, line.steered_by = (now, by) if by_hand else (None, None)
    line.steered_until = (until or _end_of(line, now)) if state == Line.State.OPEN else None


def _end_of(line: Line, now: datetime) -> datetime:
    """Returns when a line that is opened now without `until` follows its hours again: LONGEST_BY_HAND from
    now or, if the line is open by its hours now and they end earlier, at that closing time."""
    schedule, latest = schedules.of_line(line), now + LONGEST_BY_HAND
    closes = hours.next_change(schedule, now) if hours.is_open(schedule, now) else None
    return min(closes or latest, latest)


def _tell(slug: str) -> None:
    bells.ring_on_commit(bells.LineChanged(slug))
    staff.tell_supervisors(slug)


def _in_codes(line: Line, state: str, most: int | None) -> str:
    """Returns the detail for the audit log: only the settings that change. For example, a new limit on a
    closed line is not recorded as a closing."""
    limit = "no_limit" if most is None else f"limit {most}"
    changed = [state] * (state != line.state) + [limit] * (most != line.most_waiting)
    return " ".join(changed) or state
