"""Carla practises: a made-up caller in a second tab, through the real path, and nothing of it counts."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    carla_says,
    comes_in,
    in_both_themes,
    makes_a_key,
)
from tests.support.cast import counsellors
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
SERVICE = "Centrum Seksueel Geweld"


async def carla_practises(browsers: Browsers, platform: Platform) -> tuple[Page, Page]:
    """Her console, off duty, and the tab of the caller: of the same browser, so that it is signed in."""
    carla = await browsers.window(platform, DESK)
    await comes_in(carla, platform, counsellors(platform, "helpwanted")[1])
    await makes_a_key(carla)
    await carla.get_by_role("button", name="Oefenen", exact=True).click()
    await expect(carla.get_by_text("Je oefent voor Helpwanted.")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    link = carla.get_by_role("link", name="Open de hulpvrager")
    assert await link.get_attribute("target") == "_blank"
    made_up = await browsers.window(platform, PHONE)
    await made_up.context.add_cookies(await carla.context.cookies())  # type: ignore[arg-type]
    await made_up.goto(f"{platform.url}{await link.get_attribute('href')}")
    await made_up.get_by_role("heading", name="Oefenen", exact=True).wait_for()
    await looks_right(made_up)
    await in_both_themes(made_up, "practice-cases")
    return carla, made_up


async def takes(carla: Page) -> None:
    await carla.get_by_role("button", name="Neem het oefengesprek op").click()


async def test_a_scripted_caller_answers_after_a_pause_and_is_taken_by_next(
    browsers: Browsers, laptop: Platform
) -> None:
    carla, made_up = await carla_practises(browsers, laptop)
    await takes(carla)
    await expect(carla.get_by_text("Er wacht nog niemand.")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await carla.get_by_role("button", name="Gelezen").click()
    await made_up.get_by_role("listitem").filter(has_text="Afpersing").get_by_role("button").click()
    await expect(made_up.get_by_text("De hulpvrager wacht.")).to_be_visible(timeout=WITHIN)
    await looks_right(made_up)
    await carla.keyboard.press("Alt+n")
    log = carla.get_by_role("log")
    await expect(log.get_by_text("iemand heeft een foto")).to_be_visible(timeout=20_000)
    await carla_says(carla, "Wat naar. Vertel, wat stuurt hij?")
    await expect(log.get_by_text("hij zegt dat hij hem stuurt")).to_be_visible(timeout=20_000)
    await expect(made_up.get_by_text("In gesprek met")).to_be_visible()
    await looks_right(made_up)
    await in_both_themes(made_up, "practice-talk")
    await looks_right(carla)
    await in_both_themes(carla, "practises")
    await carla.get_by_role("button", name="Stop met oefenen").click()
    await expect(made_up.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=WITHIN)
    await looks_right(made_up)
    await looks_right(carla)


@pytest.mark.short
async def test_a_trainer_plays_the_caller_by_hand_and_the_other_service_in_a_third_tab(
    browsers: Browsers, laptop: Platform
) -> None:
    carla, made_up = await carla_practises(browsers, laptop)
    await made_up.get_by_role("listitem").filter(has_text="Zelf de hulpvrager").get_by_role("button").click()
    await made_up.get_by_label("Schrijf alvast iets").fill("dit speelt een trainer")
    await made_up.keyboard.press("Enter")
    await takes(carla)
    await expect(carla.get_by_role("log").get_by_text("dit speelt een trainer")).to_be_visible(timeout=20_000)
    await carla.keyboard.press("Alt+h")
    await carla.get_by_role("button", name=SERVICE).first.click()
    await carla.get_by_label(f"Samenvatting voor {SERVICE}").fill("om te oefenen")
    await carla.get_by_role("button", name="Vraag het de hulpvrager").click()
    await expect(made_up.get_by_text(f"De hulpvrager krijgt de vraag of {SERVICE}")).to_be_visible(
        timeout=WITHIN
    )
    await looks_right(made_up)
    await made_up.get_by_role("button", name="Ja", exact=True).click()
    pin = carla.locator(".pin")
    await expect(pin).to_be_visible(timeout=WITHIN)
    await made_up.get_by_role("button", name="Haal de link").click()
    link = await made_up.locator("a[data-partner]").get_attribute("href")
    partner = await browsers.window(laptop, DESK)
    await partner.goto(str(link))
    await looks_right(partner)
    await partner.locator("input[name=pin], #pin").first.fill((await pin.inner_text()).replace(" ", ""))
    await partner.keyboard.press("Enter")
    await expect(partner.get_by_role("log").get_by_text("dit speelt een trainer")).to_be_visible(
        timeout=WITHIN
    )
    await looks_right(partner)
    await looks_right(carla)
    await looks_right(made_up)
    await carla.get_by_role("button", name="Stop met oefenen").click()
    await expect(partner.get_by_role("log")).to_contain_text("sloot het gesprek af", timeout=WITHIN)


async def test_who_is_on_duty_is_told_to_go_off_first(browsers: Browsers, laptop: Platform) -> None:
    carla = await browsers.window(laptop, DESK)
    await comes_in(carla, laptop, counsellors(laptop, "helpwanted")[2])
    await makes_a_key(carla)
    await expect(carla.get_by_role("button", name="Oefenen", exact=True)).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("radio", name="In dienst").check()
    await expect(carla.get_by_role("button", name="Oefenen", exact=True)).to_have_count(0)
    await carla.get_by_role("radio", name="Uit dienst").check()
    await expect(carla.get_by_role("button", name="Oefenen", exact=True)).to_be_visible()
    await looks_right(carla)


async def test_a_practice_letter_is_answered_as_a_real_one_is(browsers: Browsers, laptop: Platform) -> None:
    carla, made_up = await carla_practises(browsers, laptop)
    await made_up.get_by_label("Brief van de hulpvrager").fill("Ik durf het niemand te zeggen.")
    await made_up.get_by_role("button", name="Verstuur de brief").click()
    await expect(made_up.get_by_text("De brief wacht.")).to_be_visible(timeout=WITHIN)
    await looks_right(made_up)
    await takes(carla)
    await expect(carla.locator(".log")).to_contain_text("Ik durf het niemand te zeggen.", timeout=WITHIN)
    await carla.locator("#draft").fill("Goed dat je het zegt.")
    await carla.get_by_role("button", name="Verstuur antwoord").click()
    await expect(made_up.get_by_text("De brief is beantwoord.")).to_be_visible(timeout=WITHIN)
    await expect(made_up.get_by_text("Goed dat je het zegt.")).to_be_visible(timeout=WITHIN)
    await expect(made_up.locator(".said li").last).to_contain_text("Daan ·", timeout=WITHIN)
    await in_both_themes(made_up, "practice-letter")
    await looks_right(carla)
    await made_up.get_by_label("Zeg zelf iets").fill("En nu?")
    await made_up.keyboard.press("Enter")
    await carla.get_by_role("button", name="Sla over").click()
    await takes(carla)
    await expect(carla.locator(".log")).to_contain_text("En nu?", timeout=WITHIN)
    await carla.get_by_role("button", name="Stop met oefenen").click()
    await expect(made_up.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=WITHIN)
    await looks_right(made_up)
    await expect(carla.get_by_role("button", name="Geef terug")).to_have_count(0)
    await expect(carla.get_by_text("Antwoord beloofd")).to_have_count(0)
    await expect(carla.locator("main")).not_to_contain_text("practice-")
    await looks_right(carla)


async def test_the_page_of_a_caller_says_where_practice_begins(browsers: Browsers, laptop: Platform) -> None:
    esra = await browsers.window(laptop, PHONE)
    await comes_in(esra, laptop, counsellors(laptop, "stopitnow")[2])
    await esra.goto(f"{laptop.url}/practice/stopitnow/")
    await expect(esra.get_by_text("ga uit dienst en kies Oefenen")).to_be_visible()
    await looks_right(esra)
    await in_both_themes(esra, "practice-not-begun")
    await esra.get_by_role("link", name="Naar de console").click()
    await expect(esra).to_have_url(f"{laptop.url}/console/")
