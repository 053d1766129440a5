"""What supervisors do with a line: open, throttle, close, let its hours decide; how long it keeps."""

from datetime import timedelta

from django.db import transaction

from chat import bells, reviewing
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


@transaction.atomic
def keep(supervisor: Person, slug: str, *, hours: int, two: bool) -> None:
    """How long conversations stay after their end, and whether reading one needs two supervisors.

    A shorter time acts on what there is at the next purge; a longer one only on what comes.
    """
    line = reviewing.own_line(supervisor, slug)
    line.retention, line.review_needs_two = timedelta(hours=hours), two
    line.save(update_fields=["retention", "review_needs_two"])
    audit.record(supervisor, "line", subject=slug, detail=f"keeps {hours}{' two' if two else ''}")
    reviewing.tell(slug)
