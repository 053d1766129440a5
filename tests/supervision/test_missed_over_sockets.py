"""Over sockets, an unanswered call or caller is on each supervisor's board, until one of them has seen it."""

from typing import Any

import pytest

from tests.support.cast import anna, carla, daan, esra, floor, gijs
from tests.support.counsellor import CounsellorClient
from tests.support.floor import LOOKING, row
from tests.support.frames import Frame, Refused, is_frame
from tests.support.platform import Platform


def told_of(kind: str) -> Any:
    """Returns the first frame of the live view that says this."""

    def says(frame: Frame) -> bool:
        return frame["type"] == "floor" and [one["kind"] for one in row(frame)["missed"]][:1] == [kind]

    return says


async def looks(supervisor: CounsellorClient) -> None:
    """Subscribes, and marks as seen what others left on this platform."""
    await supervisor.request("floor", look=True)
    seen = set[str]()
    while missed := row(await supervisor.until(is_frame("floor"), LOOKING))["missed"]:
        for one in {one["missed"] for one in missed} - seen:
            await supervisor.request("seenmissed", line="helpwanted", missed=one)
            seen.add(one)


async def test_what_nobody_answered_stands_on_every_board_until_one_has_seen_it(platform: Platform) -> None:
    supervisor, colleague = await floor(platform), await floor(platform)
    await looks(supervisor)
    counsellor, other = await carla(platform), await daan(platform)
    caller = await anna(platform)
    await caller.start(urgency=2)
    talk = await counsellor.take()
    await counsellor.invite(talk.conversation, "consult", {"staff": other.me["id"]})
    ringing = await other.until(is_frame("invitation", state="ringing"))
    await other.answer(ringing["invitation"], yes=False)
    seen = await supervisor.until(told_of("call"), LOOKING)
    (one,) = row(seen)["missed"]
    assert (one["acute"], one["by"], row(seen)["missed_in_all"]) == (True, counsellor.me["alias"], 1)
    assert talk.conversation not in str(one)

    await colleague.request("floor", look=True)
    late = await colleague.until(told_of("call"), LOOKING)
    assert row(late)["missed"] == [one], "also on a board that is opened later"
    await colleague.request("seenmissed", line="helpwanted", missed=one["missed"])
    for board in (supervisor, colleague):
        await board.until(lambda frame: frame["type"] == "floor" and row(frame)["missed"] == [], LOOKING)
    with pytest.raises(Refused) as refused:
        await supervisor.request("seenmissed", line="helpwanted", missed=one["missed"])
    assert refused.value.code == "conflict"
    await counsellor.close(talk.conversation)


async def test_an_acute_caller_who_leaves_is_on_the_board_of_their_line_alone(platform: Platform) -> None:
    supervisor = await floor(platform)
    await looks(supervisor)
    caller = await anna(platform)
    await caller.start(urgency=2)
    await caller.leave()
    seen = await supervisor.until(told_of("left"), LOOKING)
    (one,) = row(seen)["missed"]
    for who in (await carla(platform), await gijs(platform), await esra(platform)):
        with pytest.raises(Refused) as refused:
            await who.request("seenmissed", line="helpwanted", missed=one["missed"])
        assert refused.value.code in ("forbidden", "not_found")
    await supervisor.request("seenmissed", line="helpwanted", missed=one["missed"])
