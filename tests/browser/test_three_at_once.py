"""Carla talks with three callers for long. She knows which is which, and the console stays fast."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import CDPSession, Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import DESK, PHONE, WITHIN, Browsers, carla_signs_in, in_both_themes, picture
from tests.support.caller import CallerClient
from tests.support.cast import caller, counsellors, go_home
from tests.support.platform import Platform
from tests.support.sealing import INTAKE

PICTURES = os.environ.get("HELPLINE_PICTURES")
LONG = 300
AT_ONCE = 30  # three hundred at once would each wait for all others
SLOWER = 4  # factor: a counsellor's old laptop
KEYS = 15
NAMES = ("Sam", "", "Noor")


@pytest.fixture(scope="module")
def quick() -> Iterator[Platform]:
    """Provides a platform on which a caller may send as fast as a test writes."""
    with Platform(GRANT_SECONDS=15, CALLER_BURST=1000, CALLER_RATE=1000) as running:
        yield running


@asynccontextmanager
async def three(platform: Platform, carla: Page) -> AsyncIterator[list[CallerClient]]:
    """Returns three callers, whom Carla takes one after the other."""
    await carla.get_by_label("Gesprekken tegelijk").select_option("4")
    callers = []
    for number, name in enumerate(NAMES):
        one = await caller(platform)
        await one.start()
        if name:
            await one.post(json.dumps({"nickname": name, "age": "16-17"}), INTAKE)
        callers.append(one)
        await carla.get_by_role("button", name="Volgende").click()
        await expect(carla.locator(".conversations .row")).to_have_count(number + 1, timeout=WITHIN)
        await one.becomes(lambda one=one: one.talk.epoch > 0, 15)  # type: ignore[misc]
    yield callers
    for one in callers:
        await one.leave()
    await go_home(platform)


async def test_three_callers_are_told_apart_and_a_reload_changes_nothing(
    browsers: Browsers, quick: Platform
) -> None:
    carla = await carla_signs_in(browsers, quick)
    rows = carla.locator(".conversations .row")
    async with three(quick, carla) as (sam, nobody, noor):
        for one, text in ((sam, "van Sam"), (nobody, "van niemand"), (noor, "van Noor")):
            await one.post(text)
        for index, (initial, name, words) in enumerate(
            (("A", "Sam", "van Sam"), ("B", "Anoniem", "van niemand"), ("C", "Noor", "van Noor"))
        ):
            row = rows.nth(index)
            await expect(row.locator(".initial")).to_have_text(initial)
            await expect(row).to_contain_text(name)
            await expect(row.locator(".said")).to_have_text(words, timeout=WITHIN)
        await expect(rows.nth(0)).to_contain_text("16 of 17")
        tones = [await rows.nth(n).locator(".initial").get_attribute("class") for n in range(3)]
        assert len(set(tones)) == 3

        await rows.nth(1).click()
        await expect(carla.locator(".talk-head h2")).to_contain_text("B")
        await expect(carla.locator("#draft")).to_have_attribute("placeholder", "Schrijf aan B Anoniem")
        assert (await carla.title()).startswith("(1) B ·") or (await carla.title()).startswith("B ·")
        await carla.get_by_role("radio", name="acuut").click(force=True)
        await expect(rows.nth(1).locator(".flagged")).to_have_text("acuut", timeout=WITHIN)
        await carla.locator("#draft").fill("half geschreven")
        await carla.locator("[data-panel=notes]").first.click()
        await looks_right(carla)
        await in_both_themes(carla, "three-at-once")
        unread = await rows.nth(0).locator(".badge").count()

        await carla.reload()
        await expect(carla.locator(".talk-head h2")).to_contain_text("B", timeout=WITHIN)
        await expect(carla.locator(".talk-head .flagged")).to_have_text("acuut")
        await expect(carla.locator("#draft")).to_have_value("half geschreven", timeout=WITHIN)
        await expect(carla.locator("[data-panel=notes]").first).to_have_attribute("aria-current", "true")
        await expect(rows.nth(1).locator(".badge")).to_have_count(0)
        await expect(rows.nth(0).locator(".badge")).to_have_count(unread)
        await expect(rows.nth(1).locator(".flagged")).to_have_text("acuut")
        await looks_right(carla)
        await carla.locator("#draft").fill("")
        await a_supervisor_sees_the_flag(browsers, quick, carla)


async def a_supervisor_sees_the_flag(browsers: Browsers, platform: Platform, carla: Page) -> None:
    """Checks that the flag is in the board's row, and that the person who flagged it sees that it was
    seen."""
    await carla.locator("[data-panel=about]").first.click()
    await expect(carla.get_by_text("Nog geen supervisor heeft het gezien.")).to_be_visible()
    floor = await floor_opens(browsers, platform)
    row = floor.locator("tr.talk", has_text="acuut")
    await expect(row.locator(".initial")).to_have_text("B", timeout=WITHIN)
    await looks_right(floor)
    await in_both_themes(floor, "flag-on-board")
    await row.get_by_role("button", name="Ik heb de zorg in gesprek B gezien").click()
    await expect(carla.get_by_text("Een supervisor heeft dit gezien.")).to_be_visible(timeout=WITHIN)
    await expect(row.locator(".flag-seen")).to_have_count(0, timeout=WITHIN)
    await looks_right(carla)


async def test_long_conversations_cost_no_more_than_short_ones(browsers: Browsers, quick: Platform) -> None:
    carla = await carla_signs_in(browsers, quick, counsellors(quick, "helpwanted")[1])
    rows = carla.locator(".conversations .row")
    async with three(quick, carla) as callers:
        session = await carla.context.new_cdp_session(carla)
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        short = await cost_of_switching(carla, session)
        for one in callers:
            for first in range(0, LONG, AT_ONCE):
                some = range(first, min(first + AT_ONCE, LONG))
                await asyncio.gather(*(one.post(f"bericht {number}") for number in some))
        for index in range(3):  # nine hundred boxes are opened first, which is not measured here
            await expect(rows.nth(index).locator(".said")).to_have_text(f"bericht {LONG - 1}", timeout=60_000)
        for index in range(3):
            await rows.nth(index).click()
            await expect(carla.get_by_text(f"bericht {LONG - 1}", exact=True).last).to_be_visible(
                timeout=WITHIN
            )
        assert await carla.locator(".log .message").count() < 100, "not all are drawn"
        long = await cost_of_switching(carla, session)
        print(f"\nms of CPU at {SLOWER} x: a switch {short:.0f} short, {long:.0f} long")
        if PICTURES:
            key = await cost_of_a_key(carla)
            bare = await cost_of_a_bare_key(await browsers.window(quick, DESK))
            print(f"a key {key:.0f}, in a page with nothing but a field {bare:.0f}")
        assert long < 3 * short + 40
        await carla.locator("#draft").fill("")
        await the_newest_line_stays_in_sight(carla)

        await rows.nth(0).click()
        await scrolls_back(carla)
        await is_told_of_what_comes_below(carla, callers[0])
        again = await how_long_a_reload_takes(carla)
        print(f"after a reload {LONG} messages are there in {again * 1000:.0f} ms")
        assert again < 3
        if PICTURES:
            await picture(carla, Path(PICTURES) / "three-long.png")
        await looks_right(carla)


FROM_THE_END = """() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const log = document.querySelector(".log");
  const last = log.querySelector(":is(.message, .spoken):last-of-type").getBoundingClientRect();
  const [room, below] = [log.getBoundingClientRect(), parseFloat(getComputedStyle(log).paddingBottom)];
  settled(Math.max(0, Math.round(last.bottom - (room.bottom - below))));
})))"""


async def the_newest_line_stays_in_sight(carla: Page) -> None:
    """Looks at long conversations eighteen times, at two desks and on a phone, with a longer draft and own
    messages."""
    rows, draft = carla.locator(".conversations .row"), carla.locator("#draft")
    gaps = []
    for size in (DESK, {"width": 1440, "height": 900}, PHONE):
        await carla.set_viewport_size({"width": size["width"], "height": size["height"]})
        for turn in range(6):
            if size is PHONE:
                await carla.locator(".talk-head .back").click()
            await rows.nth(turn % 3).click()
            gaps.append(await carla.evaluate(FROM_THE_END))
        await draft.fill("een\nlanger\nantwoord\nvan\nzes\nregels")
        gaps.append(await carla.evaluate(FROM_THE_END))
        await draft.press("Enter")
        gaps.append(await carla.evaluate(FROM_THE_END))
        await expect(carla.locator(".newer")).to_have_count(0)
        await carla.locator(".log").focus()
        await carla.keyboard.press("Tab")
        gaps.append(await carla.evaluate(FROM_THE_END))
        await expect(draft).to_be_focused()
        if PICTURES:
            await picture(carla, Path(PICTURES) / f"newest-{size['width']}.png")
    assert gaps == [0] * len(gaps)
    await carla.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    for index in range(3):
        await rows.nth(index).click()
        await expect(rows.nth(index).locator(".badge")).to_have_count(0)


def last_of(carla: Page) -> Locator:
    return carla.locator(".log").get_by_text(f"bericht {LONG - 1}", exact=True)


async def scrolls_back(carla: Page) -> None:
    """Scrolls back: older lines are added above, what is read does not move, and a reload returns to the same
    place."""
    log = carla.locator(".log")
    for _ in range(4):
        await log.evaluate("(log) => { log.scrollTop = -log.scrollHeight }")
        await asyncio.sleep(0.3)
    assert await log.locator(".message").count() > 200
    await log.evaluate("(log) => { log.scrollTop = 500 + log.clientHeight - log.scrollHeight }")
    await asyncio.sleep(0.3)
    first = await at_the_top(carla)
    await carla.reload()
    await expect(log.locator(".message").first).to_be_visible(timeout=WITHIN)
    await asyncio.sleep(1.5)
    assert abs(int(await at_the_top(carla)) - int(first)) <= 1
    await log.evaluate("(log) => { log.scrollTop = 0 }")
    await asyncio.sleep(0.3)


async def is_told_of_what_comes_below(carla: Page, caller: CallerClient) -> None:
    """Checks that a new line below does not move what is read. A click leads to the line, which is then
    read."""
    await carla.locator(".log").evaluate("(log) => { log.scrollTop = -3000 }")
    badge, newer = carla.locator(".conversations .badge").first, carla.locator(".newer")
    await carla.evaluate(FROM_THE_END)
    first = await at_the_top(carla)
    await caller.post("nog iets")
    await expect(newer).to_be_visible(timeout=WITHIN)
    # The browser's heights are fractions of a pixel, while its sum of them is whole.
    assert abs(int(await at_the_top(carla)) - int(first)) <= 1
    await newer.click()
    await expect(newer).to_have_count(0)
    await expect(badge).to_have_count(0)
    assert await carla.evaluate(FROM_THE_END) == 0


async def at_the_top(carla: Page) -> str:
    """Returns the number of the first message that is in sight."""
    return str(
        await carla.evaluate("""() => {
          const log = document.querySelector(".log"), top = log.getBoundingClientRect().top;
          const seen = [...log.querySelectorAll(".message .text")];
          return seen.find((one) => one.getBoundingClientRect().bottom > top).textContent.split(" ")[1];
        }""")
    )


async def how_long_a_reload_takes(carla: Page) -> float:
    """Returns the time from the page's own navigation to the last message, by the page's clock."""
    await carla.reload(wait_until="commit")
    begun = time.monotonic()
    await expect(last_of(carla)).to_be_visible(timeout=WITHIN)
    return time.monotonic() - begun


async def cost_of_switching(carla: Page, session: CDPSession) -> float:
    """Returns the CPU milliseconds of one look at another conversation, on a machine slowed down by this
    factor."""
    rows = carla.locator(".conversations .row")
    turn = iter(range(1000))
    return await cost_of(carla, session, lambda: rows.nth(next(turn) % 3).click(), 9)


async def cost_of_a_key(page: Page) -> float:
    """Returns the cost of a key, less what the page does in the same time without one, because its clocks
    tick."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    await page.locator("#draft").focus()
    quiet = await cost_of(page, session, lambda: asyncio.sleep(0), KEYS)
    return await cost_of(page, session, lambda: page.keyboard.press("a"), KEYS) - quiet


async def cost_of_a_bare_key(page: Page) -> float:
    """Returns what Chromium itself needs to show a key, which no page can undercut."""
    await page.set_content('<!doctype html><title>-</title><textarea id="draft" rows="2"></textarea>')
    cost = await cost_of_a_key(page)
    await page.close()
    return cost


async def cost_of(carla, session, action, times: int) -> float:  # type: ignore[no-untyped-def]
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    costs = []
    for _ in range(times):
        before = await spent(session)
        await action()
        await asyncio.sleep(0.25)
        costs.append(await spent(session) - before)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return sorted(costs)[len(costs) // 2]


async def spent(session: CDPSession) -> float:
    """Returns how long the page's main thread has worked so far, in milliseconds."""
    found = await session.send("Performance.getMetrics")
    return float(next(one["value"] for one in found["metrics"] if one["name"] == "TaskDuration")) * 1000
