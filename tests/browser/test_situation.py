"""A few questions on the caller's own screen choose what to do. The answers stay there unless the caller
sends them."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    carla_signs_in,
    carla_takes,
    goes_on_duty,
    in_both_themes,
)
from tests.support.cast import go_home
from tests.support.platform import Platform

MONEY, DANGER = "Vraagt iemand om geld?", "Ben je nu in gevaar?"
SAID = f"Dit koos ik:\n{MONEY} Ja\n{DANGER} Nee"


@pytest.fixture(scope="module")
def laptop() -> Iterator[Platform]:
    with Platform(DEMO_LETTERS="1", GRANT_SECONDS=15, BEAT_SECONDS=1) as running:
        yield running


async def answers(page: Page, question: str, answer: str) -> None:
    await page.get_by_role("group", name=question).get_by_text(answer, exact=True).click()


def things_to_do(page: Page) -> Locator:
    return page.locator("ul.checks > li:visible")


async def test_where_nobody_can_talk_the_answers_choose_what_to_do_and_begin_a_letter(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE)
    asked: list[str] = []
    await anna.goto(f"{laptop.url}/nl/later/")
    await expect(anna.get_by_role("heading", name="Wat past bij jou?")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_role("button", name="Schrijf een brief")).to_be_visible(timeout=WITHIN)
    await anna.wait_for_load_state("networkidle")  # the page has all its modules
    await anna.get_by_role("button", name="Kun je niet bellen?").click()
    await expect(anna.get_by_role("button", name="Schrijf een brief")).to_be_in_viewport()
    every = await things_to_do(anna).count()
    anna.on("request", lambda request: asked.append(request.url))
    await answers(anna, MONEY, "Ja")
    await expect(anna.get_by_text("Dit kun je nu doen:")).to_be_visible()
    assert await things_to_do(anna).count() < every
    await expect(things_to_do(anna).first).to_contain_text("Betaal niet.")
    await looks_right(anna)
    await in_both_themes(anna, "situation-closed")
    await anna.get_by_role("button", name="Toon alles").click()
    await expect(things_to_do(anna)).to_have_count(every)
    await answers(anna, DANGER, "Ja")
    await expect(anna.locator(".check .calls a[href='tel:112']")).to_be_visible()
    await expect(anna.locator(".check .warning").get_by_role("link", name="Chat op 113.nl")).to_be_visible()
    await answers(anna, DANGER, "Nee")
    await expect(anna.locator(".check .calls")).to_have_count(0)
    kept = await anna.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert asked == [], "an answer was sent"
    assert MONEY not in kept
    await anna.get_by_role("button", name="Zet mijn antwoorden in een brief").click()
    letter = anna.get_by_label("Je brief")
    await expect(letter).to_have_value(re.compile(re.escape(SAID)))
    await letter.fill("Ik ben bang.")
    await anna.get_by_role("button", name="Toch niet").click()
    await anna.get_by_role("button", name="Schrijf een brief").click()
    await expect(letter).to_have_value("Ik ben bang.")
    await anna.get_by_role("button", name="Toch niet").click()
    await answers(anna, DANGER, "Ja")
    await anna.get_by_role("button", name="Zet mijn antwoorden in een brief").click()
    await expect(letter).to_be_visible()  # until then the first page has both numbers
    await expect(anna.locator("main form .calls a[href='tel:112']")).to_be_visible()
    await looks_right(anna)
    await go_home(laptop)


async def test_whoever_waits_sends_the_answers_along_or_writes_a_letter_instead(
    browsers: Browsers, laptop: Platform
) -> None:
    """Nobody is on duty, so the wait is long."""
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await anna.get_by_label("Het is nu dringend").check()
    await anna.get_by_role("button", name="Begin", exact=False).last.click()
    await expect(anna.locator(".card.waiting")).to_be_visible(timeout=WITHIN)
    await answers(anna, MONEY, "Ja")
    await answers(anna, DANGER, "Nee")
    await anna.get_by_role("button", name="Stuur mijn antwoorden mee").click()
    await expect(anna.locator(".bubble").last).to_contain_text(MONEY)
    await expect(anna.get_by_text("Je antwoorden gaan mee.")).to_be_visible()
    await answers(anna, DANGER, "Ja")
    await expect(anna.get_by_role("button", name="Stuur mijn antwoorden mee")).to_be_visible()
    await answers(anna, DANGER, "Nee")
    await expect(anna.get_by_role("button", name="Stuur mijn antwoorden mee")).to_have_count(0)
    await anna.locator("#text").fill("Half getypt")
    await expect(anna.get_by_text("Je houdt je plek in de rij terwijl je schrijft.")).to_be_visible(
        timeout=WITHIN
    )
    await looks_right(anna)
    await in_both_themes(anna, "situation-waiting")
    await anna.get_by_role("button", name="Schrijf een brief").click()
    both = re.compile(f"{re.escape(SAID)}.*Half getypt", re.DOTALL)
    letter = anna.get_by_label("Je brief")
    await expect(letter).to_have_value(both, timeout=WITHIN)
    first = await letter.input_value()
    await expect(anna.get_by_label("Het is nu dringend")).to_be_checked()
    await expect(anna.locator("main form .calls a[href='tel:112']")).to_be_visible()
    await anna.get_by_role("button", name="Toch niet").click()
    await expect(anna.locator(".card.waiting")).to_be_visible()
    await expect(anna.locator("#text")).to_have_value("Half getypt")
    await anna.get_by_role("button", name="Schrijf een brief").click()
    await expect(letter).to_have_value(first)
    await letter.fill(f"{first} En nu?")
    await anna.reload()
    await expect(anna.locator("#text")).to_have_value(re.compile(r"Half getypt\s+En nu\?"), timeout=WITHIN)
    await anna.get_by_role("button", name="Schrijf een brief").click()
    await expect(letter).to_have_value(re.compile(r"Half getypt\s+En nu\?"))
    await anna.get_by_role("button", name="Verder").click()
    await expect(anna.locator("p.code")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)
    carla = await carla_signs_in(browsers, laptop)
    await goes_on_duty(carla)
    await expect(carla.get_by_text("Er wacht nu niemand die je kunt helpen.")).to_be_visible(timeout=WITHIN)
    await expect(carla.get_by_role("button", name="Volgende")).to_be_disabled()
    await looks_right(carla)
    await go_home(laptop)


async def test_whoever_comes_while_a_letter_is_written_in_the_queue_finds_its_writer_there(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "Hij dreigt.")
    await anna.get_by_role("button", name="Schrijf een brief").click()
    letter = anna.get_by_label("Je brief")
    await expect(letter).to_have_value(re.compile(r"Hij dreigt\.\s*"))
    await expect(anna.get_by_text("Je staat nog in de rij, tot je op ‘Verder’ tikt.")).to_be_visible()
    await letter.fill("Hij dreigt.\n\nHij weet mijn school.")
    await looks_right(anna)
    await in_both_themes(anna, "letter-in-the-queue")
    carla = await carla_signs_in(browsers, laptop)
    await carla_takes(carla, "Hij dreigt.")
    await expect(anna.locator("#text")).to_have_value("Hij weet mijn school.", timeout=WITHIN)
    await expect(anna.locator(".company")).to_be_visible()
    told = anna.get_by_text("Je brief is niet verstuurd. Je woorden staan hieronder.")
    await expect(told).to_be_visible()
    await expect(anna.locator("#text")).to_be_focused()
    await looks_right(anna)
    await in_both_themes(anna, "letter-left-for-the-chat")
    await anna.get_by_role("button", name="Stuur").click()
    await expect(told).to_be_hidden()
    await expect(carla.locator(".log")).to_contain_text("Hij weet mijn school.", timeout=WITHIN)
    await looks_right(carla)
    await go_home(laptop)
