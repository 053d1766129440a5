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
AWAY_WITHIN = 2.5  # seconds
A_CALLERS = {"conversation": 1, "member": 1, "entry": 1, "lease": 1}


@pytest.fixture
def limited(steady: Platform) -> Iterator[Platform]:
    """Provides a platform on which five may wait for Stop it Now."""
    with psycopg.connect(steady.stores["DATABASE_URL"], autocommit=True) as connection:
        change = "UPDATE chat_line SET most_waiting = %s WHERE slug = 'stopitnow'"
        connection.execute(change, [MOST])
        yield steady
        connection.execute(change, [None])


async def test_of_forty_who_come_at_once_five_wait_and_of_the_others_nothing_is_stored(
    limited: Platform,
) -> None:
    with psycopg.connect(limited.stores["DATABASE_URL"], autocommit=True) as connection:
        before = rows(connection)
        callers = await a_rush(limited)
        assert rows(connection) == {
            name: many + MOST * A_CALLERS.get(name, 0) for name, many in before.items()
        }
    waiting = next(caller for caller in callers if caller.conversation)
    await waiting.leave()
    late = Phone(*limited.urls, name="the late", first=1)
    limited.guests.append(late)
    await late.start("stopitnow")


async def test_who_is_away_keeps_the_rank_but_not_the_room_and_returns_above_the_limit(
    limited: Platform,
) -> None:
    first = [caller for caller in await a_rush(limited) if caller.conversation]
    for caller in first:
        await caller.post("ik kom terug")
    for caller in first[:3]:
        await caller.disconnect()
    await asyncio.sleep(AWAY_WITHIN)
    second = [caller for caller in await a_rush(limited, lets_in=3) if caller.conversation]
    for caller in first[:3]:
        await caller.reopen()
    assert [caller.state for caller in first + second] == ["waiting"] * (MOST + 3)
    late = Phone(*limited.urls, name="the late", first=1)
    limited.guests.append(late)
    with pytest.raises(Refused) as refused:
        await late.start("stopitnow")
    assert refused.value.code == "line_full"


async def a_rush(platform: Platform, *, lets_in: int = MOST) -> list[Phone]:
    """Lets forty callers come at once on both processes. This many are let in; the others are told that it is
    full."""
    callers = [Phone(*platform.urls, name=f"caller {number}", first=number) for number in range(RUSH)]
    platform.guests.extend(callers)
    answers = await asyncio.gather(*(caller.start("stopitnow") for caller in callers), return_exceptions=True)
    refused = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert refused == ["line_full"] * (RUSH - lets_in)
    return callers


OF_THE_LINE = {
    "conversation": "chat_conversation c",
    "member": "chat_member m JOIN chat_conversation c ON c.id = m.conversation_id",
    "entry": "chat_entry e JOIN chat_conversation c ON c.id = e.conversation_id",
    "wrap": "chat_wrap w JOIN chat_conversation c ON c.id = w.conversation_id",
    "lease": "chat_lease l JOIN chat_member m ON m.id = l.member_id"
    " JOIN chat_conversation c ON c.id = m.conversation_id",
}


def rows(connection: psycopg.Connection) -> dict[str, int]:
    """Counts the rows of each sort that a caller of the line could leave. Others come and go meanwhile."""
    found = {}
    for name, tables in OF_THE_LINE.items():
        query = f"SELECT count(*) FROM {tables} WHERE c.line_id = 'stopitnow'"  # noqa: S608
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        found[name] = int(row[0])
    return found
