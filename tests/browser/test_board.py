"""Floor sees who waits and who talks. She moves a caller to the front, closes the line, asks for a break and
joins."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import figure, floor_opens
from tests.browser.people import (
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_reads,
    carla_says,
    carla_signs_in,
    in_both_themes,
)
from tests.support.cast import counsellors
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
TELEVISION = {"width": 1920, "height": 1080}
REASON = "Door een storing zijn we er vanavond niet."
LONG_SILENT = """
from datetime import timedelta
from django.db.models import F
from chat.models import Entry, Member
Member.objects.update(joined_at=F("joined_at") - timedelta(days=1))
Entry.objects.update(at=F("at") - timedelta(days=1))
"""
NAMELESS = "all => all.filter(one => !one.ariaLabel && !one.textContent.trim()).map(one => one.outerHTML)"
SAYS_ACUTE = "from chat.models import Conversation; Conversation.objects.update(urgency=2)"
ALERT = "from chat.models import Line; Line.objects.filter(pk='helpwanted').update(alert_waiting={n})"


def queue(page: Page) -> Locator:
    return page.locator(".queue tbody tr")


async def stops(page: Page) -> None:
    await asks_to_stop(page)
    await page.get_by_role("button", name="Ja, stop").click()


async def test_a_caller_arrives_is_moved_to_the_front_with_a_reason_and_is_told(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop)
    await expect(floor.get_by_role("heading", name="Helpwanted", exact=True)).to_be_visible(timeout=WITHIN)
    await expect(figure(floor, "waiting")).to_have_text("0", timeout=WITHIN)
    anna = await anna_opens(browsers, laptop)
    bilal = await anna_opens(browsers, laptop)
    await expect(figure(floor, "waiting")).to_have_text("2", timeout=WITHIN)
    await expect(figure(floor, "longest")).to_have_text(re.compile(r"^0:\d\d$"))
    await expect(queue(floor).first).to_contain_text("Wacht het langst")
    await expect(bilal.get_by_text("Er wacht nog één persoon voor je")).to_be_visible(timeout=WITHIN)
    for page in (floor, bilal):
        await looks_right(page)

    await floor.get_by_role("button", name="Zet vooraan: plek 2").click()
    await floor.get_by_role("radio", name="dat is beloofd").check()
    await looks_right(floor)
    await floor.get_by_role("dialog").get_by_role("button", name="Zet vooraan").click()
    await expect(floor.get_by_text("De hulpvrager staat vooraan.")).to_be_visible(timeout=WITHIN)
    await expect(queue(floor).first).to_contain_text("Vooraan gezet: dat is beloofd", timeout=WITHIN)
    await expect(bilal.get_by_text("Je bent als eerste aan de beurt")).to_be_visible(timeout=WITHIN)
    for page in (anna, bilal):
        await stops(page)
    await expect(figure(floor, "waiting")).to_have_text("0", timeout=WITHIN)


@pytest.mark.short
async def test_a_line_is_closed_with_a_reason_that_callers_read_and_opened_by_keyboard(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop)
    close = floor.get_by_role("button", name="Sluit", exact=True)
    await close.click()
    await expect(floor.get_by_label("Wat lezen hulpvragers?")).to_be_focused()
    await floor.keyboard.press("Escape")
    await expect(close).to_be_focused()
    await expect(floor.get_by_text("Open gezet", exact=True)).to_be_visible()

    await close.press("Enter")
    await floor.keyboard.type(REASON)
    await looks_right(floor)
    await floor.get_by_role("button", name="Sluit de lijn").click()
    await expect(floor.get_by_text("Dicht gezet")).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_text(f"Hulpvragers lezen: ‘{REASON}’")).to_be_visible(timeout=WITHIN)
    caller = await browsers.window(laptop, {"width": 360, "height": 740})
    await caller.goto(f"{laptop.url}/nl/praat/")
    await expect(caller.get_by_text(REASON)).to_be_visible(timeout=WITHIN)
    for page in (floor, caller):
        await looks_right(page)

    await floor.get_by_role("button", name="Zet open", exact=True).press("Enter")
    await looks_right(floor)
    await floor.get_by_role("dialog").get_by_role("button", name="Zet open").press("Enter")
    await expect(floor.get_by_text("Open gezet tot")).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_text(", door Supervisor")).to_be_visible()
    await expect(floor.get_by_text(REASON)).to_be_hidden()


async def test_a_limit_on_the_queue_turns_the_next_caller_away(browsers: Browsers, laptop: Platform) -> None:
    floor = await floor_opens(browsers, laptop)
    for limit, shown in (("0", "Hooguit 0 wachtenden"), ("", "Helpwanted")):
        await floor.get_by_role("button", name="Begrens").click()
        await floor.get_by_label("Hooguit zoveel wachtenden").fill(limit)
        await looks_right(floor)
        await floor.get_by_role("button", name="Bewaar").click()
        await expect(floor.get_by_text(shown).first).to_be_visible(timeout=WITHIN)
        if limit:
            caller = await browsers.window(laptop, {"width": 360, "height": 740})
            await caller.goto(f"{laptop.url}/nl/praat/")
            await caller.get_by_role("button", name="Begin het gesprek").click()
            await expect(caller.locator("#text")).to_be_hidden()
            await expect(caller.locator("a[href^='tel:']").first).to_be_visible(timeout=WITHIN)
            await looks_right(caller)
    await expect(floor.get_by_text("Hooguit 0 wachtenden")).to_be_hidden(timeout=WITHIN)


async def test_an_alert_is_words_and_colour_and_stands_in_the_title_and_an_acute_caller_always_is_one(
    browsers: Browsers, laptop: Platform
) -> None:
    laptop.manage("shell", "-v", "0", "-c", ALERT.format(n=1))
    floor = await floor_opens(browsers, laptop)
    wall = await floor_opens(browsers, laptop, "#muur", TELEVISION)
    anna = await anna_opens(browsers, laptop)
    words = floor.get_by_text("Helpwanted: er wachten veel mensen.")
    await expect(words).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_role("status", name="Waarschuwingen")).to_contain_text("Let op")
    await expect(floor.locator("[data-figure=waiting].alert")).to_be_visible()
    await expect(floor).to_have_title(re.compile(r"^\([12]\) "))
    await expect(wall.get_by_text("Er wachten veel mensen")).to_be_visible(timeout=WITHIN)
    for page in (floor, wall):
        await looks_right(page)
    laptop.manage("shell", "-v", "0", "-c", f"{ALERT.format(n=None)}; {SAYS_ACUTE}")
    acute = floor.get_by_text("Helpwanted: er wacht iemand bij wie het acuut is.")
    await expect(acute).to_be_visible(timeout=WITHIN)
    await expect(words).to_be_hidden()
    await expect(floor.locator("[data-figure=waiting].alert")).to_contain_text("waarvan 1 acuut")
    await expect(wall.locator(".tile.alert").first).to_contain_text("waarvan 1 acuut", timeout=WITHIN)
    await in_both_themes(floor, "acute-waits")
    await in_both_themes(wall, "acute-waits")
    await looks_right(wall)
    await stops(anna)
    await expect(acute).to_be_hidden(timeout=WITHIN)


async def test_tabs_and_the_wall_are_reached_and_left_by_keyboard(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop)
    tabs = floor.get_by_role("navigation", name="Onderdelen")
    await expect(tabs.get_by_role("link", name="Nu")).to_have_attribute("aria-current", "page")
    await looks_right(floor)
    await tabs.get_by_role("link", name="Nalezen").press("Enter")
    await expect(floor.get_by_role("heading", name="Vasthouden")).to_be_visible(timeout=WITHIN)
    await expect(tabs.get_by_role("link", name="Nalezen")).to_have_attribute("aria-current", "page")
    await looks_right(floor)
    await floor.get_by_role("link", name="Muur").press("Enter")
    await expect(floor.get_by_text("Wachten nu")).to_be_visible()
    await expect(floor.get_by_role("button")).to_have_count(0)
    await looks_right(floor)
    await floor.keyboard.press("Escape")
    await expect(floor.get_by_role("heading", name="Wachtrij")).to_be_visible()
    sound = floor.get_by_role("switch", name="Geluid")
    await sound.press("Space")
    await expect(sound).not_to_be_checked()
    await floor.reload()
    await expect(sound).not_to_be_checked()


async def test_a_supervisor_proposes_a_break_listens_in_and_comes_back(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "Hij dreigt alles door te sturen")
    carla = await carla_signs_in(browsers, laptop)
    await carla.get_by_role("button", name="Volgende").click()
    await carla_says(carla, "Je bent hier goed")
    floor = await floor_opens(browsers, laptop)
    own = floor.locator("tbody[data-person]", has_text="Carla")
    await expect(own.locator("tr.talk")).to_have_count(1, timeout=WITHIN)

    await own.get_by_role("button", name="Vraag pauze: Carla").click()
    await expect(carla.get_by_text("vraagt of je even pauze neemt")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await carla.get_by_role("button", name="Nu niet").click()
    await own.get_by_role("button", name="Lees en schrijf mee").click()
    await expect(own.get_by_text("Gevraagd")).to_have_count(2)
    await carla.get_by_role("button", name="Laat erbij").wait_for()
    await looks_right(carla)
    await carla.get_by_role("button", name="Laat erbij").click()
    ring = floor.get_by_role("region", name="Een collega vraagt je erbij")
    await expect(ring).to_contain_text("Carla vraagt je erbij in een gesprek van Helpwanted", timeout=WITHIN)
    await looks_right(floor)
    await ring.get_by_role("link", name="Open de console").click()
    comes = floor.get_by_role("button", name="Ja, ik kom")
    await comes.wait_for(timeout=45_000)  # the next beat shows it if the bell was lost
    await looks_right(floor)
    await comes.click()
    await carla_reads(floor, "Je bent hier goed")
    await expect(anna.locator(".company")).to_contain_text("Supervisor", timeout=WITHIN)
    for page in (anna, carla, floor):
        await looks_right(page)
    await carla.get_by_role("button", name="Uitloggen").click()
    await carla.get_by_role("button", name="Log toch uit").click()
    await expect(floor.get_by_text("Carla is weggevallen. Jij bent nu alleen")).to_be_visible(timeout=WITHIN)
    await in_both_themes(floor, "left-alone")
    await looks_right(floor)
    await floor.get_by_role("link", name="Bord", exact=True).click()
    await expect(floor.get_by_role("heading", name="Wachtrij")).to_be_visible(timeout=WITHIN)
    await stops(anna)


async def test_all_words_of_the_board_stand_out_and_every_control_has_a_name(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop)
    anna = await anna_opens(browsers, laptop)
    await expect(queue(floor)).to_have_count(1, timeout=WITHIN)
    await floor.get_by_role("button", name="Sluit", exact=True).click()
    await looks_right(floor)
    await floor.keyboard.press("Escape")
    assert await floor.locator("button, a, summary").evaluate_all(NAMELESS) == []
    wall = await floor_opens(browsers, laptop, "#muur", TELEVISION)
    await expect(wall.get_by_text("Wachten nu")).to_be_visible(timeout=WITHIN)
    await looks_right(wall)
    await stops(anna)


OUT = """(words) => [...document.querySelectorAll(".wall .tile")].flatMap((tile) => {
  const number = tile.querySelector("dd b");
  number.firstChild.textContent = words;
  number.className = words.length > 5 ? "num long" : "num";
  const [mine, its] = [number.getBoundingClientRect(), tile.getBoundingClientRect()];
  return mine.right > its.right || mine.bottom > its.bottom ? [`${words} ${tile.textContent.trim()}`] : [];
})"""


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080), (3840, 2160), (1080, 1920)])
async def test_the_wall_fits_any_number_on_any_television(
    browsers: Browsers, laptop: Platform, size: tuple[int, int]
) -> None:
    wall = await floor_opens(browsers, laptop, "#muur", {"width": size[0], "height": size[1]})
    await expect(wall.get_by_text("Wachten nu")).to_be_visible(timeout=WITHIN)
    for words in ("21:40", "100 %", "9:21:40", "1.234"):
        assert await wall.evaluate(OUT, words) == []
    await looks_right(wall)


async def test_a_conversation_in_which_nobody_says_anything_is_ended(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[1])
    await carla.get_by_role("button", name="Volgende").click()
    await carla_says(carla, "Ben je er nog?")
    floor = await floor_opens(browsers, laptop)
    talk = floor.locator("tr.talk")
    await expect(talk).to_have_count(1, timeout=WITHIN)
    end = talk.get_by_role("button", name="Beëindig")
    await expect(end).to_be_hidden()
    laptop.manage("shell", "-v", "0", "-c", LONG_SILENT)
    await end.click()
    await looks_right(floor)
    await floor.get_by_role("dialog").get_by_role("button", name="Beëindig").click()
    await expect(floor.get_by_text("Het gesprek is beëindigd.")).to_be_visible(timeout=WITHIN)
    await expect(talk).to_have_count(0, timeout=WITHIN)
    await expect(anna.get_by_role("heading", name="Het gesprek is afgelopen")).to_be_visible(timeout=WITHIN)
