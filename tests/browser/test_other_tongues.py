"""A language to come is a catalogue: 40 % longer, or from right to left, every screen holds together."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    PHONE,
    WITHIN,
    Browsers,
    asks_to_stop,
    carla_says,
    carla_signs_in,
    in_both_themes,
)
from tests.browser.wholeness import TOO_WIDE
from tests.support.platform import Platform

# Whatever stays in sight at an edge of the window may lie on what scrolls under it.
TO_URGENCY = "document.querySelector('.urgency')?.scrollIntoView({ block: 'center' })"

# As German would be: its own words again, until it is 40 % longer; what stands in braces stays.
LONGER = """(text) => {
  const words = text.replace(/[{]\\w+[}]/g, '').trim().split(/\\s+/);
  let more = '';
  for (let n = 0; more.length < text.trim().length * 0.4; n++) more += ' ' + words[n % words.length];
  return text.trimEnd() + more;
}"""
# As Arabic would be: the same words between marks that run from right to left.
MIRRORED = "(text) => `\\u202b${text}\\u202c`"
# Before a module runs, the page is as a third catalogue would have made it.
SPEAKS = """document.addEventListener('readystatechange', () => {
  if (document.readyState !== 'interactive') return;
  const say = %s;
  document.documentElement.dir = '%s';
  const holder = document.querySelector('template#texts').content;
  const texts = Object.entries(JSON.parse(holder.textContent)).map(([key, text]) => [key, say(text)]);
  holder.textContent = JSON.stringify(Object.fromEntries(texts));
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode())
    if (/[a-z]{2}/i.test(all.currentNode.data)) all.currentNode.data = say(all.currentNode.data);
});"""


def way_out(page: Page) -> Locator:
    return page.locator("header a.exit")


async def holds_together(page: Page, name: str) -> None:
    assert await page.evaluate(TOO_WIDE) == []
    await expect(way_out(page)).to_be_in_viewport(ratio=1)
    await looks_right(page)
    await in_both_themes(page, name)


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
@pytest.mark.parametrize(("tongue", "runs"), [(LONGER, "ltr"), (MIRRORED, "rtl")], ids=["longer", "mirrored"])
async def test_every_screen_of_a_conversation_holds_together(
    browsers: Browsers, laptop: Platform, tongue: str, runs: str, size: dict[str, int]
) -> None:
    page = await browsers.window(laptop, size)
    await page.add_init_script(SPEAKS % (tongue, runs))
    name = f"tongue-{runs}"
    await page.goto(f"{laptop.url}/nl/praat/")
    begin = page.locator("#begin")
    await expect(begin).to_be_enabled(timeout=WITHIN)
    await page.evaluate(TO_URGENCY)
    await holds_together(page, f"{name}-start")
    await page.locator("[name=urgency][value='2']").check()
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    await page.evaluate(TO_URGENCY)
    await holds_together(page, f"{name}-open")
    await page.locator("[name=urgency][value='0']").check()
    await begin.click()
    await page.locator("#text").wait_for()
    await expect(page.locator(".waiting")).to_be_visible(timeout=WITHIN)
    await holds_together(page, f"{name}-waiting")
    carla = await carla_signs_in(browsers, laptop)
    await carla.get_by_role("button", name="Volgende").click()
    await page.locator("#text").fill("ik schrijf iets")
    await page.get_by_role("button", name="Stuur").click()
    await expect(carla.get_by_role("log").get_by_text("ik schrijf iets")).to_be_visible(timeout=WITHIN)
    await carla_says(carla, "Wat fijn dat je er bent.")
    await expect(page.get_by_text("Wat fijn dat je er bent.")).to_be_visible(timeout=WITHIN)
    await holds_together(page, f"{name}-talking")
    await asks_to_stop(page)
    await page.get_by_role("button", name="Ja, stop").click()
    await expect(page.locator(".card h2[tabindex]")).to_be_visible(timeout=WITHIN)
    await holds_together(page, f"{name}-end")
    await looks_right(carla)
