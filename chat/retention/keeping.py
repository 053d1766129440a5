"""Sets how long a line keeps its conversations, and whether reading one needs two supervisors.

The calling code checks permissions and approvals (chat/supervision/needs_approval.py).
"""

from datetime import timedelta

from chat.models import Line
from chat.retention import news
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict


def keep(by: Person, slug: str, retention: timedelta) -> None:
    """Sets how long conversations are kept after their end.

    A shorter time applies to existing conversations from the next purge on; a longer one only to new ones.
    """
    Line.objects.filter(pk=slug).update(retention=retention)
    _record_kept(by, slug, retention)


def shorten(by: Person, slug: str, retention: timedelta) -> None:
    """Shortens the retention. Raises Conflict if the stored retention is shorter already: otherwise the
    second of two simultaneous requests could lengthen it again."""
    if not Line.objects.filter(pk=slug, retention__gte=retention).update(retention=retention):
        raise Conflict
    _record_kept(by, slug, retention)


def read_with_two(by: Person, slug: str, *, two: bool) -> None:
    Line.objects.filter(pk=slug).update(review_needs_two=two)
    audit.record(by, "line", subject=slug, detail="two" if two else "one")
    news.tell_supervisors(slug)


def _record_kept(by: Person, slug: str, retention: timedelta) -> None:
    audit.record(by, "line", subject=slug, detail=f"keeps {retention.total_seconds() / 3600:g}")
    news.tell_supervisors(slug)
