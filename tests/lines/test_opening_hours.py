"""A supervisor previews and saves a line's hours over sockets."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.cast import anna, floor
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Frame, Refused
from tests.support.platform import Platform

DAY = [{"opens": "00:00", "closes": "00:00"}]
ALWAYS: dict[str, Any] = {"week": [DAY] * 7, "holidays": {}, "dates": []}
NEVER: dict[str, Any] = {"week": [[]] * 7, "holidays": {}, "dates": []}
LOOKING = 15.0


async def set_hours(supervisor: CounsellorClient, hours: dict[str, Any], *, keep: bool = False) -> Frame:
    return await supervisor.request("sethours", line="helpwanted", **hours, keep=keep)


async def steer(supervisor: CounsellorClient, state: str) -> None:
    await supervisor.request("line", line="helpwanted", state=state, most=None, reason=None)


@pytest.fixture
async def by_hours(platform: Platform) -> AsyncIterator[CounsellorClient]:
    """Returns Floor, with Helpwanted following its hours, and restores it afterwards."""
    supervisor = await floor(platform)
    await set_hours(supervisor, ALWAYS, keep=True)
    await steer(supervisor, "hours")
    yield supervisor
    await set_hours(supervisor, ALWAYS, keep=True)
    await steer(supervisor, "open")


async def test_kept_hours_close_the_line_for_who_comes_and_are_told_to_who_waits(
    platform: Platform, by_hours: CounsellorClient
) -> None:
    caller = await anna(platform)
    await caller.start()
    await caller.until(lambda frame: frame["type"] == "queue")
    tried = await set_hours(by_hours, NEVER)
    assert [day["spans"] for day in tried["preview"]] == [[]] * 28
    assert (await by_hours.request("hours", line="helpwanted"))["week"] == ALWAYS["week"]
    kept = await set_hours(by_hours, NEVER, keep=True)
    assert kept["week"] == NEVER["week"]
    await caller.until(lambda frame: frame["type"] == "notice" and frame["code"] == "line_closing", LOOKING)
    late = await anna(platform)
    with pytest.raises(Refused) as refused:
        await late.start()
    assert refused.value.code == "line_closed"
    await caller.leave()


async def test_hours_are_read_back_as_they_were_set(platform: Platform, by_hours: CounsellorClient) -> None:
    hours = {
        "week": [[{"opens": "09:00", "closes": "12:00"}, {"opens": "20:00", "closes": "02:00"}], *[[]] * 6],
        "holidays": {"any": [], "Koningsdag": DAY},
        "dates": [{"date": "2090-02-28", "spans": DAY, "reason": "feest"}],
    }
    kept = await set_hours(by_hours, hours, keep=True)
    read = await by_hours.request("hours", line="helpwanted")
    for answer in (kept, read):
        assert {name: answer[name] for name in hours} == hours
        assert "Koningsdag" in answer["feasts"]
        assert len(answer["preview"]) == 28
    assert read["preview"] == kept["preview"]


OVERLAP = [{"opens": "09:00", "closes": "13:00"}, {"opens": "12:00", "closes": "17:00"}]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "overlap": (ALWAYS | {"week": [OVERLAP, *[[]] * 6]}, "overlap"),
    "nothing": (ALWAYS | {"week": [[{"opens": "09:00", "closes": "09:00"}], *[[]] * 6]}, "00:00"),
    "no such date": (ALWAYS | {"dates": [{"date": "2090-02-30", "spans": [], "reason": ""}]}, "date"),
    "a date twice": (ALWAYS | {"dates": [{"date": "2090-02-28", "spans": [], "reason": ""}] * 2}, "date"),
    "no such feast": (ALWAYS | {"holidays": {"Sinterklaas": []}}, "holiday"),
    "no clock": (ALWAYS | {"week": [[{"opens": "24:00", "closes": "09:00"}], *[[]] * 6]}, ""),
    "six days": (ALWAYS | {"week": [DAY] * 6}, ""),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_hours_that_cannot_be_meant_are_refused_in_words(laptop: Platform, wrong: str) -> None:
    supervisor = await floor(laptop)
    hours, says = WRONG[wrong]
    with pytest.raises(Refused) as refused:
        await set_hours(supervisor, hours, keep=True)
    assert refused.value.code == "bad_frame"
    assert says in refused.value.frame["detail"]
