"""A caller is handed over in three browsers: a phone, a counsellor's desk and a partner's desk."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_reads,
    carla_says,
    carla_signs_in,
    carla_takes,
    comes_in,
    in_both_themes,
    makes_a_key,
)
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
SERVICE = "Centrum Seksueel Geweld"
BEFORE, BRIEF, AFTER = "dit schreef ik eerder", "Anna wil praten over wat er is gebeurd", "nu alleen met CSG"


async def gijs_signs_in(browsers: Browsers, platform: Platform) -> Page:
    page = await browsers.window(platform, DESK)
    await comes_in(page, platform, platform.people("partner", service="csg")[0])
    await makes_a_key(page)
    await page.get_by_role("radio", name="In dienst").check()
    return page


async def carla_asks(carla: Page) -> None:
    await carla.locator("main button.invite").click()
    await (
        carla.get_by_role("button", name="Andere dienst")
        .or_(carla.get_by_role("tab", name="Andere dienst"))
        .or_(carla.get_by_role("radio", name="Andere dienst"))
        .first.click()
    )
    await carla.get_by_role("button", name=SERVICE).first.click()
    await carla.get_by_label(f"Samenvatting voor {SERVICE}").fill(BRIEF)
    await looks_right(carla)
    await carla.get_by_role("button", name="Vraag het de hulpvrager").click()


@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.short)])
async def test_the_caller_is_asked_the_partner_comes_in_and_the_counsellor_leaves(
    browsers: Browsers, laptop: Platform, everything: bool
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, BEFORE)
    carla = await carla_signs_in(browsers, laptop)
    await carla_takes(carla, BEFORE)
    gijs = await gijs_signs_in(browsers, laptop)
    await carla_asks(carla)

    card = anna.locator(".card", has_text=f"Mag {SERVICE} erbij komen?")
    await expect(card).to_contain_text(BRIEF, timeout=WITHIN)
    for page in (anna, carla):
        await looks_right(page)
    if everything:
        await card.get_by_role("radio").last.check()
    await card.get_by_role("button", name="Ja").click()
    comes = gijs.get_by_role("button", name="Ja, ik kom")
    await comes.wait_for(timeout=45_000)  # the next beat shows it if the bell was lost
    await looks_right(gijs)
    await comes.click()
    await expect(anna.locator(".company")).to_contain_text(SERVICE, timeout=WITHIN)
    await expect(anna.locator(".company")).to_contain_text("Carla")
    await expect(gijs.get_by_text(BRIEF).first).to_be_visible(timeout=WITHIN)
    await carla_says(carla, "Dit is onze collega van het CSG")
    await carla_reads(gijs, "Dit is onze collega")
    for page in (anna, carla, gijs):
        await looks_right(page)
    if everything:  # closing would end it for both, so leaving is offered there
        await carla.get_by_role("button", name="Afsluiten").click()
        ending = carla.locator(".ending")
        await expect(ending).to_contain_text(f"({SERVICE})")
        await looks_right(carla)
        await in_both_themes(carla, "ending-with-a-partner")
        await ending.get_by_role("button", name="Overdragen en weggaan").click()
    else:
        await carla.get_by_role("button", name="Overdragen en weggaan").click()
    await expect(anna.locator(".company")).not_to_contain_text("Carla", timeout=WITHIN)
    await anna_says(anna, AFTER)
    await carla_reads(gijs, AFTER)
    await expect(carla.get_by_text(AFTER).first).to_be_hidden()
    before = gijs.get_by_role("log").get_by_text(BEFORE)
    await (expect(before).to_be_visible() if everything else expect(before).to_be_hidden())
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(anna.get_by_text(f"Zo kun je bij {SERVICE} beginnen:")).to_be_visible(timeout=WITHIN)
    await expect(anna.locator(".card blockquote", has_text=BRIEF)).to_be_visible()
