"""Only supervisors see the live view of the people over sockets."""

import pytest

from tests.support.cast import anna, carla, floor, staff
from tests.support.floor import LOOKING, row, talks, waiting
from tests.support.frames import Refused
from tests.support.platform import Platform


async def test_a_supervisor_sees_who_waits_talks_and_is_away_without_a_word(
    platform: Platform,
) -> None:
    supervisor = await floor(platform)
    await supervisor.request("floor", look=True)
    first = await supervisor.until(lambda frame: frame["type"] == "floor", LOOKING)
    assert row(first)["line"] == "helpwanted"
    caller = await anna(platform)
    await caller.start(urgency=2)
    conversation = caller.conversation
    seen = await supervisor.until(
        lambda frame: frame["type"] == "floor" and waiting(frame, conversation) is not None, LOOKING
    )
    found = waiting(seen, conversation)
    assert found is not None
    assert (found["why"], found["boost"], found["urgency"], found["here"]) == ("urgent", 15, 2, True)
    counsellor = await carla(platform)
    talk = await counsellor.take()
    assert talk.conversation == conversation
    await counsellor.post(conversation, "goed dat je er bent")
    await supervisor.until(
        lambda frame: frame["type"] == "floor" and (talks(frame).get(conversation) or {}).get("last"), LOOKING
    )
    await caller.disconnect()
    gone = await supervisor.until(
        lambda frame: (
            frame["type"] == "floor" and (talks(frame).get(conversation) or {}).get("here") is False
        ),
        LOOKING,
    )
    assert "goed dat" not in str(gone)
    assert counsellor.me["id"] in [one["id"] for one in row(gone)["people"]]
    await supervisor.request("floor", look=False)
    await counsellor.close(conversation)


async def test_two_who_look_are_shown_the_same_and_who_stopped_is_shown_no_more(platform: Platform) -> None:
    one, two = await floor(platform), await floor(platform)
    for supervisor in (one, two):
        await supervisor.request("floor", look=True)
        await supervisor.until(lambda frame: frame["type"] == "floor", LOOKING)
    await two.request("floor", look=False)
    two.pushed.clear()
    caller = await anna(platform)
    await caller.start()
    await one.until(
        lambda frame: frame["type"] == "floor" and waiting(frame, caller.conversation) is not None, LOOKING
    )
    await two.request("beat")
    assert [frame for frame in two.pushed if frame["type"] == "floor"] == []
    await caller.leave()


@pytest.mark.parametrize("look", [True, False])
async def test_nobody_but_a_supervisor_looks_at_the_floor(laptop: Platform, look: bool) -> None:
    counsellor = await carla(laptop)
    partner = await staff(laptop, laptop.people("partner", service="csg")[0], name="Gijs", duty="")
    for person in (counsellor, partner):
        with pytest.raises(Refused) as refused:
            await person.request("floor", look=look)
        assert refused.value.code == "forbidden"


async def test_today_s_curve_ends_with_how_the_line_stands(platform: Platform) -> None:
    supervisor = await floor(platform)
    (*_, newest) = (await supervisor.request("today", line="helpwanted"))["points"]
    assert set(newest) == {"at", "waiting", "active", "on", "longest"}
