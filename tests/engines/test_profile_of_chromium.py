"""After a visit Chromium's profile on the disk contains no word of the conversation and no line's name."""

import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tests.browser.axe import looks_right
from tests.browser.conftest import AS_PEOPLE_HAVE_IT, FLAGS
from tests.browser.people import PHONE, WITHIN
from tests.support.cast import anna as anna_client
from tests.support.cast import carla
from tests.support.domain import leftovers
from tests.support.domain.leftovers import Known
from tests.support.frames import Refused
from tests.support.platform import Platform
from tests.support.profiles import found

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SAID, ANSWERED, UNSENT = "iemand dreigt met filmpjes", "wat naar voor je", "dit stuur ik nog niet"
STORES = {"Session Storage", "leveldb", "Sessions"}
NAMES = ("helpwanted", "stopitnow", "stop it now", "sextortion")


@asynccontextmanager
async def opened(profile: Path, *more: str) -> AsyncIterator[BrowserContext]:
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=path,
            args=[*FLAGS, *more],
            ignore_default_args=AS_PEOPLE_HAVE_IT,
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            locale="nl-NL",
        )
        yield context
        await context.close()


async def talks(page: Page, platform: Platform) -> str:
    """Makes a visit with every feature. Returns the token that the tab keeps."""
    await page.goto(f"{platform.url}/nl/praat/")
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_enabled(timeout=WITHIN)
    await looks_right(page)
    await page.get_by_role("button", name="Begin het gesprek").click()
    # What arrives later moves the button.
    await expect(page.locator(".waiting")).to_be_visible(timeout=WITHIN)
    await page.locator("#text").fill(SAID)
    await page.get_by_role("button", name="Stuur").click()
    await expect(page.locator(".bubble.own .tick")).to_be_visible(timeout=WITHIN)
    counsellor = await carla(platform)
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, ANSWERED)
    await expect(page.get_by_text(ANSWERED)).to_be_visible(timeout=WITHIN)
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_text(ANSWERED)).to_be_visible(timeout=WITHIN)
    await page.locator("#text").fill(UNSENT)
    await page.wait_for_timeout(4000)  # as long as a browser takes to write down what it keeps of a session
    return str(await page.evaluate("JSON.parse(sessionStorage.getItem('tab')).token"))


def is_clean(profile: Path) -> None:
    assert found(profile, "praat"), "the search sees what a history keeps"
    assert found(profile, SAID, ANSWERED, UNSENT, *NAMES) == []


async def test_after_a_quick_exit_the_disk_holds_no_word_no_line_and_nothing_that_opens_the_talk(
    here: Platform, elsewhere: str, tmp_path: Path
) -> None:
    async with opened(tmp_path) as browser:
        page = browser.pages[0]
        token = await talks(page, here)
        conversation = await page.evaluate("JSON.parse(sessionStorage.getItem('tab')).conversation")
        await page.get_by_role("link", name="Quick exit").last.click()
        await page.wait_for_url(f"{elsewhere}/weer")
        await page.wait_for_timeout(2000)
    is_clean(tmp_path)
    thief = await anna_client(here)
    with pytest.raises(Refused) as refused:
        await thief.request("resume", conversation=conversation, token=token, since=0)
    assert refused.value.code == "not_found", "what a disk still holds of a token opens nothing"


@pytest.fixture
def at_once(elsewhere: str) -> Iterator[Platform]:
    """Provides a platform on which nothing is kept beyond a conversation's end."""
    with Platform(GRANT_SECONDS=20, RETENTION_SECONDS=0, NEUTRAL_SITE=f"{elsewhere}/weer") as running:
        yield running


async def test_what_a_quick_exit_leaves_on_the_disk_equals_nothing_on_the_server_once_the_rows_are_gone(
    at_once: Platform, elsewhere: str, tmp_path: Path
) -> None:
    async with opened(tmp_path / "profile") as browser:
        page = browser.pages[0]
        await talks(page, at_once)
        tab = await page.evaluate("JSON.parse(sessionStorage.getItem('tab'))")
        [counsellor] = at_once.guests
        await counsellor.request("flag", conversation=tab["conversation"], risk=2)
        await page.get_by_role("link", name="Quick exit").last.click()
        await page.wait_for_url(f"{elsewhere}/weer")
        await page.wait_for_timeout(2000)
    kept = ids_on_the_disk(tmp_path / "profile")
    assert {name: tab[name] in kept for name in ("conversation", "token")} == {
        "conversation": True, "token": True,
    }, "a browser keeps what a page has thrown away"  # fmt: skip
    known = Known()
    for value in kept:
        known.add(value, value)
    assert [found for found in known.found_in(on_the_server(at_once)) if "chat_conversation" in found]
    purged = at_once.manage("purge")
    assert purged.returncode == 0, purged.stderr
    left = on_the_server(at_once)
    assert b"acute" in left["counsellors_auditrow"]
    assert known.found_in(left) == []


def ids_on_the_disk(profile: Path) -> set[str]:
    """Returns what looks like an id or a token in the places where a browser keeps what pages store."""
    stores = [path for path in profile.rglob("*") if path.is_file() and path.parts[-2] in STORES]
    texts = b"\n".join(path.read_bytes().replace(b"\0", b"") for path in stores)
    sizes = (11, 22, 43)
    return {
        piece
        for piece in re.findall(r"[A-Za-z0-9_-]{11,}", texts.decode("latin-1"))
        if len(piece) in sizes and not piece.islower()
    }


def on_the_server(platform: Platform) -> dict[str, bytes]:
    """Returns every row, the journal, the heads of the audit, and the log."""
    files = [*platform.var.glob("*.log"), platform.output]
    return leftovers.tables_of(platform.var / "db.sqlite3") | {path.name: path.read_bytes() for path in files}


async def test_after_a_kill_the_disk_holds_no_word_and_no_line(here: Platform, tmp_path: Path) -> None:
    """What a restored tab does is tested in Firefox, because a Chromium under automation restores none."""
    async with opened(tmp_path) as browser:
        await talks(browser.pages[0], here)
        async with browser.expect_event("close"):  # to close one that is dying is an error
            kill(tmp_path)
    is_clean(tmp_path)


def kill(profile: Path) -> None:
    """Kills every process of the browser at once, as an empty battery does."""
    ours = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(profile) in word for word in process.info["cmdline"] or [])
    ]
    assert ours, "no browser runs on this profile"
    for process in ours:
        process.send_signal(signal.SIGKILL)
