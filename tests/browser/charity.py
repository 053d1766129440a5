"""An installation without people is set up with `manage.py setup`, and then with the browser alone."""

import asyncio
import base64
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

from playwright.async_api import Error, Page, Route, expect

from benchmarks.signin import next_code
from tests.browser import axe
from tests.browser.axe import looks_right
from tests.browser.people import DESK, WITHIN, Browsers, picture
from tests.support import folders, orphans
from tests.support.platform import ROOT, NotReady, Platform

PICTURES = os.environ.get("HELPLINE_PICTURES")
SENTENCE = "vier woorden op straat"


class Charity(Platform):
    """Represents an installation with the people whom `setup` was given, by one-time links. Devices wait for
    approval."""

    def __init__(self) -> None:
        super().__init__(DEVICE_APPROVAL="supervisor")
        self.links: dict[str, str] = {}

    def start(self) -> Self:
        # `setup` itself makes the tables in tests/administration.
        folders.lay_out(self.var, folders.empty_tables(), ports=[self.port])
        url = f"http://127.0.0.1:{self.port}"
        (self.var / "demo.json").write_text(json.dumps({"url": url, "urls": [url], "people": []}))
        rows = [line.split() for line in self.set_up().splitlines() if "/join/#" in line]
        self.links = {name: link for name, link in rows}  # noqa: C416 – rows are lists
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT, env=self._environment(**self.settings), stdout=output, stderr=output,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        orphans.adopt(self._process.pid)
        self.wait_ready()
        return self

    def set_up(self) -> str:
        """Returns the output of `setup`."""
        founded = self.manage(
            "setup", "--uncertified", "--organisation", "Veilig Praten", "--line", "young-victims",
            "--administrator", "ilse", "--supervisor", "floor=Floor",
        )  # fmt: skip
        if founded.returncode:
            raise NotReady(founded.stderr)
        return founded.stdout

    def _environment(self, **more: str) -> dict[str, str]:
        return super()._environment(**{**self.settings, **more})


@dataclass
class Member:
    """Represents a member of the staff, with their browser and the phone that makes their codes."""

    name: str
    page: Page
    secret: str = ""

    async def code(self) -> str:
        """Returns the next code that was not used yet."""
        return await asyncio.to_thread(next_code, urljoin(self.page.url, "/"), self.secret)

    async def reads_secret(self) -> None:
        text = await self.page.locator(".secret code").inner_text()
        self.secret = text.replace(" ", "")
        base64.b32decode(self.secret)


_seen: set[tuple[str, int]] = set()


async def looked_at(page: Page, name: str) -> None:
    """Runs axe in both themes, once for each width, and takes a picture if pictures are wanted."""
    width = (page.viewport_size or {"width": 0})["width"]
    axe.looked_at(page).add(axe.address(page.url))
    if (name, width) in _seen:
        return
    _seen.add((name, width))
    if PICTURES:
        await picture(page, Path(PICTURES) / f"first-day-{name}-{width}.png")
    await looks_right(page)


async def comes_in(
    browsers: Browsers, charity: Charity, name: str, link: str, size: dict[str, int] = DESK
) -> Member:
    """Joins by the link: sets a password, a second factor and recovery codes. The device comes next."""
    member = Member(name, await browsers.window(charity, size))
    page = member.page
    await page.goto(link)
    await page.get_by_label("Nog een keer").wait_for()
    await looked_at(page, "password")
    await page.get_by_label("Nieuw wachtwoord").fill(SENTENCE)
    await page.get_by_label("Nog een keer").fill(SENTENCE)
    await page.get_by_role("button", name="Ga verder").click()
    await sets_up_a_phone(member)
    return member


async def sets_up_a_phone(member: Member) -> None:
    page = member.page
    await page.locator(".secret").wait_for()
    await looked_at(page, "second-factor")
    await member.reads_secret()
    await page.get_by_label("Code").fill(await member.code())
    await page.get_by_role("button", name="Bevestigen").click()
    await page.locator(".codes").wait_for()
    await looked_at(page, "recovery-codes")
    await page.get_by_role("link", name="Ik heb ze bewaard").click()


async def makes_the_key(member: Member) -> str:
    """Makes the key. Returns the eight words on the screen, or nothing if the device is approved at once."""
    page = member.page
    await page.get_by_role("button", name="Maak de sleutel").click()
    shown = page.locator("[data-for=pending], [data-for=approved]").locator("visible=true")
    await shown.first.wait_for()
    if await page.locator("[data-for=approved]").is_visible():
        await looked_at(page, "approved")
        return ""
    await looked_at(page, "waits-for-approval")
    return await page.locator("#words").inner_text()


async def answers_late(route: Route) -> None:
    """Gives the server's answer half a second after the server has made it."""
    answer = await route.fetch(max_redirects=0)
    await asyncio.sleep(0.5)
    with suppress(Error):  # the page asked again meanwhile
        await route.fulfill(response=answer)


async def invites(floor: Page, charity: Charity, alias: str, role: str, service: str = "") -> str:
    """Invites somebody, and presses the button twice because the answer is slow. Returns the link that the
    page shows once."""
    await floor.goto(f"{charity.url}/people/invite/")
    await looked_at(floor, "invite")
    await floor.get_by_label("Naam die hulpvragers zien").fill(alias)
    await floor.get_by_label("Gebruikersnaam").fill(alias.lower())
    await floor.get_by_label(role, exact=True).check()
    if service:
        await floor.get_by_role("checkbox", name="Veilig Praten").uncheck()
        await floor.get_by_label("Dienst").select_option(service)
    await floor.route("**/people/invite/", answers_late)
    button = floor.get_by_role("button", name="Maak de link")
    await button.evaluate("(button) => { button.click(); setTimeout(() => button.click(), 200) }")
    await floor.locator("#copied").wait_for()
    await floor.unroute("**/people/invite/", answers_late)
    await looked_at(floor, "link")
    return await floor.locator("#copied").inner_text()


async def approves(floor: Page, charity: Charity, alias: str, words: str) -> None:
    """Approves the device from the alert on the board, after comparing the eight words."""
    if "/board/" not in floor.url:
        await floor.goto(f"{charity.url}/board/")
    ring = floor.locator(".news", has_text=alias)
    await expect(ring.locator(".words")).to_have_text(words, timeout=WITHIN)
    await looked_at(floor, "board-rings")
    await ring.get_by_role("button", name="De acht woorden kloppen").click()
    await expect(ring).to_have_count(0, timeout=WITHIN)


async def of_the_people(floor: Page, charity: Charity, alias: str) -> None:
    """Opens the page of one person."""
    await floor.goto(f"{charity.url}/people/")
    await looked_at(floor, "people")
    await floor.get_by_role("link", name=alias, exact=True).click()
    await floor.get_by_role("heading", name=alias, exact=True).wait_for()
    await looks_right(floor)
