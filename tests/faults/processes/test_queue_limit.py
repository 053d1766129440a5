"""The queue is bounded, and the bound holds in a rush on both processes."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from tests.faults.pairs import Phone
from tests.support.people import Refused
from tests.support.platform import Platform

pytestmark = pytest.mark.stack
MOST, RUSH = 5, 40


@pytest.fixture
def limited(steady: Platform) -> Iterator[Platform]:
    """Five may wait for Stop it Now."""
    with psycopg.connect(steady.stores["DATABASE_URL"], autocommit=True) as connection:
        change = "UPDATE chat_line SET most_waiting = %s WHERE slug = 'stopitnow'"
        connection.execute(change, [MOST])
        yield steady
        connection.execute(change, [None])


async def test_of_forty_who_come_at_once_five_wait_and_of_the_others_nothing_is_stored(
    limited: Platform,
) -> None:
    with psycopg.connect(limited.stores["DATABASE_URL"], autocommit=True) as connection:
        before = conversations(connection)
        callers = [Phone(*limited.urls, name=f"caller {number}", first=number) for number in range(RUSH)]
        limited.guests.extend(callers)
        answers = await asyncio.gather(
            *(caller.start("stopitnow") for caller in callers), return_exceptions=True
        )
        refused = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert refused == ["line_full"] * (RUSH - MOST)
        assert conversations(connection) == before + MOST
    waiting = next(caller for caller in callers if caller.conversation)
    await waiting.leave()
    late = Phone(*limited.urls, name="the late", first=1)
    limited.guests.append(late)
    await late.start("stopitnow")


def conversations(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM chat_conversation").fetchone()
    assert row is not None
    return int(row[0])
