"""Somebody who has read only the README is caller, counsellor and supervisor at once, in one browser."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_says,
    asks_to_stop,
    carla_says,
    goes_on_duty,
    in_both_themes,
    makes_a_key,
)
from tests.support.platform import Platform

SAID = "Ik praat hier met mezelf"
ANSWER = "En ik geef antwoord"


@pytest.fixture(scope="module")
def with_its_past() -> Iterator[Platform]:
    """Makes the demo as `make run` does, with review keys."""
    with Platform(DEMO_PAST="1", DEMO_LETTERS="1") as running:
        yield running


async def opens(page: Page, link: Locator) -> Page:
    """Opens the tab that the demo opens."""
    async with page.context.expect_page() as opening:
        await link.click()
    tab = await opening.value
    tab.set_default_timeout(WITHIN)
    return tab


async def test_a_newcomer_talks_with_themselves_from_both_sides_and_reads_it_again(
    browsers: Browsers, with_its_past: Platform
) -> None:
    page = await browsers.window(with_its_past, DESK)
    await page.goto(f"{with_its_past.url}/demo/")
    await in_both_themes(page, "demo")
    line = page.locator("section", has=page.get_by_role("heading", name="Helpwanted"))

    caller = await opens(page, line.get_by_role("link", name="Wees een hulpvrager"))
    await caller.get_by_role("button", name="Begin het gesprek").click()
    await anna_says(caller, SAID)
    carla = await opens(page, line.get_by_role("button", name="Carla"))
    await makes_a_key(carla)
    await goes_on_duty(carla)
    await carla.get_by_role("button", name="Volgende").click()
    await expect(carla.get_by_role("log").get_by_text(SAID)).to_be_visible()
    await carla_says(carla, ANSWER)
    await expect(caller.get_by_text(ANSWER)).to_be_visible()
    await asks_to_stop(caller)
    await caller.get_by_role("button", name="Ja, stop").click()
    await expect(carla.get_by_text("Dit gesprek is afgelopen").first).to_be_visible()

    floor = await opens(page, line.get_by_role("button", name="Supervisor 1"))
    await floor.get_by_role("navigation").get_by_role("link", name="Nalezen").click()
    await floor.get_by_role("button", name="Lees na").first.click()
    await floor.locator("form select[name=reason]").select_option(index=1)
    await floor.get_by_role("button", name="Ga verder").click()
    await expect(floor.get_by_text(SAID)).to_be_visible()
    await expect(floor.get_by_text(ANSWER)).to_be_visible()


async def test_the_page_looks_right_on_a_phone_too(browsers: Browsers, with_its_past: Platform) -> None:
    page = await browsers.window(with_its_past, PHONE)
    await page.goto(f"{with_its_past.url}/demo/")
    await in_both_themes(page, "demo")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await looks_right(page)
