"""A caller and a counsellor talk."""

import asyncio
import time
from typing import Any

import pytest

from counsellors.certificates import signed_bytes
from tests.support.cast import anna, bilal, carla, daan, go_home
from tests.support.people import compare_all, settle
from tests.support.platform import Platform
from tests.support.sealing import unb64url


@pytest.mark.short("stack")
async def test_what_either_says_is_read_by_the_other_in_order_with_one_tick_each(platform: Platform) -> None:
    caller = await anna(platform, first=0)
    await caller.start()
    await caller.post("Iemand heeft foto's van mij")
    counsellor = await carla(platform, first=1)
    talk = await counsellor.take()
    for number in range(8):
        await counsellor.post(talk.conversation, f"vraag {number}")
        await caller.post(f"antwoord {number}")
    wanted = ["Iemand heeft foto's van mij"]
    wanted += [text for number in range(8) for text in (f"vraag {number}", f"antwoord {number}")]
    await caller.becomes(lambda: caller.talk.texts() == wanted)
    await counsellor.becomes(lambda: talk.texts() == wanted)
    await settle(caller, counsellor, conversation=caller.conversation)
    compare_all(caller, counsellor, conversation=caller.conversation)
    await counsellor.close(talk.conversation)
    await caller.becomes(lambda: caller.state == "ended")


@pytest.mark.short("stack")
async def test_typing_reading_and_presence_are_told_to_the_other_only(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    await caller.typing()
    frame = await counsellor.until(lambda frame: frame["type"] == "typing")
    assert frame["by"] == caller.member
    await caller.typing()
    await caller.typing()
    await counsellor.mark_seen(talk.conversation)
    frame = await caller.until(lambda frame: frame["type"] == "seen")
    assert frame["seq"] == talk.newest
    caller.cut()
    frame = await counsellor.until(lambda frame: frame["type"] == "presence" and not frame["here"], within=2)
    assert frame["member"] == caller.member
    assert not [frame for frame in counsellor.pushed if frame["type"] == "typing"], "one in three seconds"
    await caller.reopen()
    await counsellor.until(lambda frame: frame["type"] == "presence" and frame["here"])
    await counsellor.close(talk.conversation)


async def test_a_second_caller_waits_behind_the_first_and_moves_up(platform: Platform) -> None:
    first, second = await anna(platform, first=0), await bilal(platform, first=1)
    await first.start()
    await second.start()
    frame = await second.until(lambda frame: frame["type"] == "queue")
    assert frame["ahead"] == 1
    assert frame["minutes"] is None or frame["minutes"][0] < frame["minutes"][1]
    counsellor = await carla(platform)
    talk = await counsellor.take()
    assert talk.conversation == first.conversation
    frame = await second.until(lambda frame: frame["type"] == "queue" and frame["ahead"] == 0)
    other = await counsellor.take()
    assert other.conversation == second.conversation
    for conversation in (talk.conversation, other.conversation):
        await counsellor.close(conversation)


async def test_a_caller_whose_browser_does_not_grant_releases_the_counsellor(platform: Platform) -> None:
    sleeper = await anna(platform, grants=False, silent=True)
    await sleeper.start()
    counsellor = await carla(platform, slots=1)
    taken = await counsellor.next()
    await counsellor.open(taken["conversation"])
    left = await counsellor.until(lambda frame: frame.get("kind") == "left", within=10)
    assert left["reason"] == "released"
    awake = await bilal(platform)
    await awake.start()
    talk = await counsellor.take()
    assert talk.conversation == awake.conversation, "the slot is free, and the sleeper is passed over"
    await counsellor.close(talk.conversation)
    sleeper.lets_in = True
    await sleeper.beat()
    again = await counsellor.take()
    assert again.conversation == sleeper.conversation
    await counsellor.close(again.conversation)


async def test_of_two_counsellors_who_ask_at_once_one_gets_the_caller(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    rivals = [await carla(platform, first=0), await daan(platform, first=1)]
    answers = await asyncio.gather(*(rival.next() for rival in rivals), return_exceptions=True)
    won = [answer for answer in answers if isinstance(answer, dict)]
    assert len(won) == 1
    await caller.leave()


async def test_who_joins_bears_a_certificate_that_the_demo_s_roots_make_good(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    await counsellor.take()
    (joined,) = caller.talk.of("joined")
    roots = {unb64url(point) for point in platform.demo["roots"]}
    facts: dict[str, Any] = {
        "use": "device",
        "kind": "line",
        "slug": "helpwanted",
        "key": counsellor.key.public,
    }
    facts |= {"roots": roots, "lowest": platform.demo["serial"], "at": int(time.time())}
    assert signed_bytes.is_good(joined["cert"], **facts)
    assert not signed_bytes.is_good(joined["cert"], **facts | {"slug": "stopitnow"})
    await caller.leave()


async def test_who_is_in_a_conversation_when_a_test_ends_has_all_places_free_in_the_next(
    laptop: Platform,
) -> None:
    await (await anna(laptop)).start()
    await (await carla(laptop)).take()
    await go_home(laptop)
    caller = await bilal(laptop)
    await caller.start()
    talk = await (await carla(laptop, slots=1)).take()
    assert talk.conversation == caller.conversation
