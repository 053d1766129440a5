"""Every page of the staff has the same head in one row, with links only to what the person may open."""

import re
from urllib.parse import urljoin

import pytest
from playwright.async_api import expect

from tests.browser.axe import looks_right, looks_right_once
from tests.browser.people import PHONE, Browsers, comes_in, in_both_themes, makes_a_key
from tests.support.cast import counsellors
from tests.support.platform import Platform

WIDTHS = (1440, 1280, 1024, 820, 360)
FOLDS = 1024  # narrower pages hide less urgent links behind a button
ROWS = """() => {
  const all = [...document.querySelectorAll(".head :is(a, button, p, time)")];
  const shown = all.filter((one) => one.checkVisibility());
  return Math.max(...shown.map((one) => one.getBoundingClientRect().height));
}"""


async def test_the_head_stays_one_row_at_every_width(browsers: Browsers, laptop: Platform) -> None:
    carla = await browsers.window(laptop, {"width": 1440, "height": 800})
    await comes_in(carla, laptop, counsellors(laptop, "helpwanted")[0])
    await makes_a_key(carla)
    await carla.get_by_role("radio", name="In dienst").check()
    for width in WIDTHS:
        await carla.set_viewport_size({"width": width, "height": 800})
        await expect(carla.locator("#own-state")).to_contain_text("In dienst")
        await expect(carla.locator("#clock")).to_have_text(re.compile(r"\d\d:\d\d"))
        assert await carla.evaluate("document.querySelector('.head').scrollWidth <= innerWidth"), width
        assert await carla.evaluate(ROWS) < 50, width
        await expect(carla.get_by_role("button", name="Uitloggen")).to_be_visible(visible=width >= FOLDS)
        await looks_right(carla)
        await in_both_themes(carla, "head")


async def test_on_a_phone_a_menu_holds_the_rest(browsers: Browsers, laptop: Platform) -> None:
    carla = await browsers.window(laptop, PHONE)
    await comes_in(carla, laptop, counsellors(laptop, "helpwanted")[0])
    await carla.get_by_role("button", name="Menu").click()
    await expect(carla.get_by_role("link", name="Gesprekken")).to_have_attribute("aria-current", "page")
    await expect(carla.get_by_role("link", name="Mijn account")).to_be_visible()
    await looks_right(carla)
    await in_both_themes(carla, "menu")
    await carla.keyboard.press("Escape")
    await expect(carla.get_by_role("button", name="Uitloggen")).to_be_hidden()


@pytest.mark.parametrize(
    ("role", "places"),
    [
        ("counsellor", ["Gesprekken", "Mijn rooster"]),
        ("supervisor", ["Gesprekken", "Bord", "Mijn rooster", "Mensen"]),
        ("partner", ["Balie"]),
        ("administrator", ["Mensen", "Beheer"]),
    ],
)
async def test_everybody_is_led_to_what_they_may_open_and_to_nothing_else(
    browsers: Browsers, laptop: Platform, role: str, places: list[str]
) -> None:
    page = await browsers.window(laptop, {"width": 1280, "height": 800})
    await comes_in(page, laptop, laptop.people(role)[0])
    links = page.locator(".places a")
    assert [text.strip() for text in await links.all_inner_texts()] == places
    if role == "supervisor":  # some pages open on a proven device only
        await page.get_by_role("region", name="Helpwanted").first.wait_for()
    for link in await links.all():
        address = urljoin(page.url, await link.get_attribute("href") or "")
        answer = await page.request.get(address)
        assert (answer.status, answer.url) == (200, address)
    await looks_right_once(page)


async def test_how_close_everything_stands_is_kept_for_this_browser(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await browsers.window(laptop, {"width": 1280, "height": 800})
    await comes_in(floor, laptop, laptop.people("supervisor")[0])
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    roomy = await floor.evaluate(size)
    await floor.get_by_role("button", name="Compact").click()
    assert await floor.evaluate(size) < roomy
    await floor.goto(f"{laptop.url}/console/")
    await expect(floor.get_by_role("button", name="Compact")).to_have_attribute("aria-pressed", "true")
    await looks_right(floor)
    await in_both_themes(floor, "compact")
