"""The cast in a browser: Anna on her phone, Carla at her desk."""

import asyncio
import time
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Page, expect

from benchmarks.signin import Person, totp
from tests.support.cast import counsellors
from tests.support.platform import Platform

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
STEP = 30
WITHIN = 15_000.0  # milliseconds


class Browsers:
    """Windows of one browser, each with its own storage, and what their pages complained of."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.pages: list[Page] = []

    async def window(self, platform: Platform, size: dict[str, int], *, locale: str = "nl-NL") -> Page:
        context = await self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, locale=locale
        )
        page = await context.new_page()
        page.set_default_timeout(WITHIN)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._request(platform, request.url))
        self.pages.append(page)
        return page

    async def close(self) -> None:
        for page in self.pages:
            await page.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself reports refused requests and dropped sockets as errors: those are tested apart.
        network = any(sign in message.text for sign in ("Failed to load resource", "WebSocket"))
        if message.type in {"error", "warning"} and not network:
            self.complaints.append(message.text)

    def _request(self, platform: Platform, url: str) -> None:
        if not url.startswith((platform.url, "data:", platform.url.replace("http", "ws", 1))):
            self.foreign.append(url)


async def anna_opens(browsers: Browsers, platform: Platform, size: dict[str, int] = PHONE) -> Page:
    """A caller on a phone begins a conversation on Helpwanted."""
    page = await browsers.window(platform, size)
    await page.goto(f"{platform.url}/nl/helpwanted/")
    await page.get_by_role("button", name="Begin het gesprek").click()
    await page.locator("#text").wait_for()
    return page


async def anna_says(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.get_by_role("button", name="Stuur").click()
    await expect(page.locator(".bubble.own", has_text=text).locator(".tick")).to_be_visible(timeout=WITHIN)


async def carla_signs_in(
    browsers: Browsers, platform: Platform, who: Person | None = None, size: dict[str, int] = DESK
) -> Page:
    """A counsellor signs in with both factors on a new browser, makes its key, and goes on duty."""
    page = await browsers.window(platform, size)
    await sign_in(page, platform, who or counsellors(platform, "helpwanted")[0])
    await page.get_by_role("button", name="Maak een sleutel").click()  # a new browser has none
    await page.get_by_role("radio", name="In dienst").check()
    await expect(page.get_by_role("button", name="Volgende")).to_be_enabled(timeout=WITHIN)
    return page


async def sign_in(page: Page, platform: Platform, who: Person) -> None:
    """The two forms. A code works once, so a second sign-in takes the next one."""
    await page.goto(f"{platform.url}/login/")
    await page.locator("input[name=username]").fill(who.username)
    await page.locator("input[name=password]").fill(who.password)
    await page.locator("form button[type=submit]").click()
    await page.locator("input[name=code]").wait_for()
    await page.locator("input[name=code]").fill(next_code(platform, who))
    await page.locator("form button[type=submit]").click()
    await page.wait_for_url(lambda url: "/login/" not in url)


_used: dict[tuple[str, str], int] = {}


def next_code(platform: Platform, who: Person) -> str:
    """The earliest code of this person that was not used yet; the server takes one step of drift."""
    step = int(time.time()) // STEP
    key = (platform.url, who.username)
    _used[key] = max(step, _used.get(key, 0) + 1)
    return totp(who.totp_secret, _used[key])


async def carla_says(page: Page, text: str) -> None:
    await page.locator("#draft").fill(text)
    await page.get_by_role("button", name="Verstuur").click()
    await expect(page.locator(".message.own", has_text=text).locator(".tick")).to_be_visible(timeout=WITHIN)


async def picture(page: Page, path: Path) -> None:
    await asyncio.sleep(0.3)  # fonts and focus rings settle
    path.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=path)
