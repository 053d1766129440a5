"""A caller makes a code during a conversation and types it elsewhere. It works once, after a question."""

import asyncio

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
    carla_reads,
    carla_says,
    carla_signs_in,
    carla_takes,
    in_both_themes,
    opens_menu,
)
from tests.support.cast import anna as anna_client
from tests.support.frames import Refused
from tests.support.platform import Platform

SECRET = "dit zei ik op mijn telefoon"


async def writes_down(page: Page) -> str:
    """Returns the code on the screen. The server keeps nothing before it was copied."""
    await opens_menu(page)
    await page.get_by_text("Later terugkomen").click()
    return await makes(page)


async def makes(page: Page) -> str:
    await page.get_by_role("button", name="Maak een code").click()
    shown = page.locator("p.code")
    await expect(shown).to_be_focused()
    await expect(page.get_by_text("De code werkt nog niet.")).to_be_visible()
    return await shown.inner_text()


async def copies(page: Page, code: str) -> None:
    if await page.locator("p.code").is_visible():
        await page.get_by_role("button", name="Ik heb hem opgeschreven").click()
        await expect(page.get_by_label("Typ de code over")).to_be_focused()
        await expect(page.locator("p.code")).to_be_hidden()
    await page.get_by_label("Typ de code over").fill(code)
    await page.get_by_role("button", name="Klaar").click()


async def comes_back(page: Page, platform: Platform, code: str, *, taps: int = 1) -> None:
    await page.goto(f"{platform.url}/nl/praat/")
    await page.get_by_role("button", name="Ik heb een code").click()
    await expect(page.get_by_role("heading", name="Verder met je code")).to_be_focused()
    await expect(page.get_by_text("Ben je alleen?")).to_be_visible()
    await looks_right(page)
    await page.get_by_label("Je code van 20 letters").fill(code)
    await page.get_by_role("button", name="Ik ben alleen, ga verder").click(click_count=taps)


async def leaves_quickly_with_a_code(anna: Page, carla: Page) -> None:
    """Leaves by a quick exit with a code. The counsellor reads that only the code brings her back."""
    await copies(anna, await writes_down(anna))
    await expect(anna.get_by_text("Je code werkt, één keer.")).to_be_visible(timeout=WITHIN)
    await anna.route("https://**", lambda route: route.abort())
    await anna.get_by_text("Snel weg").last.click()
    told = carla.get_by_text("drukte op Snel weg en kan alleen terugkomen")
    await expect(told).to_be_visible(timeout=WITHIN)
    away = carla.locator(".people .is-away")
    await expect(away).to_contain_text("kan alleen met de code terugkomen")
    dot = "one => getComputedStyle(one, '::before').backgroundColor"
    assert await away.evaluate(dot) == "rgba(0, 0, 0, 0)", "the dot of somebody who is away is hollow"
    await in_both_themes(carla, "by-code-only")
    await looks_right(carla)


async def is_not_copied_yet(library: Page, laptop: Platform, code: str) -> None:
    """Types the code before it was copied on the first device. The page names this reason first."""
    await comes_back(library, laptop, code)
    reasons = library.locator("main li")
    await expect(reasons.first).to_contain_text("nog niet overgetypt op het eerste apparaat", timeout=WITHIN)
    await expect(library.get_by_label("Je code van 20 letters")).to_have_value(code)


async def types_wrong_codes(library: Page, laptop: Platform) -> None:
    """Types something that is no code, and a code of nobody's."""
    await comes_back(library, laptop, "nee")
    await expect(library.get_by_text("Dit is geen code van ons.")).to_be_visible()
    await comes_back(library, laptop, "Z" * 20)
    await expect(library.get_by_text("Deze code werkt niet, of niet meer.")).to_be_visible(timeout=WITHIN)
    await in_both_themes(library, "code-wrong")
    await looks_right(library)


