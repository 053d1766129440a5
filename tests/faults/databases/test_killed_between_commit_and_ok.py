"""The message is on disk, but its ok was never sent: the writer sends the same bytes again."""

import asyncio

import psycopg
import pytest

from tests.faults.pairs import pair
from tests.faults.scale import TIMES
from tests.faults.slow_commits import SlowCommits
from tests.support.platform import Platform
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


async def test_after_coming_back_there_is_one_copy_and_it_is_shown_once(
    steady: Platform, breakable_postgres: Postgres
) -> None:
    one = await pair(steady, caller_at=0, console_at=1)
    for number in range(TIMES):
        on = (one.caller._turn - 1) % len(steady.urls)
        connections = one.caller.connections
        with SlowCommits(breakable_postgres, steady, one.conversation) as slow:
            posting = asyncio.create_task(one.caller_says(f"één keer {number}"))
            await slow.one_is_under_way()
            killed = steady.kill_process(on)
            assert not posting.done()
            await posting
        assert one.caller.connections > connections, "the ok came on another socket"
        assert one.acknowledged[stored(steady, one.conversation)[-1]]
        await asyncio.to_thread(steady.wait_replaced, on, killed)
    await one.settle()
    one.compare()
    one.assert_undisturbed()
    ids = stored(steady, one.conversation)
    assert len(ids) == len(set(ids)) == TIMES


def stored(platform: Platform, conversation: str) -> list[str]:
    """Returns the ids of the messages in the log, in order."""
    with psycopg.connect(platform.stores["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT message FROM chat_entry WHERE conversation_id = %s AND kind = 'message' ORDER BY seq",
            [conversation],
        ).fetchall()
    return [row[0] for row in rows]
