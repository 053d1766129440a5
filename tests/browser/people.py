"""The cast in a browser: Anna has a phone, and Carla a desk."""

import asyncio
import os
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Browser, ConsoleMessage, Frame, Page, Request, Response, expect

from benchmarks.signin import Person, SignIn, next_code
from tests.browser.axe import address, looked_at, looks_right, looks_right_once, switch_scripts_off
from tests.support.cast import counsellors
from tests.support.platform import Platform

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
CALLERS = {"", "nl", "en"}
WITHIN = 20_000.0  # milliseconds, for each step and each expectation
expect.set_options(timeout=WITHIN)
TRACED = bool(os.environ.get("HELPLINE_TRACE"))  # takes pictures of each step, and half as much time more


class Browsers:
    """Holds the windows of one browser, each with its own storage, what their pages complained about and what
    they showed. The tests open all windows here, so that axe checks every screen of the platform."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.visited: dict[Page, set[str]] = {}  # paths of the platform
        self.pages: dict[Page, set[str]] = {}  # and the addresses of the screens that each has shown
        self.kept = False

    async def window(
        self,
        platform: Platform,
        size: dict[str, int],
        *,
        locale: str = "nl-NL",
        scripts: bool = True,
        touch: bool = False,
    ) -> Page:
        """Opens a window. With `touch` it is operated by fingers."""
        context = await self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, locale=locale, has_touch=touch
        )
        await context.tracing.start(screenshots=TRACED, snapshots=TRACED)
        page = await context.new_page()
        page.set_default_timeout(WITHIN)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._request(platform, request))
        self._remember_screens(page, platform)
        if not scripts:
            await switch_scripts_off(page)
        return page

    async def close(self) -> None:
        """Closes the windows, after checking what they show last."""
        try:
            assert self.foreign == [], "a page of ours asked another site"
            for page, screens in self.pages.items():
                await self._leaves_nothing(page, screens)
                if not page.is_closed() and address(page.url) in screens:
                    await looks_right(page)
                unseen = screens - looked_at(page)
                assert not unseen, f"{unseen}: axe did not look there: call looks_right(page) where they show"
        finally:
            for page in self.pages:
                if not self.kept:  # a trace that nobody stops leaves its folder in /tmp
                    await page.context.tracing.stop()
                await page.context.close()

    async def keep(self, folder: Path) -> None:
        """Keeps a picture of each window as it is now, and its trace: `playwright show-trace`."""
        self.kept = True
        for number, page in enumerate(self.pages, start=1):
            if not page.is_closed():
                await page.screenshot(path=folder / f"{number}.png", full_page=True)
            await page.context.tracing.stop(path=folder / f"{number}.zip")

    def _remember_screens(self, page: Page, platform: Platform) -> None:
        """Remembers each page of the platform that loads, and each of its tabs."""
        screens = self.pages[page] = set[str]()
        paths = self.visited[page] = set[str]()

        def came(response: Response) -> None:
            shows = (
                response.headers.get("content-type", "").startswith("text/html") and response.status != 302
            )
            if shows and response.request.is_navigation_request() and response.url.startswith(platform.url):
                paths.add(urlsplit(response.url).path)

        def shown(frame: Frame) -> None:
            if frame == page.main_frame and urlsplit(frame.url).path in paths:
                screens.add(address(frame.url))

        page.on("response", came)
        page.on("framenavigated", shown)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser reports refused requests and dropped sockets as errors. They are tested elsewhere.
        network = any(sign in message.text for sign in ("Failed to load resource", "WebSocket"))
        if message.type in {"error", "warning"} and not network:
            self.complaints.append(message.text)

    def _request(self, platform: Platform, request: Request) -> None:
        """Records the requests that a page of ours sends to another host. They are refused, because there
        must be none."""
        ours = (platform.url, "data:", platform.url.replace("http", "ws", 1))
        if request.is_navigation_request() or request.url.startswith(ours):
            return
        if request.frame.url.startswith(platform.url):
            self.foreign.append(request.url)

    async def _leaves_nothing(self, page: Page, screens: set[str]) -> None:
        """Fails if a caller's page has a cookie in any state, or stores anything but what a tab keeps."""
        if any(path.split("/")[1] not in CALLERS for path in self.visited[page]):
            return  # staff
        assert await page.context.cookies() == [], "a caller's page sets no cookie"
        if not page.is_closed() and address(page.url) in screens:
            stored = await page.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage)]")
            assert set(stored) <= {"tab"}, stored
            assert await page.evaluate("globalThis.indexedDB?.databases().then((all) => all.length)") in {
                0,
                None,
            }


async def has_its_modules(page: Page) -> None:
    """Waits until a caller's page has fetched all that a conversation or a letter needs, as it does when
    idle. A state of the network tells nothing: once idle, it counts as idle until the next page."""
    await page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/solver.js'))"
    )
    await page.evaluate("""async () => {
        const { src } = document.querySelector("script[src$='/caller/caller.js']");
        const parts = ["conversation/talking", "conversation/fetched-later", "letters/letter"];
        await Promise.all([...parts, "../vendor/hpke"].map((part) => import(new URL(`./${part}.js`, src))));
    }""")


