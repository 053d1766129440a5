"""Shows the supervisors of a line two kinds of events of the last day: calls for help that nobody answered,
and acute callers who left the queue. A row is shown until one of the supervisors has seen it, and kept until
it is a day old."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from chat import bells, line_scope
from chat.models import Missed
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict

RETENTION = timedelta(days=1)
MAX_SHOWN = 5  # per line; only the number of the other rows is shown


def newest(lines: Collection[str], *, now: datetime) -> dict[str, list[Missed]]:
    """Returns, for each line, the newest MAX_SHOWN rows that no supervisor has seen, newest first. Each row's
    `of_line` is the number of all such rows of the line."""
    needed = Missed.objects.filter(seen_at=None).exclude(kind=Missed.Kind.LOST)  # a LOST caller waits again
    rows = needed.filter(line__in=lines, at__gt=now - RETENTION).annotate(
        place=Window(RowNumber(), partition_by=F("line"), order_by=[F("at").desc(), F("pk").asc()]),
        of_line=Window(Count("pk"), partition_by=F("line")),
    )
    found: defaultdict[str, list[Missed]] = defaultdict(list)
    shown = rows.filter(place__lte=MAX_SHOWN).select_related("asked_by", "service", "of_service")
    for row in shown.order_by("line", "place"):
        found[row.line_id].append(row)
    return found


@transaction.atomic
def see(supervisor: Person, slug: str, pk: str, *, now: datetime) -> None:
    """Records that a supervisor has seen a row. Raises NotFound for a line that is not the supervisor's, and
    Conflict if a colleague was faster or the row was deleted after a day. Of two simultaneous calls, the
    UPDATE lets one succeed."""
    line = line_scope.own_line(supervisor, slug)
    rows = Missed.objects.filter(pk=pk, line=line, seen_at=None)
    kind = rows.values_list("kind", flat=True).first()
    if kind is None or not rows.update(seen_at=now):
        raise Conflict
    audit.record(supervisor, "missed_seen", subject=slug, detail=f"missed_{kind}")
    bells.ring_on_commit(bells.QueueChanged(slug))


def forget_old(now: datetime) -> int:
    deleted, _ = Missed.objects.filter(at__lte=now - RETENTION).delete()
    return deleted
