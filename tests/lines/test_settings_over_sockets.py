"""A supervisor changes a line's settings over sockets, and another supervisor's board is told."""

from typing import Any

import pytest

from tests.support.cast import carla, floor
from tests.support.frames import Refused
from tests.support.platform import Platform

KEPT = {"ref", "type", "version", "templates", "offered", "waits", "asked", "ended", "inside"}


async def test_a_line_is_changed_read_back_and_of_two_the_second_is_refused(platform: Platform) -> None:
    supervisor = await floor(platform)
    read = await supervisor.request("linesettings", line="helpwanted")
    before: dict[str, Any] = {name: value for name, value in read.items() if name not in KEPT}
    changed = before | {"boost_soon": 7, "goal_soon": 90}
    version = read["version"]
    ok = await supervisor.request("setline", line="helpwanted", version=version, settings=changed)
    assert {name: ok[name] for name in changed} == changed
    assert (ok["version"], ok["asked"]) == (version + 1, [])
    with pytest.raises(Refused) as refused:
        await supervisor.request("setline", line="helpwanted", version=version, settings=before)
    assert refused.value.code == "conflict"
    with pytest.raises(Refused) as refused:
        await supervisor.request(
            "setline", line="helpwanted", version=version + 1, settings=before | {"phone": "bel ons"}
        )
    assert (refused.value.code, refused.value.frame["field"]) == ("bad_frame", "phone")
    await supervisor.request("setline", line="helpwanted", version=version + 1, settings=before)


async def test_a_counsellor_changes_no_line(laptop: Platform) -> None:
    counsellor = await carla(laptop)
    with pytest.raises(Refused) as refused:
        await counsellor.request("linesettings", line="helpwanted")
    assert refused.value.code == "forbidden"


async def test_a_new_line_is_asked_for_and_what_is_wrong_comes_back_by_its_field(platform: Platform) -> None:
    supervisor = await floor(platform)
    with pytest.raises(Refused) as refused:
        await supervisor.request(
            "addline", template="young-victims", name="Nieuw", path="helpwanted", phone=""
        )
    assert (refused.value.code, refused.value.frame["field"]) == ("bad_frame", "path")
