"""A language is one folder and one setting. The tests add two: German, for the callers of one line alone,
which is not shipped; and a made-up one that runs from right to left and is 60 % longer. Every screen of a
caller works in it."""

import asyncio
import json
import re
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    carla_reads,
    carla_says,
    carla_signs_in,
    in_both_themes,
)
from tests.browser.states import STATES, State, Visit
from tests.browser.wholeness import TOO_WIDE
from tests.support import made_up_language
from tests.support.platform import ROOT, Platform

pytestmark = pytest.mark.timeout(180)
IN_ALL_LANGUAGES = {"nowhere", "down"}  # all languages below each other, the usual one first
GERMAN = ROOT / "tests" / "languages" / "de"


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    made_up = made_up_language.write(tmp_path_factory.mktemp("languages"))
    with Platform(LANGUAGES=f"nl en {GERMAN} {made_up}", GRANT_SECONDS=15, STAFF_LEASE_SECONDS=8) as running:
        yield running


def said(name: str, key: str) -> str:
    return str(json.loads((GERMAN / f"{name}.json").read_text())[key])


def answer(platform: Platform, path: str, accepts: str = "de") -> tuple[int, str]:
    try:
        with urlopen(Request(f"{platform.url}{path}", headers={"Accept-Language": accepts})) as found:
            return found.status, found.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


async def test_a_caller_of_the_line_that_speaks_it_is_helped_in_german(
    browsers: Browsers, abroad: Platform
) -> None:
    page = await browsers.window(abroad, PHONE)
    await page.goto(f"{abroad.url}/nl/praat/")
    await looks_right(page)
    await page.get_by_role("link", name="Deutsch").click()
    await page.wait_for_url("**/de/praat/")
    assert await page.locator("html").get_attribute("lang") == "de"
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await expect(page.locator("#for")).to_have_text(said("lines/young-victims", "caller.start.for"))
    await in_both_themes(page, "german-start")
    await page.locator("#begin").click()
    await page.locator("#text").fill("jemand droht mir")
    await page.get_by_role("button", name=said("caller", "caller.write.send")).click()
    await expect(page.locator(".bubble.own .tick")).to_be_visible(timeout=WITHIN)
    carla = await carla_signs_in(browsers, abroad)
    await carla.get_by_role("button", name="Volgende").click()
    spoken = carla.get_by_text("Duits", exact=True).filter(visible=True)
    await expect(spoken.first).to_be_visible(timeout=WITHIN)
    await carla_reads(carla, "jemand droht mir")
    await carla_says(carla, "Gut, dass du da bist.")
    await expect(page.get_by_text("Gut, dass du da bist.")).to_be_visible(timeout=WITHIN)
    await looks_right(page)
    await in_both_themes(page, "german-talking")


async def test_the_other_line_has_no_german_page_and_the_staff_s_pages_stay_dutch(abroad: Platform) -> None:
    def look() -> None:
        status, lines = answer(abroad, "/de/")
        assert (status, "/de/praat/" in lines, "/de/gesprek/" in lines) == (200, True, False)
        assert 'lang="de"' in lines
        other = re.search(r'href="/nl/(?!praat/)([a-z-]+)/"', answer(abroad, "/nl/")[1])
        assert other is not None
        assert answer(abroad, f"/de/{other[1]}/")[0] == 404
        assert "Deutsch" not in answer(abroad, f"/nl/{other[1]}/")[1]
        assert {*json.loads(answer(abroad, "/api/lines/helpwanted/")[1])["says"]} == {"nl", "en", "de", "ar"}
        assert '<html lang="nl"' in answer(abroad, "/login/")[1]

    await asyncio.to_thread(look)


@pytest.mark.parametrize("state", STATES, ids=lambda state: str(state.name))
async def test_each_state_holds_together_from_right_to_left_in_longer_words(
    browsers: Browsers, abroad: Platform, state: State
) -> None:
    visit = Visit(browsers, abroad, made_up_language.CODE, state.scripts)
    await visit.opens()
    await state.comes(visit)
    if state.name not in IN_ALL_LANGUAGES:
        assert await visit.page.locator("html").get_attribute("dir") == "rtl"
    await holds_together(visit.page, f"made-up-{state.name}")
    await visit.page.context.set_offline(False)


async def test_the_start_holds_together_on_a_desk(browsers: Browsers, abroad: Platform) -> None:
    page = await browsers.window(abroad, DESK)
    await page.goto(f"{abroad.url}/{made_up_language.CODE}/praat/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    await holds_together(page, "made-up-desk")


async def holds_together(page: Page, name: str) -> None:
    await page.wait_for_timeout(200)
    assert await page.evaluate(TOO_WIDE) == []
    await expect(page.locator("header a.exit")).to_be_in_viewport(ratio=1)
    await looks_right(page)
    await in_both_themes(page, name)
