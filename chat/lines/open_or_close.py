"""A supervisor opens, throttles or closes a line by hand, or lets its hours decide.

What that means for who comes is in `chat/queue/admission.py`, by `chat/lines/open_now.py`.
"""

from django.db import transaction

from chat import bells, line_scope
from chat.models import Line
from counsellors import audit
from counsellors.models import Person


@transaction.atomic
def open_or_close(supervisor: Person, slug: str, *, state: str, most: int | None, reason: str | None) -> None:
    """Running conversations go on. NotFound for a line that is not the supervisor's."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    changed = _in_codes(line, state, most)
    line.state, line.most_waiting, line.reason = state, most, reason or ""
    line.save(update_fields=["state", "most_waiting", "reason"])
    audit.record(supervisor, "line", subject=slug, detail=changed)
    bells.ring_on_commit(bells.LineChanged(slug))


def _in_codes(line: Line, state: str, most: int | None) -> str:
    """What becomes another one: who lowers the limit of a line that is closed has not closed it."""
    limit = "no_limit" if most is None else f"limit {most}"
    changed = [state] * (state != line.state) + [limit] * (most != line.most_waiting)
    return " ".join(changed) or state
