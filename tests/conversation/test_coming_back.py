"""After a reload, a tunnel or a locked screen the caller has the same conversation, and nothing is
missing."""

import asyncio
import urllib.request

import pytest

from tests.support.cast import anna, carla
from tests.support.frames import Disconnected, Refused, is_entry, is_frame
from tests.support.people import CallerClient, compare_all, settle
from tests.support.platform import Platform
from tests.support.sealing import b64url


@pytest.mark.short("stack")
async def test_both_sides_reload_in_the_middle_and_miss_nothing(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    await caller.post("een")
    caller.cut()
    await counsellor.post(talk.conversation, "twee")
    await caller.reopen()
    counsellor.cut()
    await caller.post("drie")
    await counsellor.reopen()
    await counsellor.becomes(lambda: talk.texts() == ["een", "twee", "drie"])
    await caller.becomes(lambda: caller.talk.texts() == ["een", "twee", "drie"])
    await settle(caller, counsellor, conversation=caller.conversation)
    compare_all(caller, counsellor, conversation=caller.conversation)
    await counsellor.close(talk.conversation)


async def test_a_newer_tab_takes_over_and_the_older_one_is_closed(platform: Platform) -> None:
    older = await anna(platform)
    await older.start()
    await older.post("vanuit het eerste tabblad")
    newer = older.another_tab()
    platform.guests.append(newer)
    await newer.reopen()
    with pytest.raises((Disconnected, Refused)):
        await older.typing()
    assert await older.closed() == 4409
    await newer.becomes(lambda: newer.talk.texts() == ["vanuit het eerste tabblad"])
    await newer.post("vanuit het tweede")
    await newer.leave()


async def test_a_grant_whose_reply_is_lost_is_settled_by_resume(platform: Platform) -> None:
    caller = await anna(platform, grants=False)
    await caller.start()
    counsellor = await carla(platform)
    await counsellor.open((await counsellor.next())["conversation"])
    await caller.until(lambda frame: frame.get("kind") == "joined")
    flight = caller.grants.draw()
    lost = asyncio.create_task(caller.request("grant", **caller.grants.fields(flight)))
    talk = counsellor.talks[caller.conversation]
    await counsellor.becomes(lambda: talk.epoch == 1)
    caller.cut()
    with pytest.raises((Disconnected, TimeoutError)):
        await _reply_that_never_came(lost)
    await caller.reopen()
    assert caller.epoch == 1, "its epoch tells that the grant counted"
    await caller.post("gelukkig")
    await counsellor.becomes(lambda: talk.texts() == ["gelukkig"])
    await counsellor.close(talk.conversation)


async def _reply_that_never_came(request: "asyncio.Task[object]") -> None:
    """Drops the ok, which may have come just before the cut, as a page that died would."""
    await request
    raise TimeoutError


async def test_two_reloads_in_a_row_while_a_grant_is_under_way_lose_nothing(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    await caller.post("voor het herladen")
    counsellor = await carla(platform)
    taken = await counsellor.next()
    await caller.becomes(lambda: caller.grants.in_flight or caller.epoch)
    # A page that is left makes no grant later, whose secret the next page would not have.
    caller.cut()
    first = caller.another_tab()
    platform.guests.append(first)
    await first.reopen()
    first.cut()
    second = first.another_tab()
    platform.guests.append(second)
    await second.reopen()
    talk = await counsellor.enter(taken["conversation"])
    await counsellor.post(talk.conversation, "ik ben er")
    await second.becomes(lambda: second.talk.texts() == ["voor het herladen", "ik ben er"])
    await counsellor.becomes(lambda: talk.texts() == ["voor het herladen", "ik ben er"])
    await counsellor.close(talk.conversation)


async def test_a_browser_that_lost_its_secrets_goes_on_with_a_new_one(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    await caller.post("onleesbaar na het herladen")
    tab = caller.another_tab(secrets=False)
    platform.guests.append(tab)
    await tab.reopen()
    await tab.post("nieuw")
    await tab.becomes(lambda: tab.talk.texts() == [None, "nieuw"])
    await tab.leave()


async def test_an_ended_conversation_can_still_be_read_and_not_written(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    await caller.post("dag")
    await caller.leave()
    with pytest.raises(Refused) as refused:
        await caller.post("nog iets")
    assert refused.value.code == "ended"
    tab = caller.another_tab()
    platform.guests.append(tab)
    await tab.reopen()
    await tab.becomes(lambda: tab.talk.texts() == ["dag"])
    assert tab.state == "ended"
    for request in ("typing", "leave"):
        with pytest.raises(Refused) as refused:
            await tab.request(request)
        assert refused.value.code == "ended"


async def test_quick_exit_closes_the_socket_and_the_token_opens_nothing(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    assert await leaves_quickly(platform, caller) == 204
    assert await caller.closed() == 4410
    tab = caller.another_tab()
    platform.guests.append(tab)
    with pytest.raises(Refused) as refused:
        await tab.reopen()
    assert refused.value.code == "not_found"
    assert await leaves_quickly(platform, caller) == 204


CODE = "0123456789ABCDEFGHJK"


async def leaves_quickly(platform: Platform, caller: CallerClient) -> int:
    body = f'{{"conversation": "{caller.conversation}", "token": "{caller.token}"}}'.encode()

    def post() -> int:
        request = urllib.request.Request(f"{platform.url}/api/exit/", body, method="POST")
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(response.status)

    return await asyncio.to_thread(post)


async def test_a_talk_that_is_left_quickly_without_a_code_ends_before_the_counsellor_s_eyes(
    platform: Platform,
) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    assert await leaves_quickly(platform, caller) == 204
    await counsellor.until(is_entry("ended", conversation=talk.conversation, reason="caller"))
    await counsellor.becomes(lambda: "wrapup" in counsellor.allowed.get(talk.conversation, ()))
    await counsellor.request("leave", conversation=talk.conversation)


async def test_who_wrote_a_code_down_goes_on_elsewhere_after_a_quick_exit_and_once(
    platform: Platform,
) -> None:
    caller = await anna(platform)
    await caller.start()
    await caller.post("ik moet zo weg")
    counsellor = await carla(platform)
    talk = await counsellor.take()
    await caller.keep_code(CODE)
    await counsellor.until(is_frame("presence", member=caller.member, here=True, code=False))
    assert await leaves_quickly(platform, caller) == 204
    assert await caller.closed() == 4410
    await counsellor.until(is_frame("presence", member=caller.member, here=False, code=True))

    library = await anna(platform)
    ok = await library.return_with(CODE)
    assert (ok["conversation"], ok["state"]) == (caller.conversation, "active")
    await library.becomes(lambda: library.talk.texts() == ["ik moet zo weg"])
    await counsellor.until(is_frame("presence", member=caller.member, here=True, code=False))
    await library.post("ik ben er weer")
    await counsellor.post(talk.conversation, "fijn")
    await library.becomes(lambda: library.talk.texts() == ["ik moet zo weg", "ik ben er weer", "fijn"])
    await settle(library, counsellor, conversation=library.conversation)

    third = await anna(platform)
    for line in ("helpwanted", "stopitnow"):
        with pytest.raises(Refused) as refused:
            await third.return_with(CODE, line)
        assert refused.value.code == "not_found"
    await third.start()
    await third.leave()
    await counsellor.close(talk.conversation)


async def test_a_code_of_a_wrong_shape_is_a_bad_frame_and_a_forgotten_one_opens_nothing(
    platform: Platform,
) -> None:
    caller = await anna(platform)
    await caller.start()
    whole = b64url(bytes(64))
    for digest, box in ((None, whole), (b64url(bytes(32)), None), (b64url(bytes(31)), whole), (whole, whole)):
        with pytest.raises(Refused) as refused:
            await caller.request("keepcode", hash=digest, box=box)
        assert refused.value.code == "bad_frame"
    await caller.keep_code(CODE)
    await caller.forget_code()
    with pytest.raises(Refused) as refused:
        await (await anna(platform)).return_with(CODE)
    assert refused.value.code == "not_found"
    await caller.leave()


async def test_who_asks_from_the_beginning_is_sent_it_once_more(laptop: Platform) -> None:
    caller = await anna(laptop)
    await caller.start()
    await caller.post("een")
    await caller.becomes(lambda: caller.talk.texts() == ["een"])
    caller.pushed.clear()
    ok = await caller.sync(0)
    again = await caller.until(is_entry("message"))
    assert again["seq"] <= ok["seq"]
    assert caller.talk.texts() == ["een"], "and shown once"
    await caller.leave()
