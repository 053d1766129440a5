"""A primary, a host, or the primary Redis is killed while people talk. Nothing acknowledged is lost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator

import psutil
import pytest

from tests.conftest import started
from tests.drills.standby import MASTER, Follower, Sentinel, Standby
from tests.faults.pairs import Pair, all_are_back, nothing_is_lost, pairs
from tests.support.cast import go_home
from tests.support.platform import ROOT, Platform
from tests.support.servers import Postgres, Redis

pytestmark = pytest.mark.timeout(600)
CHATS, EACH = 20, 4
TALKS_AGAIN, ON_THE_OTHER, PROMOTED_AFTER = 30.0, 10.0, 2.0


@pytest.fixture
def primary() -> Iterator[Postgres]:
    yield from started(Postgres(wal_level="replica", max_wal_senders=5))


@pytest.fixture
def standby(primary: Postgres) -> Iterator[Standby]:
    made = Standby(primary)
    yield made
    made.close()


@pytest.fixture
def sentinels() -> Iterator[tuple[Redis, list[Sentinel]]]:
    """Returns the primary Redis, and the Sentinels that watch it."""
    leader = Redis().start()
    follower = Follower(leader).start()
    watching = [Sentinel(leader).start() for _ in range(3)]
    time.sleep(3)  # they find each other and the follower
    yield leader, watching
    for server in (*watching, follower, leader):
        server.close()


@pytest.fixture
async def talking(
    primary: Postgres, standby: Standby, redis: Redis
) -> AsyncIterator[tuple[Platform, list[Pair]]]:
    database = primary.fresh_database()
    standby.follow()
    both = database.replace(f"127.0.0.1:{primary.port}", f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}")
    with _platform(both, redis.url) as platform:
        yield platform, await pairs(platform, CHATS, each=EACH)
        await go_home(platform)


def _platform(database: str, bells: str) -> Platform:
    return Platform(
        database_url=database, redis_url=bells, processes=2,
        DEMO_COUNSELLORS=CHATS // EACH + 1, CALLER_BURST=10_000, CALLER_RATE=10_000,
    )  # fmt: skip


async def test_a_killed_primary_loses_nothing_and_all_talk_again_once_the_standby_is_promoted(
    talking: tuple[Platform, list[Pair]], primary: Postgres, standby: Standby
) -> None:
    _, some = talking
    stop = asyncio.Event()
    chats = asyncio.gather(*(one.chat(stop, pause=1.5) for one in some))
    await asyncio.sleep(3)
    primary.kill()
    begun = time.monotonic()
    await asyncio.sleep(PROMOTED_AFTER)
    standby.promote()
    await asyncio.gather(*(one.exchange("weer verder", TALKS_AGAIN) for one in some))
    print(f"all {len(some)} pairs talked {time.monotonic() - begun:.1f} s after the primary was killed")
    stop.set()
    await chats
    await nothing_is_lost(some)


async def test_who_was_on_a_killed_host_is_on_the_other_one_within_ten_seconds(
    talking: tuple[Platform, list[Pair]],
) -> None:
    """A web process and the worker beside it are killed at once, and nobody restarts them."""
    platform, some = talking
    host = psutil.Process(platform.pid)
    other = _another_worker(platform)
    try:
        await asyncio.sleep(2)
        stop = asyncio.Event()
        chats = asyncio.gather(*(one.chat(stop, pause=1.5) for one in some))
        await asyncio.sleep(2)
        workers = [child for child in host.children() if "worker" in child.cmdline()]
        host.suspend()
        for worker in workers:
            worker.kill()
        os.kill(platform.pids[0], signal.SIGKILL)
        await asyncio.sleep(0.2)
        await all_are_back(some, ON_THE_OTHER)
        await asyncio.gather(*(one.exchange("op de andere", ON_THE_OTHER) for one in some))
        stop.set()
        await chats
        await nothing_is_lost(some)
    finally:
        host.resume()
        other.kill()
        other.wait()


async def test_sentinel_moves_redis_and_nothing_is_lost(
    postgres: Postgres, sentinels: tuple[Redis, list[Sentinel]]
) -> None:
    leader, watching = sentinels
    places = ",".join(f"127.0.0.1:{one.port}" for one in watching)
    with _platform(postgres.fresh_database(), f"redis+sentinel://{places}/{MASTER}/0") as platform:
        some = await pairs(platform, 4, each=4)
        stop = asyncio.Event()
        chats = asyncio.gather(*(one.chat(stop, pause=1.0) for one in some))
        await asyncio.sleep(2)
        leader.kill()
        await asyncio.gather(*(one.exchange("zonder bellen", 10) for one in some))
        await asyncio.sleep(12)
        stop.set()
        await chats
        # The bells ring again: nobody has to wait for a poll, which comes once a second.
        waits = [await _delivery(some[0], number) for number in range(20)]
        await nothing_is_lost(some)
        await go_home(platform)
    assert sorted(waits)[len(waits) // 2] < 0.3, waits


def _another_worker(platform: Platform) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "manage.py", "worker"]
    return subprocess.Popen(words, cwd=ROOT, env=platform._environment())


async def _delivery(one: Pair, number: int) -> float:
    begun = time.monotonic()
    posted = await one.caller_says(f"snel {number}")
    talk = one.counsellor.talks[one.conversation]
    await one.counsellor.becomes(lambda: talk.newest >= posted.seq, 10)
    return time.monotonic() - begun
