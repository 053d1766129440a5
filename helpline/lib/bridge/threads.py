"""Runs database work on a bounded pool of threads, each with its own connection."""

import asyncio
import functools
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError, connection
from psycopg_pool import PoolTimeout

from helpline.lib.bridge import bulkheads
from helpline.lib.errors import TryAgain

RETRY_SECONDS = 1.0

_thread = threading.local()
_broken_at = 0.0


async def in_database[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs `work` on a thread of this task's bulkhead. Raises TryAgain if the database does not answer, or if
    the bulkhead is full."""
    bulkhead = bulkheads.here()
    bulkhead.enter()
    loop = asyncio.get_running_loop()
    # The work occupies the bulkhead until it is done or cancelled. If only the task that waits for the work
    # is cancelled, the query still runs.
    asked = bulkhead.threads.submit(functools.partial(_run, work, *args, **kwargs))
    asked.add_done_callback(lambda _: bulkhead.leave())
    return await asyncio.wrap_future(asked, loop=loop)


def _run[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        _look_first()
        return work(*args, **kwargs)
    except (DataError, IntegrityError, ProgrammingError):
        raise  # a bug of ours: a retry would not help
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        broke()
        # The commit may have succeeded although the connection broke. The client sends the same message
        # again, and its id shows whether it is stored. The connection is not used again.
        connection.close()
        raise TryAgain from error


def broke() -> None:
    """Records that a connection to the database was lost just now."""
    global _broken_at  # noqa: PLW0603 – of this process
    _broken_at = time.monotonic()


def _look_first() -> None:
    """Checks a connection before use if it was idle, or if another connection broke since its last use.

    Otherwise each thread would lose a request on its own dead connection, even long after the database came
    back.
    """
    now, used_at = time.monotonic(), getattr(_thread, "used_at", None)
    doubtful = used_at is not None and (now - used_at > RETRY_SECONDS or used_at < _broken_at)
    if doubtful and connection.vendor == "postgresql":
        connection.close_if_unusable_or_obsolete()
    _thread.used_at = now
