"""Two counsellors never take the same caller, and no caller is in two conversations."""

import asyncio

import pytest

from tests.faults.scale import LONG
from tests.support.cast import anna, counsellors, staff
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Refused
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

RIVALS = 8
ROUNDS, LETTERS = (100, 10) if LONG else (8, 4)


@pytest.mark.stack
@pytest.mark.timeout(240)
async def test_of_eight_rivals_one_wins_each_round(postgres: Postgres, redis: Redis) -> None:
    with Platform(
        database_url=postgres.fresh_database(), redis_url=redis.url, processes=2, DEMO_COUNSELLORS=RIVALS
    ) as platform:
        rivals = [
            await staff(platform, person, name=person.username)
            for person in counsellors(platform, "helpwanted")
        ]
        assert len(rivals) == RIVALS
        for _ in range(ROUNDS):
            await one_round(platform, rivals)
        for _ in range(LETTERS):
            await everybody_gets_an_initial(platform, rivals)
        for client in platform.guests:
            await client.disconnect()
        platform.guests.clear()


async def one_round(platform: Platform, rivals: list[CounsellorClient]) -> None:
    caller = await anna(platform)
    await caller.start()
    answers = await asyncio.gather(*(rival.next() for rival in rivals), return_exceptions=True)
    winners = [answer["conversation"] for answer in answers if isinstance(answer, dict)]
    losers = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert winners == [caller.conversation]
    assert losers == ["not_found"] * (RIVALS - 1)
    await caller.until(lambda frame: frame.get("kind") == "joined")
    assert len(caller.talk.of("joined")) == 1
    await caller.leave()
    await caller.disconnect()
    platform.guests.remove(caller)


async def everybody_gets_an_initial(platform: Platform, rivals: list[CounsellorClient]) -> None:
    """Checks that of as many callers as rivals each gets an initial, and no two of them the same."""
    callers = [await anna(platform) for _ in rivals]
    for caller in callers:
        await caller.start()
    answers = await asyncio.gather(*(rival.next() for rival in rivals))
    assert len({answer["conversation"] for answer in answers}) == RIVALS
    assert len({answer["initial"] for answer in answers}) == RIVALS
    for caller in callers:
        await caller.leave()
        await caller.disconnect()
        platform.guests.remove(caller)
