"""What supervisors do with a line: open, throttle, close, or let its hours decide."""

from django.db import transaction

from chat import bells
from chat.models import Line
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import NotFound


@transaction.atomic
def steer(supervisor: Person, slug: str, *, state: str, most: int | None, reason: str | None) -> None:
    """Running conversations go on. NotFound for a line that is not the supervisor's."""
    line = Line.objects.select_for_update(no_key=True).filter(pk=slug, work__person=supervisor).first()
    if line is None:
        raise NotFound
    line.state, line.most_waiting, line.reason = state, most, reason or ""
    line.save(update_fields=["state", "most_waiting", "reason"])
    audit.record(supervisor, "line", subject=slug, detail=state)
    bells.ring_on_commit(bells.Bell(bells.line(slug), "line"))
