"""Supervisors read again over real sockets, with a review key that really opens the text."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.cast import anna, carla, floor, staff
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Refused
from tests.support.platform import Platform
from tests.support.supervisor import a_second_supervisor, give_key, make_key, read

SAID = "hij dreigt alles door te sturen"
FRAMES: list[tuple[str, dict[str, Any]]] = [
    ("keys", {}),
    ("makekey", {"line": "helpwanted", "generation": 1, "public": "", "sealed": ""}),
    ("sharekey", {"line": "helpwanted", "generation": 1, "device": "x", "sealed": ""}),
    ("reviews", {"line": "helpwanted", "before": None}),
    ("read", {"conversation": "A" * 22, "reason": "quality"}),
    ("allow", {"reading": "x"}),
    ("dropreading", {"reading": "x"}),
    ("reviewapprovals", {}),
    ("transcript", {"reading": "x", "since": 0}),
    ("holds", {"line": "helpwanted"}),
    ("hold", {"conversation": "A" * 22, "reason": "legal", "until": "2027-01-01T00:00:00Z"}),
    ("confirm", {"hold": "x"}),
    ("drop", {"hold": "x"}),
    ("keeping", {"line": "helpwanted", "hours": 24, "two": False}),
    ("overdue", {}),
    ("trail", {}),
]


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """Provides a platform of its own, because a line with a review key has one more member in every later
    conversation."""
    with Platform(GRANT_SECONDS=4) as running:
        yield running


@pytest.mark.parametrize(("name", "fields"), FRAMES)
async def test_nobody_but_a_supervisor_may(laptop: Platform, name: str, fields: dict[str, Any]) -> None:
    counsellor = await carla(laptop)
    with pytest.raises(Refused) as refused:
        await counsellor.request(name, **fields)
    assert refused.value.code == "forbidden"


async def a_talk(platform: Platform) -> Any:
    """Lets Anna write and Carla answer. Returns Anna, after the end."""
    caller = await anna(platform)
    await caller.start()
    await caller.post(SAID)
    counsellor = await carla(platform)
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, "goed dat je er bent")
    await caller.becomes(lambda: "goed dat je er bent" in caller.talk.texts())
    await counsellor.close(talk.conversation)
    await caller.becomes(lambda: caller.talk.ended)
    return caller


async def own_holds(who: CounsellorClient, conversation: str) -> list[dict[str, Any]]:
    rows = (await who.request("holds", line="helpwanted"))["holds"]
    return [row for row in rows if row["conversation"] == conversation]


async def reviews(who: CounsellorClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await who.request("reviews", line="helpwanted", before=None))[
        "conversations"
    ]
    return rows


async def hanna(platform: Platform) -> CounsellorClient:
    return await staff(platform, a_second_supervisor(platform), name="Hanna", duty="")


@pytest.mark.long
async def test_a_review_key_made_in_a_browser_and_given_on_opens_the_words_with_a_reason(
    platform: Platform,
) -> None:
    one, two = await floor(platform), await hanna(platform)
    await make_key(one, "helpwanted")
    caller = await a_talk(platform)
    conversation = caller.conversation
    listed = await two.request("reviews", line="helpwanted", before=None)
    assert conversation in [row["conversation"] for row in listed["conversations"]]
    assert SAID not in str(listed)

    reading = await two.request("read", conversation=conversation, reason="quality")
    with pytest.raises(Refused) as refused:
        await read(two, conversation, reading["reading"])
    assert refused.value.code == "conflict"
    await give_key(one, "helpwanted", two)
    (talk,) = await read(two, conversation, reading["reading"])
    assert talk.texts() == [SAID, "goed dat je er bent"]
    trail = (await one.request("trail"))["rows"]
    assert ("Hanna", "review", "quality") in [(r["alias"], r["action"], r["detail"]) for r in trail]


@pytest.mark.long
async def test_a_hold_by_two_survives_the_caller_s_erasing_and_nobody_else_has_it(platform: Platform) -> None:
    one, two = await floor(platform), await hanna(platform)
    await make_key(one, "helpwanted")
    await give_key(one, "helpwanted", two)
    caller = await a_talk(platform)
    conversation = caller.conversation
    until = (datetime.now(UTC) + timedelta(days=10)).isoformat()
    approval = await one.request("hold", conversation=conversation, reason="safeguarding", until=until)
    with pytest.raises(Refused) as refused:
        await one.request("confirm", hold=approval["hold"])
    assert refused.value.code == "conflict"
    await two.request("drop", hold=approval["hold"])
    assert await own_holds(one, conversation) == []
    approval = await one.request("hold", conversation=conversation, reason="safeguarding", until=until)
    (waits,) = (await two.request("reviewapprovals"))["holds"]
    (row,) = [row for row in (await reviews(two)) if row["conversation"] == conversation]
    for name in ("conversation", "opened", "initial", "people"):  # as the list names it
        assert waits[name] == row[name]
    assert (waits["own"], waits["line"], waits["people"]) == (False, "helpwanted", ["Carla"])
    await two.request("confirm", hold=approval["hold"])
    assert (await two.request("reviewapprovals"))["holds"] == []
    told = await caller.until(lambda frame: frame["type"] == "held")
    hold = {"reason": "safeguarding", "until": waits["until"]}
    assert {name: told[name] for name in hold} == hold
    erased = await caller.request("erase")
    assert (erased["held"], erased["hold"]) == (True, hold)
    assert await caller.closed() == 4410
    await caller.connect()
    with pytest.raises(Refused) as refused:
        await caller.request("resume", conversation=conversation, token=caller.token, since=0)
    assert refused.value.code == "not_found"
    assert conversation not in [row["conversation"] for row in await reviews(one)]
    (row,) = await own_holds(one, conversation)
    assert row["gone"]
    assert row["confirmed"] == "Hanna"
    reading = await one.request("read", conversation=conversation, reason="safeguarding")
    (talk,) = await read(one, conversation, reading["reading"])
    assert SAID in talk.texts()


@pytest.mark.parametrize("name", ["reviews", "holds", "keeping", "makekey"])
async def test_another_line_is_not_there(laptop: Platform, name: str) -> None:
    supervisor = await floor(laptop)
    fields = dict(FRAMES)[name] | {"line": "stopitnow"}
    if name == "makekey":
        fields |= {"public": "B" * 86 + "A", "sealed": ""}
    with pytest.raises(Refused) as refused:
        await supervisor.request(name, **fields)
    assert refused.value.code == "not_found"


async def test_a_browser_without_an_approved_device_neither_looks_nor_acts(laptop: Platform) -> None:
    who = laptop.people("supervisor", line="helpwanted")[0]
    looker = await staff(laptop, who, name="Floor", duty="", enrols=False)
    for name in ("keys", "reviews", "read", "hold", "confirm", "drop", "keeping", "allow", "transcript"):
        with pytest.raises(Refused) as refused:
            await looker.request(name, **dict(FRAMES)[name])
        assert refused.value.code == "conflict"


async def test_a_moment_beyond_the_calendar_is_a_bad_frame(laptop: Platform) -> None:
    supervisor = await floor(laptop)
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        asked: dict[str, dict[str, Any]] = {
            "reviews": {"line": "helpwanted", "before": moment},
            "hold": {"conversation": "A" * 22, "reason": "legal", "until": moment},
        }
        for name, fields in asked.items():
            with pytest.raises(Refused) as refused:
                await supervisor.request(name, **fields)
            assert refused.value.code == "bad_frame"
