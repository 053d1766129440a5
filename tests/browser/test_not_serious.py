"""A counsellor ends a conversation that is not serious. The page asks for confirmation, by button and by
key."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    carla_signs_in,
    in_both_themes,
)
from tests.support.cast import counsellors
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
SURE = "Niet serieus? Druk nog eens"


async def may_close(carla: Page) -> None:
    """Waits until the seat may close the conversation, which it learns a moment after the caller's yes."""
    await expect(carla.get_by_role("button", name="Afsluiten")).to_be_visible(timeout=WITHIN)
    await carla.locator(".doubt button").wait_for(state="attached")


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_the_first_press_asks_and_the_second_ends_it(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[size is DESK], size)
    await expect(carla.get_by_text("Er wacht nu niemand die je kunt helpen")).to_be_visible()
    await looks_right(carla)
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "haha")
    await carla.get_by_role("button", name="Volgende").click()
    await expect(carla.locator("hl-talk").get_by_text("haha")).to_be_visible(timeout=WITHIN)
    await may_close(carla)
    await carla.keyboard.press("Alt+u")
    await expect(carla.get_by_text(SURE)).to_be_visible()
    await looks_right(carla)
    await in_both_themes(carla, "unserious-sure")
    await carla.get_by_role("button", name="Toch niet").click()
    await expect(carla.get_by_text(SURE)).to_be_hidden()
    if size is PHONE:
        await carla.locator("main [data-about]").click()
    await carla.locator("hl-right [data-panel=about]").first.click()
    await carla.locator(".doubt button").scroll_into_view_if_needed()
    await looks_right(carla)
    await in_both_themes(carla, "unserious-panel")
    await carla.locator(".doubt button").click()
    await expect(carla.get_by_text(SURE)).to_be_visible()
    await carla.wait_for_timeout(500)
    await carla.get_by_role("button", name="Sluit het gesprek").click()
    await expect(anna.get_by_role("heading", name="Het gesprek is afgelopen")).to_be_visible(timeout=WITHIN)
    await expect(carla.locator(".doubt")).to_have_count(0)


async def test_the_list_of_keys_has_it_and_another_press_by_key_ends_it(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[2])
    await carla.locator("[data-opens=help]").click()
    await expect(
        carla.locator("#help").get_by_text("Niet serieus: gesprek afsluiten (twee keer)")
    ).to_be_visible()
    await carla.keyboard.press("Escape")
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "haha")
    await carla.get_by_role("button", name="Volgende").click()
    await expect(carla.locator("hl-talk").get_by_text("haha")).to_be_visible(timeout=WITHIN)
    await may_close(carla)
    await carla.keyboard.press("Alt+u")
    await carla.wait_for_timeout(500)
    await carla.keyboard.press("Alt+u")
    await expect(anna.get_by_role("heading", name="Het gesprek is afgelopen")).to_be_visible(timeout=WITHIN)
