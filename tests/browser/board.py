"""Floor in a browser: the board, and the figures on it."""

from typing import Any

from playwright.async_api import Locator, Page

from tests.browser.axe import looks_right
from tests.browser.people import DESK, Browsers, comes_in, in_both_themes
from tests.support.platform import Platform

_signed_in: dict[str, Any] = {}  # by address: a code works once in 30 s


async def floor_opens(
    browsers: Browsers, platform: Platform, tab: str = "", size: dict[str, int] = DESK
) -> Page:
    """The supervisor of Helpwanted at the board, in a window of their own."""
    page = await browsers.window(platform, size)
    if cookies := _signed_in.get(platform.url):
        await page.context.add_cookies(cookies)
    else:
        await comes_in(page, platform, platform.people("supervisor", line="helpwanted")[0])
        _signed_in[platform.url] = await page.context.cookies()
    await page.goto(f"{platform.url}/board/{tab}")
    return page


def waiting(page: Page, text: str) -> Locator:
    """A request that waits for a second supervisor, by a part of its words."""
    return page.locator("li[data-approval]", has_text=text)


async def shot(page: Page, name: str) -> None:
    """Axe, and pictures where pictures are asked for."""
    await looks_right(page)
    await in_both_themes(page, name)


def figure(page: Page, name: str) -> Locator:
    """The number of a tile, or the word of a fact below them."""
    return page.locator(f"section.line [data-figure={name}] dd").locator("b, :scope:not(:has(b))").first
