"""Keeps one connection to PostgreSQL for the event loop. The loop runs one statement at a time on it, without
a thread. Each statement is a transaction of its own.

The connection is for statements that every message needs and that wait for no lock. A statement that could
wait has to run on a thread.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection

from helpline.lib import stores
from helpline.lib.bridge import threads
from helpline.lib.errors import TryAgain

TIMEOUT_SECONDS = 5.0  # without a response within this time, the connection to the database counts as lost
# The server's timeout is shorter, so that its error arrives first. Without a generic plan, PostgreSQL would
# make a new plan each time a message is stored. For that long statement, planning costs as much as running
# it.
STATEMENT = " -c statement_timeout=3000 -c plan_cache_mode=force_generic_plan"

_connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None


def has_loop_connection() -> bool:
    return connection.vendor == "postgresql"


async def on_loop(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Returns the statement's rows. Raises TryAgain when the database does not answer or is too slow; even
    then the statement may have run."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            found = await (await _connected()).execute(statement, parameters)
            return await found.fetchall()
    except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError):
        raise  # a bug of ours: a retry would not help
    except (psycopg.Error, OSError, TimeoutError) as error:
        threads.broke()
        await _hang_up()
        raise TryAgain from error


async def _connected() -> psycopg.AsyncConnection[tuple[Any, ...]]:
    global _connection  # noqa: PLW0603 – one process, one loop
    if _connection is None or _connection.closed:
        known = stores.direct_parameters()
        known["options"] += STATEMENT
        _connection = await psycopg.AsyncConnection.connect(**known, autocommit=True)
    return _connection


async def _hang_up() -> None:
    """Closes the connection after an error, so that the next statement opens a new one."""
    global _connection
    lost, _connection = _connection, None
    if lost is not None:
        await lost.close()
