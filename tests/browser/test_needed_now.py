"""The first tab is right on a quiet evening, a busy one, after something was missed, and without a
connection."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import PHONE, WITHIN, Browsers, anna_opens, anna_says, in_both_themes
from tests.support.cast import anna, caller, carla, daan
from tests.support.frames import is_frame
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
NARROW_DESK = {"width": 1280, "height": 800}
CALM = "Er is nu niets waar iemand voor nodig is."
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
GREEN = """() => {
  const chip = Object.assign(document.createElement("span"), {className: "chip open"});
  document.body.append(chip);
  const good = getComputedStyle(chip).color;
  chip.remove();
  return [...document.querySelectorAll("hl-live *")].filter((one) => getComputedStyle(one).color === good)
    .map((one) => one.textContent.trim());
}"""


def needs(page: Page, kind: str = "") -> Locator:
    return page.locator(f"[data-need={kind}]" if kind else "[data-need]")


async def test_a_quiet_evening_is_one_calm_line_and_without_a_connection_nothing_is_shown_as_fine(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop)
    alone = needs(floor, "unstaffed")
    await expect(alone).to_contain_text("De lijn is open, en niemand is in dienst", timeout=WITHIN)
    await expect(alone.get_by_role("button", name="Sluit Helpwanted")).to_be_visible()
    await looks_right(floor)
    counsellor = await carla(laptop)
    await expect(floor.get_by_text(CALM)).to_be_visible(timeout=WITHIN)
    await expect(needs(floor)).to_have_count(0)
    talker = await anna(laptop)
    await talker.start()
    talk = await counsellor.take()
    lasts = floor.locator("tr.talk hl-since").first
    await expect(lasts).to_be_visible(timeout=WITHIN)
    await in_both_themes(floor, "quiet-evening")
    assert await floor.evaluate(GREEN) != []

    await floor.context.set_offline(True)
    await expect(floor.get_by_text("Bord zonder verbinding.")).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_text(CALM)).to_be_hidden()
    await expect(floor).to_have_title(re.compile("^Geen verbinding · "))
    assert await floor.evaluate(GREEN) == []
    before = await lasts.inner_text()
    await floor.wait_for_timeout(2500)  # two ticks of a stopped clock
    assert await lasts.inner_text() == before
    await in_both_themes(floor, "without-connection")
    await looks_right(floor)
    await floor.context.set_offline(False)
    await expect(floor.get_by_text("Bord zonder verbinding.")).to_be_hidden(timeout=WITHIN)
    await expect(lasts).not_to_have_text(before, timeout=WITHIN)
    await counsellor.close(talk.conversation)
    await floor.get_by_role("heading", name="Het afgelopen etmaal").click()
    await expect(floor.locator("[data-day=helpwanted]")).to_contain_text("Er kwam", timeout=WITHIN)
    await in_both_themes(floor, "last-day")
    await looks_right(floor)


async def test_who_loses_the_connection_in_a_conversation_stands_there_until_it_is_back_or_taken_away(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop)
    counsellor = await carla(laptop)
    talker = await anna(laptop)
    await talker.start()
    await counsellor.take()
    await expect(floor.locator("tr.talk")).to_be_visible(timeout=WITHIN)
    await counsellor.disconnect()
    left = needs(floor, "staff_gone")
    await expect(left).to_contain_text("Carla is de verbinding kwijt, en de hulpvrager is", timeout=WITHIN)
    await expect(floor.locator("tr.talk")).to_contain_text("hulpverlener weg")
    await looks_right(floor)
    await in_both_themes(floor, "counsellor-lost")
    await counsellor.come_back()
    await expect(left).to_be_hidden(timeout=WITHIN)
    await talker.leave()


async def test_on_a_busy_evening_what_is_acute_stands_first_and_the_queue_is_in_groups(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop, size=NARROW_DESK)
    counsellor = await carla(laptop)
    for number in range(9):
        one = await caller(laptop, name=f"Beller {number}")
        await one.start(urgency=1 if number == 3 else 0)
    acute = await anna(laptop)
    await acute.start(urgency=2)
    first = needs(floor).first
    await expect(first).to_contain_text("Er wacht iemand bij wie het acuut is", timeout=WITHIN)
    await expect(first).to_contain_text(f"Vrije plek bij {counsellor.me['alias']}")
    await expect(needs(floor, "crowded")).to_contain_text("Er wachten 10 hulpvragers: meer dan de grens")
    groups = floor.locator(".queue .groups li")
    await expect(groups).to_have_count(3)
    await expect(groups.first).to_contain_text("acuut")
    await expect(floor.locator(".queue tbody tr")).to_have_count(3)
    box = await floor.locator(".queue tbody tr").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < NARROW_DESK["height"], "the queue's head is in sight"
    await in_both_themes(floor, "busy-evening")
    await floor.get_by_role("button", name="Toon alle 10").click()
    await expect(floor.locator(".queue tbody tr")).to_have_count(10)
    await looks_right(floor)
    for width in (820, 390):
        await floor.set_viewport_size({"width": width, "height": 844})
        assert await floor.evaluate(SIDEWAYS) <= 0, f"sideways scrolling at {width} px"
        await in_both_themes(floor, f"busy-evening-{width}")
    await looks_right(floor)


async def test_what_nobody_answered_is_still_there_after_a_reload_until_one_supervisor_has_seen_it(
    browsers: Browsers, laptop: Platform
) -> None:
    counsellor, colleague = await carla(laptop), await daan(laptop)
    talker = await anna(laptop)
    await talker.start()
    talk = await counsellor.take()
    await counsellor.invite(talk.conversation, "consult", {"staff": colleague.me["id"]})
    ringing = await colleague.until(is_frame("invitation", state="ringing"))
    await colleague.answer(ringing["invitation"], yes=False)
    acute = await caller(laptop, name="Bilal")
    await acute.start(urgency=2)
    await acute.leave()

    floor = await floor_opens(browsers, laptop)
    other = await floor_opens(browsers, laptop)
    for page in (floor, other):
        words = f"{counsellor.me['alias']} vroeg om hulp, en niemand kwam"
        await expect(needs(page, "call_missed")).to_contain_text(words, timeout=WITHIN)
        await expect(needs(page, "acute_left")).to_contain_text("ging weg en kwam niet terug")
    await in_both_themes(floor, "missed")
    await floor.reload()
    await expect(needs(floor, "call_missed")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    await needs(floor, "call_missed").get_by_role("button").click()
    for page in (floor, other):
        await expect(needs(page, "call_missed")).to_have_count(0, timeout=WITHIN)
        await expect(needs(page, "acute_left")).to_have_count(1)
    await expect(floor.get_by_text("Genoteerd dat je het zag.")).to_be_visible()
    await needs(other, "acute_left").get_by_role("button").click()
    await expect(floor.get_by_text(CALM)).to_be_visible(timeout=WITHIN)
    await counsellor.close(talk.conversation)
    for page in (floor, other):
        await looks_right(page)


async def test_an_alarm_stays_in_sight_above_a_long_form_and_takes_nothing_that_is_being_typed(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop, "#uren", size=NARROW_DESK)
    opens = floor.get_by_label("maandag, tijd 1: open vanaf")
    await opens.fill("21")
    acute = await anna(laptop)
    await acute.start(urgency=2)
    alarm = floor.locator("hl-calls .alerts li").first
    await expect(alarm).to_be_visible(timeout=WITHIN)
    await expect(opens).to_have_value("21")
    await opens.press("Tab")
    await expect(opens).to_have_value("21:00")
    await floor.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    assert await floor.evaluate("() => scrollY") > 0
    await expect(alarm).to_be_in_viewport()
    await looks_right(floor)
    await in_both_themes(floor, "alarm-above-a-form")

    await floor.context.set_offline(True)
    await expect(floor.get_by_text("Bord zonder verbinding.")).to_be_in_viewport(timeout=WITHIN)
    await looks_right(floor)
    await floor.context.set_offline(False)
    await expect(floor.get_by_text("Bord zonder verbinding.")).to_be_hidden(timeout=WITHIN)
    await floor.locator("hl-board nav").get_by_role("link", name="Woorden en codes").click()
    await expect(floor.get_by_role("heading", name="Woorden en codes")).to_be_attached()
    assert await floor.evaluate("() => scrollY") == 0, "another tab begins at its top"
    await looks_right(floor)


async def test_closing_says_who_waits_and_the_caller_reads_until_when(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop, "#uren", size=NARROW_DESK)
    acute = await anna(laptop)
    await acute.start(urgency=2)
    alarm = floor.locator("hl-calls .alerts li").first
    await expect(alarm).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    await alarm.get_by_role("link").click()

    bilal = await anna_opens(browsers, laptop, PHONE)
    await anna_says(bilal, "ben je er nog?")
    await expect(floor.locator("[data-figure=waiting] b").first).to_have_text("2", timeout=WITHIN)
    await floor.locator("section.line").get_by_role("button", name="Sluit", exact=True).first.click()
    sure = floor.get_by_role("dialog")
    await expect(sure).to_contain_text("Er wachten nu 2 hulpvragers")
    await expect(sure).to_contain_text("waarvan 1 acuut")
    await expect(sure).to_contain_text("Er is niemand in dienst")
    await looks_right(floor)
    await in_both_themes(floor, "close-while-somebody-waits")
    await sure.get_by_role("button", name="Sluit de lijn").click()
    bilal_waits = bilal.locator(".company")
    await expect(bilal_waits).to_contain_text("De lijn is dicht. Wachten kan nog tot", timeout=WITHIN)
    await looks_right(bilal)
    ends = floor.get_by_text("weggestuurd")
    await expect(ends).to_be_visible(timeout=WITHIN)
    await floor.locator("section.line").get_by_role("button", name="Volg de uren").click()
    await expect(sure).to_contain_text("Volgens de uren is de lijn nu open.")
    await sure.get_by_role("button", name="Toch niet").click()
    await floor.locator("section.line").get_by_role("button", name="Zet open").click()
    await floor.get_by_role("dialog").get_by_role("button", name="Zet open").click()
    await expect(ends).to_be_hidden(timeout=WITHIN)

    await acute.disconnect()
    await expect(needs(floor, "acute_away")).to_contain_text("kan terugkomen", timeout=WITHIN)
    await expect(needs(floor, "acute_away").locator("hl-since")).to_be_visible()


async def test_a_caller_who_goes_from_an_acute_conversation_is_named_until_they_are_back(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop, size=NARROW_DESK)
    counsellor = await carla(laptop)
    talker = await anna(laptop)
    await talker.start()
    talk = await counsellor.take()
    await counsellor.request("flag", conversation=talk.conversation, risk=2)
    await expect(needs(floor, "acute_unseen")).to_be_visible(timeout=WITHIN)
    await talker.disconnect()
    gone = needs(floor, "acute_gone")
    await expect(gone).to_contain_text(f"De hulpvrager van {counsellor.me['alias']} is weg", timeout=WITHIN)
    await expect(gone.locator("hl-since")).to_be_visible()
    await looks_right(floor)
    await in_both_themes(floor, "acute-gone")
