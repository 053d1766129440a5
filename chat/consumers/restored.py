"""Tells whether a restored backup waits for its check. The database is asked at most once a second for all
new sockets."""

import asyncio
import time

from chat.retention import journal
from helpline.lib.bridge import bulkheads, in_database

CACHE_SECONDS = 1.0

_turn = asyncio.Lock()
_asked_at = -CACHE_SECONDS
_restored = True


async def asked_lately() -> bool:
    """Returns the answer, which is cached for CACHE_SECONDS. Sockets that come during a query share its
    answer."""
    global _asked_at, _restored  # noqa: PLW0603 – of this process
    async with _turn:
        if time.monotonic() - _asked_at >= CACHE_SECONDS:
            _restored = await asyncio.create_task(_ask())
            _asked_at = time.monotonic()
        return _restored


async def _ask() -> bool:
    bulkheads.choose(bulkheads.OWN)  # the answer is for all who wait, not only for the first
    return await in_database(journal.is_restored)
