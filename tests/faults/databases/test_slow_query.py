"""A slow query for one person delays nobody else."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest

from tests.faults.pairs import Pair, console, pairs, phone
from tests.support.cast import floor
from tests.support.frames import is_entry
from tests.support.platform import Platform

pytestmark = pytest.mark.stack
UNDISTURBED = 3.0


async def test_while_one_conversation_is_stuck_the_others_go_on(steady: Platform) -> None:
    stuck, *others = await pairs(steady, 3)
    with locked(steady, stuck):
        waiting = [
            asyncio.create_task(stuck.caller_says("vast")),
            asyncio.create_task(stuck.counsellor_says("ook vast")),
        ]
        for number in range(5):
            await asyncio.gather(*(one.exchange(f"vlot {number}", UNDISTURBED) for one in others))
        assert not any(task.done() for task in waiting)
        await somebody_new(steady)
    await asyncio.gather(*waiting)
    for one in (stuck, *others):
        await one.settle()
        one.compare()
        one.assert_undisturbed()


async def test_a_caller_who_cannot_be_taken_just_now_holds_up_no_counsellor(steady: Platform) -> None:
    first, second = await phone(steady, "the first"), await phone(steady, "the second", at=1)
    counsellor = await console(steady)
    with locked(steady, first):
        async with asyncio.timeout(UNDISTURBED):
            talk = await counsellor.take()
    assert talk.conversation == second.conversation


async def test_the_worker_keeps_deadlines_while_one_conversation_is_stuck(brisk: Platform) -> None:
    """Two seats are not granted in time. One conversation cannot be written to, and the seat in the other is
    released all the same."""
    phones = [await phone(brisk, f"caller {number}", at=number) for number in range(2)]
    for guest in phones:
        guest.lets_in = False
    counsellor = await console(brisk)
    for _ in phones:
        await counsellor.open((await counsellor.next())["conversation"])
    with locked(brisk, phones[0]):
        await phones[1].until(is_entry("left", reason="released"), 30)
    await phones[0].until(is_entry("left", reason="released"), 10)


async def test_callers_who_wait_for_the_database_hold_up_no_counsellor(steady: Platform) -> None:
    """There are more of them than a process has threads."""
    (talking,) = await pairs(steady, 1)
    stuck = [await phone(steady, f"caller {number}", at=1) for number in range(9)]
    with ExitStack() as rows:
        for one in stuck:
            rows.enter_context(locked(steady, one))
        leaving = [asyncio.create_task(one.leave()) for one in stuck]
        await asyncio.sleep(0.3)
        for number in range(5):
            await talking.counsellor_says(f"meanwhile {number}", UNDISTURBED)
        async with asyncio.timeout(UNDISTURBED):
            await (await floor(steady, first=1)).request("floor", look=True)
        assert not any(task.done() for task in leaving)
    await asyncio.gather(*leaving)


async def somebody_new(platform: Platform) -> None:
    """Lets a new caller wait and be taken."""
    async with asyncio.timeout(UNDISTURBED):
        guest = await phone(platform, "somebody new")
        await guest.leave()


@contextmanager
def locked(platform: Platform, one: Pair | object) -> Iterator[None]:
    """Locks the conversation's row in a session from outside, as a slow query would."""
    conversation = getattr(one, "conversation", "")
    with psycopg.connect(platform.stores["DATABASE_URL"]) as connection:
        connection.execute("SELECT 1 FROM chat_conversation WHERE id = %s FOR UPDATE", [conversation])
        yield
        connection.rollback()
