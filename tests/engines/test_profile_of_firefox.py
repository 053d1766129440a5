"""After a visit Firefox's profile on the disk contains no word, and a restored tab asks first."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.engines.conftest import PHONE
from tests.engines.firefox import Firefox
from tests.support.cast import carla
from tests.support.platform import Platform
from tests.support.profiles import found

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SAID, ANSWERED, UNSENT = "iemand dreigt met filmpjes", "wat naar voor je", "dit stuur ik nog niet"
NAMES = ("helpwanted", "stopitnow", "stop it now", "sextortion")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    if shutil.which("firefox-esr") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("firefox-esr is missing")
        pytest.skip("firefox-esr is not installed")
    return tmp_path


async def talks(window: Firefox, platform: Platform) -> None:
    await window.goto(f"{platform.url}/nl/praat/")
    await window.begins()
    await window.writes(SAID)
    counsellor = await carla(platform)
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, ANSWERED)
    await window.reads(ANSWERED)
    await window.run(
        f"(() => {{ const box = document.querySelector('#text'); box.value = '{UNSENT}';"
        " box.dispatchEvent(new Event('input')); return true })()"
    )
    await asyncio.sleep(3)  # as long as a browser takes to write down what it keeps of a session
    await counsellor.disconnect()


async def test_after_a_kill_the_disk_holds_no_word_and_the_restored_tab_asks_first(
    here: Platform, profile: Path
) -> None:
    window = await Firefox.open(*PHONE, profile)
    await talks(window, here)
    await window.kill()
    assert found(profile, "praat"), "the search sees what a session keeps"
    assert found(profile, SAID, ANSWERED, UNSENT, *NAMES) == []

    async with await Firefox.open(*PHONE, profile) as again:
        for _ in range(50):
            if any("/nl/praat/" in url for url in await again.tabs()):
                break
            await asyncio.sleep(0.2)
        await again.reads("Wil je verdergaan?")
        assert SAID not in await again.words()
        await again.click("main .primary")
        await again.reads(SAID)
        assert await again.run("document.querySelector('#text').value") == UNSENT


@asynccontextmanager
async def late(platform: Platform) -> AsyncIterator[str]:
    """Returns an address of the platform at which answers about a line come late, as on a bad connection."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(2**16):
            if data.startswith(b"GET /api/lines/"):
                await asyncio.sleep(2)
            writer.write(data)
        writer.close()

    async def both_ways(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            there = await asyncio.open_connection("127.0.0.1", urlsplit(platform.url).port)
            await asyncio.gather(pass_on(reader, there[1]), pass_on(there[0], writer))

    async with await asyncio.start_server(both_ways, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_while_an_answer_is_late_the_disk_holds_no_name_of_a_line(
    here: Platform, profile: Path
) -> None:
    async with late(here) as slow, await Firefox.open(*PHONE, profile) as window:
        for path in ("/nl/praat/", "/nl/"):
            await window.goto(f"{slow}{path}")
            for _ in range(20):
                assert found(profile, *NAMES) == [], path
                await asyncio.sleep(0.1)
        assert found(profile, "caller.js"), "the search sees what a browser keeps for good"


async def test_after_a_quick_exit_the_disk_holds_no_word_and_no_line(
    here: Platform, elsewhere: str, profile: Path
) -> None:
    window = await Firefox.open(*PHONE, profile)
    await talks(window, here)
    await window.click("header .exit")
    await window.until(f"location.href === '{elsewhere}/weer'")
    await asyncio.sleep(2)
    await window.kill()
    assert found(profile, "weer")
    assert found(profile, SAID, ANSWERED, UNSENT, *NAMES) == []
