"""An organisation's own site links to a line and says whether it is open, without learning who visits it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Request, Route, expect

from tests.browser.axe import looks_right
from tests.browser.people import DESK, PHONE, Browsers, in_both_themes
from tests.support.cast import carla, floor, go_home
from tests.support.platform import Platform

# As docs/embed.md tells the organisation.
POLICY = "default-src 'none'; script-src {url}; connect-src {url}"
PAGE = """<!doctype html><html lang="nl"><title>Hulp</title>
<helpline-chat line="praat"><a href="{url}/nl/praat/" rel="noreferrer">Chat met ons</a></helpline-chat>
<script src="{url}/embed.js" referrerpolicy="no-referrer" defer></script>
<script src="{url}/embed.js" referrerpolicy="no-referrer" defer></script>"""  # pasted twice
BARE = """<!doctype html><html lang="en"><title>Help</title><helpline-chat line="praat"></helpline-chat>
<script src="{url}/embed.js" defer></script>"""
FULL = "Nu heel druk. Bellen of chatten met een ander kan wel."


@pytest.fixture
def site(laptop: Platform) -> Iterator[str]:
    """Serves the organisation's page from another origin. Returns its address."""

    class Organisation(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Referrer-Policy", "unsafe-url")  # a site that sends its whole address
            self.send_header("Content-Security-Policy", POLICY.format(url=laptop.url))
            self.end_headers()
            page = BARE if self.path.startswith("/help") else PAGE
            self.wfile.write(page.format(url=laptop.url).encode())

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Organisation) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hulp"
        server.shutdown()


async def test_a_link_on_another_site_says_what_somebody_finds_there_and_leads_there(
    browsers: Browsers, laptop: Platform, site: str
) -> None:
    page = await browsers.window(laptop, DESK)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 – it marks what it calls
    supervisor = await floor(laptop)

    for state, most, shown, says in (
        ("open", 0, "full", FULL),
        ("closed", None, "closed", "Nu gesloten"),
        ("open", None, "open", "Open, nog geen hulpverlener"),
    ):
        await supervisor.request("line", line="helpwanted", state=state, most=most, reason=None)
        await page.goto(site)
        await expect(page.locator("helpline-chat")).to_have_attribute("state", shown)
        await expect(page.get_by_role("status")).to_have_text(says)
    await carla(laptop)
    await page.goto(site)
    await expect(page.get_by_role("status")).to_contain_text("Nu open")
    await go_home(laptop)
    await page.get_by_role("link", name="Chat met ons").click()
    await page.wait_for_url("**/nl/praat/")
    told = [request.headers.get("referer", "") for request in asked]
    assert any(request.url.endswith("/api/lines/praat/") for request in asked)
    assert not [address for address in told if address.startswith(site)]
    assert await page.context.cookies() == []


async def test_an_element_alone_becomes_a_link_with_the_line_s_name_in_the_site_s_language(
    browsers: Browsers, laptop: Platform, site: str
) -> None:
    page = await browsers.window(laptop, DESK)
    await page.goto(site.replace("/hulp", "/help"))
    await expect(page.get_by_role("status")).to_have_text("Open, no counsellor here yet")
    await page.get_by_role("link", name="Helpwanted").click()
    await page.wait_for_url("**/en/praat/")


async def test_the_lines_page_says_that_a_line_is_full_and_the_line_before_anything_is_asked(
    browsers: Browsers, laptop: Platform
) -> None:
    supervisor = await floor(laptop)
    await supervisor.request("line", line="helpwanted", state="open", most=0, reason=None)
    plain = await browsers.window(laptop, PHONE)
    await plain.goto(f"{laptop.url}/nl/")
    await expect(plain.get_by_text(FULL)).to_be_visible()
    await looks_right(plain)
    page = await browsers.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.locator("#state")).to_have_text(FULL)
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_enabled()
    await looks_right(page)
    await in_both_themes(page, "full-first")
    await supervisor.request("line", line="helpwanted", state="open", most=None, reason=None)
    await go_home(laptop)


async def test_without_a_script_the_lines_page_still_leads_to_each_line_and_to_numbers(
    browsers: Browsers, laptop: Platform
) -> None:
    """The page does not contain who is there, because its bytes are signed."""
    plain = await browsers.window(laptop, PHONE, scripts=False)
    await plain.goto(f"{laptop.url}/nl/")
    await expect(plain.locator(".lines a")).to_have_count(2)
    await expect(plain.locator("#numbers a").first).to_be_visible()
    await looks_right(plain)


async def test_where_the_helpline_cannot_be_asked_it_stays_a_link(
    browsers: Browsers, laptop: Platform, site: str
) -> None:
    page = await browsers.window(laptop, DESK)

    async def away(route: Route) -> None:
        await route.abort()

    await page.route("**/api/lines/**", away)
    await page.goto(site)
    await expect(page.get_by_role("link")).to_have_text("Chat met ons")
    await expect(page.get_by_role("status")).to_have_text("")
    await page.get_by_role("link").click()
    await page.wait_for_url("**/nl/praat/")


async def test_a_state_that_can_no_longer_be_looked_at_is_not_shown_any_more(
    browsers: Browsers, laptop: Platform, site: str
) -> None:
    page = await browsers.window(laptop, DESK)
    await page.goto(site)
    await expect(page.locator("helpline-chat")).to_have_attribute("state", "open")
    await page.route("**/api/lines/**", lambda route: route.abort())
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.get_by_role("status")).to_have_text("")
    await expect(page.locator("helpline-chat[state]")).to_have_count(0)
    await expect(page.get_by_role("link")).to_have_text("Chat met ons")