async def test_a_code_on_paper_opens_the_same_conversation_on_another_device_once(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, SECRET)
    await anna.locator("#text").fill("dit is nog niet af")
    code = await writes_down(anna)
    assert len(code.replace(" ", "")) == 20
    await in_both_themes(anna, "code-made")
    await looks_right(anna)
    library = await browsers.window(laptop, DESK)
    await is_not_copied_yet(library, laptop, code)
    await copies(anna, "0" * 20)
    await expect(anna.get_by_text("Dit is een andere code")).to_be_visible()
    await copies(anna, code.lower())
    await expect(anna.get_by_text("Je code werkt, één keer.")).to_be_visible(timeout=WITHIN)
    await expect(anna.locator("#text")).to_have_value("dit is nog niet af")
    await anna.locator("#text").fill("")
    await in_both_themes(anna, "code-kept")
    await looks_right(anna)

    carla = await carla_signs_in(browsers, laptop)
    await carla_takes(carla, SECRET)
    await carla_says(carla, "goed dat je schrijft")
    await expect(anna.get_by_text("goed dat je schrijft")).to_be_visible(timeout=WITHIN)
    kept = await anna.evaluate("JSON.stringify({...sessionStorage})")
    assert code.replace(" ", "") not in kept.replace(" ", "")

    await types_wrong_codes(library, laptop)
    await comes_back(library, laptop, code, taps=2)
    await expect(library.get_by_text(SECRET)).to_be_visible(timeout=WITHIN)
    await expect(library.get_by_text("goed dat je schrijft")).to_be_visible()
    await anna_says(library, "ik zit in de bibliotheek")
    await carla_reads(carla, "ik zit in de bibliotheek")
    await expect(carla.locator(".log")).to_contain_text("kwam terug met een code", timeout=WITHIN)
    await expect(anna.get_by_role("heading", name="Dit gesprek is ergens anders open")).to_be_visible()
    await anna.get_by_role("button", name="Ga hier verder").click()
    await expect(anna.get_by_role("heading", name="Dit gesprek is niet meer hier")).to_be_visible(
        timeout=WITHIN
    )
    await expect(anna.get_by_text("Dan heeft iemand anders je code.")).to_be_visible()
    await expect(anna.get_by_text(SECRET)).to_have_count(0)
    await looks_right(anna)
    await in_both_themes(anna, "code-used-elsewhere")
    await library.reload()
    await expect(library.get_by_text(SECRET)).to_be_visible(timeout=WITHIN)
    await leaves_quickly_with_a_code(library, carla)
    browsers.complaints.clear()  # the neutral site does not exist in tests

    again = await browsers.window(laptop, PHONE)
    await comes_back(again, laptop, code)
    await expect(again.get_by_text("Deze code werkt niet, of niet meer.")).to_be_visible(timeout=WITHIN)
    await looks_right(again)
    await expect(again.get_by_text("Begin dan een nieuw gesprek, of bel een nummer")).to_be_visible()
    await again.get_by_role("button", name="Begin opnieuw").click()
    await expect(again.get_by_role("button", name="Begin het gesprek")).to_be_enabled(timeout=WITHIN)


async def test_what_a_page_wrote_down_other_clients_open_and_what_was_thrown_away_nobody(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, SECRET)
    code = await writes_down(anna)
    await copies(anna, code)
    await expect(anna.get_by_text("Je code werkt, één keer.")).to_be_visible(timeout=WITHIN)
    await anna.get_by_role("button", name="Gooi de code weg").click()
    await expect(anna.get_by_text("De code werkt niet meer.")).to_be_visible(timeout=WITHIN)
    phone = await anna_client(laptop)
    with pytest.raises(Refused):
        await phone.return_with(code.replace(" ", ""))
    second = await makes(anna)
    assert second != code
    await copies(anna, second)
    await expect(anna.get_by_text("Je code werkt, één keer.")).to_be_visible(timeout=WITHIN)
    await phone.return_with(second.replace(" ", ""))
    await phone.becomes(lambda: phone.talk.texts() == [SECRET])
    await phone.leave()


@pytest.mark.parametrize("answers", [True, False])
async def test_who_presses_before_the_line_has_answered_keeps_the_screen_for_the_code(
    browsers: Browsers, laptop: Platform, answers: bool
) -> None:
    """On a slow network the line's answer replaced the screen on which somebody was typing the code."""
    page = await browsers.window(laptop, PHONE)
    late = asyncio.Event()

    async def wait(route: Route) -> None:
        await late.wait()
        await (route.continue_() if answers else route.abort())

    await page.route("**/api/lines/**", wait)
    await page.goto(f"{laptop.url}/nl/praat/", wait_until="load")
    await page.get_by_role("button", name="Ik heb een code").click()
    field = page.get_by_label("Je code van 20 letters")
    await field.fill("ABCD")
    async with page.expect_event("requestfinished" if answers else "requestfailed"):
        late.set()
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    await expect(field).to_have_value("ABCD")
    await looks_right(page)
