"""Floor writes a ready sentence for the line. Carla finds it with two letters, and keeps her own."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
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
from tests.browser.test_words_and_codes import floor_opens_words
from tests.support.platform import Platform

PICTURES = os.environ.get("HELPLINE_PICTURES")
OWN = "Ik ben zo bij je."


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if PICTURES:
        await picture(page, Path(PICTURES) / f"sentences-{name}.png")


async def goes(anna: Page) -> None:
    """Signs Carla out, so that she has a free slot for the next test."""
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()


async def test_a_sentence_of_the_line_is_found_with_two_letters_and_filled_in(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "Ik durf het niet te vertellen")
    await carla_takes(carla, "Ik durf het niet")

    floor = await floor_opens_words(browsers, laptop)
    card = floor.locator("hl-ready-sentences")
    await card.get_by_label("Map").fill("Quishing")
    await card.get_by_label("Nederlands", exact=True).fill("Scan niets meer, {nickname|jij}. Groet, {me|wij}")
    await expect(card.get_by_role("button", name="Voeg deze zin toe")).to_be_disabled()
    await card.get_by_label("Engels", exact=True).fill("Scan nothing more.")
    await card.get_by_role("button", name="Voeg deze zin toe").click()
    await expect(card.get_by_text("Bewaard.")).to_be_visible(timeout=WITHIN)

    draft = carla.locator("#draft")
    await draft.fill("/qu")
    await expect(
        carla.get_by_role("option", name="Quishing Scan niets meer, jij. Groet, Carla")
    ).to_be_visible(timeout=WITHIN)
    await shot(carla, "offered")
    await in_both_themes(carla, "sentences-console")
    await draft.press("Enter")
    await expect(draft).to_have_value("Scan niets meer, jij. Groet, Carla")
    await draft.fill("")

    await card.get_by_label("Zoek een zin").fill("scan")
    await shot(floor, "board")
    await in_both_themes(floor, "sentences-board")
    await card.get_by_role("button", name="Wijzig de zin: Scan niets meer").click()
    await card.get_by_label("Nederlands", exact=True).fill("Scan {iets}")
    await card.get_by_role("button", name="Bewaar de zin").click()
    await expect(card.get_by_text("Tussen accolades mag alleen")).to_be_visible(timeout=WITHIN)
    await card.get_by_label("Nederlands", exact=True).fill("Scan geen code van een poster.")
    await card.get_by_role("button", name="Bewaar de zin").click()
    await expect(card.get_by_text("Bewaard.")).to_be_visible(timeout=WITHIN)
    await draft.fill("/quish")
    await expect(carla.get_by_role("option", name="Scan geen code")).to_be_visible(timeout=WITHIN)

    await card.get_by_role("button", name="Beëindig de zin: Scan geen code").click()
    await card.get_by_role("button", name="Ja, beëindig").click()
    await expect(carla.get_by_role("option", name="Scan geen code")).to_have_count(0, timeout=WITHIN)
    await card.get_by_text("Eerdere zinnen").click()
    await expect(card.get_by_text("Scan niets meer")).to_be_visible()
    await looks_right(floor)
    await draft.fill("")
    await goes(anna)


async def test_one_s_own_sentences_come_along_to_a_browser_that_keeps_nothing(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    await carla.get_by_role("button", name="Instellingen").click()
    await looks_right(carla)
    await carla.locator("#settings textarea[lang=nl]").fill(OWN)
    await carla.locator("#settings textarea[lang=nl]").blur()
    await carla.get_by_role("button", name="Klaar").click()
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "Ben je er nog?")
    await carla_takes(carla, "Ben je er nog?")
    await carla.evaluate("localStorage.removeItem('helpline-preferences')")
    await carla.reload()
    await carla.locator("#draft").wait_for()
    await carla.get_by_role("button", name="Instellingen").click()
    await expect(carla.locator("#settings textarea[lang=nl]")).to_have_value(OWN, timeout=WITHIN)
    await carla.get_by_role("button", name="Klaar").click()
    await carla.locator("#draft").fill("/")
    await expect(carla.get_by_role("option", name=f"eigen {OWN}")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await carla.locator("#draft").fill("")
    await goes(anna)
