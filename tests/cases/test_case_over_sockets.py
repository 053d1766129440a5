"""Anna names a link in a removal case, sealed and over sockets, and Carla tells what became of it."""

import json
from typing import Any

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, carla, floor, gijs
from tests.support.frames import Refused, is_entry, is_frame
from tests.support.platform import Platform, status_and_body
from tests.support.sealing import CASE

ITEM = "00112233445566aa"
LINK = "https://voorbeeld.example/p/1"


def a_case(**facts: Any) -> str:
    item = {"id": ITEM, "url": LINK, "what": "image", "by": "other", "state": "open", "at": 1764460800}
    return json.dumps({"items": [item | {"ref": "", "note": ""} | facts]})


async def code_of(client: CallerClient, text: str) -> str:
    try:
        await client.post(text, kind=CASE)
    except Refused as error:
        return str(error.code)
    return "ok"


async def test_both_sides_add_to_the_case_and_results_count_once(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    await caller.post(a_case(), kind=CASE)  # while she waits in the queue
    counsellor = await carla(platform)
    [line] = [one for one in counsellor.greeting["lines"] if one["line"] == "helpwanted"]
    assert line["cases"]
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, a_case(state="sent", ref="A-1"), kind=CASE)
    await caller.becomes(lambda: len([one for one in caller.talk.readings() if one.text]) == 2, within=10)
    both = [json.loads(one.text)["items"][0]["state"] for one in caller.talk.readings() if one.text]
    assert both == ["open", "sent"]
    told: dict[str, Any] = {"conversation": talk.conversation, "item": ITEM}
    await counsellor.request("caseresult", **told, platform="snapchat")
    await counsellor.request("caseresult", **told, platform="tiktok", what=None)
    wrongs: list[dict[str, Any]] = [
        {},
        {"platform": "snapchat", "what": "image"},
        {"platform": LINK},
        {"item": "AA", "days": "more"},
    ]
    for wrong in wrongs:
        with pytest.raises(Refused) as refused:
            await counsellor.request("caseresult", **told | wrong)
        assert refused.value.code == "bad_frame"
    await counsellor.close(talk.conversation)
    await counsellor.request("caseresult", **told, outcome="removed")
    await caller.erase()


async def test_a_partner_reads_along_and_adds_nothing_to_a_case(platform: Platform) -> None:
    caller, counsellor = await anna(platform), await carla(platform)
    await caller.start()
    talk = await counsellor.take()
    partner = await gijs(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"})
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(invitation, history=True)
    await partner.until(is_frame("invitation", state="ringing"))
    await partner.answer(invitation)
    await partner.enter(talk.conversation)
    with pytest.raises(Refused) as refused:
        await partner.post(talk.conversation, a_case(), kind=CASE)
    assert refused.value.code == "bad_frame"
    await caller.leave()


async def test_a_supervisor_s_switch_decides_what_the_line_takes(platform: Platform) -> None:
    supervisor, caller = await floor(platform), await anna(platform)
    await caller.start()

    def tells() -> bool:
        _, body = status_and_body(platform.url, "/api/lines/helpwanted/")
        return bool(json.loads(body)["cases"])

    assert tells()
    await supervisor.request("setcases", line="helpwanted", cases=False)
    try:
        assert not tells()
        assert await code_of(caller, a_case()) == "bad_frame"
    finally:
        await supervisor.request("setcases", line="helpwanted", cases=True)
    assert await code_of(caller, a_case()) == "ok"
    with pytest.raises(Refused) as refused:
        await supervisor.request("setcases", line="stopitnow", cases=False)
    assert refused.value.code == "not_found"
    await caller.erase()
