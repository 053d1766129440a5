"""The first screen of a line is small, does not move, can be read without scripts, and shows urgent help."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import CDPSession, Response, Route, expect

from tests.browser.axe import looks_right
from tests.browser.people import DESK, PHONE, WITHIN, Browsers, in_both_themes
from tests.support.platform import Platform

# In bytes: the contract's 60 kB, less three that are reserved for certificates.
BUDGET = {"bytes": 57_000, "requests": 12, "shift": 0.02, "later": 96_000}
ROUND_TRIP = 1.0  # seconds: so long that nothing else matters
# Headers count as 300 bytes, as the Resource Timing standard says.
LOADED = """(later) => {
  const [usable] = performance.getEntriesByName("usable");
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const those = all.filter((one) => one.startTime > usable.startTime === later);
  return { requests: those.length, bytes: those.reduce((sum, one) => sum + one.transferSize, 0) };
}"""
USABLE = "() => performance.getEntriesByName('usable').length > 0"
FETCHED_AHEAD = (
    "() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/solver.js'))"
)
# The modules that were fetched ahead import others. A request that is under way has no entry yet.
ALL_IS_FETCHED = """async () => {
    const count = () => performance.getEntriesByType("resource").length;
    const before = count();
    await new Promise((then) => setTimeout(then, 1000));
    return count() === before;
}"""
SHIFTS = """() => new Promise((told) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(sum), 300);
})"""


# In its middle.
ON_TOP = """(one) => {
  const { left, top, width, height } = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


@pytest.mark.parametrize("path", ["/nl/praat/", "/en/praat/", "/nl/gesprek/", "/en/gesprek/"])
async def test_the_first_load_is_small_on_the_wire_and_does_not_jump(
    browsers: Browsers, laptop: Platform, path: str
) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.goto(laptop.url + path, wait_until="networkidle")
    await page.wait_for_function(USABLE)
    await page.wait_for_function(FETCHED_AHEAD)  # on a busy machine the network is idle before that
    await page.wait_for_load_state("networkidle")
    first, later = await page.evaluate(LOADED, False), await page.evaluate(LOADED, True)
    print(f"{path}: {first} and {later} when idle")
    assert first["requests"] <= BUDGET["requests"]
    assert first["bytes"] <= BUDGET["bytes"]
    assert await page.evaluate(SHIFTS) < BUDGET["shift"]
    assert 0 < later["bytes"] <= BUDGET["later"]
    await looks_right(page)


@pytest.mark.parametrize(("path", "size"), [("/nl/praat/", PHONE), ("/en/gesprek/", DESK)])
@pytest.mark.short
async def test_a_closed_line_leads_to_chats_and_numbers_that_are_open_now_and_does_not_jump(
    browsers: Browsers, laptop: Platform, path: str, size: dict[str, int]
) -> None:
    page = await browsers.window(laptop, size)
    shut = {"open": False, "changes": None}

    async def at_night(route: Route) -> None:
        found = await (await route.fetch()).json()
        hours = found["hours"] | {"line": shut, "kindertelefoon": shut}
        told = found | {"open": False, "opens": None, "hours": hours}
        await route.fulfill(body=json.dumps(told), content_type="application/json")

    await page.route("**/api/lines/**", at_night)
    await page.goto(laptop.url + path)
    rows = page.locator(".help .numbers li")
    await expect(rows.nth(1).locator(".chat")).to_have_attribute("href", "https://113.nl/")
    if path == "/nl/praat/":
        order = await rows.evaluate_all("(all) => all.map((one) => one.dataset.service)")
        assert order == ["112", "113", "csg", "veilig-thuis", "line", "kindertelefoon"]
        await expect(page.get_by_role("link", name="Take It Down")).to_be_visible()
        await expect(page.locator(".hope")).to_contain_text("Het is niet jouw schuld.")
        await expect(rows.nth(1).locator(".when")).to_have_text("nu open")
        await expect(rows.nth(4).locator(".when")).to_have_text("nu dicht")
    assert await page.evaluate(SHIFTS) < BUDGET["shift"]
    await looks_right(page)
    await in_both_themes(page, "closed")


async def test_a_page_that_was_opened_before_the_line_leads_in_once_it_has_opened(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    now = {"open": False, "opens": "2030-01-05T18:00:00Z"}

    async def before_and_after(route: Route) -> None:
        told = await (await route.fetch()).json() | now
        await route.fulfill(body=json.dumps(told), content_type="application/json")

    await page.route("**/api/lines/**", before_and_after)
    await page.clock.install()
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.get_by_text("De chat gaat open op")).to_contain_text("5 januari")
    # What the page itself imported before follows the line from here on.
    await page.evaluate("""async () => {
        const { src } = document.querySelector("script[src$='/caller/caller.js']");
        await import(new URL("./start/open-again.js", src));
    }""")
    now["opens"] = "2030-01-06T18:00:00Z"
    await page.clock.run_for(61_000)
    await expect(page.get_by_text("De chat gaat open op")).to_contain_text("6 januari", timeout=WITHIN)
    now |= {"open": True, "opens": None}
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.get_by_role("heading", name="De chat is nu open")).to_be_visible(timeout=WITHIN)
    await looks_right(page)
    await in_both_themes(page, "opened-meanwhile")
    await page.get_by_role("button", name="Naar de chat").click()
    await expect(page.locator("#state")).to_be_visible()
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)


