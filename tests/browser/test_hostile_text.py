"""Text that somebody writes is shown as text: no tag, direction or flood changes the other person's
screen."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import WITHIN, Browsers, anna_opens, carla_says, carla_signs_in, carla_takes
from tests.support.platform import Platform

HOSTILE = {
    "a tag": "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script><b>vet</b>",
    "a template": "${document.title='owned'} {{7*7}} <lit-${1}>",
    "from right to left": "betaal \u202egnp.otof\u202c niet \u2067omgekeerd",
    "a flood of nothing": "stil" + "\u200b\u200d\ufeff" * 300 + "te",
    "a tower": "o" + "\u0336\u0489" * 300,
}


@pytest.mark.stack
async def test_text_stays_text_on_the_other_s_screen(browsers: Browsers, stack: Platform) -> None:
    anna = await anna_opens(browsers, stack)
    carla = await carla_signs_in(browsers, stack)
    await anna.locator("#text").fill("hallo")
    await anna.get_by_role("button", name="Stuur").click()
    await carla_takes(carla, "hallo")
    titles = [await page.title() for page in (anna, carla)]
    for name, text in HOSTILE.items():
        before = await anna.locator(".bubble.own").count()
        await anna.locator("#text").fill(text)
        await anna.get_by_role("button", name="Stuur").click()
        await expect(anna.locator(".bubble.own .tick")).to_have_count(before + 1, timeout=WITHIN)
        await carla_says(carla, f"gelezen: {name}")
        theirs = carla.get_by_role("log").get_by_text(text[:6])
        await expect(theirs.last).to_be_visible(timeout=WITHIN)
        for page in (anna, carla):
            await _is_whole(page)
    assert [await page.title() for page in (anna, carla)] == titles
    assert browsers.complaints == [], "no policy was violated"
    for page in (anna, carla):
        await looks_right(page)


async def _is_whole(page: Page) -> None:
    """Checks that no text became an element, and that the page is no wider than its window."""
    assert await page.locator("[role=log] :is(img, script, b, lit-1)").count() == 0
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1
