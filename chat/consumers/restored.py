"""Reads whether a restored backup still has to be checked. All new sockets share one query per second."""

import asyncio
import time
from contextlib import suppress

from chat.retention import journal
from helpline.lib.bridge import bulkheads, in_database

CACHE_SECONDS = 1.0

_turn = asyncio.Lock()
_asked_at = -CACHE_SECONDS
_restored = True


async def asked_lately() -> bool:
    """Returns whether a restored backup still has to be checked. The result is cached for CACHE_SECONDS.
    Sockets that open during the query wait for it and use its result, too. While the journal's folder does
    not answer, the last result holds."""
    global _asked_at, _restored  # noqa: PLW0603 – the cache of this process
    async with _turn:
        if time.monotonic() - _asked_at >= CACHE_SECONDS:
            with suppress(OSError):
                _restored = await asyncio.create_task(_ask())
            _asked_at = time.monotonic()
        return _restored


async def _ask() -> bool:
    # This query does not use the first socket's thread pool, because other sockets wait for the result, too.
    bulkheads.choose(bulkheads.OWN)
    return await in_database(journal.is_restored)
