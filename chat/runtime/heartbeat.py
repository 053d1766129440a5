"""Records, with the worker's heartbeat, the time since which the server has been able to write.

While the server cannot write, no frame renews a lease. So a lease ends only when the server has been able to
write again for the full length of the lease: neither an outage nor a stopped worker makes anybody lose a
seat, a duty or a place in the queue.
"""

from datetime import datetime, timedelta
from math import inf

from django.db.models import Case, F, Q, Value, When

from chat.models import Heartbeat

INTERVAL = timedelta(seconds=2)
MAX_GAP = timedelta(seconds=5)  # a longer time between two heartbeats counts as a gap


def silent_seconds(now: datetime) -> float:
    """Returns for how long no worker has written its heartbeat; infinity if none ever did."""
    seen_at = Heartbeat.objects.values_list("seen_at", flat=True).first()
    return abs(now - seen_at).total_seconds() if seen_at else inf


def beat(now: datetime) -> datetime:
    """Records that the server could write at `now`. Returns the time since which the server could write
    without a gap.

    The heartbeat's row outlives the worker, so that a worker that takes over within MAX_GAP sees no outage.
    """
    # If the last heartbeat is in the future, the clock was set back.
    gap = Q(seen_at__lt=now - MAX_GAP) | Q(seen_at__gt=now + MAX_GAP)
    since = Case(When(gap, then=Value(now)), default=F("since"))
    if not Heartbeat.objects.filter(pk=1).update(since=since, seen_at=now):
        Heartbeat.objects.create(pk=1, since=now, seen_at=now)
    return Heartbeat.objects.values_list("since", flat=True).get(pk=1)
