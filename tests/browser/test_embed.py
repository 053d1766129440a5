"""The organisation's own site links to a line and says whether it is open, without learning of anybody."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Request, Route, expect

from tests.browser.people import DESK, Browsers
from tests.support.cast import floor, go_home
from tests.support.platform import Platform

PAGE = """<!doctype html><title>Hulp</title>
<a href="{url}/nl/helpwanted/" data-helpline="helpwanted"
   data-open="Nu open" data-closed="Nu dicht">Chat met ons <span></span></a>
<script src="{url}/embed.js" defer></script>"""


@pytest.fixture
def site(laptop: Platform) -> Iterator[str]:
    """The address of the organisation's page, served from another origin."""

    class Organisation(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Referrer-Policy", "unsafe-url")  # a careless site
            self.end_headers()
            self.wfile.write(PAGE.format(url=laptop.url).encode())

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Organisation) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hulp"
        server.shutdown()


async def test_a_link_on_another_site_says_whether_the_line_is_open_and_leads_there(
    browsers: Browsers, laptop: Platform, site: str
) -> None:
    page = await browsers.window(laptop, DESK)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 – it marks what it calls
    await page.goto(site)
    link = page.get_by_role("link")
    await expect(link).to_have_text("Chat met ons Nu open")
    supervisor = await floor(laptop)
    await supervisor.request("line", line="helpwanted", state="closed", most=None, reason=None)
    await page.reload()
    await expect(link).to_have_text("Chat met ons Nu dicht")
    await expect(link).to_have_attribute("data-state", "closed")
    await supervisor.request("line", line="helpwanted", state="open", most=None, reason=None)
    await go_home(laptop)
    await link.click()
    await page.wait_for_url("**/nl/helpwanted/")
    told = [request.headers.get("referer", "") for request in asked if "embed.js" not in request.url]
    assert any(request.url.endswith("/api/lines/helpwanted/") for request in asked)
    assert not [address for address in told if address.startswith(site)]
    assert await page.context.cookies() == []


async def test_where_the_helpline_cannot_be_asked_it_stays_a_link(
    browsers: Browsers, laptop: Platform, site: str
) -> None:
    page = await browsers.window(laptop, DESK)

    async def away(route: Route) -> None:
        await route.abort()

    await page.route("**/api/lines/**", away)
    await page.goto(site)
    await expect(page.get_by_role("link")).to_have_text("Chat met ons ")
    await page.get_by_role("link").click()
    await page.wait_for_url("**/nl/helpwanted/")
