"""A whole visit makes one entry in the history, Back shows nothing, and a restored tab asks before it shows a
word."""

import asyncio
import json

import pytest
from playwright.async_api import Page, Route, WebSocketRoute, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    in_both_themes,
    opens_menu,
)
from tests.support.cast import go_home
from tests.support.platform import Platform

SECRET = "dit mag niemand lezen"
A_MINUTE_AGO = """(() => {
  const kept = JSON.parse(sessionStorage.getItem("tab"));
  return JSON.stringify({ ...kept, seen: kept.seen - 60_000 });
})()"""
SEALED = "JSON.parse(sessionStorage.getItem('tab')).sealed"
ELSEWHERE = "data:text/html,<title>elders</title><p>hier was ik eerst"


async def neutral_site(page: Page) -> list[str]:
    """Serves a page in place of the neutral site, because tests contact no other host."""
    asked: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(body="<title>weer</title><p>droog", content_type="text/html")

    await page.route("https://**", answer)
    return asked


async def entries(page: Page) -> int:
    return int(await page.evaluate("history.length"))


async def test_from_the_lines_by_way_of_the_other_language_into_a_talk_and_out_leaves_one_entry(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    asked = await neutral_site(page)
    await page.goto(ELSEWHERE)
    await page.goto(f"{laptop.url}/nl/")
    before = await entries(page)
    await looks_right(page)
    await page.get_by_role("link", name="Helpwanted").click()
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_enabled(timeout=WITHIN)
    await page.get_by_role("link", name="English").click()
    start = page.get_by_role("button", name="Start the conversation")
    await expect(start).to_be_enabled(timeout=WITHIN)
    await looks_right(page)
    await start.click()
    await page.locator("#text").fill(SECRET)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".bubble.own .tick")).to_be_visible(timeout=WITHIN)
    await page.get_by_role("link", name="Nederlands").click()
    await expect(page.get_by_text(SECRET)).to_be_visible(timeout=WITHIN)
    await looks_right(page)
    assert await entries(page) == before
    await page.get_by_role("link", name="Snel weg").last.click()
    await page.wait_for_url("https://**")
    assert asked
    await page.go_back()
    assert page.url == ELSEWHERE
    assert "hier was ik eerst" in await page.inner_text("body")


