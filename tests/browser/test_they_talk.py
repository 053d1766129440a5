"""A frightened person on a phone reaches a counsellor at a desk, and they talk."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_reads,
    carla_says,
    carla_signs_in,
    carla_takes,
    in_both_themes,
    opens_menu,
    picture,
)
from tests.support.platform import Platform

AGREED = "We spraken af: je blokkeert hem, en vertelt het vanavond je zus."
PICTURES = os.environ.get("HELPLINE_PICTURES")  # `make pictures` keeps them for the README


@pytest.mark.short
async def test_a_caller_and_a_counsellor_talk_reload_and_go_on_while_a_second_caller_waits(
    browsers: Browsers, platform: Platform
) -> None:
    anna = await anna_opens(browsers, platform)
    await anna_says(anna, "Iemand dreigt foto's van mij te delen")
    bilal = await anna_opens(browsers, platform)
    await expect(bilal.get_by_text("Er wacht nog één persoon voor je")).to_be_visible(timeout=WITHIN)

    carla = await carla_signs_in(browsers, platform)
    await carla_takes(carla, "Iemand dreigt foto's van mij te delen")
    await expect(anna.locator(".company")).to_contain_text("Carla", timeout=WITHIN)
    await carla_says(carla, "Goed dat je er bent. Je hoeft niet te betalen.")
    await expect(anna.get_by_text("Goed dat je er bent.")).to_be_visible(timeout=WITHIN)
    await anna_says(anna, "Hij wil dat ik geld stuur")
    await carla_reads(carla, "Hij wil dat ik geld stuur")

    await both_reload(anna, carla)
    for page in (anna, bilal, carla):
        await looks_right(page)
    if PICTURES:
        await picture(anna, Path(PICTURES) / "caller.png")
        await picture(carla, Path(PICTURES) / "console.png")

    await expect(bilal.get_by_text("Je bent als eerste aan de beurt")).to_be_visible(timeout=WITHIN)
    await closes_with_words(anna, carla)
    await carla.get_by_role("button", name="Volgende").click()
    await expect(bilal.locator(".company")).to_contain_text("Carla", timeout=WITHIN)
    await expect(carla.get_by_text("Iemand dreigt foto's").first).to_be_hidden()

    await is_told_that_carla_signed_out(bilal, carla)
    await asks_to_stop(bilal)
    await bilal.get_by_role("button", name="Ja, stop").click()
    assert browsers.foreign == []
    assert await anna.context.cookies() == []


async def both_reload(anna: Page, carla: Page) -> None:
    """Reloads both pages. Each still shows what was said, and they talk on."""
    await anna.reload()
    await expect(anna.get_by_text("Goed dat je er bent.")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_text("Hij wil dat ik geld stuur")).to_be_visible(timeout=WITHIN)
    await carla.reload()
    await carla_reads(carla, "Hij wil dat ik geld stuur")
    await anna_says(anna, "Ik ben er weer")
    await carla_reads(carla, "Ik ben er weer")
    await carla_says(carla, "Ik ook")
    await expect(anna.get_by_text("Ik ook")).to_be_visible(timeout=WITHIN)


async def closes_with_words(anna: Page, carla: Page) -> None:
    """Closes with closing words, which the caller reads on the end card with 112 in sight."""
    await carla.get_by_role("button", name="Afsluiten").click()
    await carla.get_by_role("button", name="Slotwoorden schrijven").click()
    await carla.get_by_label("Slotwoorden").fill(AGREED)
    await looks_right(carla)
    await in_both_themes(carla, "closing-words")
    await carla.get_by_role("button", name="Stuur en sluit").click()
    # These are the ten seconds in which the closing could be undone.
    await expect(anna.locator(".card h2[tabindex]")).to_be_visible(timeout=WITHIN + 10_000)
    await expect(anna.locator(".card blockquote")).to_have_text(AGREED)
    await expect(anna.locator(".nobody").get_by_role("link", name="Bel 112")).to_be_in_viewport(ratio=1)
    await in_both_themes(anna, "nobody-end")
    for page in (anna, carla):
        await looks_right(page)


async def is_told_that_carla_signed_out(bilal: Page, carla: Page) -> None:
    """Checks that the caller is told at once, and not after the minute that a lost connection gets, with 112
    in sight."""
    danger = bilal.locator(".nobody")
    await expect(danger).to_be_hidden()
    await opens_menu(bilal)
    await expect(bilal.locator("#menu").get_by_role("link", name="Bel 112")).to_be_in_viewport(ratio=1)
    await looks_right(bilal)
    await in_both_themes(bilal, "menu-calls")
    await bilal.locator(".more").click()
    await carla.get_by_role("button", name="Uitloggen").click()
    await expect(carla.get_by_text("gaat meteen vooraan in de rij")).to_be_visible()
    await carla.get_by_role("button", name="Log toch uit").click()
    await expect(bilal.get_by_text("Je hoeft niet achteraan aan te sluiten.")).to_be_visible(timeout=WITHIN)
    await expect(danger.get_by_role("link", name="Bel 112")).to_be_in_viewport()
    await looks_right(bilal)
    await in_both_themes(bilal, "nobody-here")


async def test_quick_exit_blanks_forgets_and_leaves_nothing_on_back(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "niemand mag dit zien")
    neutral: list[str] = []

    async def is_not_there(route: Route) -> None:
        neutral.append(route.request.url)
        await route.abort()

    await anna.route("https://**", is_not_there)
    await anna.get_by_text("Snel weg").last.click()
    await anna.wait_for_timeout(500)
    assert neutral, "it goes to a neutral site"
    await anna.goto(f"{laptop.url}/healthz")
    assert await anna.evaluate("sessionStorage.length + localStorage.length") == 0
    await anna.goto(f"{laptop.url}/nl/praat/")
    await expect(anna.get_by_role("button", name="Begin het gesprek")).to_be_visible()
    await expect(anna.get_by_text("niemand mag dit zien")).to_be_hidden()
    browsers.complaints.clear()  # the neutral site does not exist in tests


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_without_javascript_there_are_phone_numbers_and_nothing_is_sent(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    page = await browsers.window(laptop, size, scripts=False)
    forms = []
    for path in ("/", "/nl/", "/en/", "/nl/praat/"):
        await page.goto(laptop.url + path)
        text = await page.locator("body").inner_text()
        assert "112" in text
        assert "0800-0113" in text
        forms.append(await page.locator("form").count())
        await looks_right(page)
    assert forms == [0, 0, 0, 0]
