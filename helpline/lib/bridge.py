"""The one way from async code to the database: a bounded pool of threads, a connection each."""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError, connection
from psycopg_pool import PoolTimeout

from helpline.lib.errors import TryAgain

_threads = ThreadPoolExecutor(settings.BRIDGE_THREADS, thread_name_prefix="database")
_waiting = 0
MOST_WAITING = 20_000


async def in_database[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`work` on a database thread. TryAgain when the database is away, or the pool's queue is full."""
    global _waiting  # noqa: PLW0603 – one process, one loop
    if _waiting >= MOST_WAITING:
        raise TryAgain
    _waiting += 1
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_threads, functools.partial(_run, work, *args, **kwargs))
    finally:
        _waiting -= 1


def _run[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return work(*args, **kwargs)
    except (DataError, IntegrityError, ProgrammingError):
        raise  # our own mistake: repeating it would not help
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        # A commit that broke half way may have happened: the client repeats the same bytes, and the
        # id tells. The connection is not trusted again.
        connection.close()
        raise TryAgain from error