async def test_a_page_that_was_opened_before_other_roots_were_named_loads_itself_again(
    browsers: Browsers, laptop: Platform
) -> None:
    """By its own roots it would let in nobody whom the new ones certify."""
    page = await browsers.window(laptop, PHONE)
    named: dict[str, str] = {}

    async def with_roots(route: Route) -> None:
        told = await (await route.fetch()).json() | named
        await route.fulfill(body=json.dumps(told), content_type="application/json")

    await page.route("**/api/lines/**", with_roots)
    await page.clock.install()
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    loads: list[int] = []
    page.on("load", lambda _: loads.append(1))
    await page.clock.run_for(6 * 60_000)
    assert loads == [], "as long as they are the same"
    named["roots"] = "another"
    async with page.expect_event("load", timeout=WITHIN):
        await page.clock.run_for(6 * 60_000)


async def test_a_page_that_was_left_open_says_when_the_line_and_a_service_have_closed(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    now: dict[str, Any] = {"open": True, "hours": {"113": {"open": True, "changes": None}}}

    async def before_and_after(route: Route) -> None:
        told = await (await route.fetch()).json() | now
        await route.fulfill(body=json.dumps(told), content_type="application/json")

    await page.route("**/api/lines/**", before_and_after)
    await page.clock.install()
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    service = page.locator('#numbers [data-service="113"] .when')
    await expect(service).to_have_class(re.compile("now"))
    now |= {"open": False, "hours": {"113": {"open": False, "changes": None}}}
    await page.clock.run_for(6 * 60_000)
    await expect(page.locator("#state")).to_have_text("De chat is nu gesloten", timeout=WITHIN)
    await expect(service).to_have_class(re.compile("shut"))


async def test_begin_is_usable_after_three_ways_to_the_server(browsers: Browsers, laptop: Platform) -> None:
    page = await browsers.window(laptop, PHONE)
    session: CDPSession = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    far = {"offline": False, "latency": ROUND_TRIP * 1000, "downloadThroughput": -1, "uploadThroughput": -1}
    await session.send("Network.emulateNetworkConditions", far)
    await page.goto(f"{laptop.url}/nl/praat/")
    await page.wait_for_function(USABLE)
    usable = await page.evaluate("performance.getEntriesByName('usable')[0].startTime / 1000")
    assert 3 * ROUND_TRIP <= usable < 4 * ROUND_TRIP, "page, modules, the line's state"
    await expect(page.locator("#state")).to_have_text("Open, nog geen hulpverlener")
    wait = page.get_by_text("Begin je nu, dan wacht je in de rij.")
    await expect(wait.get_by_role("link")).to_contain_text("Bel 112")
    await looks_right(page)


async def test_what_the_conversation_needs_is_there_before_somebody_begins(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/praat/", wait_until="networkidle")
    await page.wait_for_function(USABLE)
    await page.wait_for_function(FETCHED_AHEAD)  # on a busy machine the network is idle before that
    await page.wait_for_function(ALL_IS_FETCHED)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.locator("#begin").click()
    await page.locator("#text").wait_for()
    assert [address for address in asked if address.endswith((".js", ".css"))] == []
    await looks_right(page)


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_urgency_is_in_sight_and_unsaid_and_acute_shows_whom_to_call(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    page = await browsers.window(laptop, size)
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    for choice in await page.locator(".urgency label").all():
        await expect(choice).to_be_in_viewport(ratio=1)
    assert await page.locator("[name=urgency]:checked").get_attribute("value") == "0"
    await page.get_by_text("Het is nu dringend").click()
    calls = page.locator("#acute a")
    await expect(calls.first).to_be_in_viewport(ratio=1)
    assert await calls.first.evaluate(ON_TOP), "nothing lies over it"
    assert [await one.get_attribute("href") for one in await calls.all()] == [
        "tel:112",
        "tel:08000113",
        "tel:08000188",
    ]
    assert await page.locator("[role=status]:has(#acute)").count() == 1, "it is read out"
    await calls.first.scroll_into_view_if_needed()
    await looks_right(page)
    await in_both_themes(page, "acute")
    await page.get_by_text("Dat zeg ik nu niet").click()
    await expect(page.locator("#acute")).to_be_hidden()


@pytest.mark.short
async def test_two_taps_lead_from_the_lines_into_the_queue(browsers: Browsers, laptop: Platform) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/")
    await looks_right(page)
    await page.clock.install()
    await page.get_by_role("link", name="Helpwanted").click()
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await page.locator("#begin").click()
    sign = page.locator(".waiting .open")
    await expect(sign).to_contain_text("Je staat nog in de rij.", timeout=WITHIN)
    await expect(page.get_by_text("Er is nu nog geen hulpverlener.")).to_be_visible()
    await expect(page.locator(".company")).to_have_text("Je wacht op een hulpverlener.")
    await expect(page.get_by_role("checkbox", name="Betaal niet.")).to_be_visible()
    assert await page.locator("h1:visible").count() == 1
    await looks_right(page)
    await page.clock.run_for(20_000)
    await expect(sign).to_have_text("Je hoeft niets te doen. Dit scherm werkt vanzelf bij.")


async def test_who_waits_and_said_that_it_is_acute_still_sees_whom_to_call(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/praat/")
    await page.get_by_text("Het is nu dringend").click()
    await page.locator("#begin").click()
    await expect(page.locator(".waiting .open")).to_contain_text("Je staat nog in de rij.")
    calls = page.locator(".waiting .calls a")
    await expect(calls.first).to_have_attribute("href", "tel:112")
    await expect(calls.first).to_be_in_viewport(ratio=1)
    await looks_right(page)
    await in_both_themes(page, "acute-waits")


async def test_a_module_that_fails_leaves_the_words_the_numbers_and_what_to_do(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)

    async def breaks(route: Route) -> None:
        await route.fulfill(status=500)

    await page.route("**/caller/caller.js", breaks)
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.get_by_role("heading", name="Praat met Helpwanted")).to_be_visible()
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_disabled()
    await expect(page.get_by_text("Kun je niet beginnen?")).to_be_visible(timeout=12_000)
    assert "0800-0113" in await page.inner_text("aside")
    await looks_right(page)


async def test_what_was_ticked_stays_while_somebody_waits_and_goes_nowhere(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await page.get_by_text("Wat je nu al kunt doen").click()
    await page.get_by_text("Betaal niet.").click()
    await page.locator("#begin").click()
    await expect(page.get_by_role("checkbox", name="Betaal niet.")).to_be_checked(timeout=WITHIN)
    await looks_right(page)
    assert await page.evaluate("sessionStorage.getItem('tab').includes('etaal')") is False
    assert not any("etaal" in sent for sent in asked)


@pytest.mark.parametrize(("size", "letters"), [(PHONE, "200%"), ({"width": 320, "height": 256}, "100%")])
async def test_with_large_letters_or_much_zoom_nothing_is_cut_off(
    browsers: Browsers, laptop: Platform, size: dict[str, int], letters: str
) -> None:
    page = await browsers.window(laptop, size)

    async def is_whole() -> None:
        await page.evaluate(f"document.documentElement.style.fontSize = '{letters}'")
        await page.wait_for_timeout(200)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await expect(page.get_by_role("link", name="Snel weg").last).to_be_in_viewport(ratio=1)

    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await is_whole()
    await looks_right(page)
    await page.locator("#begin").click()
    await page.locator("#text").wait_for()
    # It appears above the box, and would push it out of sight.
    await page.locator(".waiting .open").wait_for()
    await is_whole()
    send = page.get_by_role("button", name="Stuur")
    await send.scroll_into_view_if_needed()
    await expect(send).to_be_in_viewport(ratio=1)
    await expect(page.get_by_role("link", name="Snel weg").last).to_be_in_viewport(ratio=1)
    await looks_right(page)
    await in_both_themes(page, f"large-{letters[:3]}")


async def test_no_page_sets_a_cookie_or_asks_another_site(browsers: Browsers, laptop: Platform) -> None:
    page = await browsers.window(laptop, PHONE)
    heads: list[str] = []

    def came(answer: Response) -> None:
        heads.extend(name for name in answer.headers if name == "set-cookie")

    page.on("response", came)
    for path in ("/", "/nl/", "/nl/praat/", "/en/gesprek/", "/nl/nergens/"):
        await page.goto(laptop.url + path, wait_until="networkidle")
        await looks_right(page)
    assert heads == []
    assert browsers.foreign == []
    assert await page.context.cookies() == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
