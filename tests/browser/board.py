"""Floor uses the board in a browser, and the figures on it."""

from typing import Any

from playwright.async_api import Locator, Page

from tests.browser.axe import looks_right
from tests.browser.people import DESK, Browsers, comes_in, in_both_themes
from tests.support.platform import Platform

_signed_in: dict[str, Any] = {}  # by address: a code works once in 30 s


async def floor_opens(
    browsers: Browsers, platform: Platform, tab: str = "", size: dict[str, int] = DESK
) -> Page:
    """Opens the board as the supervisor of Helpwanted, in a window of its own."""
    page = await browsers.window(platform, size)
    if cookies := _signed_in.get(platform.url):
        await page.context.add_cookies(cookies)
    else:
        await comes_in(page, platform, platform.people("supervisor", line="helpwanted")[0])
        _signed_in[platform.url] = await page.context.cookies()
    await page.goto(f"{platform.url}/board/{tab}")
    return page


def waiting(page: Page, text: str) -> Locator:
    """Returns a request that waits for a second supervisor, found by a part of its text."""
    return page.locator("li[data-approval]", has_text=text)


async def shot(page: Page, name: str) -> None:
    """Runs axe, and takes a picture if pictures are wanted."""
    await looks_right(page)
    await in_both_themes(page, name)


def figure(page: Page, name: str) -> Locator:
    """Returns the number on a tile, or the text of a fact below the tiles."""
    return page.locator(f"section.line [data-figure={name}] dd").locator("b, :scope:not(:has(b))").first
