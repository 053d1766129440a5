"""PostgreSQL restarts, crashes, stays away, or cannot write. No ok is false, and afterwards everything works
again."""

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.pairs import Pair, pair
from tests.faults.scale import AWAY
from tests.faults.stores import bring_back
from tests.support.people import Refused
from tests.support.platform import Platform
from tests.support.servers import Postgres

pytestmark = pytest.mark.stack
WORKS_AGAIN = 10.0

# Raised where the disk is needed: PostgreSQL reports a full disk with SQLSTATE 53100.
FULL = """CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$"""
FULL_DISK = (FULL, "CREATE TRIGGER disk_full BEFORE INSERT ON chat_entry EXECUTE FUNCTION disk_full()")
SPACE_AGAIN = ("DROP TRIGGER disk_full ON chat_entry", "DROP FUNCTION disk_full")


@pytest.mark.parametrize("end", [Postgres.stop, Postgres.kill], ids=["restarted", "crashed"])
async def test_postgresql_comes_straight_back_and_nothing_acknowledged_is_lost(
    steady: Platform, breakable_postgres: Postgres, end: Callable[[Postgres], None]
) -> None:
    some = [await pair(steady, caller_at=at, console_at=at + 1, who=at) for at in range(2)]
    stop = asyncio.Event()
    chats = asyncio.gather(*(one.chat(stop) for one in some))
    await some[0].exchange("vooraf")
    await asyncio.to_thread(end, breakable_postgres)
    await bring_back(breakable_postgres)
    await asyncio.gather(*(one.exchange("erna", WORKS_AGAIN) for one in some))
    stop.set()
    await chats
    for one in some:
        await one.settle()
        one.compare()
        one.assert_undisturbed()


async def test_while_postgresql_is_away_the_answer_is_try_again_and_the_text_stays_with_the_writer(
    steady: Platform, breakable_postgres: Postgres
) -> None:
    one = await pair(steady)
    breakable_postgres.kill()
    try:
        posting = asyncio.create_task(one.caller_says("in de wacht", AWAY + 30))
        await asyncio.gather(refused_with_try_again(one), asyncio.sleep(AWAY))
        assert not posting.done()
        assert len(one.caller.outbox) == 1
    finally:
        await bring_back(breakable_postgres)
    async with asyncio.timeout(WORKS_AGAIN):
        await posting
        await one.settle()
    assert one.caller.talk.texts() == ["in de wacht"]
    one.compare()
    one.assert_undisturbed()


async def test_after_a_restart_no_connection_of_the_pool_fails_twice(
    steady: Platform, breakable_postgres: Postgres
) -> None:
    one = await pair(steady)
    await asyncio.to_thread(breakable_postgres.restart)
    await one.exchange("weer terug", WORKS_AGAIN)
    # In each thread a broken connection may refuse one request; then all work. The two are on different
    # processes, each with its own kinds of threads.
    asked = [one.caller.request("sync", since=0) for _ in range(60)]
    asked += [one.counsellor.request("sync", conversation=one.conversation, since=0) for _ in range(60)]
    await asyncio.gather(*asked, return_exceptions=True)
    answers = await asyncio.gather(*(one.caller_says(f"na {number}") for number in range(40)))
    assert len(answers) == 40
    async with asyncio.timeout(WORKS_AGAIN):
        for _ in range(40):
            await one.counsellor.request("sync", conversation=one.conversation, since=0)
    await one.settle()
    one.compare()


async def test_a_read_only_postgresql_acknowledges_nothing(
    steady: Platform, breakable_postgres: Postgres
) -> None:
    one = await pair(steady)
    await one.exchange("vooraf")
    breakable_postgres.read_only(True)
    try:
        await cannot_write(one)
    finally:
        breakable_postgres.read_only(False)
    await send_what_waits(one)


async def test_a_full_disk_acknowledges_nothing(steady: Platform, breakable_postgres: Postgres) -> None:
    one = await pair(steady)
    await one.exchange("vooraf")
    database = steady.stores["DATABASE_URL"]
    breakable_postgres.execute(*FULL_DISK, url=database)
    try:
        await cannot_write(one)
    finally:
        breakable_postgres.execute(*SPACE_AGAIN, url=database)
    await send_what_waits(one)


async def cannot_write(one: Pair) -> None:
    """Checks that a post on each side is refused with `try_again` and is in nobody's log, while reading
    works."""
    before = one.caller.talk.newest
    for client, say in ((one.caller, one.caller_says), (one.counsellor, one.counsellor_says)):
        with pytest.raises(TimeoutError):
            await say("komt niet aan", 1)
        assert set(client.refusals) == {"try_again"}
        assert len(client.outbox) == 1
    assert (await one.caller.sync())["seq"] == before


async def send_what_waits(one: Pair) -> None:
    """Sends what was refused again, as the same bytes, within the time. The logs then have it once."""
    for client in (one.caller, one.counsellor):
        waiting = list(client.outbox)
        await client.resend(WORKS_AGAIN)
        one.acknowledged |= {item: client.acknowledged[item] for item in waiting}
    await one.settle()
    one.compare()
    assert one.caller.talk.texts().count("komt niet aan") == 2


async def refused_with_try_again(one: Pair) -> None:
    with pytest.raises(Refused) as refused:
        await one.counsellor.request("sync", within=20, conversation=one.conversation, since=0)
    assert refused.value.code == "try_again"
