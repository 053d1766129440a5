"""A supervisor intervenes over sockets. Another line's conversation is not found, and others are
forbidden."""

from typing import Any

import pytest

from tests.support.cast import anna, bilal, carla, esra, floor, gijs, staff
from tests.support.counsellor import CounsellorClient
from tests.support.floor import LOOKING, talks, waiting
from tests.support.frames import Refused, is_frame
from tests.support.platform import Platform

NOBODY = "A" * 22
DAY = [{"opens": "00:00", "closes": "00:00"}]
HOURS: dict[str, Any] = {"week": [DAY] * 7, "holidays": {}, "dates": [], "keep": True}
REQUESTS: dict[str, dict[str, Any]] = {
    "front": {"conversation": NOBODY, "reason": "risk"},
    "rest": {"person": "nobody"},
    "listen": {"conversation": NOBODY},
    "end": {"conversation": NOBODY},
    "today": {"line": "helpwanted"},
    "hours": {"line": "helpwanted"},
    "sethours": {"line": "helpwanted", **HOURS},
    "alerting": {"line": "helpwanted"},
    "setalerting": {"line": "helpwanted", "waiting": 5, "minutes": None},
    "line": {"line": "helpwanted", "state": "open", "most": None, "reason": None},
    "approve": {"device": "nobody"},
}


async def otto(platform: Platform) -> CounsellorClient:
    """Returns the supervisor of the other line."""
    who = platform.people("supervisor", line="stopitnow")[0]
    return await staff(platform, who, name="Otto", duty="")


