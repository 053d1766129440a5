"""One machine sends without reading. The size of a process and of a log is bounded, and others go on."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psutil
import psycopg
import pytest

from benchmarks.people import Caller
from benchmarks.person import Refused, new_id
from tests.faults.conftest import UNHURRIED
from tests.faults.floods.scene import LINE, Scene
from tests.faults.scale import LONG
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900 if LONG else 240)]
MIB = 2**20
DEAF = 200 if LONG else 40
SYNCS = 200 if LONG else 40  # each of them is answered with the whole log
UNREAD_MIB = 32  # of a process, in this test
SLOWER = 3 if LONG else 10  # factor; a machine that tests share is no measure
GRANTS = 5_000 if LONG else 500
ENTRIES = 600 if LONG else 300  # more entries than the pair beside them makes
POSTS = 2 * ENTRIES
SECONDS = 30 if LONG else 6
LOGGED = "SELECT count(*) FROM chat_entry WHERE conversation_id = %s"


@pytest.fixture(scope="module")
def bounded(breakable_postgres: Postgres, breakable_redis: Redis) -> Iterator[Platform]:
    """Lifts the rate limit of posts and lowers the limit of size, so that ten hours of posts pass in a
    minute."""
    with Platform(
        database_url=breakable_postgres.database_with_people(),
        redis_url=breakable_redis.url.removesuffix("0") + "4",
        processes=2,
        UNREAD_BYTES=UNREAD_MIB * MIB,
        CONVERSATION_ENTRIES=ENTRIES,
        **UNHURRIED,
    ) as running:
        yield running


@pytest.fixture
async def crowd() -> AsyncIterator[list[Caller]]:
    """Makes a crowd of sockets, which are cut at the end."""
    callers: list[Caller] = []
    yield callers
    for caller in callers:
        caller.cut()
        await caller.goodbye()


def memory(platform: Platform) -> int:
    return sum(psutil.Process(pid).memory_info().rss for pid in platform.pids)


def logged(platform: Platform, conversation: str) -> int:
    with psycopg.connect(platform.stores["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(LOGGED, [conversation]).fetchone()
    assert row is not None
    return int(row[0])


async def met(requests: list[Any]) -> Counter[str]:
    """Returns each request's error code, or ok."""
    found: Counter[str] = Counter()
    for request in requests:
        try:
            await request
        except Refused as error:
            found[error.code] += 1
        else:
            found["ok"] += 1
    return found


async def goes_deaf(platform: Platform, number: int, crowd: list[Caller]) -> None:
    """Comes with a log of half a page of boxes, asks for all of it again and again, and reads nothing."""
    caller = Caller(platform.urls[number % 2], LINE)
    crowd.append(caller)
    await caller.start()
    for _ in range(100):
        await caller.request_post(new_id())
    assert caller.socket is not None
    caller.socket.transport.pause_reading()
    for _ in range(SYNCS):
        caller.send(json.dumps({"type": "sync", "ref": "again", "since": 0}).encode())


async def test_sockets_that_read_nothing_by_the_hundred_take_no_more_than_the_bound_of_a_process(
    bounded: Platform, crowd: list[Caller]
) -> None:
    async with Scene.of(bounded, SECONDS) as scene:
        before = memory(bounded)
        most = [before]

        async def watch() -> None:
            while True:
                await asyncio.sleep(0.2)
                most.append(memory(bounded))

        watching = asyncio.create_task(watch())
        for start in range(0, DEAF, 20):
            await asyncio.gather(*(goes_deaf(bounded, start + one, crowd) for one in range(20)))
        slower = await scene.talk(SECONDS)
        watching.cancel()
        grown = (max(most) - before) / MIB
        print(f"{DEAF} deaf: {grown:.0f} MiB; p99 {slower:.1f} × quiet")
        assert grown < 2 * UNREAD_MIB + 100
        assert slower < SLOWER
        await scene.all_come_back()
        await scene.everybody_kept_the_place()


async def test_thousands_of_grants_are_slowed_down_and_make_no_endless_log(
    bounded: Platform, crowd: list[Caller]
) -> None:
    async with Scene.of(bounded, SECONDS) as scene:
        crowd.append(caller := Caller(bounded.url, LINE))
        await caller.start()

        async def one(epoch: int) -> None:
            await caller.request("grant", epoch=epoch, wraps=[], history=[])

        codes: Counter[str] = Counter()
        talking = asyncio.create_task(scene.talk(SECONDS))
        for _ in range(GRANTS):
            codes += await met([one(codes["ok"] + 1)])
        print(f"p99 {await talking:.1f} × quiet; {codes}")
        assert codes["slow_down"], "nobody slows it down"
        assert set(codes) <= {"ok", "slow_down"}
        assert logged(bounded, caller.writer.conversation) <= codes["ok"] + 10
        assert codes["ok"] < GRANTS / 2
        await caller.leave()
        await scene.everybody_kept_the_place()


async def test_ten_hours_of_posts_reach_the_end_of_a_log_and_not_of_the_disk(
    bounded: Platform, crowd: list[Caller]
) -> None:
    async with Scene.of(bounded, SECONDS) as scene:
        crowd.append(caller := Caller(bounded.url, LINE))
        await caller.start()
        talking = asyncio.create_task(scene.talk(SECONDS))
        codes = await met([caller.request_post(new_id()) for _ in range(POSTS)])
        print(f"p99 {await talking:.1f} × quiet; {codes}")
        assert logged(bounded, caller.writer.conversation) <= ENTRIES
        assert set(codes) == {"ok", "slow_down"}
        await caller.leave()
        assert caller.refused == {}
        await scene.everybody_kept_the_place()
