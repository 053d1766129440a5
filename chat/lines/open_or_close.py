"""Lets a supervisor open or close a line by hand, limit how many callers may wait, or let the hours decide.

`chat/lines/open_now.py` derives from this whether callers can enter, and `chat/queue/admission.py` lets them
in.
"""

from django.db import transaction

from chat import bells, line_scope
from chat.lines import staff
from chat.models import Line
from counsellors import audit
from counsellors.models import Person


@transaction.atomic
def open_or_close(supervisor: Person, slug: str, *, state: str, most: int | None, reason: str | None) -> None:
    """Sets the line's state, the most callers who may wait, and the reason that callers read. Running
    conversations go on. Raises NotFound for a line that is not the supervisor's."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    changed = _in_codes(line, state, most)
    line.state, line.most_waiting, line.reason = state, most, reason or ""
    line.save(update_fields=["state", "most_waiting", "reason"])
    audit.record(supervisor, "line", subject=slug, detail=changed)
    bells.ring_on_commit(bells.LineChanged(slug))
    staff.tell_supervisors(slug)


def _in_codes(line: Line, state: str, most: int | None) -> str:
    """Returns the audit detail, which names only what changes: a supervisor who only lowers the limit of a
    closed line has not closed it."""
    limit = "no_limit" if most is None else f"limit {most}"
    changed = [state] * (state != line.state) + [limit] * (most != line.most_waiting)
    return " ".join(changed) or state
