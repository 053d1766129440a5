"""Provides servers that these tests may break, and two platforms on them, each with two web processes and a
worker."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import started
from tests.faults import stores
from tests.faults.scale import CHATS, SHORT
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

UNHURRIED: dict[str, Any] = {"CALLER_BURST": 10_000, "CALLER_RATE": 10_000}


@pytest.fixture(scope="session")
def breakable_postgres() -> Iterator[Postgres]:
    yield from started(Postgres())


@pytest.fixture(scope="session")
def breakable_redis() -> Iterator[Redis]:
    yield from started(Redis())


@pytest.fixture(scope="session")
def steady(breakable_postgres: Postgres, breakable_redis: Redis) -> Iterator[Platform]:
    """Provides a platform with the contract's own timings."""
    with Platform(
        database_url=breakable_postgres.fresh_database(),
        redis_url=breakable_redis.url,
        processes=2,
        DEMO_COUNSELLORS=-(-CHATS // 4) + 1,
        **UNHURRIED,
    ) as running:
        yield running


@pytest.fixture(scope="session")
def brisk(breakable_postgres: Postgres, breakable_redis: Redis) -> Iterator[Platform]:
    """Provides a platform with deadlines of seconds, or with the contract's if FAULTS=long."""
    with Platform(
        database_url=breakable_postgres.database_with_people(),
        redis_url=breakable_redis.url.removesuffix("0") + "1",
        processes=2,
        **UNHURRIED,
        **SHORT,
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def _home(everybody_goes_home: None, breakable_postgres: Postgres, breakable_redis: Redis) -> Iterator[None]:
    """Disconnects the clients after each test, and leaves no broken store and no open conversation."""
    yield
    for server in (breakable_postgres, breakable_redis):
        if not stores.runs(server):
            stores.start(server)
    ours = breakable_postgres.url.rpartition("/")[0]
    for platform in Platform.running:
        url = platform.stores["DATABASE_URL"]
        if url.startswith(ours) and platform.is_running:
            platform.wait_ready()
            for process in platform.urls:
                stores.wait_until_it_serves(process, platform.url)
            platform.end_everything()
