"""The worker's heartbeat: since when the server has been able to write.

While it cannot, no frame renews a lease. So a lease ends only one full lease after the server could write
again: neither an outage nor a worker that stood still costs a seat, a duty or a place.
"""

from datetime import datetime, timedelta

from django.db.models import Case, F, Q, Value, When

from chat.models import Heartbeat

INTERVAL = timedelta(seconds=2)
MAX_GAP = timedelta(seconds=5)  # a longer gap between two beats is one


def beat(now: datetime) -> datetime:
    """Records that the server could write at `now`. Returns since when it could without a gap.

    The row outlives the worker: another one that leads a moment later sees no outage.
    """
    gap = Q(seen_at__lt=now - MAX_GAP) | Q(seen_at__gt=now + MAX_GAP)  # a clock that was set back is one, too
    since = Case(When(gap, then=Value(now)), default=F("since"))
    if not Heartbeat.objects.filter(pk=1).update(since=since, seen_at=now):
        Heartbeat.objects.create(pk=1, since=now, seen_at=now)
    return Heartbeat.objects.values_list("since", flat=True).get(pk=1)
