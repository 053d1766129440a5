"""Floor changes what the line tells callers, sees it on a phone, and goes back. A new phenomenon becomes a
code."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_signs_in,
    carla_takes,
    in_both_themes,
    picture,
)
from tests.browser.test_first_screen import BUDGET, SHIFTS
from tests.support.platform import Platform

PICTURES = os.environ.get("HELPLINE_PICTURES")
WHOM = "Voor iedereen die online iets naars meemaakt. Ook als je niet weet hoe je het moet zeggen."
DANGER = "Is er nu iets ergs? Bel direct."
TIP = "Zet je account op privé."


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if PICTURES:
        await picture(page, Path(PICTURES) / f"board-words-{name}.png")


async def floor_opens_words(browsers: Browsers, platform: Platform, size: dict[str, int] = DESK) -> Page:
    floor = await floor_opens(browsers, platform, "#woorden", size)
    await expect(floor.get_by_role("heading", name="Wat Helpwanted tegen hulpvragers zegt")).to_be_visible(
        timeout=WITHIN
    )
    await expect(floor.locator("button", has_text="Maak deze code")).to_be_enabled(timeout=WITHIN)
    return floor


async def save(floor: Page, button: str = "Bewaar deze woorden") -> None:
    await floor.get_by_role("button", name=button).click()
    await expect(floor.get_by_text("Bewaard.", exact=True)).to_be_visible(timeout=WITHIN)


async def test_what_a_supervisor_changes_is_read_by_the_next_caller_without_a_jump(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens_words(browsers, laptop)
    phone = floor.locator(".phone")
    await floor.get_by_label("Voor wie deze lijn is, Nederlands").fill(WHOM)
    await floor.get_by_label("boven de nummers staat als het acuut is, Nederlands").fill(DANGER)
    await floor.get_by_role("button", name="Voeg een tip toe").click()
    last = await floor.locator(".words-tab ol.rows").first.locator("> li").count()
    await expect(floor.get_by_text("Er is nog een veld leeg.")).to_be_visible()
    await expect(floor.get_by_role("button", name="Bewaar deze woorden")).to_be_disabled()
    await floor.get_by_label(f"tip {last}, Nederlands").fill(TIP)
    await floor.get_by_label(f"tip {last}, Engels").fill("Set your account to private.")
    await floor.get_by_role("button", name=f"Zet tip {last} omhoog").click()
    await expect(phone.get_by_text("0800-0113").first).to_be_visible()
    await expect(phone.get_by_text(TIP)).to_be_visible()
    await floor.get_by_role("button", name="Engels", exact=True).click()
    await expect(phone.get_by_text("Set your account to private.")).to_be_visible()
    await shot(floor, "changed")
    await in_both_themes(floor, "words")
    await save(floor)

    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/", wait_until="networkidle")
    await expect(anna.get_by_text(WHOM)).to_be_visible(timeout=WITHIN)
    assert await anna.evaluate(SHIFTS) < BUDGET["shift"]
    await anna.get_by_text("Het is nu dringend").click()
    await expect(anna.get_by_text(DANGER)).to_be_visible()
    await anna.get_by_text("Dat zeg ik nu niet").click()
    await anna.get_by_text("Wat je nu al kunt doen").click()
    await anna.get_by_text(TIP).click()
    await anna.evaluate("scrollTo(0, 0)")  # otherwise the exit, which stays in sight, covers half of a box
    await looks_right(anna)
    await anna.locator("#begin").click()
    await expect(anna.get_by_role("checkbox", name=TIP)).to_be_checked(timeout=WITHIN)
    await looks_right(anna)

    await floor.get_by_role("button", name="Zet in het formulier: de vaste woorden").click()
    await save(floor)
    late = await browsers.window(laptop, PHONE)
    await late.goto(f"{laptop.url}/nl/praat/", wait_until="networkidle")
    await expect(late.get_by_text(WHOM)).to_be_hidden()
    await looks_right(late)


async def test_words_for_later_wait_for_their_moment_and_can_be_called_off(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens_words(browsers, laptop, PHONE)
    await floor.get_by_label("Voor wie deze lijn is, Nederlands").fill("Straks anders.")
    await floor.get_by_label("Leeg laten is: meteen").fill("2020-01-01T10:00")
    await expect(floor.get_by_text("Dit moment is voorbij.")).to_be_visible()
    moment = await floor.evaluate("new Date(Date.now() + 86_400_000).toISOString().slice(0, 16)")
    await floor.get_by_label("Leeg laten is: meteen").fill(moment)
    await save(floor, "Bewaar voor later")
    await expect(floor.get_by_text("gaat dan in")).to_be_visible(timeout=WITHIN)
    await shot(floor, "later")
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/", wait_until="networkidle")
    await expect(anna.get_by_text("Straks anders.")).to_be_hidden()
    await looks_right(anna)
    await floor.get_by_role("button", name="gaat niet door").click()
    await expect(floor.get_by_text("gaat dan in")).to_be_hidden(timeout=WITHIN)


async def test_a_new_phenomenon_stands_in_an_open_form_the_same_minute_and_ends_for_good(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "Iemand plakte een valse code over een poster")
    await carla_takes(carla, "valse code")
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await carla.get_by_role("button", name="Rond af").click()
    await expect(carla.get_by_role("radio", name="sextortion", exact=True)).to_be_visible(timeout=WITHIN)

    floor = await floor_opens_words(browsers, laptop)
    await floor.get_by_label("Naam (Nederlands)").fill("valse QR-code")
    await floor.get_by_label("Naam (Engels)").fill("fake QR code")
    await floor.get_by_role("button", name="Maak deze code").click()
    await expect(carla.get_by_role("radio", name="valse QR-code")).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("radio", name="valse QR-code").check()
    await looks_right(carla)
    await carla.get_by_role("button", name="Verstuur").click()

    await floor.get_by_role("button", name="Beëindig de code valse QR-code").click()
    await shot(floor, "code")
    await floor.get_by_role("button", name="Ja, beëindig").click()
    await expect(floor.get_by_text("tot ", exact=False).first).to_be_visible(timeout=WITHIN)
    await floor.get_by_label("Naam (Nederlands)").fill("Valse QR code")
    await floor.get_by_label("Naam (Engels)").fill("once more")
    await floor.get_by_role("button", name="Maak deze code").click()
    await expect(floor.get_by_text("Die code is er al, of was er")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)


async def test_a_question_of_the_line_s_own_is_asked_in_an_open_form_and_ends_with_its_answers(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "Het begon in een spel")
    await carla_takes(carla, "in een spel")
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await carla.get_by_role("button", name="Rond af").click()
    await expect(carla.get_by_role("radio", name="sextortion", exact=True)).to_be_visible(timeout=WITHIN)

    floor = await floor_opens_words(browsers, laptop)
    await _names(floor, "een nieuwe vraag van jullie zelf", "Waar begon het?", "Where did it begin?")
    await expect(floor.get_by_role("button", name="Beëindig de vraag Waar begon het?")).to_be_visible(
        timeout=WITHIN
    )
    await _names(floor, "Waar begon het?", "in een spel", "in a game")
    asked = carla.get_by_role("group", name="Waar begon het?")
    await asked.get_by_role("radio", name="in een spel").check(timeout=WITHIN)
    await asked.scroll_into_view_if_needed()
    await shot(carla, "question-asked")
    await shot(floor, "question")
    await carla.get_by_role("button", name="Verstuur").click()
    await floor.get_by_role("button", name="Beëindig de vraag Waar begon het?").click()
    await floor.get_by_role("button", name="Ja, met de antwoorden").click()
    await expect(floor.get_by_role("button", name="Beëindig de code in een spel")).to_be_hidden(
        timeout=WITHIN
    )
    await floor.get_by_role("button", name="Haal terug: Waar begon het?").click()
    await expect(floor.get_by_role("button", name="Beëindig de code in een spel")).to_be_visible(
        timeout=WITHIN
    )
    await looks_right(floor)
    await looks_right(carla)


async def _names(floor: Page, question: str, nl: str, en: str) -> None:
    await floor.get_by_label("Bij welke vraag").select_option(label=question, timeout=WITHIN)
    await floor.get_by_label("Naam (Nederlands)").fill(nl)
    await floor.get_by_label("Naam (Engels)").fill(en)
    await floor.get_by_role("button", name="Maak deze code").click()
    await expect(floor.get_by_label("Naam (Nederlands)")).to_have_value("", timeout=WITHIN)
