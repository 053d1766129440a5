"""A caller's main path works in Firefox and WebKit: start, talk, reload, handoff, exit, Back."""

import pytest

from tests.engines.window import Window
from tests.support.cast import carla, gijs
from tests.support.frames import is_frame
from tests.support.platform import Platform

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SAID, ANSWERED, BRIEF = "iemand dreigt met foto's", "goed dat je er bent", "wil praten met het CSG"
SERVICE = "Centrum Seksueel Geweld"


async def starts(window: Window, platform: Platform) -> None:
    await window.goto(f"{platform.url}/nl/praat/")
    await window.begins()


async def test_who_reads_first_begins_from_there_in_either_language(
    window: Window, here: Platform, elsewhere: str
) -> None:
    await window.goto(f"{elsewhere}/eerst")
    await window.goto(f"{here.url}/nl/praat/")
    await window.until("document.querySelector('#begin')?.disabled === false")
    await window.click("#guide a")
    await window.until("location.pathname === '/nl/praat/meer/' && document.readyState === 'complete'")
    await window.reads("Blijf rustig")
    await window.click("header .language")
    await window.until("location.pathname === '/en/praat/meer/' && document.readyState === 'complete'")
    await window.reads("For parents and teachers")
    await window.click("main .button.primary")
    await window.until("document.querySelector('#begin')?.disabled === false")
    await window.back()
    await window.until(f"location.href === '{elsewhere}/eerst'")


async def test_somebody_starts_talks_reloads_is_handed_over_leaves_and_back_shows_nothing(
    window: Window, here: Platform, elsewhere: str
) -> None:
    await window.goto(f"{elsewhere}/eerst")
    await starts(window, here)
    await window.writes(SAID)
    counsellor = await carla(here)
    talk = await counsellor.take()
    assert talk.texts() == [SAID]
    await counsellor.post(talk.conversation, ANSWERED)
    await window.reads(ANSWERED)
    await window.reads("Carla")

    await window.reload()
    await window.reads(ANSWERED)
    await window.click("header .language")
    await window.until("document.documentElement.lang === 'en'")
    await window.reads(ANSWERED)
    await window.click("header .language")
    await window.until("document.documentElement.lang === 'nl'")
    await window.reads(SAID)

    partner = await gijs(here)
    brief = await counsellor.brief(talk.conversation, BRIEF)
    await counsellor.invite(talk.conversation, "handoff", {"service": "csg"}, brief.id)
    await window.reads(f"Mag {SERVICE} erbij komen?")
    await window.click(".question .answers button")
    frame = await partner.until(is_frame("invitation", state="ringing"), 20)
    theirs = await partner.enter((await partner.answer(frame["invitation"]))["conversation"])
    await window.reads(SERVICE)
    await counsellor.leave(talk.conversation)
    await window.writes("alleen voor Gijs")
    await partner.becomes(lambda: "alleen voor Gijs" in theirs.texts(), 15)

    assert await window.run("document.cookie") == ""
    await window.click("header .exit")
    await window.until(f"location.href === '{elsewhere}/weer'")
    await window.back()
    await window.until(f"location.href === '{elsewhere}/eerst'")
    assert SAID not in await window.words()
    await window.goto(f"{here.url}/nl/praat/")
    await window.until("document.querySelector('#begin')?.disabled === false")
    assert await window.run("sessionStorage.length + localStorage.length") == 0
    assert SAID not in await window.words()
    for one in (counsellor, partner):
        await one.disconnect()


# WebKitGTK's driver answers nothing any more once a page has come back from the browser's memory.
@pytest.mark.parametrize("window", ["firefox"], indirect=True)
async def test_back_to_a_talk_asks_and_back_to_the_first_screen_throws_nobody_out(
    window: Window, here: Platform, elsewhere: str
) -> None:
    await window.goto(f"{here.url}/nl/praat/")
    await window.until("document.querySelector('#begin')?.disabled === false")
    await window.goto(f"{elsewhere}/anders")
    await window.back()
    await window.begins()
    await window.writes(SAID)
    await window.goto(f"{elsewhere}/anders")
    await window.back()
    await window.reads("Wil je verdergaan?")
    assert SAID not in await window.words()
    await window.click("main .primary")
    await window.reads(SAID)
