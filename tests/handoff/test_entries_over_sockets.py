"""A supervisor changes the directory over sockets, and every console has the change at once."""

from typing import Any

import pytest

from tests.support.cast import carla, floor
from tests.support.frames import Refused
from tests.support.platform import Platform

ENTRY: dict[str, Any] = {
    "name": "Slachtofferhulp Oost", "purpose": {"nl": "Hulp na een misdrijf"}, "for_callers": {},
    "needs": "aangifte", "phone": "", "chat": False, "site": "", "free": True, "languages": "nl",
    "age_from": None, "age_to": None, "always_open": False, "webhook": "", "source": "", "verified": None,
}  # fmt: skip
DAY = [{"opens": "00:00", "closes": "00:00"}]
HEALED = 10.0


async def test_a_service_is_made_changed_and_told_to_a_counsellor_s_console(platform: Platform) -> None:
    supervisor, counsellor = await floor(platform), await carla(platform)
    made = await supervisor.request("addservice", entry=ENTRY)
    slug = made["service"]
    told = await counsellor.until(
        lambda frame: (
            frame["type"] == "services" and any(one["service"] == slug for one in frame["services"])
        ),
        HEALED,
    )
    (card,) = [one for one in told["services"] if one["service"] == slug]
    assert (card["name"], card["purpose"], card["open"]) == (ENTRY["name"], ENTRY["purpose"], None)

    fields = {"service": slug, "entry": ENTRY | {"needs": "rechtbank"}}
    await supervisor.request("changeservice", **fields, version=0)
    with pytest.raises(Refused) as refused:
        await supervisor.request("changeservice", **fields | {"entry": ENTRY}, version=0)
    assert refused.value.code == "conflict"
    with pytest.raises(Refused) as refused:
        await supervisor.request("changeservice", **fields | {"entry": ENTRY | {"phone": "x"}}, version=1)
    assert (refused.value.code, refused.value.frame["field"]) == ("bad_frame", "phone")

    hours = {"service": slug, "week": [DAY, *[[]] * 6], "holidays": {}, "dates": []}
    await supervisor.request("setservicehours", **hours, keep=True)
    assert (await supervisor.request("servicehours", service=slug))["week"] == hours["week"]
    rows = {row["service"]: row for row in (await supervisor.request("directory"))["entries"]}
    assert (rows[slug]["needs"], rows[slug]["version"]) == ("rechtbank", 1)

    ended = await supervisor.request("endservice", service=slug, ended=True)
    rows = {row["service"]: row for row in (await supervisor.request("directory"))["entries"]}
    assert (rows[slug]["ended"] is None) == ended["waits"]
    assert (rows[slug]["waits"].get("ended") == "end") == ended["waits"]


async def test_nobody_but_a_supervisor_keeps_the_directory(laptop: Platform) -> None:
    counsellor = await carla(laptop)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("directory", {}),
        ("addservice", {"entry": ENTRY}),
        ("changeservice", {"service": "csg", "entry": ENTRY, "version": 0}),
        ("endservice", {"service": "csg", "ended": True}),
        ("servicehours", {"service": "csg"}),
    ]
    for name, fields in asked:
        with pytest.raises(Refused) as refused:
            await counsellor.request(name, **fields)
        assert refused.value.code == "forbidden"
