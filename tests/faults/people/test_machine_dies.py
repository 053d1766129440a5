"""A counsellor's machine dies: the caller is told, and is the next to be taken."""

import asyncio

import pytest

from tests.faults.pairs import console, pair
from tests.faults.scale import FOLLOWS, STAFF_LEASE
from tests.support.cast import anna
from tests.support.frames import Refused, is_entry, is_frame
from tests.support.platform import Platform

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]


async def test_the_caller_is_told_comes_first_and_the_next_counsellor_reads_everything(
    brisk: Platform,
) -> None:
    one = await pair(brisk, caller_at=0, console_at=1)
    await one.exchange("voor de storing")
    behind = await anna(brisk)
    await behind.start(urgency=2)
    one.counsellor.vanish()
    left = await one.caller.until(is_entry("left"), STAFF_LEASE + FOLLOWS)
    assert left["reason"] == "lost"
    await one.caller.until(is_entry("requeued"), 3)
    await one.caller.until(is_frame("queue", ahead=0), 3)
    await behind.until(is_frame("queue", ahead=1), 3)
    await one.caller.post("ik wacht weer")
    successor = await console(brisk, 1)
    talk = await successor.take()
    assert talk.conversation == one.conversation, "before somebody of higher urgency who waits"
    await successor.becomes(lambda: len(talk.texts()) == 3)
    assert None not in talk.texts()
    assert talk.texts() == one.caller.talk.texts()


async def test_a_machine_that_wakes_up_too_late_holds_nothing(brisk: Platform) -> None:
    one = await pair(brisk, caller_at=0, console_at=1)
    one.counsellor.vanish()
    await one.caller.until(is_entry("left", reason="lost"), STAFF_LEASE + FOLLOWS)
    one.counsellor.stays = False
    await one.counsellor.connect()
    greeting = await one.counsellor.hello()
    assert one.conversation not in {held["conversation"] for held in greeting["conversations"]}
    assert greeting["duty"]["state"] == "off"
    for request in ("typing", "leave", "close"):
        with pytest.raises(Refused) as refused:
            await one.counsellor.request(request, conversation=one.conversation)
        assert refused.value.code == "not_found"


async def test_a_machine_that_sleeps_with_its_line_open_is_told_and_takes_its_caller_back(
    brisk: Platform,
) -> None:
    one = await pair(brisk, caller_at=0, console_at=1)
    one.counsellor.silent = True
    await one.caller.until(is_entry("requeued"), STAFF_LEASE + FOLLOWS)
    await one.counsellor.until(is_frame("duty", state="off"), FOLLOWS)
    one.counsellor.silent = False
    await one.counsellor.duty("on")
    taken = await one.counsellor.request("next", line=None, conversation=one.conversation)
    assert taken["conversation"] == one.conversation
    await one.counsellor.enter(one.conversation)
    await one.counsellor.close(one.conversation)


async def test_a_console_that_reloads_in_time_keeps_its_seat(brisk: Platform) -> None:
    one = await pair(brisk, caller_at=0, console_at=1)
    for _ in range(2):
        one.counsellor.vanish()
        await asyncio.sleep(STAFF_LEASE / 3)
        await one.counsellor.reopen()
    await asyncio.sleep(STAFF_LEASE / 2)
    await one.exchange("nog hier")
    one.assert_undisturbed()
