"""The page of colours, sizes and icons is complete, and can be read in each theme, also with forced
colours."""

import re

from tests.browser.axe import serious_of
from tests.browser.people import DESK, PHONE, Browsers, in_both_themes
from tests.support.platform import ROOT, Platform

PAGE = ROOT / "docs/look.html"
TOKENS, ICONS = ROOT / "frontend/staff/tokens.css", ROOT / "frontend/vendor/icons.css"


async def test_the_page_has_every_token_and_every_icon() -> None:
    page = PAGE.read_text()
    tokens = re.findall(r"^\s+(--[\w-]+):", TOKENS.read_text(), re.MULTILINE)
    icons = re.findall(r"^\.icon-([\w-]+)", ICONS.read_text(), re.MULTILINE)
    assert tokens
    assert icons
    assert [one for one in tokens if f"<code>{one}</code>" not in page] == []
    assert [one for one in icons if f"icon-{one}" not in page] == []


async def test_all_of_it_can_be_read(browsers: Browsers, laptop: Platform) -> None:
    for size in (PHONE, DESK):
        page = await browsers.window(laptop, size)
        await page.goto(PAGE.as_uri())
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await serious_of(page) == []
        await in_both_themes(page, "look")
        # Axe knows the colours that the page names, not these.
        await page.emulate_media(forced_colors="active")
        icon = page.locator(".icon").first
        drawn = await icon.evaluate("(one) => getComputedStyle(one).backgroundColor")
        assert drawn != await page.evaluate("getComputedStyle(document.body).backgroundColor")
