"""A supervisor plans over a socket: somebody is put on a shift, moved to another, and taken off."""

from typing import Any

import pytest

from tests.support.cast import floor
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Refused
from tests.support.platform import Platform

MONDAY = "2090-01-02"


async def week(supervisor: CounsellorClient) -> dict[str, Any]:
    """Returns the shifts of that week by day, and who can be put on them."""
    ok = await supervisor.request("rota", line="helpwanted", monday=MONDAY)
    return {"people": ok["people"], **{shift["day"]: shift for shift in ok["shifts"]}}


def on(shift: dict[str, Any]) -> list[str]:
    return [place["person"] for place in shift["places"]]


async def test_somebody_is_put_on_moved_and_taken_off(platform: Platform) -> None:
    supervisor = await floor(platform)
    days = ("2090-01-03", "2090-01-04")
    for day in days:
        await supervisor.request(
            "addshift", line="helpwanted", day=day, opens="19:00", closes="22:00", wanted=1
        )
    planned = await week(supervisor)
    who = planned["people"][0]["person"]
    first, second = (planned[day]["shift"] for day in days)
    assert planned[days[0]]["elsewhere"] == []
    await supervisor.request("puton", shift=first, person=who)
    await supervisor.request("moveperson", shift=first, person=who, onto=second)
    planned = await week(supervisor)
    assert (on(planned[days[0]]), on(planned[days[1]])) == ([], [who])
    with pytest.raises(Refused) as refused:
        await supervisor.request("moveperson", shift=first, person=who, onto=second)
    assert refused.value.code == "not_found"
    await supervisor.request("takeoff", shift=second, person=who)
    assert on((await week(supervisor))[days[1]]) == []
    for shift in (first, second):
        await supervisor.request("dropshift", shift=shift)
