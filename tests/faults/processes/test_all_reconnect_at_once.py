"""Hundreds of sockets reconnect in the same second."""

import asyncio
from collections.abc import Sequence

import psycopg
import pytest

from tests.faults.pairs import Phone, console, pair
from tests.faults.scale import SOCKETS
from tests.support.platform import Platform

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
BACK = 30.0
# BRIDGE_THREADS and four for pages, in each process; the worker and the demo's parent have one each.
POOL = 8 + 4
CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_all_are_back_and_the_database_has_no_connection_more_than_the_pool(steady: Platform) -> None:
    one = await pair(steady)
    crowd = [Phone(*steady.urls, name=f"caller {number}", first=number) for number in range(SOCKETS)]
    steady.guests.extend(crowd)
    for start in range(0, SOCKETS, 50):
        await asyncio.gather(*(caller.start() for caller in crowd[start : start + 50]))
    for caller in crowd:
        caller.cut()
    done = asyncio.Event()
    counting = asyncio.create_task(most_connections(steady, done))
    try:
        async with asyncio.timeout(BACK):
            await asyncio.gather(*map(is_back, crowd), one.exchange("intussen", BACK))
    finally:
        done.set()
        most = await counting
    assert 0 < most <= POOL * len(steady.urls) + 2
    assert not faults_of(crowd)
    one.compare()
    await nobody_lost_the_place(steady, crowd)


async def is_back(caller: Phone) -> None:
    """A phone that heard that its socket was cut is coming back already: a second time it only waits."""
    await caller.come_back()
    await caller.becomes(lambda: caller.opened, BACK)


async def nobody_lost_the_place(platform: Platform, crowd: Sequence[Phone]) -> None:
    counsellor = await console(platform, 1)
    assert (await counsellor.take()).conversation in {caller.conversation for caller in crowd[:50]}
    assert all(caller.state == "waiting" for caller in crowd)


def faults_of(crowd: Sequence[Phone]) -> list[str]:
    return [fault for caller in crowd for fault in caller.faults]


async def most_connections(platform: Platform, done: asyncio.Event) -> int:
    """Returns the largest number of the platform's connections that PostgreSQL shows until `done`."""
    most = 0
    url = platform.stores["DATABASE_URL"]
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while not done.is_set():
            row = await (await connection.execute(CONNECTIONS)).fetchone()
            most = max(most, row[0] if row else 0)
            await asyncio.wait([asyncio.ensure_future(done.wait())], timeout=0.05)
    return most
