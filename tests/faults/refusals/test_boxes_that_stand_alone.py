"""One message that is empty, or that nobody can open, does not affect any other."""

import pytest

from benchmarks.person import Writer, new_id
from tests.faults.pairs import pair
from tests.support.platform import Platform

pytestmark = pytest.mark.stack


async def test_an_empty_message_is_a_message_like_any_other(steady: Platform) -> None:
    talking = await pair(steady)
    for text in ("ervoor", "", "erna"):
        await talking.caller_says(text)
    await talking.settle()
    assert talking.counsellor.talks[talking.conversation].texts() == ["ervoor", "", "erna"]
    talking.compare()


async def test_a_box_that_does_not_open_stands_alone(steady: Platform) -> None:
    talking = await pair(steady)
    await talking.caller_says("ervoor")
    writer = Writer(talking.conversation, talking.caller.member)
    writer.epoch, broken = talking.caller.epoch, new_id()
    box = writer.box(broken).decode()
    await talking.caller.request("post", id=broken, epoch=writer.epoch, box=box)
    await talking.caller_says("erna")
    await talking.settle()
    assert talking.counsellor.talks[talking.conversation].texts() == ["ervoor", None, "erna"]