async def anna_opens(browsers: Browsers, platform: Platform, size: dict[str, int] = PHONE) -> Page:
    """Begins a conversation on Helpwanted as a caller on a phone."""
    page = await browsers.window(platform, size)
    await page.goto(f"{platform.url}/nl/praat/")
    begin = page.get_by_role("button", name="Begin het gesprek")
    await begin.wait_for()
    await looks_right_once(page)
    await begin.click()
    await page.locator("#text").wait_for()
    await page.locator("body.talking").wait_for()  # until then the layout moves
    return page


async def anna_says(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.get_by_role("button", name="Stuur").click()
    await expect(page.locator(".bubble.own", has_text=text).locator(".tick")).to_be_visible(timeout=WITHIN)


async def opens_menu(page: Page) -> None:
    """Opens the menu beside the names, which has what a caller needs now and then."""
    more = page.locator(".more")
    if await more.get_attribute("aria-expanded") == "false":
        await more.click()


async def asks_to_stop(page: Page) -> None:
    await opens_menu(page)
    await page.get_by_role("button", name="Stop het gesprek").click()


async def carla_signs_in(
    browsers: Browsers, platform: Platform, who: Person | None = None, size: dict[str, int] = DESK
) -> Page:
    """Signs in as a counsellor on a new browser, makes its key, and goes on duty."""
    page = await browsers.window(platform, size)
    await comes_in(page, platform, who or counsellors(platform, "helpwanted")[0])
    await makes_a_key(page)
    await goes_on_duty(page)
    return page


async def goes_on_duty(page: Page) -> None:
    """Goes on duty with an approved device. The button for the next caller is disabled until somebody
    waits."""
    await page.get_by_role("radio", name="In dienst").check()
    await expect(page.locator("#next-why")).to_have_text(re.compile(r"^\s*$|niemand"), timeout=WITHIN)


async def makes_a_key(page: Page) -> None:
    """Makes the key of a new browser."""
    make = page.get_by_role("button", name="Maak een sleutel")
    await make.wait_for()
    await looks_right_once(page)
    await make.click()


async def sign_in(page: Page, platform: Platform, who: Person) -> None:
    """Fills in the two forms. A code works once, so a second sign-in takes the next one."""
    await page.goto(f"{platform.url}/login/")
    await looks_right_once(page)
    await page.locator("input[name=username]").fill(who.username)
    await page.locator("input[name=password]").fill(who.password)
    await page.locator("form button[type=submit]").click()
    await page.locator("input[name=code]").wait_for()
    await looks_right_once(page)
    await page.locator("input[name=code]").fill(await code_of(who, platform))
    await page.locator("form button[type=submit]").click()
    await page.wait_for_url(lambda url: "/login/" not in url)
    if "/board/" in page.url:
        await page.locator("hl-board nav").first.wait_for()
        await looks_right_once(page)


async def comes_in(page: Page, platform: Platform, who: Person) -> None:
    """Signs in without the forms, for tests about something else."""
    signing = SignIn(platform.url, who)

    def by_request() -> None:
        answer = signing.submit(signing.get("/login/"), "username", **signing.credentials())
        answer = signing.submit(signing.get(answer.address), "code", code=signing.next_code())
        signing.landed = answer.address

    await asyncio.to_thread(by_request)
    await page.context.add_cookies(
        [{"name": name, "value": value, "url": platform.url} for name, value in signing.cookies.items()]
    )
    await page.goto(urljoin(platform.url, signing.landed))
    if "/board/" in page.url:
        await page.locator("hl-board nav").first.wait_for()
        await looks_right_once(page)


async def code_of(who: Person, platform: Platform) -> str:
    """Returns a one-time code that was not used yet, once the server accepts it."""
    return await asyncio.to_thread(next_code, platform.url, who.totp_secret)


async def carla_says(page: Page, text: str) -> None:
    await page.locator("#draft").fill(text)
    await page.get_by_role("button", name="Verstuur").click()
    await expect(page.locator(".message.own", has_text=text).locator(".tick")).to_be_visible(timeout=WITHIN)


async def carla_reads(page: Page, text: str) -> None:
    """Waits until the console's log has the text."""
    await expect(page.get_by_role("log").get_by_text(text)).to_be_visible(timeout=WITHIN)


async def carla_takes(page: Page, text: str) -> None:
    """Takes the next caller, and waits until the console's log has the caller's text."""
    await page.get_by_role("button", name="Volgende").click()
    await carla_reads(page, text)


async def in_both_themes(page: Page, name: str) -> None:
    """Takes pictures of a screen in both themes, if pictures are wanted."""
    if not (folder := os.environ.get("HELPLINE_PICTURES")):
        return
    width = (page.viewport_size or {"width": 0})["width"]
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        await picture(page, Path(folder) / f"{name}-{width}-{theme}.png")
    await page.emulate_media(color_scheme="light")


async def picture(page: Page, path: Path) -> None:
    await asyncio.sleep(0.3)  # fonts and focus rings settle
    path.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=path)
