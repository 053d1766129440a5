"""Starts every kind of process that tests start, for tests/guards/test_killed_run.py, which kills it."""

import asyncio
import os
from pathlib import Path

from tests.browser.people import PHONE, Browsers
from tests.support.platform import Platform


async def test_a_browser_on_both_stacks(browsers: Browsers, laptop: Platform, stack: Platform) -> None:
    for platform in (laptop, stack):
        page = await browsers.window(platform, PHONE)
        await page.goto(f"{platform.url}/nl/praat/")
    await asyncio.to_thread(Path(os.environ["STANDS"]).touch)
    await asyncio.sleep(600)
