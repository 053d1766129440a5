"""Provides a line of 200 places on two processes, new for each test, and a person's browser."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import browsers, chromium
from tests.faults.conftest import UNHURRIED
from tests.faults.scale import LONG
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

# This takes minutes on a machine of its own; tests/faults/processes/test_one_machine.py plays the short part.
collect_ignore = [] if LONG else ["test_one_machine_fills_a_line.py"]

__all__ = ["browsers", "chromium"]
PLACES = 200
UNHEARD = 60 if LONG else 6


@pytest.fixture
def line(breakable_postgres: Postgres, breakable_redis: Redis) -> Iterator[Platform]:
    with Platform(
        database_url=breakable_postgres.database_with_people(),
        redis_url=breakable_redis.url.removesuffix("0") + "3",
        processes=2,
        QUEUE_MAX=PLACES,
        UNHEARD_SECONDS=UNHEARD,
        **UNHURRIED,
    ) as running:
        yield running
