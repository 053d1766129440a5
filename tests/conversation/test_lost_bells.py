"""A lost bell delays a message by seconds, and never loses it."""

from typing import Any

import pytest

from tests.support.cast import anna, carla
from tests.support.people import compare_all, settle
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis


@pytest.mark.parametrize("share", ["0.5", "1"])
@pytest.mark.long
async def test_with_bells_thrown_away_at_random_everything_still_arrives(share: str) -> None:
    await everything_arrives(BELLS_LOST=share)


@pytest.mark.stack
async def test_between_processes_too(postgres: Postgres, redis: Redis) -> None:
    stores = {"database_url": postgres.database_with_people(), "redis_url": redis.url.removesuffix("0") + "9"}
    await everything_arrives(**stores, processes=2, BELLS_LOST="0.5")


async def everything_arrives(**how: Any) -> None:
    with Platform(**{"BEAT_SECONDS": 1, "CALLER_RATE": 1000, "CALLER_BURST": 1000} | how) as platform:
        caller = await anna(platform)
        await caller.start()
        counsellor = await carla(platform)
        talk = await counsellor.take(within=15)
        for number in range(25):
            await caller.post(f"vraag {number}")
            await counsellor.post(talk.conversation, f"antwoord {number}")
        await settle(caller, counsellor, conversation=talk.conversation)
        compare_all(caller, counsellor, conversation=talk.conversation)
        await caller.leave()
        await counsellor.becomes(lambda: talk.ended == "caller")
        for client in platform.guests:
            await client.disconnect()
        platform.guests.clear()
