"""A rate limit in one number (GCRA, ITU-T I.371): the time at which a full burst would be free again."""

from datetime import datetime, timedelta


def allow(until: datetime | None, now: datetime, *, burst: float, rate: float) -> datetime | None:
    """The new `until` when one more is allowed, None when it is too fast. `rate` is per second."""
    step = timedelta(seconds=1 / rate)
    earliest = max(until or now, now)
    return earliest + step if earliest + step - now <= step * burst else None