async def refusal(client: CounsellorClient, name: str, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        await client.request(name, **REQUESTS[name] | fields)
    return str(refused.value.code)


async def talking(platform: Platform) -> tuple[Any, CounsellorClient, str]:
    """Makes Anna talk with Carla, who was let in."""
    counsellor = await carla(platform)
    caller = await anna(platform)
    await caller.start()
    talk = await counsellor.take()
    return caller, counsellor, talk.conversation


# Who may


@pytest.mark.parametrize("name", REQUESTS)
async def test_it_is_forbidden_for_counsellors_and_partners(laptop: Platform, name: str) -> None:
    for person in (await carla(laptop), await gijs(laptop)):
        assert await refusal(person, name) == "forbidden"


async def test_the_other_line_s_supervisor_finds_nothing(platform: Platform) -> None:
    caller, counsellor, conversation = await talking(platform)
    waiter = await bilal(platform)
    await waiter.start()
    stranger = await otto(platform)
    real: dict[str, dict[str, Any]] = {
        "front": {"conversation": waiter.conversation},
        "rest": {"person": counsellor.me["id"]},
        "listen": {"conversation": conversation},
        "end": {"conversation": conversation},
    }
    for name in REQUESTS:
        assert await refusal(stranger, name, **real.get(name, {})) == "not_found", name
    assert waiter.talk.texts() == caller.talk.texts() == []
    await counsellor.close(conversation)
    await waiter.leave()


async def test_what_does_not_exist_is_not_found_either(laptop: Platform) -> None:
    supervisor = await floor(laptop)
    for name in ("front", "rest", "listen", "end"):
        assert await refusal(supervisor, name) == "not_found"


async def test_without_an_approved_device_a_supervisor_neither_looks_nor_acts(laptop: Platform) -> None:
    who = laptop.people("supervisor", line="helpwanted")[0]
    looker = await staff(laptop, who, name="Floor", duty="", enrols=False)
    for name in ("front", "rest", "listen", "end", "sethours", "setalerting", "approve"):
        assert await refusal(looker, name) == "conflict"
    for name, fields in {
        "hours": {"line": "helpwanted"},
        "alerting": {"line": "helpwanted"},
        "sethours": {"line": "helpwanted"} | HOURS | {"keep": False},
        "floor": {"look": True},
        "watch": {"board": True},
    }.items():
        with pytest.raises(Refused) as refused:
            await looker.request(name, **fields)
        assert refused.value.code == "conflict"


# What happens


async def test_a_moved_caller_is_taken_first_and_the_floor_says_why(platform: Platform) -> None:
    supervisor, counsellor = await floor(platform), await carla(platform)
    first, second = await anna(platform), await bilal(platform)
    await first.start()
    await second.start()
    await supervisor.request("floor", look=True)
    await supervisor.request("front", conversation=second.conversation, reason="promised")
    seen = await supervisor.until(
        lambda frame: (
            frame["type"] == "floor" and (waiting(frame, second.conversation) or {}).get("why") == "moved"
        ),
        LOOKING,
    )
    found = waiting(seen, second.conversation)
    assert found is not None
    assert found["reason"] == "promised"
    talk = await counsellor.take()
    assert talk.conversation == second.conversation
    assert await refusal(supervisor, "front", conversation=second.conversation) == "conflict"
    await counsellor.close(talk.conversation)
    await first.leave()


async def test_a_counsellor_hears_who_asks_for_a_rest_and_nothing_is_forced(platform: Platform) -> None:
    supervisor, counsellor = await floor(platform), await carla(platform)
    await supervisor.request("rest", person=counsellor.me["id"])
    asked = await counsellor.until(lambda frame: frame["type"] == "rest")
    assert asked["by"] == supervisor.me["alias"]
    await counsellor.duty("break", 1)
    assert await refusal(supervisor, "rest", person=counsellor.me["id"]) == "conflict"
    other = await esra(platform)
    assert await refusal(supervisor, "rest", person=other.me["id"]) == "not_found"


async def test_listening_in_is_asked_of_the_console_in_charge_and_let_in_by_the_caller(
    platform: Platform,
) -> None:
    caller, counsellor, conversation = await talking(platform)
    supervisor = await floor(platform)
    await supervisor.request("listen", conversation=conversation)
    asked = await counsellor.until(lambda frame: frame["type"] == "listen")
    assert (asked["conversation"], asked["alias"]) == (conversation, supervisor.me["alias"])
    assert conversation not in supervisor.talks, "asking lets nobody in"
    invitation = await counsellor.invite(conversation, "consult", {"staff": asked["id"]})
    assert await refusal(supervisor, "listen", conversation=conversation) == "conflict"
    await supervisor.until(lambda frame: frame["type"] == "invitation" and frame["state"] == "ringing")
    await supervisor.answer(invitation)
    talk = await supervisor.enter(conversation)
    await counsellor.post(conversation, "we zijn er nu samen")
    await supervisor.becomes(lambda: "we zijn er nu samen" in talk.texts(), 10)
    aliases = [entry.get("alias") for entry in caller.talk.entries.values() if entry["kind"] == "joined"]
    assert supervisor.me["alias"] in aliases, "the caller is told by name"
    assert await refusal(supervisor, "listen", conversation=conversation) == "conflict"
    await counsellor.close(conversation)


async def test_only_a_dead_conversation_is_ended_and_the_caller_is_told(platform: Platform) -> None:
    caller, counsellor, conversation = await talking(platform)
    supervisor = await floor(platform)
    await counsellor.post(conversation, "ben je er nog?")
    assert await refusal(supervisor, "end", conversation=conversation) == "conflict"
    await supervisor.request("floor", look=True)
    await supervisor.until(
        lambda frame: frame["type"] == "floor" and (talks(frame).get(conversation) or {}).get("dead"),
        LOOKING,
    )
    await supervisor.request("end", conversation=conversation)
    await caller.becomes(lambda: caller.talk.ended)
    assert caller.talk.entries[caller.talk.newest]["reason"] == "silent"
    assert await refusal(supervisor, "end", conversation=conversation) == "ended"


async def test_a_no_to_listening_in_comes_to_who_asked(platform: Platform) -> None:
    _, counsellor, conversation = await talking(platform)
    supervisor = await floor(platform)
    await supervisor.request("listen", conversation=conversation)
    asked = await counsellor.until(is_frame("listen"))
    await counsellor.request("nolisten", conversation=conversation, supervisor=asked["id"])
    told = await supervisor.until(is_frame("nolisten"))
    assert (told["conversation"], told["alias"]) == (conversation, counsellor.me["alias"])
    await counsellor.close(conversation)
