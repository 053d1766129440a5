"""A console is told about its lines: callers who are away are counted apart, and a colleague's duty is shown
at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from helpline import frontend
from tests.support.cast import anna, carla, counsellors, gijs, staff
from tests.support.counsellor import CounsellorClient
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

LINE = "helpwanted"


@pytest.fixture(scope="module")
def two(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    with Platform(database_url=postgres.database_with_people(), redis_url=redis.url, processes=2) as running:
        yield running


@pytest.fixture(scope="module")
def one() -> Iterator[Platform]:
    """Provides a platform of its own, because on others more callers wait."""
    with Platform() as running:
        yield running


@pytest.fixture(params=["one", pytest.param("two", marks=pytest.mark.stack)])
def platform(request: pytest.FixtureRequest) -> Platform:
    running: Platform = request.getfixturevalue(request.param)
    return running


def duty_of(frame: dict[str, Any], name: str) -> str | None:
    if frame["type"] != "colleagues" or frame["line"] != LINE:
        return None
    return next((one["duty"] for one in frame["colleagues"] if one["alias"] == name), None)


async def daan(platform: Platform) -> CounsellorClient:
    return await staff(platform, counsellors(platform, LINE)[1], name="Daan", duty="")


@pytest.mark.long
async def test_a_colleague_stands_on_duty_without_a_page_that_is_loaded_again(platform: Platform) -> None:
    watcher = await carla(platform)
    other = await daan(platform)
    alias = other.me["alias"]
    for state in ("on", "break", "off"):
        await other.duty(state)
        frame = await watcher.until(lambda frame, state=state: duty_of(frame, alias) == state)  # type: ignore[misc]
        assert all(one["alias"] != watcher.me["alias"] for one in frame["colleagues"]), "not oneself"
        assert frame["open"] is True


async def test_who_is_away_stands_apart_with_since_when_the_others_wait(platform: Platform) -> None:
    watcher = await carla(platform)
    gone, there = await anna(platform), await anna(platform)
    await gone.start()
    await there.start()
    await watcher.until(lambda frame: frame["type"] == "queue" and frame["waiting"] - frame["away"] == 2)
    await gone.disconnect()
    frame = await watcher.until(lambda frame: frame["type"] == "queue" and frame["away"] == 1)
    assert (frame["waiting"], frame["here"]) == (2, 1)
    assert frame["oldest"] < frame["oldest_here"]
    await there.leave()


async def test_a_flag_an_initial_and_what_was_read_are_there_after_a_reload(
    platform: Platform,
) -> None:
    watcher = await carla(platform)
    caller = await anna(platform)
    await caller.start()
    taken = await watcher.next(LINE)
    assert taken["initial"]
    talk = await watcher.enter(taken["conversation"])
    await caller.post("iemand is in gevaar")
    await watcher.becomes(lambda: "iemand is in gevaar" in talk.texts())
    await watcher.request("flag", conversation=talk.conversation, risk=2)
    await watcher.mark_seen(talk.conversation)
    seen = talk.newest
    await watcher.reopen()
    rows = watcher.greeting["conversations"]
    assert [(row["initial"], row["risk"]) for row in rows if row["conversation"] == talk.conversation] == [
        (taken["initial"], 2)
    ]
    ok = await watcher.open(talk.conversation)
    assert (ok["initial"], ok["risk"], ok["read"]) == (taken["initial"], 2, seen)
    await watcher.close(talk.conversation)


async def test_that_the_form_was_sent_is_there_after_a_reload(platform: Platform) -> None:
    watcher = await carla(platform)
    caller = await anna(platform)
    await caller.start()
    talk = await watcher.take(LINE)
    await watcher.becomes(lambda: talk.epoch > 0)
    await watcher.close(talk.conversation)
    await watcher.reopen()
    assert not (await watcher.open(talk.conversation))["wrapped"]
    await watcher.request("wrapup", conversation=talk.conversation, codes={"weight": "light"})
    await watcher.reopen()
    assert (await watcher.open(talk.conversation))["wrapped"]


async def test_a_desk_shows_whether_anybody_sits_there(platform: Platform) -> None:
    watcher = await carla(platform)
    partner = await gijs(platform)
    await partner.duty("on")
    await (await daan(platform)).duty("on")
    await watcher.until(lambda frame: frame["type"] == "colleagues" and frame["desks"] == ["csg"])
    csg = next(row for row in watcher.greeting["services"] if row["service"] == "csg")
    assert (csg["phone"], csg["ages"], csg["desk"]) == ("0800-0188", [None, None], True)
    assert "aanranding" in csg["needs"]


async def test_what_a_line_refers_to_most_is_known(platform: Platform) -> None:
    watcher = await carla(platform)
    caller = await anna(platform)
    await caller.start()
    talk = await watcher.take(LINE)
    await watcher.request("refer", conversation=talk.conversation, service="113")
    await watcher.close(talk.conversation)
    await watcher.reopen()
    uses = {row["service"]: row["uses"] for row in watcher.greeting["services"]}
    assert uses["113"] == 1
    assert uses["csg"] == 0


async def test_a_console_knows_which_pages_are_served_now(platform: Platform) -> None:
    """A console that was left open during an upgrade says that there is a newer release."""
    assert (await carla(platform)).greeting["release"] == frontend.release()
