"""A phone is in a tunnel: the server's socket stays open, but nothing arrives any more."""

import asyncio

import pytest

from tests.faults.pairs import pair
from tests.faults.scale import FOLLOWS, HERE
from tests.support.frames import is_frame
from tests.support.platform import Platform

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]


async def test_the_caller_is_shown_as_away_and_comes_back_to_the_same_conversation_in_order(
    brisk: Platform,
) -> None:
    one = await pair(brisk, caller_at=0, console_at=1)
    await one.exchange("vooraf")
    member = one.caller.member
    one.caller.vanish()
    await one.counsellor.until(is_frame("presence", member=member, here=False), HERE + FOLLOWS)
    missed = [(await one.counsellor_says(f"in de tunnel {number}")).seq for number in range(5)]
    await one.caller.reopen()
    assert [seq for seq, _ in one.caller.talk.seen][-5:] == missed
    await one.counsellor.until(is_frame("presence", member=member, here=True), 2)
    await one.exchange("weer buiten")
    one.compare()
    one.assert_undisturbed()


async def test_a_message_sent_into_the_tunnel_comes_out_once(brisk: Platform) -> None:
    """Its bytes reached the server, but its ok did not reach the phone."""
    one = await pair(brisk, caller_at=0, console_at=1)
    assert one.caller._socket is not None
    one.caller._socket.transport.pause_reading()
    posting = asyncio.create_task(one.caller_says("de tunnel in"))
    await one.counsellor.becomes(lambda: one.talks[one.counsellor].seen)
    assert not posting.done()
    one.caller.vanish()
    await one.caller.reopen()
    await posting
    await one.exchange("en er weer uit")
    one.compare()
