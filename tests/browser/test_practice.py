"""Carla practises with a made-up caller in a second tab, through the real code, and nothing of it is
counted."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    carla_reads,
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
    """Opens her console, off duty, and the caller's tab in the same browser, so that it is signed in."""
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
    await made_up.reload()  # the same caller goes on
    await expect(made_up.locator(".said")).to_contain_text("hij zegt dat hij hem stuurt", timeout=WITHIN)
    await carla_says(carla, "En daarna?")
    await expect(log.get_by_text("ik heb al een keer betaald")).to_be_visible(timeout=30_000)
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
    await carla_reads(partner, "dit speelt een trainer")
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
    await expect(carla.get_by_text("Er wacht 1 oefenbrief.")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await takes(carla)
    await expect(carla.locator(".log")).to_contain_text("Ik durf het niemand te zeggen.", timeout=WITHIN)
    await carla.locator("#draft").fill("Goed dat je het zegt.")
    await carla.get_by_role("button", name="Verstuur antwoord").click()
    await expect(made_up.get_by_text("De brief is beantwoord.")).to_be_visible(timeout=WITHIN)
    await expect(made_up.get_by_text("Goed dat je het zegt.")).to_be_visible(timeout=WITHIN)
    await expect(made_up.locator(".said li").last).to_contain_text("Daan ·", timeout=WITHIN)
    await in_both_themes(made_up, "practice-letter")
    await expect(carla.locator(".wrapup")).to_contain_text("Neem even de tijd.")
    await expect(carla.locator(".wrapup")).not_to_contain_text("als jij erom vraagt")
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


async def plays(made_up: Page, title: str) -> None:
    await made_up.get_by_role("listitem").filter(has_text=title).get_by_role("button").click()
    await expect(made_up.get_by_text("De hulpvrager wacht.")).to_be_visible(timeout=WITHIN)


async def at_width(page: Page, size: dict[str, int]) -> None:
    await page.set_viewport_size({"width": size["width"], "height": size["height"]})


def checklist(page: Page) -> Locator:
    return page.get_by_role("region", name="Lijst bij dit gesprek")


async def an_acute_one(carla: Page, made_up: Page) -> None:
    """Lets Carla flag the caller, record a step, tick a point by hand, and close the conversation."""
    await plays(made_up, "Er niet meer willen zijn")
    await takes(carla)
    marks = checklist(carla)
    await expect(carla.get_by_role("log")).to_contain_text("het staat online", timeout=20_000)
    await expect(marks.get_by_role("listitem")).to_have_count(6, timeout=WITHIN)
    await expect(marks.locator("li.done")).to_have_count(0)
    await looks_right(carla)
    await in_both_themes(carla, "practice-checklist")
    await carla.get_by_role("radio", name="acuut").click(force=True)
    await expect(marks.locator("li.done")).to_contain_text("Zette de zorg op acuut.", timeout=WITHIN)
    await carla.locator(".acute [data-step=ask]").get_by_role("button", name="Gedaan").click()
    await expect(marks.locator("li.done")).to_have_count(2, timeout=WITHIN)
    await marks.get_by_label("Vroeg of iemand nu veilig is, en wie er thuis is.").check()
    await expect(marks.locator("li.done")).to_have_count(3)
    await looks_right(carla)
    await in_both_themes(carla, "practice-checklist-ticked")
    await at_width(carla, PHONE)
    await carla.locator(".talk-head [data-about]").first.click()
    await expect(marks).to_be_visible()
    await looks_right(carla)
    await in_both_themes(carla, "practice-checklist-phone")
    await carla.get_by_role("button", name="Terug naar het gesprek").click()
    await at_width(carla, DESK)
    await carla.get_by_role("button", name="Afsluiten").click()
    await carla.locator(".ending").get_by_role("button").last.click()
    await carla.get_by_role("button", name="Sla over").click()


async def a_handoff(browsers: Browsers, platform: Platform, carla: Page, made_up: Page) -> Page:
    """Hands over: the made-up caller agrees by itself, and Carla plays the other service, whose window it
    returns."""
    await made_up.get_by_role("button", name="Kies een ander gesprek").click()
    await plays(made_up, "Vannacht is er iets gebeurd")
    await takes(carla)
    await expect(carla.get_by_role("log")).to_contain_text("wat ik niet wilde", timeout=20_000)
    await carla.keyboard.press("Alt+h")
    await carla.get_by_role("button", name=SERVICE).first.click()
    await carla.get_by_label(f"Samenvatting voor {SERVICE}").fill("om te oefenen")
    await carla.get_by_role("button", name="Vraag het de hulpvrager").click()
    pin = carla.locator(".pin")
    await expect(pin).to_be_visible(timeout=30_000)
    await made_up.get_by_role("button", name="Haal de link").click()
    link = await made_up.locator("a[data-partner]").get_attribute("href")
    partner = await browsers.window(platform, DESK)
    await partner.goto(str(link))
    await looks_right(partner)
    await partner.locator("input[name=pin], #pin").first.fill((await pin.inner_text()).replace(" ", ""))
    await partner.keyboard.press("Enter")
    await expect(checklist(carla).locator("li.done")).to_contain_text("Droeg warm over", timeout=WITHIN)
    await looks_right(partner)
    return partner


async def test_a_volunteer_plays_an_acute_one_and_a_handoff_with_the_checklist(
    browsers: Browsers, laptop: Platform
) -> None:
    carla, made_up = await carla_practises(browsers, laptop)
    await an_acute_one(carla, made_up)
    partner = await a_handoff(browsers, laptop, carla, made_up)
    await carla.locator("#draft").fill("Een half antw")
    await carla.get_by_role("button", name="Stop met oefenen").click()
    practised = carla.get_by_role("dialog", name="Wat je geoefend hebt")
    await expect(practised.get_by_text("Je hebt nog een half antwoord.")).to_be_visible()
    await expect(practised.locator(".practised > li")).to_have_count(10)
    await expect(practised.locator(".practised > li.done")).to_have_count(2)
    await expect(practised.locator(".practised > li.done").first).to_contain_text("3 van 6 punten")
    await practised.locator(".practised > li.done summary").first.click()
    await looks_right(carla)
    await in_both_themes(carla, "practised")
    await practised.get_by_role("button", name="Oefen verder").click()
    await expect(carla.locator("#draft")).to_have_value("Een half antw")
    await at_width(carla, PHONE)
    await carla.get_by_role("button", name="Wat je geoefend hebt").click()
    await looks_right(carla)
    await in_both_themes(carla, "practised-phone")
    await practised.get_by_role("button", name="Oefen verder").click()
    await at_width(carla, DESK)
    await carla.get_by_role("button", name="Stop met oefenen").click()
    await practised.get_by_role("button", name="Ja, stop").click()
    await expect(carla.get_by_role("button", name="Oefenen", exact=True)).to_be_visible(timeout=WITHIN)
    assert await carla.evaluate("sessionStorage.getItem('helpline-practised')") is None
    for page in (carla, made_up, partner):
        await looks_right(page)


async def test_a_trainer_looks_on_ticks_and_leaves_a_note(browsers: Browsers, laptop: Platform) -> None:
    carla, made_up = await carla_practises(browsers, laptop)
    floor = await floor_opens(browsers, laptop)
    await plays(made_up, "Afpersing")
    await takes(carla)
    await expect(carla.get_by_role("log")).to_contain_text("iemand heeft een foto", timeout=20_000)
    marks = checklist(carla)
    await marks.get_by_text("Laat een trainer meekijken").click()
    await looks_right(carla)
    await in_both_themes(carla, "practice-asks-trainer")
    await marks.get_by_role("button", name="Vraag ").first.click()
    ring = floor.get_by_role("region", name="Een collega vraagt je erbij")
    await expect(ring).to_contain_text("oefent, en vraagt of je meekijkt", timeout=WITHIN)
    await looks_right(floor)
    await ring.get_by_role("link", name="Open de console").click()
    comes = floor.get_by_role("button", name="Ja, ik kom")
    await comes.wait_for(timeout=45_000)  # the next beat shows it if the bell was lost
    await expect(floor.get_by_text("Oefenen: Helpwanted")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    await comes.click()
    await expect(floor.get_by_role("log")).to_contain_text("iemand heeft een foto", timeout=WITHIN)
    await expect(marks.get_by_role("status")).to_contain_text("kijkt mee", timeout=WITHIN)
    await expect(made_up.locator("main")).to_contain_text("In gesprek met")
    hers = checklist(floor)
    await hers.get_by_label("Bleef rustig, en gaf de hulpvrager geen schuld.").check()
    await expect(marks.locator("li.done")).to_contain_text("gezien door", timeout=WITHIN)
    await hers.get_by_label("Korte notitie voor wie oefent").fill("Mooi dat je wachtte.")
    await hers.get_by_role("button", name="Zet erbij").click()
    await expect(marks).to_contain_text("Mooi dat je wachtte.", timeout=WITHIN)
    await expect(made_up.locator("main")).not_to_contain_text("Mooi dat je wachtte.")
    await marks.get_by_label("Vroeg wie in de buurt dit ook mag weten.").check()
    await expect(hers.locator("li.done")).to_have_count(2, timeout=WITHIN)
    for page, name in ((carla, "practice-watched"), (floor, "practice-looks-on")):
        await looks_right(page)
        await in_both_themes(page, name)
    await carla.get_by_role("button", name="Stop met oefenen").click()
    await carla.get_by_role("button", name="Ja, stop").click()
    await expect(made_up.get_by_text("Het gesprek is voorbij.")).to_be_visible(timeout=WITHIN)
    for page in (made_up, carla, floor):
        await looks_right(page)


async def test_the_page_of_a_caller_says_where_practice_begins(browsers: Browsers, laptop: Platform) -> None:
    esra = await browsers.window(laptop, PHONE)
    await comes_in(esra, laptop, counsellors(laptop, "stopitnow")[2])
    await esra.goto(f"{laptop.url}/practice/stopitnow/")
    await expect(esra.get_by_text("ga uit dienst en kies Oefenen")).to_be_visible()
    await looks_right(esra)
    await in_both_themes(esra, "practice-not-begun")
    await esra.get_by_role("link", name="Naar de console").click()
    await expect(esra).to_have_url(f"{laptop.url}/console/")
