"""Redis dies during a chat, in which it carries nothing but bells."""

import asyncio

import pytest

from tests.faults.pairs import Pair, pair
from tests.faults.scale import AWAY
from tests.faults.stores import bring_back
from tests.support.platform import Platform
from tests.support.servers import Redis

pytestmark = pytest.mark.stack
RESUMES = 5.0


@pytest.mark.parametrize("seconds", [1, AWAY])
async def test_redis_is_killed_and_nothing_acknowledged_is_lost(
    steady: Platform, breakable_redis: Redis, seconds: int
) -> None:
    together = await pair(steady, caller_at=0, console_at=0, who=0)
    apart = await pair(steady, caller_at=0, console_at=1, who=1)
    for one in (together, apart):
        await one.exchange("vooraf")
    breakable_redis.kill()
    away = asyncio.create_task(asyncio.sleep(seconds))
    await talk_on(together, apart, away)
    await apart.caller_says("terwijl Redis weg is")
    await bring_back(breakable_redis)
    await apart.settle(RESUMES)
    for one in (together, apart):
        await one.exchange("erna", RESUMES)
        one.compare()
        one.assert_undisturbed()


async def talk_on(together: Pair, apart: Pair, away: "asyncio.Task[None]") -> None:
    """Lets the pairs talk on: within one process as before, and across processes by polling."""
    while not away.done():
        await together.exchange("in één proces", 3)
        await apart.caller_says("in het andere")
        await asyncio.wait([away], timeout=0.3)
    if apart.acknowledged:
        await together.exchange("nog steeds", 3)


async def test_while_redis_is_away_the_other_process_learns_by_polling(
    steady: Platform, breakable_redis: Redis
) -> None:
    apart = await pair(steady, caller_at=0, console_at=1)
    breakable_redis.kill()
    try:
        for number in range(3):
            await apart.exchange(f"zonder bellen {number}", 5)
    finally:
        await bring_back(breakable_redis)
    apart.compare()


async def test_a_message_posted_while_redis_was_gone_for_a_moment_arrives_within_five_seconds(
    steady: Platform, breakable_redis: Redis
) -> None:
    """The group is forgotten, and the layer's own retries may hide that Redis was away."""
    apart = await pair(steady, caller_at=0, console_at=1)
    for number in range(4):
        breakable_redis.kill()
        posting = asyncio.create_task(apart.caller_says(f"net weg {number}"))
        await bring_back(breakable_redis)
        await posting
        await apart.counsellor_says(f"net terug {number}")
        await apart.settle(RESUMES)
    apart.compare()