async def test_back_to_the_first_screen_shows_it_and_throws_nobody_out(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    asked = await neutral_site(page)
    await page.goto(f"{laptop.url}/nl/praat/")
    await page.get_by_role("button", name="Begin het gesprek").wait_for()
    await page.goto(ELSEWHERE)
    await page.go_back()
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_enabled(timeout=WITHIN)
    assert not asked
    await looks_right(page)


async def test_back_to_a_talk_asks_first_goes_on_and_can_be_wiped(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await anna_opens(browsers, laptop)
    await neutral_site(page)
    await anna_says(page, SECRET)
    await page.goto(ELSEWHERE)
    await page.go_back()
    await expect(page.get_by_role("heading", name="Wil je verdergaan?")).to_be_visible(timeout=WITHIN)
    shown = await page.inner_text("body")
    assert SECRET not in shown
    assert "Helpwanted" not in shown
    await looks_right(page)
    await in_both_themes(page, "asks")
    await page.get_by_role("button", name="Ga verder").click()
    await expect(page.get_by_text(SECRET)).to_be_visible(timeout=WITHIN)
    await page.reload()
    await expect(page.get_by_text(SECRET)).to_be_visible(timeout=WITHIN)
    await page.goto(ELSEWHERE)
    await page.go_back()
    await page.get_by_role("button", name="Wis alles hier").click()
    await expect(page.get_by_role("heading", name="Hier staat niets meer")).to_be_visible()
    assert await page.evaluate("sessionStorage.length") == 0
    await page.reload()
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_visible(timeout=WITHIN)


async def test_a_tab_that_a_browser_brings_back_asks_and_keeps_nothing_readable(
    browsers: Browsers, laptop: Platform
) -> None:
    """This is like a crash, or a copied tab: the tab's storage is there again, in a page that is not a
    reload."""
    page = await anna_opens(browsers, laptop)
    await anna_says(page, SECRET)
    kept = await page.evaluate(A_MINUTE_AGO)
    assert SECRET not in kept
    again = await browsers.window(laptop, PHONE)
    await again.add_init_script(
        f"if (!sessionStorage.length) sessionStorage.setItem('tab', {json.dumps(kept)})"
    )
    await again.goto(f"{laptop.url}/nl/praat/")
    await expect(again.get_by_role("heading", name="Wil je verdergaan?")).to_be_visible(timeout=WITHIN)
    assert SECRET not in await again.inner_text("body")
    await again.reload()
    await expect(again.get_by_role("heading", name="Wil je verdergaan?")).to_be_visible(timeout=WITHIN)
    await again.goto(f"{laptop.url}/nl/")
    await looks_right(again)
    await again.get_by_role("link", name="Helpwanted").click()
    await expect(again.get_by_role("heading", name="Wil je verdergaan?")).to_be_visible(timeout=WITHIN)
    assert SECRET not in await again.inner_text("body")


async def test_after_the_end_one_begins_again_on_a_whole_first_screen(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await anna_opens(browsers, laptop)
    await anna_says(page, "hallo")
    await asks_to_stop(page)
    await page.get_by_role("button", name="Ja, stop").click()
    await page.get_by_role("button", name="Begin opnieuw").click()
    begin = page.get_by_role("button", name="Begin het gesprek")
    await expect(begin).to_be_in_viewport(ratio=1, timeout=WITHIN)
    await expect(page.locator("#numbers")).to_be_visible()
    await looks_right(page)
    await begin.click()
    await anna_says(page, "nog eens")


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_the_way_out_stands_on_every_page_in_one_place(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    page = await browsers.window(laptop, size)
    places = set()
    for path in ("/nl/", "/nl/praat/", "/nl/gesprek/", "/nl/nergens/"):
        await page.goto(laptop.url + path)
        way = page.get_by_role("link", name="Snel weg").last
        box = await way.bounding_box()
        assert box
        places.add((round(box["x"] + box["width"]), round(box["y"])))
        await looks_right(page)
    assert len(places) == 1, places


async def test_leaving_by_keyboard_counts_aloud_and_blanks_at_once(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    asked = await neutral_site(page)
    await page.goto(f"{laptop.url}/nl/praat/")
    await page.get_by_role("button", name="Begin het gesprek").wait_for()
    await looks_right(page)
    await page.keyboard.press("Shift")
    await expect(page.locator("#exit-told")).to_have_text("Nog 2 keer Shift om snel weg te gaan.")
    await page.keyboard.press("Shift")
    await page.keyboard.press("Shift")
    await page.wait_for_url("https://**")
    await asyncio.sleep(0)
    assert len(asked) >= 1


async def test_what_is_not_sent_yet_survives_a_reload_and_the_other_language_and_is_never_readable(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await anna_opens(browsers, laptop)
    await anna_says(page, "hallo")
    sealed = await page.evaluate(SEALED)
    await page.locator("#text").fill(SECRET)
    await page.wait_for_function(f"before => {SEALED} !== before", arg=sealed)
    assert SECRET not in await page.evaluate("sessionStorage.getItem('tab')")
    await page.reload()
    await expect(page.locator("#text")).to_have_value(SECRET, timeout=WITHIN)
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_role("button", name="Send")).to_be_visible(timeout=WITHIN)
    await expect(page.locator("#text")).to_have_value(SECRET, timeout=WITHIN)
    await looks_right(page)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".bubble.own", has_text=SECRET).locator(".tick")).to_be_visible(timeout=WITHIN)
    await page.reload()
    await expect(page.get_by_text("hallo")).to_be_visible(timeout=WITHIN)
    await expect(page.locator("#text")).to_have_value("")


async def test_a_network_that_lets_no_socket_pass_is_named_and_the_numbers_stay(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.route_web_socket("**/ws/caller/", lambda socket: socket.close(code=1006, reason=""))
    await page.goto(f"{laptop.url}/nl/praat/")
    begin = page.get_by_role("button", name="Begin het gesprek")
    await expect(begin).to_be_enabled(timeout=WITHIN)
    await begin.click()
    await expect(page.get_by_text("Dit netwerk houdt hem misschien tegen.")).to_be_visible(timeout=WITHIN)
    await expect(page.locator("#numbers a").first).to_be_visible()
    await looks_right(page)


async def test_after_a_reload_in_the_queue_the_other_numbers_still_say_who_is_there_now(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/praat/")
    await page.locator("#begin").click(timeout=WITHIN)
    others = page.locator(".waiting .numbers li")
    await expect(page.locator(".waiting")).to_be_visible(timeout=WITHIN)  # not before the line has answered
    await expect(others.nth(1).locator(".when")).to_have_text("nu open", timeout=WITHIN)
    await page.reload()
    await expect(others.nth(1).locator(".when")).to_have_text("nu open", timeout=WITHIN)
    await opens_menu(page)
    await expect(page.locator("#menu").get_by_role("link", name="Bel deze hulplijn")).to_be_visible()
    await looks_right(page)
    await in_both_themes(page, "queue-reloaded")
    await go_home(laptop)


async def test_a_network_that_froze_is_told_within_eight_seconds_and_one_that_is_gone_at_once(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    frozen = False

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda frame: None if frozen else server.send(frame))
        server.on_message(lambda frame: None if frozen else socket.send(frame))

    await page.route_web_socket("**/ws/caller/", between)
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await page.locator("#begin").click()
    await page.locator("#text").wait_for()
    await anna_says(page, "hallo")
    banner = page.get_by_text("Geen verbinding. We proberen het opnieuw.")
    frozen = True
    await page.locator("#text").fill("hoort iemand mij?")
    await page.get_by_role("button", name="Stuur").click()
    await expect(banner).to_be_visible(timeout=9_000)
    await looks_right(page)
    frozen = False
    await page.context.set_offline(True)
    await expect(banner).to_be_visible(timeout=1_000)
    await expect(page.locator(".nobody").get_by_role("link", name="Bel 112")).to_be_in_viewport(
        timeout=WITHIN
    )
    await looks_right(page)
    await in_both_themes(page, "nobody-offline")
    size = page.viewport_size or {"width": 360, "height": 740}
    await page.set_viewport_size({**size, "height": 380})  # an on-screen keyboard is open
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await expect(page.locator(".nobody").get_by_role("link", name="Bel 112")).to_be_in_viewport(ratio=1)
    await looks_right(page)
    await in_both_themes(page, "nobody-keyboard")
    await page.set_viewport_size(size)
    await page.context.set_offline(False)
    await expect(page.locator(".bubble.own", has_text="hoort iemand").locator(".tick")).to_be_visible(
        timeout=WITHIN
    )
    await expect(banner).to_be_hidden(timeout=WITHIN)
    await expect(page.locator(".nobody")).to_be_hidden()
