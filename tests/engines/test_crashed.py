"""A story whose browser crashed is played once more, in a new browser, and says so."""

import psutil
import pytest

from tests.engines.webkit import WebKit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PLAYED: list[WebKit] = []


@pytest.mark.parametrize("window", ["webkit"], indirect=True)
async def test_a_story_whose_browser_crashed_is_played_once_more(window: WebKit, elsewhere: str) -> None:
    PLAYED.append(window)
    await window.goto(f"{elsewhere}/eerst")
    if len(PLAYED) == 1:
        for child in psutil.Process(window.driver.pid).children():
            child.kill()
    await window.reads("hier is /eerst")
    assert len(PLAYED) == 2
