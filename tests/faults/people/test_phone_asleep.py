"""A counsellor takes a caller whose phone sleeps: it seems to be connected, but grants nobody."""

import pytest

from tests.faults.pairs import console, phone
from tests.faults.scale import FOLLOWS, GRANT
from tests.support.frames import Refused, is_entry
from tests.support.platform import Platform

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]


async def test_the_slot_is_free_again_the_following_caller_is_served_and_the_sleeper_comes_first_on_return(
    brisk: Platform,
) -> None:
    sleeper = await phone(brisk, "the sleeper", at=0)
    following = await phone(brisk, "the following", at=1)
    last = await phone(brisk, "the last", at=0)
    counsellor = await console(brisk, at=1, slots=1)
    sleeper.vanish()
    taken = await counsellor.next()
    assert taken["conversation"] == sleeper.conversation
    await counsellor.open(sleeper.conversation)
    with pytest.raises(Refused) as refused:
        await counsellor.next()
    assert refused.value.code == "conflict", "the only slot is taken until the seat is released"
    left = await counsellor.until(is_entry("left"), GRANT + FOLLOWS)
    assert left["reason"] == "released"
    talk = await counsellor.take()
    assert talk.conversation == following.conversation
    await sleeper.reopen()
    assert [entry["reason"] for entry in sleeper.talk.of("left")] == ["released"]
    assert len(sleeper.talk.of("requeued")) == 1
    await counsellor.close(talk.conversation)
    assert (await counsellor.take()).conversation == sleeper.conversation
    await counsellor.close(sleeper.conversation)
    assert (await counsellor.take()).conversation == last.conversation


async def test_a_sleeper_who_sends_nothing_is_handed_to_nobody(brisk: Platform) -> None:
    sleeper = await phone(brisk, "the sleeper")
    sleeper.vanish()
    first, second = await console(brisk, 0, at=0), await console(brisk, 1, at=1)
    await first.open((await first.next())["conversation"])
    await first.until(is_entry("left", reason="released"), GRANT + FOLLOWS)
    for counsellor in (first, second):
        with pytest.raises(Refused) as refused:
            await counsellor.next()
        assert refused.value.code == "not_found"
