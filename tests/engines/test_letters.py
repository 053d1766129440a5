"""A letter works in Firefox and WebKit: writing, sending by code, reading, talking, and refusing a stranger's
key."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.engines.window import Unanswered, Window
from tests.support import planting, vector_page
from tests.support.cast import carla, daan, go_home
from tests.support.platform import Platform
from tests.support.sealing import CASE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WORDS, ANSWER, TALKED = "ik durf niet te bellen", "goed dat je schrijft", "ik ben er nu"


@pytest.fixture(scope="module")
def there() -> Iterator[Platform]:
    with Platform(DEMO_LETTERS="1", GRANT_SECONDS=20, BEAT_SECONDS=1) as running:
        yield running


async def clicks(window: Window, words: str, *, until: str) -> None:
    """Clicks the button with this text once it can be pressed, and again until the expression holds, since
    what arrives when a page opens moves the button away from the pointer."""
    mark = (
        "(() => { const found = [...document.querySelectorAll('main button')].find((one) => !one.disabled &&"
        f" one.checkVisibility() && one.innerText.trim() === {json.dumps(words)});"
        " document.querySelector('[data-wanted]')?.removeAttribute('data-wanted');"
        " found?.setAttribute('data-wanted', ''); return Boolean(found) })()"
    )
    for _ in range(5):
        await window.until(f"({until}) || {mark}")
        with suppress(TimeoutError, Unanswered):
            await window.press("[data-wanted]")
            await window.until(until, within=4)
            return
    raise TimeoutError(f"pressed in vain: {words}; {await window.words()}")


async def types(window: Window, selector: str, text: str) -> None:
    await window.until(f"document.querySelector({json.dumps(selector)})")
    await window.run(
        f"(() => {{ document.querySelector({json.dumps(selector)}).value = {json.dumps(text)}; return 1 }})()"
    )


async def forgets(window: Window, platform: Platform) -> None:
    """Checks that nothing of a letter stays in this browser."""
    await window.goto(f"{platform.url}/nl/praat/")
    await clicks(window, "Wis alles hier", until="sessionStorage.length === 0")


async def begins(window: Window, platform: Platform) -> str:
    """Begins a letter and stops at its code, which it returns."""
    await window.goto(f"{platform.url}/nl/praat/")
    await clicks(window, "Ik schrijf liever een brief", until="document.querySelector('#letter')")
    await types(window, "#letter", WORDS)
    await clicks(window, "Verder", until="document.querySelector('p.code')")
    return re.sub(r"\W", "", await window.run("document.querySelector('p.code').innerText"))


async def test_a_letter_is_sent_answered_read_by_code_and_talked_about(
    window: Window, there: Platform
) -> None:
    code = await begins(window, there)
    await clicks(window, "Ik heb hem bewaard", until="document.querySelector('.code-form input')")
    await types(window, ".code-form input", code)
    await clicks(
        window, "Verstuur de brief", until="document.body.innerText.includes('Je brief is verstuurd')"
    )
    counsellor = await carla(there)
    letter = await counsellor.take_letter()
    await counsellor.becomes(lambda: WORDS in letter.texts(), 10)
    (read,) = [one for one in letter.readings() if one.text == WORDS]
    await counsellor.answer_letter(letter.conversation, ANSWER, read.seq)

    await forgets(window, there)
    await window.goto(f"{there.url}/nl/praat/")
    await clicks(window, "Ik heb een code", until="document.querySelector('.code-form input')")
    await types(window, ".code-form input", code)
    await clicks(
        window, "Ik ben alleen, ga verder", until="document.body.innerText.includes('Er is een antwoord')"
    )
    await window.reads(ANSWER)
    await clicks(
        window, "Praat nu verder", until="document.querySelector('.card.waiting')?.checkVisibility()"
    )
    second = await daan(there)
    talk = await second.take()
    assert talk.conversation == letter.conversation
    await second.post(talk.conversation, TALKED)
    await window.reads(TALKED)
    await second.becomes(lambda: WORDS in talk.texts(), 10)
    await go_home(there)


async def test_links_that_must_go_are_named_told_gone_and_stand_at_the_end(
    window: Window, there: Platform
) -> None:
    await window.goto(f"{there.url}/nl/praat/")
    await window.until("document.querySelector('#begin')?.disabled === false")
    await clicks(window, "Begin het gesprek", until="!document.querySelector('#begin')")
    await clicks(window, "Bekijk de lijst", until="document.querySelector('details.cases')?.open")
    await types(window, "details.cases input[name=url]", "voorbeeld.example/foto")
    await clicks(window, "Zet op de lijst", until="document.querySelector('details.cases li')")
    counsellor = await carla(there)
    talk = await counsellor.take()
    await counsellor.becomes(lambda: any(one.text for one in talk.readings()), 10)
    [item] = json.loads(next(one.text for one in talk.readings() if one.text))["items"]
    assert item["url"] == "https://voorbeeld.example/foto"
    gone = json.dumps({"items": [item | {"state": "removed", "note": "gelukt"}]})
    await counsellor.post(talk.conversation, gone, kind=CASE)
    title = "document.querySelector('details.cases summary').textContent"
    await window.until(f"{title} === 'Wat moet weg: 1 van de 1 weg'")
    await window.reads("De hulplijn: gelukt")
    await counsellor.close(talk.conversation)
    await window.reads("Het gesprek is afgelopen")
    await window.reads("voorbeeld.example/foto")
    await go_home(there)


async def test_what_somebody_answers_chooses_what_to_do_and_begins_a_letter(
    window: Window, there: Platform
) -> None:
    await window.goto(f"{there.url}/nl/later/")
    await window.until("document.querySelectorAll('.check fieldset').length > 1")
    await window.reads("Of schrijf een brief")
    shown = "[...document.querySelectorAll('ul.checks > li')].filter((one) => one.checkVisibility()).length"
    every = await window.run(shown)
    await window.press(".check fieldset input")
    await window.until(f"{shown} < {every}")
    await clicks(window, "Zet mijn antwoorden in een brief", until="document.querySelector('#letter')")
    assert (await window.run("document.querySelector('#letter').value")).startswith("Dit koos ik:\n")
    await go_home(there)


async def test_a_letter_into_which_somebody_wrote_a_key_is_not_sent(window: Window, there: Platform) -> None:
    for how in planting.HOWS:
        await begins(window, there)
        conversation = str(await window.run("JSON.parse(sessionStorage.tab).conversation"))
        _, epoch = planting.reads(there, conversation, "")
        thief = planting.plants(there, conversation, how)
        await window.reads("Je brief is niet verstuurd")
        assert planting.reads(there, conversation, thief) == (0, epoch), how
        await forgets(window, there)
    await go_home(there)


async def test_this_engine_opens_and_judges_letters_as_the_vectors_say(
    window: Window, there: Platform
) -> None:
    await window.goto(f"{there.url}/nl/praat/")
    await window.until("document.querySelector('#begin')?.disabled === false")
    await window.run(vector_page.judges_letters(there))
    await window.until("globalThis.judged")
    judged = await window.run("globalThis.judged")
    assert judged["wrong"] == []
    assert judged["count"] == vector_page.OF_LETTERS
