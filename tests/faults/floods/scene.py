"""Describes who is on the line when the bots come: some who wrote, two who talk, and soon a person with a
phone."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from playwright.async_api import Page

from benchmarks.crowd import talk
from benchmarks.pairs import Pair, pair_of
from benchmarks.people import Caller, Console
from benchmarks.person import Person
from benchmarks.report import percentile
from tests.browser.axe import looks_right_once
from tests.browser.people import PHONE, Browsers
from tests.faults.pairs import Phone, console
from tests.support.cast import counsellors, signed_in
from tests.support.platform import Platform

LINE, PATH = "helpwanted", "praat"
WROTE = 8
HERE = """SELECT count(*) FROM chat_conversation c JOIN chat_member m ON m.conversation_id = c.id
WHERE c.line_id = %s AND c.state = 'waiting' AND m.role = 'caller' AND m.here"""
WAITING = "SELECT count(*) FROM chat_conversation WHERE line_id = %s AND state = 'waiting'"


@dataclass
class Scene:
    platform: Platform
    pair: Pair
    wrote: list[Phone]
    away: Phone
    ends: tuple[Person, ...]
    quiet: float = 0.0

    @classmethod
    @asynccontextmanager
    async def of(cls, platform: Platform, seconds: float) -> AsyncIterator["Scene"]:
        """Makes the scene: two people talk, and others have come and written, one of whom is away."""
        pair, ends = await _talk_across(platform)
        wrote = [Phone(*platform.urls, name=f"who wrote {n}", first=n) for n in range(WROTE)]
        platform.guests.extend(wrote)
        for caller in wrote:
            await caller.start(LINE)
            await caller.post("ik ben er al een tijd")
        scene = cls(platform, pair, wrote, wrote[-1], ends)
        try:
            await scene.away.disconnect()
            await talk(pair, seconds)
            scene.quiet = percentile(pair.latencies, 0.99)
            yield scene
        finally:
            for end in ends:
                await end.goodbye()

    async def talk(self, seconds: float) -> float:
        """Returns the 99th percentile of the talk beside the load, as a multiple of the quiet one. Nothing
        may be lost."""
        await talk(self.pair, seconds)
        refused = [end.refused for end in self.ends if end.refused]
        assert not self.pair.sent, f"lost {len(self.pair.sent)} of {len(self.pair.latencies)}: {refused}"
        return percentile(self.pair.latencies, 0.99) / self.quiet

    async def all_come_back(self) -> None:
        """Those who wrote lose their socket and resume. They are asked for no work, and need no new place."""
        for caller in self.wrote[:-1]:
            caller.cut()
        await asyncio.gather(*(caller.come_back() for caller in self.wrote[:-1]))
        assert not [code for caller in self.wrote for code in caller.refusals], "resume was refused"

    async def everybody_kept_the_place(self) -> None:
        await self.away.reopen()
        assert [caller.state for caller in self.wrote] == ["waiting"] * WROTE
        assert not self.away.refusals
        daan = await console(self.platform, 1)
        taken = [(await daan.take(LINE)).conversation for _ in range(3)]
        assert taken == [caller.conversation for caller in self.wrote[:3]]

    def count(self, query: str) -> int:
        with psycopg.connect(self.platform.stores["DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute(query.encode(), [LINE]).fetchone()
        assert row is not None
        return int(row[0])


class Visitor:
    """Plays a person with a phone, who begins a conversation."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.is_in = asyncio.Event()
        self.refused: list[str] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._heard))

    @classmethod
    async def opens(cls, browsers: Browsers, platform: Platform) -> "Visitor":
        page = await browsers.window(platform, PHONE)
        person = cls(page)
        await page.goto(f"{platform.url}/nl/{PATH}/")
        await page.get_by_role("button", name="Begin het gesprek").wait_for()
        await looks_right_once(page)
        return person

    async def begins(self, within: float) -> float:
        """Returns the seconds until the person is in the queue."""
        begun = time.monotonic()
        await self.page.get_by_role("button", name="Begin het gesprek").click()
        try:
            await asyncio.wait_for(self.is_in.wait(), within)
        except TimeoutError:
            raise AssertionError(f"not in within {within:g} s; met {self.refused}") from None
        return time.monotonic() - begun

    async def is_told_numbers(self, within: float) -> None:
        """Checks that the person is not let in, and is told whom to call."""
        await self.page.get_by_role("button", name="Begin het gesprek").click()
        async with asyncio.timeout(within):
            while not self.refused:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await self.page.locator('a[href^="tel:"]:visible').first.wait_for()

    def _heard(self, text: Any) -> None:
        frame = json.loads(text)
        if frame.get("type") == "ok" and "token" in frame:
            self.is_in.set()
        elif frame.get("type") == "error":
            self.refused.append(frame["code"])


async def _talk_across(platform: Platform) -> tuple[Pair, tuple[Person, ...]]:
    """Lets a counsellor on one process talk with a caller on the other."""
    who = counsellors(platform, LINE)[0]
    counsellor = Console(platform.urls[0], await signed_in(platform, who))
    await counsellor.begin()
    caller = Caller(platform.urls[1], LINE)
    await caller.start()
    await counsellor.take(LINE)
    return pair_of(caller, counsellor), (caller, counsellor)
