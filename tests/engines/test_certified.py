"""Firefox and WebKit check certificates by the vectors, and against an attacker who writes the database's
rows."""

from collections.abc import Iterator

import pytest

from tests.engines.window import Window
from tests.support import planting, vector_page
from tests.support.cast import carla, esra, go_home
from tests.support.platform import Platform

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def there() -> Iterator[Platform]:
    with Platform(GRANT_SECONDS=120, BEAT_SECONDS=1) as running:
        yield running


async def test_this_engine_judges_as_the_vectors_say(window: Window, there: Platform) -> None:
    await window.goto(f"{there.url}/nl/praat/")
    await window.until("document.querySelector('#begin')?.disabled === false")
    await window.run(vector_page.judges(there))
    await window.until("globalThis.judged")
    assert await window.run("globalThis.judged") == {"wrong": [], "count": 4 + 33 + 6}


async def test_nobody_is_let_in_whom_nobody_certified(window: Window, there: Platform) -> None:
    await window.goto(f"{there.url}/nl/praat/")
    await window.begins()
    await window.writes("iemand dreigt met foto's")
    counsellor = await carla(there)
    talk = await counsellor.take()
    await window.reads("Carla, hulpverlener\u00a0✓")
    _, epoch = planting.reads(there, talk.conversation, "")
    for how in planting.HOWS:
        thief = planting.plants(there, talk.conversation, how)
        await window.reads("We konden iemand niet controleren")
        await window.until(
            "document.querySelectorAll('.card.warning a[href^=\"tel:\"]').length >= 2", within=20
        )
        assert planting.reads(there, talk.conversation, thief) == (0, epoch), how
    spoken = (
        "[...document.querySelectorAll('.spoken')].filter((one) => one.innerText.includes('wilde meedoen'))"
    )
    await window.until(f"{spoken}.length === {len(planting.HOWS)}")
    assert not await window.run("document.querySelector('.company').innerText.includes('Daan')")
    await counsellor.close(talk.conversation)
    await go_home(there)


async def test_two_lines_that_somebody_swapped_let_nobody_in(window: Window, there: Platform) -> None:
    planting.swaps_the_lines(there)
    try:
        await esra(there)
        await window.goto(f"{there.url}/nl/praat/")
        await window.reads("We konden deze pagina niet controleren")
        await window.until("document.querySelectorAll('main a[href^=\"tel:\"]').length >= 2")
        assert await window.run("document.querySelector('#begin') === null")
    finally:
        planting.swaps_the_lines(there)
    await window.goto(f"{there.url}/nl/praat/")
    await window.until("document.querySelector('#begin')?.disabled === false")
    await go_home(there)
