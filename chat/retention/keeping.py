"""How long a line keeps its conversations, and whether reading one needs two: set by its supervisors."""

from datetime import timedelta

from django.db import transaction

from chat import walls
from chat.retention import news
from counsellors import audit
from counsellors.models import Person


@transaction.atomic
def set_retention(supervisor: Person, slug: str, *, hours: int, two: bool) -> None:
    """How long conversations stay after their end, and whether reading one needs two supervisors.

    A shorter time acts on what there is at the next purge; a longer one only on what comes.
    """
    line = walls.own_line(supervisor, slug)
    line.retention, line.review_needs_two = timedelta(hours=hours), two
    line.save(update_fields=["retention", "review_needs_two"])
    audit.record(supervisor, "line", subject=slug, detail=f"keeps {hours}{' two' if two else ''}")
    news.tell_supervisors(slug)
