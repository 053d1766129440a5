"""Limits the rate of requests on one socket. Each request is counted before it is handled, whether or not it
succeeds."""

import time
from asyncio import sleep
from collections import defaultdict

from django.conf import settings

from chat.requests.declared import Declared
from helpline.lib import bounds
from helpline.lib.rate_limit import TokenBucket

# The additional cost of a failed opening request, so that nobody can guess thousands of tokens, links or
# lines on one socket.
FAILED_OPENING_COST = 1
MAX_WAIT_SECONDS = 1.0
_reached = bounds.counted("pace")


class FrameLimits:
    """Holds one token bucket for the requests of a socket, and a separate bucket for each kind of request
    with `own_limit`."""

    def __init__(self) -> None:
        self._bucket = TokenBucket(settings.PACE_BURST, settings.PACE_RATE)
        self._until = defaultdict[str, int](int)
        self._slowed = defaultdict[str, int](int)

    def allows(self, asked: Declared) -> bool:
        name, now = _allowance(asked), _now()
        until = self._bucket.spend(self._until[name], now, asked.cost)
        if until is None:
            _reached()
            self._slowed[name] += 1
            return False
        if self._until[name] <= now:
            self._slowed[name] = 0
        self._until[name] = until
        return True

    def slowed(self, asked: Declared) -> int:
        """Returns how often requests of this bucket were throttled since the bucket was last full."""
        return self._slowed[_allowance(asked)]

    async def wait(self) -> None:
        """Waits for about as long as the bucket needs to allow one more request, at most MAX_WAIT_SECONDS."""
        await sleep(min(self._bucket.step / 1_000_000, MAX_WAIT_SECONDS))

    def opening_failed(self) -> None:
        """Charges FAILED_OPENING_COST after a failed opening request, even if the bucket is empty."""
        self._until[""] = max(self._until[""], _now()) + self._bucket.step * FAILED_OPENING_COST


def _allowance(asked: Declared) -> str:
    return asked.name if asked.own_limit else ""


def _now() -> int:
    return round(time.monotonic() * 1_000_000)
