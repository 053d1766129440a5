"""A flood of sign-ins reaches the process that holds the chats."""

import pytest

from benchmarks import signing_in
from tests.faults.conftest import UNHURRIED
from tests.faults.scale import LONG
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]

SIGN_INS = 200 if LONG else 24


async def test_many_sign_ins_at_once_take_little_memory_and_no_message(
    breakable_postgres: Postgres, breakable_redis: Redis
) -> None:
    """The cache is cold: nobody has signed in here before. How long a message takes is measured by the
    benchmark."""
    store = breakable_redis.url.removesuffix("0") + "2"
    database = breakable_postgres.fresh_database()
    with Platform(database_url=database, redis_url=store, DEMO_COUNSELLORS=3, **UNHURRIED) as platform:
        found = await signing_in.measure(platform, pairs=4, many=SIGN_INS, say=print)
    for wave in found.waves.values():
        assert wave.rss < signing_in.GROWTH_MIB
        assert wave.answers["let through"] >= 2, "it did hash"
    assert found.lost == 0
