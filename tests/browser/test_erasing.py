"""A caller is told what is erased and when, erases the conversation by a tap, and nothing is left."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.axe import looks_right, looks_right_once
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_says,
    carla_signs_in,
    carla_takes,
    picture,
)
from tests.support.cast import floor, go_home, staff
from tests.support.platform import Platform
from tests.support.supervisor import a_second_supervisor, make_key

pytestmark = pytest.mark.timeout(240)
PICTURES = os.environ.get("HELPLINE_PICTURES")
LOST = 3000  # pages may not close with 1006
SAID, ANSWER = "hij heeft een foto van mij", "Wat goed dat je schrijft."
ROWS = (
    "SELECT count(*) FROM chat_conversation WHERE id = ?",
    "SELECT count(*) FROM chat_member WHERE conversation_id = ?",
    "SELECT count(*) FROM chat_entry WHERE conversation_id = ?",
    "SELECT count(*) FROM chat_wrap WHERE conversation_id = ?",
)
NL_AFTER = "Daarna kan niemand het meer openen, ook niet in een back-up."
EN_AFTER = "After that nobody can open it any more, not in a backup either."
TOLD = {  # in hours: in this conversation, one that nobody took, and backups
    "nl": {
        0: (
            "We wissen het gesprek meteen na het einde.",
            "",
            NL_AFTER,
        ),
        1: (
            "We wissen het gesprek 1 uur na het einde.",
            "",
            NL_AFTER,
        ),
        24: (
            "We wissen het gesprek 24 uur na het einde.",
            "al na 1 uur.",
            NL_AFTER,
        ),
        72: (
            "We wissen het gesprek 3 dagen na het einde.",
            "al na 1 uur.",
            NL_AFTER,
        ),
        2160: (
            "We wissen het gesprek 90 dagen na het einde.",
            "al na 1 uur.",
            NL_AFTER,
        ),
    },
    "en": {
        0: ("We erase it as soon as it ends.", "", EN_AFTER),
        1: ("We erase it 1 hour after it ends.", "", EN_AFTER),
        24: ("We erase it 24 hours after it ends.", "after 1 hour.", EN_AFTER),
        72: (
            "We erase it 3 days after it ends.",
            "after 1 hour.",
            EN_AFTER,
        ),
        2160: (
            "We erase it 90 days after it ends.",
            "after 1 hour.",
            EN_AFTER,
        ),
    },
}


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if not PICTURES:
        return
    for size, width in (("phone", PHONE), ("desk", DESK)):
        await page.set_viewport_size({"width": width["width"], "height": width["height"]})
        await picture(page, Path(PICTURES) / f"caller-{name}-{size}.png")
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})


async def kept_in(page: Page) -> Any:
    """Returns what the tab keeps unsealed."""
    return await page.evaluate("JSON.parse(sessionStorage.getItem('tab'))")


def ask(platform: Platform, query: str, conversation: str) -> Any:
    """Returns one value from the platform's database."""
    place = f"file:{platform.var / 'db.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(place, uri=True)) as database:
        return database.execute(query, [conversation]).fetchone()[0]


def rows_of(platform: Platform, conversation: str) -> int:
    return sum(int(ask(platform, query, conversation)) for query in ROWS)


class Wire:
    """Holds a page's connection, which a test can cut."""

    def __init__(self) -> None:
        self.down = False
        self.loses_the_reply = False
        self._open: list[WebSocketRoute] = []

    async def connect(self, socket: WebSocketRoute) -> None:
        if self.down:
            await socket.close(code=LOST)
            return
        server = socket.connect_to_server()
        lost = False

        async def to_page(message: str | bytes) -> None:
            if lost:
                await socket.close(code=LOST)
            else:
                socket.send(message)

        def to_server(message: str | bytes) -> None:
            nonlocal lost
            lost = self.loses_the_reply and json.loads(message)["type"] == "erase"
            server.send(message)

        server.on_message(to_page)
        socket.on_message(to_server)
        self._open.append(socket)

    async def cut(self) -> None:
        self.down = True
        while self._open:
            await self._open.pop().close(code=LOST)


