"""Carla works an evening by keyboard alone: three callers, a ready sentence, a note, a flag and a handoff."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import WITHIN, Browsers, in_both_themes, makes_a_key, sign_in
from tests.support.caller import CallerClient
from tests.support.cast import caller, counsellors, gijs, go_home, staff
from tests.support.frames import is_entry, is_frame
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
# A tablet, a television, and the laptop of the rest of the evening.
SIZES = ({"width": 1024, "height": 768}, {"width": 1920, "height": 1080}, {"width": 1280, "height": 800})
NOTED = "let op de broer"
HANDED = "zij belt morgen de school"


async def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Moves the focus with Tab alone, in the page's own order."""
    for _ in range(most):
        if await page.evaluate("(one) => document.activeElement?.matches(one) ?? false", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


async def comes(platform: Platform) -> CallerClient:
    one = await caller(platform)
    await one.start()
    return one


async def on_duty(carla: Page) -> None:
    await tab_to(carla, "input[name=duty]")
    await carla.keyboard.press("ArrowRight")  # from off, around to on
    await expect(carla.get_by_role("radio", name="In dienst")).to_be_checked()
    await tab_to(carla, ".slots select")
    await carla.keyboard.type("4")
    await expect(carla.get_by_label("Gesprekken tegelijk")).to_have_value("4")


async def takes_three(carla: Page, platform: Platform) -> list[CallerClient]:
    callers = []
    for number in range(3):
        one = await comes(platform)
        await expect(carla.get_by_role("button", name="Volgende")).to_be_enabled(timeout=WITHIN)
        await carla.keyboard.press("Alt+n")
        await expect(carla.locator(".conversations .row")).to_have_count(number + 1, timeout=WITHIN)
        await one.becomes(lambda one=one: one.talk.epoch > 0, 15)  # type: ignore[misc]
        callers.append(one)
    await expect(carla.locator(".talk-head h2")).to_contain_text("C")
    await carla.keyboard.press("Alt+j")
    await carla.keyboard.press("Alt+j")
    await expect(carla.locator(".talk-head h2")).to_contain_text("A")
    return callers


async def says_a_ready_sentence(carla: Page, one: CallerClient) -> None:
    await expect(carla.locator("#draft")).to_be_focused()
    await carla.keyboard.type("/112")
    await expect(carla.get_by_role("option", name="Gevaar Bij direct gevaar")).to_be_visible(timeout=WITHIN)
    await carla.keyboard.press("Enter")
    await carla.keyboard.press("Enter")
    await one.becomes(lambda: "Bij direct gevaar: bel 112." in one.talk.texts(), 15)


async def notes_and_flags(carla: Page) -> None:
    await carla.keyboard.press("Alt+p")
    await expect(carla.locator("hl-notes textarea")).to_be_focused(timeout=WITHIN)
    await carla.keyboard.type(NOTED)
    await tab_to(carla, "hl-notes form button")
    await carla.keyboard.press("Enter")
    await expect(carla.locator("hl-notes .text", has_text=NOTED)).to_be_visible(timeout=WITHIN)
    await carla.keyboard.press("Alt+r")
    await expect(carla.locator("input[name=risk]:checked")).to_be_focused(timeout=WITHIN)
    await carla.keyboard.press("ArrowRight")
    await expect(carla.locator(".talk-head .flagged")).to_have_text("zorg", timeout=WITHIN)
    await carla.keyboard.press("ArrowRight")
    await expect(carla.locator(".talk-head .flagged")).to_have_text("acuut", timeout=WITHIN)
    for size in SIZES:
        await carla.set_viewport_size(size)  # type: ignore[arg-type]
        await looks_right(carla)
        await in_both_themes(carla, "by-keyboard")


async def refers_and_takes_it_back(carla: Page, one: CallerClient) -> None:
    """Refers by two keys and takes it back by a third, and refers again by name."""
    await carla.keyboard.press("Alt+v")
    await expect(carla.get_by_role("searchbox")).to_be_focused(timeout=WITHIN)
    await carla.keyboard.press("Enter")
    await expect(carla.get_by_text("Je verwijst naar")).to_be_visible()
    await carla.keyboard.press("Alt+z")
    await expect(carla.get_by_text("Je verwijst naar")).to_have_count(0)
    await carla.keyboard.press("Alt+v")
    await expect(carla.get_by_role("searchbox")).to_be_focused(timeout=WITHIN)
    await carla.keyboard.type("kindertel")
    await carla.keyboard.press("Enter")
    await expect(carla.locator("#draft")).to_be_focused()
    await expect(carla.locator("#draft")).to_have_value("")
    await one.becomes(lambda: len(one.talk.of("referred")) == 1, 20)


async def walks_the_protocol(carla: Page) -> None:
    """Takes the steps of the protocol. The caller is told before anybody is called."""
    await tab_to(carla, ".acute header button:first-of-type", 200)
    await carla.keyboard.press("Enter")
    await tab_to(carla, ".acute li[data-step=tell] button", 200)
    await carla.keyboard.press("Enter")
    await tab_to(carla, ".acute .step[data-step=tell] > .ways button")
    await carla.keyboard.press("Enter")
    await expect(carla.locator(".acute h2")).to_contain_text("112 gebeld", timeout=WITHIN)


async def calls_for_somebody(carla: Page, platform: Platform, one: CallerClient) -> None:
    daan = await staff(platform, counsellors(platform, "helpwanted")[1], name="Daan")
    await carla.keyboard.press("Alt+s")
    ring = await daan.until(is_frame("invitation", state="ringing"), 15)
    await daan.enter((await daan.answer(ring["invitation"]))["conversation"])
    await expect(carla.locator(".here")).to_contain_text(str(daan.me["alias"]), timeout=WITHIN)
    await daan.leave(one.conversation)


async def hands_over_to_csg(carla: Page, platform: Platform, one: CallerClient) -> None:
    """Somebody comes to the desk while the focus is on the button that moves then."""
    await carla.keyboard.press("Alt+h")
    await expect(carla.get_by_role("searchbox")).to_be_focused(timeout=WITHIN)
    await carla.keyboard.type("csg")
    await expect(carla.locator("hl-right .staffed")).to_have_text("niemand aan de balie", timeout=WITHIN)
    await tab_to(carla, "hl-right .service")
    await carla.keyboard.press("Enter")
    await expect(carla.locator("form.handoff .refer.main")).to_be_focused()
    partner = await gijs(platform, duty="on")
    await expect(carla.locator("hl-right .staffed")).to_have_text("iemand aan de balie", timeout=WITHIN)
    await expect(carla.locator("form.handoff .refer:not(.main)")).to_be_focused()
    await carla.keyboard.press("Shift+Tab")
    await expect(carla.locator("#brief")).to_be_focused()
    await carla.keyboard.type("wil praten met het CSG")
    await tab_to(carla, "form.handoff button.main")
    await carla.keyboard.press("Enter")
    asked = await one.until(is_entry("invited", state="asked"), 15)
    await one.consent(asked["invitation"])
    rung = await partner.until(is_frame("invitation", state="ringing"), 15)
    await partner.enter((await partner.answer(rung["invitation"]))["conversation"])
    await expect(carla.locator(".strip.good")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)


async def closes_and_thinks_again(carla: Page, one: CallerClient) -> None:
    await carla.keyboard.press("Alt+k")
    await expect(carla.locator(".talk-head h2")).to_contain_text("B")
    await carla.keyboard.press("Alt+e")
    await expect(carla.locator(".closing")).to_be_visible()
    await carla.keyboard.press("Alt+z")
    await expect(carla.locator(".closing")).to_have_count(0)
    await carla.keyboard.press("Alt+e")
    await one.until(is_entry("ended"), 25)
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible(timeout=WITHIN)
    await carla.keyboard.press("Alt+e")
    await expect(carla.locator("hl-wrapup form")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await tab_to(carla, "hl-wrapup input[name=weight]", 200)
    await carla.keyboard.press("Space")
    await tab_to(carla, "hl-wrapup form button.main", 200)
    await carla.keyboard.press("Enter")
    await expect(carla.locator(".conversations .row")).to_have_count(2, timeout=WITHIN)


async def transfers_with_a_note(carla: Page, platform: Platform, one: CallerClient) -> None:
    """Transfers a caller. The next counsellor reads the note that Carla wrote for them."""
    daan = await staff(platform, counsellors(platform, "helpwanted")[1], name="Daan")
    await carla.keyboard.press("Alt+k")
    await expect(carla.locator(".talk-head h2")).to_contain_text("C")
    await carla.keyboard.press("Alt+p")
    await expect(carla.locator("hl-notes textarea")).to_be_focused(timeout=WITHIN)
    await carla.keyboard.type(HANDED)
    await tab_to(carla, "hl-notes form button")
    await carla.keyboard.press("Enter")
    await expect(carla.locator("hl-notes .text", has_text=HANDED)).to_be_visible(timeout=WITHIN)
    await carla.keyboard.press("Alt+t")
    await tab_to(carla, "hl-right .colleagues button", 200)
    await carla.keyboard.press("Enter")
    ring = await daan.until(is_frame("invitation", state="ringing", how="transfer"), 15)
    talk = (await daan.answer(ring["invitation"]))["conversation"]
    await daan.enter(talk)
    await daan.becomes(lambda: any(HANDED in (text or "") for text in daan.talks[talk].texts("note")), 20)
    assert one.talk


async def goes_home(carla: Page) -> None:
    await carla.keyboard.press("Alt+b")
    await expect(carla.get_by_role("radio", name="Pauze")).to_be_checked()
    await carla.keyboard.press("Alt+b")
    await expect(carla.get_by_role("radio", name="In dienst")).to_be_checked()
    await carla.keyboard.press("Alt+l")
    await expect(carla.get_by_label("Dit zijn mijn laatste gesprekken")).to_be_checked()
    await tab_to(carla, "form.sign-out button", 200)
    await carla.keyboard.press("Enter")
    await expect(carla.get_by_role("dialog", name="Gesprekken die nog open zijn: 1")).to_be_visible()
    await looks_right(carla)
    await tab_to(carla, "#going-home .ways .quiet")
    await carla.keyboard.press("Enter")
    await carla.wait_for_url("**/login/")
    await looks_right(carla)


async def test_an_evening_is_worked_by_keyboard_alone(browsers: Browsers, laptop: Platform) -> None:
    carla = await browsers.window(laptop, {"width": 1280, "height": 800})
    await sign_in(carla, laptop, counsellors(laptop, "helpwanted")[0])
    await makes_a_key(carla)
    await expect(carla.locator("#next-why")).to_contain_text("Ga in dienst", timeout=WITHIN)
    await on_duty(carla)
    callers = await takes_three(carla, laptop)
    await says_a_ready_sentence(carla, callers[0])
    await refers_and_takes_it_back(carla, callers[0])
    await notes_and_flags(carla)
    await walks_the_protocol(carla)
    await calls_for_somebody(carla, laptop, callers[0])
    await hands_over_to_csg(carla, laptop, callers[0])
    await closes_and_thinks_again(carla, callers[1])
    await transfers_with_a_note(carla, laptop, callers[2])
    await goes_home(carla)
    kept = await carla.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert not any(word in kept for word in (NOTED, HANDED, "CSG", "Bij direct")), "nothing readable stays"
    await go_home(laptop)


async def test_a_supervisor_works_the_board_by_keyboard_alone(browsers: Browsers, laptop: Platform) -> None:
    """She sees a flag, holds a debrief, sets the limits, asks everybody to hand over, and looks at each
    tab."""
    daan = await staff(laptop, counsellors(laptop, "helpwanted")[1], name="Daan")
    await daan.duty("on", 2)
    one = await comes(laptop)
    seat = await daan.next()
    await daan.enter(seat["conversation"])
    await one.becomes(lambda: one.talk.epoch > 0, 15)
    await daan.request("flag", conversation=seat["conversation"], risk=2)
    await daan.request("debrief", line="helpwanted")
    floor = await floor_opens(browsers, laptop)
    flag = f"tr[data-conversation='{seat['conversation']}'] .flag-seen"
    await expect(floor.locator(flag)).to_be_visible(timeout=WITHIN)
    await tab_to(floor, flag, 200)
    await floor.keyboard.press("Enter")
    await expect(floor.locator(flag)).to_have_count(0, timeout=WITHIN)
    await tab_to(floor, ".hand-over button", 200)
    await floor.keyboard.press("Enter")
    await tab_to(floor, "dialog.acting button.main")
    await floor.keyboard.press("Enter")
    await daan.until(is_frame("handover"), 15)
    await looks_right(floor)
    await tab_to(floor, "[data-waits=debriefs]", 200)
    await floor.keyboard.press("Enter")
    wants = floor.locator("[data-debrief]", has_text=str(daan.me["alias"]))
    await expect(wants).to_be_visible(timeout=WITHIN)
    debrief = f"[data-debrief='{await wants.get_attribute('data-debrief')}'] button"
    await tab_to(floor, debrief, 200)
    await floor.keyboard.press("Enter")
    await expect(wants).to_have_count(0, timeout=WITHIN)
    await tab_to(floor, "input[name=talks]", 200)
    await floor.keyboard.type("999")  # a limit that nobody reaches in the tests that follow
    await floor.keyboard.press("Enter")
    await expect(floor.get_by_text("Bewaard.")).to_be_visible(timeout=WITHIN)
    await daan.until(is_frame("care"), 15)
    await looks_right(floor)
    for tab in ("uren", "woorden", "cijfers", "mensen", "nalezen", "samen"):
        await tab_to(floor, f"nav.tabs a[href='#{tab}']", 300)
        await floor.keyboard.press("Enter")
        await expect(floor.locator(f"nav.tabs a[href='#{tab}']")).to_have_attribute("aria-current", "page")
        await looks_right(floor)
    for size in SIZES:
        await floor.set_viewport_size(size)  # type: ignore[arg-type]
        await looks_right(floor)
        await in_both_themes(floor, "supervisor-by-keyboard")
    await one.leave()
    await go_home(laptop)
