"""Returns whether a restored backup still has to be checked. For all new sockets together, it is read at most
once a second."""

import asyncio
import time

from chat.retention import journal
from helpline.lib.bridge import bulkheads, in_database

CACHE_SECONDS = 1.0

_turn = asyncio.Lock()
_asked_at = -CACHE_SECONDS
_restored = True


async def asked_lately() -> bool:
    """Returns whether a restored backup still has to be checked. The result is cached for CACHE_SECONDS, and
    sockets that open during a query share its result."""
    global _asked_at, _restored  # noqa: PLW0603 – of this process
    async with _turn:
        if time.monotonic() - _asked_at >= CACHE_SECONDS:
            _restored = await asyncio.create_task(_ask())
            _asked_at = time.monotonic()
        return _restored


async def _ask() -> bool:
    bulkheads.choose(bulkheads.OWN)  # the result is for all sockets that wait for it, not only for the first
    return await in_database(journal.is_restored)
