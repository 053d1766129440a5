"""After a counsellor has signed out, the laptop's disk contains no word of a caller."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import WITHIN, carla_says, goes_on_duty, makes_a_key, sign_in
from tests.engines.test_profile_of_chromium import opened
from tests.support.caller import CallerClient
from tests.support.cast import caller, counsellors
from tests.support.platform import Platform
from tests.support.profiles import found
from tests.support.sealing import INTAKE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SAID, ANSWERED = "hij stuurt het door aan mijn klas", "goed dat je het zegt"
UNSENT, NOTED, NAMED = "dit staat er nog half", "zij woont bij haar oma", "Roodborstje"


async def comes(platform: Platform) -> CallerClient:
    one = await caller(platform)
    await one.start()
    await one.post(json.dumps({"nickname": NAMED}), INTAKE)
    await one.post(SAID)
    return one


async def works(page: Page, platform: Platform) -> None:
    """Does everything that somebody reads or writes at a console: a conversation, a note, and a draft."""
    await sign_in(page, platform, counsellors(platform, "helpwanted")[0])
    await makes_a_key(page)
    await goes_on_duty(page)
    await comes(platform)
    await page.get_by_role("button", name="Volgende").click()
    await expect(page.get_by_role("log").get_by_text(SAID)).to_be_visible(timeout=WITHIN)
    await carla_says(page, ANSWERED)
    await page.keyboard.press("Alt+p")
    await page.locator("hl-notes textarea").fill(NOTED)
    await page.locator("hl-notes form button").click()
    await expect(page.locator("hl-notes .text", has_text=NOTED)).to_be_visible(timeout=WITHIN)
    await page.reload()
    await expect(page.get_by_role("log").get_by_text(SAID)).to_be_visible(timeout=WITHIN)
    await page.locator("#draft").fill(UNSENT)
    await page.wait_for_timeout(4000)  # as long as a browser takes to write down what it keeps of a session


async def test_after_sign_out_the_disk_of_a_counsellor_holds_no_word_of_a_caller(
    here: Platform, tmp_path: Path
) -> None:
    async with opened(tmp_path) as browser:
        page = browser.pages[0]
        await works(page, here)
        await looks_right(page)
        if await (menu := page.get_by_role("button", name="Menu")).is_visible():
            await menu.click()
        await page.get_by_role("button", name="Uitloggen").click()
        await page.get_by_role("button", name="Log toch uit").click()
        await page.wait_for_url("**/login/")
        await page.wait_for_timeout(2000)
    assert found(tmp_path, "console"), "the search sees what a history keeps"
    assert found(tmp_path, SAID, ANSWERED, UNSENT, NOTED, NAMED) == []
