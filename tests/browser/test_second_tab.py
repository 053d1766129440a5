"""Carla opens two tabs in a new browser, and makes the browser's key in both."""

import re

from playwright.async_api import expect

from tests.browser.people import DESK, WITHIN, Browsers, comes_in, makes_a_key
from tests.support.cast import counsellors
from tests.support.platform import Platform

STORED = """() => new Promise((done) => {
  const opening = indexedDB.open("helpline", 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction("keys").objectStore("keys").getAll();
    all.onsuccess = () => { opening.result.close(); done(all.result.map(({ point }) => point)); };
  };
})"""


async def test_the_key_of_the_first_tab_stays_and_the_second_works_with_it(
    browsers: Browsers, laptop: Platform
) -> None:
    first = await browsers.window(laptop, DESK)
    await comes_in(first, laptop, counsellors(laptop, "helpwanted")[0])
    await first.get_by_role("button", name="Maak een sleutel").wait_for()
    async with first.expect_popup() as opened:
        await first.evaluate("window.open('/console/')")
    second = await opened.value
    make = second.get_by_role("button", name="Maak een sleutel")
    await make.wait_for(timeout=WITHIN)
    await makes_a_key(first)
    why = re.compile("dienst")  # and no longer for want of a key
    await expect(first.locator("#next-why")).to_have_text(why, timeout=WITHIN)
    (made,) = await first.evaluate(STORED)
    await make.click()
    await expect(second.locator("#next-why")).to_have_text(why, timeout=WITHIN)
    assert await second.evaluate(STORED) == [made]
