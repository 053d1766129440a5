"""The frames on a socket come in a fixed order."""

from typing import Any

import pytest

from tests.support.cast import anna, carla, daan
from tests.support.frames import Frame, Refused, is_entry
from tests.support.platform import Platform


async def test_after_a_resume_come_the_ok_the_entries_and_the_others(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    await counsellor.mark_seen(talk.conversation)
    tab = caller.another_tab()
    platform.guests.append(tab)
    await tab.connect()
    came: list[str] = []

    async def note(frame: Frame) -> None:
        came.append(frame["type"])

    tab.handle = note  # type: ignore[method-assign]
    fields: dict[str, Any] = {"conversation": caller.conversation, "token": caller.token, "since": 0}
    ok = await tab.request("resume", then=lambda _ok: came.append("ok"), **fields)
    await tab.becomes(lambda: came[-1] == "seen")
    assert ok["seq"] == 3
    assert came == ["ok", "entry", "entry", "entry", "presence", "seen"]
    await counsellor.close(talk.conversation)


async def test_the_last_entry_of_a_seat_is_its_own_left(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor, colleague = await carla(platform), await daan(platform)
    talk = await counsellor.take()
    invitation = await counsellor.invite(talk.conversation, "consult", {"line": "helpwanted"})
    await colleague.answer(invitation)
    await colleague.enter(talk.conversation)
    await colleague.leave(talk.conversation)
    left = await colleague.until(is_entry("left"))
    await caller.becomes(lambda: caller.grants.may_seal)
    await caller.post("hij is weg")
    await counsellor.becomes(lambda: "hij is weg" in talk.texts())
    assert left["member"] == colleague.talks[talk.conversation].me
    assert colleague.talks[talk.conversation].newest == left["seq"]
    requests: dict[str, dict[str, Any]] = {
        "open": {"since": 0},
        "sync": {"since": 0},
        "seen": {"seq": 1},
        "leave": {},
    }
    for request, fields in requests.items():
        with pytest.raises(Refused) as refused:
            await colleague.request(request, conversation=talk.conversation, **fields)
        assert refused.value.code == "not_found", request
    await counsellor.close(talk.conversation)