async def stop(page: Page) -> None:
    await asks_to_stop(page)
    await page.get_by_role("button", name="Ja, stop").click()
    await expect(page.get_by_role("heading", name="Het gesprek is afgelopen")).to_be_visible(timeout=WITHIN)


async def erase(page: Page, name: str) -> None:
    """Erases the conversation with the button, and confirms it."""
    await page.get_by_role("button", name="Wis dit gesprek nu").last.click()
    await expect(page.get_by_role("heading", name="Wil je dit gesprek wissen?").last).to_be_focused()
    await shot(page, f"{name}-sure")
    await page.get_by_role("button", name="Ja, wis het").last.click()


async def nothing_is_left(page: Page, platform: Platform) -> None:
    """Checks that nothing is left in the tab or behind Back."""
    assert await page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert SAID not in await page.content()
    await page.goto(f"{platform.url}/healthz")
    await page.go_back()
    await expect(page.get_by_text(SAID)).to_be_hidden()
    assert SAID not in await page.content()


async def a_talk(browsers: Browsers, platform: Platform) -> tuple[Page, Page]:
    """Lets Anna and Carla talk."""
    anna = await anna_opens(browsers, platform)
    await anna_says(anna, SAID)
    carla = await carla_signs_in(browsers, platform)
    await carla_takes(carla, SAID)
    await carla_says(carla, ANSWER)
    await expect(anna.get_by_text(ANSWER)).to_be_visible(timeout=WITHIN)
    return anna, carla


async def test_the_first_screen_says_how_long_in_words_that_follow_the_line_s_setting(
    browsers: Browsers, laptop: Platform
) -> None:
    supervisor = await floor(laptop)
    page = await browsers.window(laptop, PHONE)
    for hours in TOLD["nl"]:
        await supervisor.request("keeping", line="helpwanted", hours=hours, two=False)
        for language, told in TOLD.items():
            await page.goto(f"{laptop.url}/{language}/praat/")
            kept = page.locator("#kept")
            here, alone, backups = told[hours]
            await expect(kept).to_contain_text(here)
            await expect(kept).to_contain_text(alone)
            await expect(kept).to_contain_text(backups)
            if not alone:
                await expect(kept).not_to_contain_text({"nl": "niemand bij", "en": "nobody joined"}[language])
            await looks_right_once(page)
    await supervisor.request("keeping", line="helpwanted", hours=24, two=False)
    await expect(page.get_by_text("supervisor")).to_be_hidden()
    await go_home(laptop)
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.get_by_text("Wat we bewaren.")).to_be_visible()
    await shot(page, "1-start")


async def test_a_caller_who_waits_erases(browsers: Browsers, laptop: Platform) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, SAID)
    conversation = (await kept_in(anna))["conversation"]
    await shot(anna, "2-waiting")
    await asks_to_stop(anna)
    await shot(anna, "2-waiting-stop")
    await erase(anna, "2-waiting")
    await expect(anna.get_by_role("heading", name="Dit gesprek is gewist")).to_be_focused(timeout=WITHIN)
    assert rows_of(laptop, conversation) == 0
    await nothing_is_left(anna, laptop)


async def test_a_caller_erases_in_the_middle_of_a_conversation(browsers: Browsers, laptop: Platform) -> None:
    anna, carla = await a_talk(browsers, laptop)
    kept = await kept_in(anna)
    await shot(anna, "3-talking")
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Wis dit gesprek nu").click()
    await anna.get_by_role("button", name="Nee, ga terug").click()
    assert rows_of(laptop, kept["conversation"]) > 0
    await asks_to_stop(anna)
    await erase(anna, "3-talking")
    await expect(anna.get_by_role("heading", name="Dit gesprek is gewist")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_text("Ook in een back-up kan niemand het meer openen.")).to_be_visible()
    assert rows_of(laptop, kept["conversation"]) == 0
    await expect(carla.get_by_text(SAID).first).to_be_hidden(timeout=WITHIN)
    await shot(anna, "4-erased")
    await nothing_is_left(anna, laptop)


