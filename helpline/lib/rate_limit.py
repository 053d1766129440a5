"""Implements a token bucket as one number (GCRA, ITU-T I.371): the time at which the full burst is available
again.

Times are whole microseconds, so that SQL and Python get the same result.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def moment(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """Allows `burst` units at the same moment, and then `rate` units a second."""

    burst: float
    rate: float

    @property
    def step(self) -> int:
        return round(1_000_000 / self.rate)

    @property
    def room(self) -> int:
        return round(self.step * self.burst)

    def spend(self, until: int, now: int, cost: float = 1) -> int | None:
        """Returns the new `until` (when the full burst is available again), or None if `cost` more units are
        not allowed at `now`."""
        after = max(until, now) + round(self.step * cost)
        return after if after - now <= self.room else None
