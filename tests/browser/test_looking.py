"""The check of each screen finds mistakes, misses no screen, and leaves the page's policy in force."""

import asyncio

import pytest
from playwright.async_api import Browser, Route

from tests.browser.axe import looks_right
from tests.browser.people import PHONE, Browsers
from tests.support.platform import Platform

NAMELESS = "document.body.append(document.createElement('button'))"
WRITES = "try { document.body.innerHTML = '<b>'; 'written' } catch (error) { error.name }"
ASKS = "matchMedia('(prefers-color-scheme: dark)').matches"


async def test_what_is_wrong_fails_with_its_rule_and_place(chromium: Browser, laptop: Platform) -> None:
    opened = Browsers(chromium)
    page = await opened.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/")
    await looks_right(page)
    await page.evaluate(NAMELESS)
    with pytest.raises(AssertionError, match=r"\nbutton-name \(critical\) .*button"):
        await opened.close()


async def test_words_are_measured_in_both_themes(chromium: Browser, laptop: Platform) -> None:
    opened = Browsers(chromium)
    page = await opened.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/")
    await page.evaluate("document.querySelector('h1').style.color = 'light-dark(#111, #333)'")
    with pytest.raises(AssertionError) as failed:
        await opened.close()
    assert "dark: color-contrast (serious) h1" in str(failed.value)
    assert "light: color-contrast" not in str(failed.value)


async def test_a_screen_that_a_window_passes_unseen_fails(chromium: Browser, laptop: Platform) -> None:
    opened = Browsers(chromium)
    page = await opened.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/en/praat/")
    await page.goto(f"{laptop.url}/en/")
    with pytest.raises(AssertionError, match="/en/praat/"):
        await opened.close()


async def test_the_policy_and_the_theme_stay_as_they_were(browsers: Browsers, laptop: Platform) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.emulate_media(color_scheme="dark")
    await page.goto(f"{laptop.url}/nl/praat/")
    await page.get_by_role("button", name="Begin het gesprek").wait_for()
    await looks_right(page)
    assert await page.evaluate(ASKS)
    assert await page.evaluate(WRITES) == "TypeError"
    assert "TrustedHTML" in browsers.complaints.pop()


async def test_a_page_is_looked_at_once_its_styles_are_there(browsers: Browsers, laptop: Platform) -> None:
    page = await browsers.window(laptop, PHONE)

    async def late(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await page.route("**/*.css", late)
    await page.goto(f"{laptop.url}/login/", wait_until="commit")
    await page.locator("h1").wait_for()
    await looks_right(page)