async def test_without_a_connection_nothing_is_erased_and_a_lost_reply_ends_in_the_truth(
    browsers: Browsers, laptop: Platform
) -> None:
    wire = Wire()
    anna = await browsers.window(laptop, PHONE)
    await anna.route_web_socket("**/ws/caller/", wire.connect)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await anna.get_by_role("button", name="Begin het gesprek").click()
    await anna_says(anna, SAID)
    conversation = (await kept_in(anna))["conversation"]
    await wire.cut()
    await expect(anna.locator(".banner")).to_be_visible(timeout=WITHIN)
    await asks_to_stop(anna)
    await erase(anna, "8-offline")
    await expect(anna.get_by_text("Er is niets gewist en niets kwijt.")).to_be_visible(timeout=WITHIN)
    await shot(anna, "8-offline")
    assert rows_of(laptop, conversation) > 0
    wire.down = False
    await expect(anna.locator(".banner")).to_be_hidden(timeout=2 * WITHIN)
    await anna_says(anna, "ik ben er nog")
    await anna.get_by_role("button", name="Nee, ga terug").click()
    await stop(anna)
    wire.loses_the_reply = True
    await erase(anna, "8-lost")
    await expect(anna.get_by_role("heading", name="Dit gesprek is gewist")).to_be_visible(timeout=2 * WITHIN)
    assert rows_of(laptop, conversation) == 0
    await nothing_is_left(anna, laptop)


async def test_a_caller_erases_from_the_end_card(browsers: Browsers, laptop: Platform) -> None:
    anna, _carla = await a_talk(browsers, laptop)
    conversation = (await kept_in(anna))["conversation"]
    await stop(anna)
    await expect(
        anna.get_by_text("Daarna kan niemand het meer openen, ook niet in een back-up.")
    ).to_be_visible()
    await shot(anna, "5-end")
    await erase(anna, "5-end")
    await expect(anna.get_by_role("heading", name="Dit gesprek is gewist")).to_be_visible(timeout=WITHIN)
    assert rows_of(laptop, conversation) == 0
    await nothing_is_left(anna, laptop)


async def test_who_erases_what_the_line_has_to_hold_is_told_so(browsers: Browsers, laptop: Platform) -> None:
    one, two = await floor(laptop), await staff(laptop, a_second_supervisor(laptop), name="Hanna", duty="")
    await make_key(one, "helpwanted")
    first = await browsers.window(laptop, PHONE)
    await first.goto(f"{laptop.url}/nl/praat/")
    await expect(first.get_by_text("Een teamleider van dezelfde hulplijn kan")).to_be_visible()
    await shot(first, "6-start-review")
    anna, _carla = await a_talk(browsers, laptop)
    conversation = (await kept_in(anna))["conversation"]
    until = (datetime.now(UTC) + timedelta(days=10)).isoformat()
    asked = await one.request("hold", conversation=conversation, reason="legal", until=until)
    await two.request("confirm", hold=asked["hold"])
    await asks_to_stop(anna)
    await erase(anna, "6-held")
    title = anna.get_by_role("heading", name="Dit gesprek is gewist, maar de hulplijn bewaart het nog")
    await expect(title).to_be_visible(timeout=WITHIN)
    await expect(
        anna.get_by_text(", omdat de wet dat vraagt. Daarna kan niemand het meer openen")
    ).to_be_visible()
    assert rows_of(laptop, conversation) > 0
    await shot(anna, "7-held")
    await nothing_is_left(anna, laptop)
    await go_home(laptop)
