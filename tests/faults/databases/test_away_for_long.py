"""PostgreSQL is away, or the worker stands still, for longer than every lease. Nobody loses a seat because of
it."""

import asyncio
from collections.abc import Iterator

import psutil
import pytest

from tests.faults.pairs import Pair, Phone, pairs, phone, stored
from tests.faults.scale import LEASE, LEASES, LONG_AWAY
from tests.faults.stores import bring_back
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

PAIRS, EACH, WAITING = 20, 4, 5
WORKS_AGAIN = 30.0  # two cores bring back 25 clients at once
ROUND = 2  # seconds in which the worker looks again
pytestmark = [pytest.mark.stack, pytest.mark.timeout(max(LONG_AWAY) + 240)]


@pytest.fixture(scope="module")
def short_leases(breakable_postgres: Postgres, breakable_redis: Redis) -> Iterator[Platform]:
    """Makes every lease six seconds, or as in the contract if FAULTS=long."""
    with Platform(
        database_url=breakable_postgres.fresh_database(),
        redis_url=breakable_redis.url.removesuffix("0") + "2",
        processes=2,
        DEMO_COUNSELLORS=PAIRS // EACH,
        CALLER_BURST=10_000,
        CALLER_RATE=10_000,
        **LEASES,
    ) as running:
        yield running


@pytest.mark.parametrize("away", LONG_AWAY)
async def test_nobody_leaves_is_requeued_or_loses_a_place_while_postgresql_is_away(
    short_leases: Platform, breakable_postgres: Postgres, away: int
) -> None:
    talking, waiting = await an_evening(short_leases)
    await asyncio.to_thread(breakable_postgres.stop)
    try:
        await asyncio.sleep(away)
    finally:
        await bring_back(breakable_postgres)
    await all_are_as_they_were(talking, waiting)


async def test_nor_while_the_worker_stands_still_and_nobody_is_heard(short_leases: Platform) -> None:
    talking, waiting = await an_evening(short_leases)
    clients = {*waiting, *(client for one in talking for client in one.talks)}  # a counsellor has four
    worker = worker_of(short_leases)
    worker.suspend()
    try:
        for client in clients:
            client.vanish()
        await asyncio.sleep(LEASE * 2)
    finally:
        worker.resume()
    await asyncio.sleep(ROUND)
    await asyncio.gather(*(client.come_back() for client in clients))
    await all_are_as_they_were(talking, waiting)


def worker_of(platform: Platform) -> psutil.Process:
    """Returns the process that runs due transitions."""
    (found,) = (one for one in psutil.Process(platform.pid).children() if "worker" in one.cmdline())
    return found


async def an_evening(platform: Platform) -> tuple[list[Pair], list[Phone]]:
    """Lets twenty pairs talk and five callers wait who have each written."""
    talking = await pairs(platform, PAIRS, each=EACH)
    waiting = [await phone(platform, f"waiting {number}", at=number) for number in range(WAITING)]
    await asyncio.gather(*(guest.post("ik wacht") for guest in waiting))
    return talking, waiting


async def all_are_as_they_were(talking: list[Pair], waiting: list[Phone]) -> None:
    """Checks that they still talk, also after the time at which every lease from before the outage could have
    ended."""
    for moment in ("terug", "nog steeds"):
        await asyncio.gather(*(one.exchange(moment, WORKS_AGAIN) for one in talking))
        await asyncio.sleep(LEASE + ROUND)
    for one in talking:
        one.compare()
        one.assert_undisturbed()
    for ahead, guest in enumerate(waiting):
        await stored(guest.sync)
        assert not guest.talk.of("requeued")
        assert not guest.talk.of("ended")
        assert [one["ahead"] for one in guest.pushed if one["type"] == "queue"][-1] == ahead
