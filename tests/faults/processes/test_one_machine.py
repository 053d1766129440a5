"""One machine comes as hundreds of callers. A person still finds a place, and those inside notice nothing."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.pairs import Phone, pair
from tests.support.people import Disconnected, Refused
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis
from tests.support.work import solve

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
PLACES = 100
BOTS, STARTS = 20, 25
IN_TIME = 10.0


@pytest.fixture
def hundred_places(breakable_postgres: Postgres, breakable_redis: Redis) -> Iterator[Platform]:
    with Platform(
        database_url=breakable_postgres.database_with_people(),
        redis_url=breakable_redis.url.removesuffix("0") + "2",
        processes=2,
        QUEUE_MAX=PLACES,
    ) as running:
        yield running


async def test_who_works_for_a_place_finds_one_while_bots_without_work_go_on(
    hundred_places: Platform,
) -> None:
    talking = await pair(hundred_places)
    before = Phone(*hundred_places.urls, name="came before")
    hundred_places.guests.append(before)
    await before.start()
    answers: Counter[str] = Counter()
    stop = asyncio.Event()
    await asyncio.gather(*(bot(hundred_places, answers, stop, STARTS) for _ in range(BOTS)))
    assert answers["line_full"] == 0
    assert answers["ok"] < 0.8 * PLACES
    assert answers["work"] == BOTS * STARTS - answers["ok"]
    going_on = [asyncio.create_task(bot(hundred_places, answers, stop)) for _ in range(BOTS)]
    try:
        began = time.monotonic()
        person = await earns(hundred_places)
        assert time.monotonic() - began < IN_TIME
        assert person.state == "waiting"
        await talking.exchange("nobody notices", 5)
        await before.post("nor does who waits")
    finally:
        stop.set()
        await asyncio.gather(*going_on)


async def bot(platform: Platform, answers: Counter[str], stop: asyncio.Event, starts: int = 10_000) -> None:
    """Opens a new socket for each start, and keeps the socket if it gets in."""
    for number in range(starts):
        if stop.is_set():
            return
        client = Phone(*platform.urls, name="a bot", first=number, stays=False)
        platform.guests.append(client)
        with contextlib.suppress(Disconnected, TimeoutError):
            try:
                await client.start()
                answers["ok"] += 1
            except Refused as error:
                answers[error.code] += 1
                await client.disconnect()
                platform.guests.remove(client)


async def earns(platform: Platform) -> Phone:
    """Does as a page does that is asked for work: it closes the socket, solves the challenge and comes
    back."""
    person = Phone(*platform.urls, name="a person", stays=False)
    platform.guests.append(person)
    work: str | None = None
    while True:
        try:
            await person.start(work=work)
        except Refused as error:
            assert error.code == "work"
            await person.disconnect()
            work = await asyncio.to_thread(solve, error.frame["challenge"])
        else:
            return person
