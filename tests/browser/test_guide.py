"""Parents, teachers, and callers who ask what is confidential find a page to read first, and a way back."""

import pytest
from playwright.async_api import expect

from tests.browser.axe import looks_right
from tests.browser.people import DESK, PHONE, WITHIN, Browsers, in_both_themes
from tests.support.platform import Platform

TITLES = {"praat": "Voor ouders en leraren", "gesprek": "Over deze hulplijn"}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", TITLES)
async def test_who_wants_to_read_first_does_so_and_then_begins(
    browsers: Browsers, laptop: Platform, path: str, size: dict[str, int]
) -> None:
    page = await browsers.window(laptop, size)
    await page.goto(f"{laptop.url}/nl/{path}/")
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await expect(page.locator("#sources")).to_contain_text("26 november 2026")
    await looks_right(page)
    before = await page.evaluate("history.length")
    await page.get_by_role("link", name=TITLES[path]).click()
    await expect(page.get_by_role("heading", level=1, name=TITLES[path])).to_be_visible()
    assert await page.title() == "Info"
    await expect(page.get_by_role("link", name="Snel weg").last).to_be_in_viewport(ratio=1)
    await in_both_themes(page, f"guide-{path}")
    await looks_right(page)
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_text("Checked on 26 November 2026.")).to_be_visible()
    await looks_right(page)
    await page.get_by_role("link", name="Go to the chat").click()
    await expect(page.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await looks_right(page)
    assert await page.evaluate("history.length") == before, "one entry for the whole visit"


async def test_it_can_be_read_and_left_without_a_script(browsers: Browsers, laptop: Platform) -> None:
    page = await browsers.window(laptop, PHONE, scripts=False)
    await page.goto(f"{laptop.url}/nl/praat/meer/")
    await expect(page.get_by_text("Blijf rustig")).to_be_visible()
    await looks_right(page)
    await page.get_by_role("link", name="Naar het gesprek").click()
    await expect(page.get_by_role("heading", name="Praat met Helpwanted")).to_be_visible()
    await looks_right(page)
