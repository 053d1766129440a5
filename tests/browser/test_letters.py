"""Anna writes a letter, Carla answers it, and Anna reads the answer by her code on another phone."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    asks_to_stop,
    carla_says,
    carla_signs_in,
    comes_in,
    has_its_modules,
    in_both_themes,
    makes_a_key,
    opens_menu,
)
from tests.support import planting
from tests.support.cast import counsellors, floor, go_home
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

WORDS = "Hij dreigt mijn foto te sturen."
ANSWER = "Goed dat je schrijft. Je hebt niets fout gedaan."


@pytest.fixture(scope="module")
def laptop() -> Iterator[Platform]:
    with Platform(DEMO_LETTERS="1", GRANT_SECONDS=15, BEAT_SECONDS=1) as running:
        yield running


@pytest.fixture(scope="module")
def two(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    with Platform(
        DEMO_LETTERS="1",
        database_url=postgres.fresh_database(),
        redis_url=redis.url,
        processes=2,
        GRANT_SECONDS=15,
        BEAT_SECONDS=1,
    ) as running:
        yield running


# Answers the next request to keep a code as a server does whose database is away for a moment.
BUSY_ONCE = """() => {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    const { type, ref } = JSON.parse(text);
    if (type !== "keepcode") return send.call(this, text);
    WebSocket.prototype.send = send;
    globalThis.socketOfTest = this;
    const data = JSON.stringify({ type: "error", ref, code: "try_again", message: "" });
    this.dispatchEvent(new MessageEvent("message", { data }));
  };
}"""
A_FRAME_COMES = """async () => {
  const data = JSON.stringify({ type: "typing", by: "somebody" });
  globalThis.socketOfTest.dispatchEvent(new MessageEvent("message", { data }));
  await new Promise((drawn) => setTimeout(() => requestAnimationFrame(drawn)));
}"""


async def sends_while_the_server_is_busy(page: Page) -> None:
    """Waits until the page says to try again, which stands there until somebody does."""
    note = page.get_by_text("Probeer het zo nog eens.")
    await page.evaluate(BUSY_ONCE)
    await page.get_by_role("button", name="Verstuur de brief").click()
    await expect(note).to_be_visible(timeout=WITHIN)
    await page.evaluate(A_FRAME_COMES)
    await expect(note).to_be_visible()


async def begins_a_letter(page: Page, platform: Platform) -> str:
    """Begins a letter and stops at its code, which it returns."""
    await page.goto(f"{platform.url}/nl/praat/")
    await page.get_by_role("button", name="Ik schrijf liever een brief").click()
    await expect(page.get_by_text("Alleen je code opent hem.")).to_be_visible()
    await looks_right(page)
    await in_both_themes(page, "letter")
    await page.get_by_label("Je brief").fill(WORDS)
    await page.get_by_role("button", name="Verder").click()
    return await its_code(page)


async def its_code(page: Page) -> str:
    shown = page.locator("p.code")
    await expect(shown).to_be_visible(timeout=WITHIN)
    await looks_right(page)
    await page.locator("summary", has_text="Je brief").click()
    await expect(page.locator("details .words")).to_have_text(WORDS)  # for another look at it
    return await shown.inner_text()


async def changes_the_words(page: Page) -> None:
    """Changes the text. Nothing is sent until the code is typed."""
    await page.get_by_role("button", name="Terug naar je tekst").click()
    await expect(page.get_by_label("Je brief")).to_have_value(WORDS)
    await page.get_by_label("Je brief").fill(f"{WORDS} En nu?")
    await page.get_by_role("button", name="Verder").click()
    await page.locator("summary", has_text="Je brief").click(timeout=WITHIN)
    await expect(page.locator("details .words")).to_have_text([f"{WORDS} En nu?"])


async def writes_a_letter(page: Page, platform: Platform) -> str:
    """Writes and sends a letter. Returns its code."""
    code = await begins_a_letter(page, platform)
    await page.get_by_role("button", name="Ik heb hem bewaard").click()
    await page.get_by_label("Typ de code over").fill(code)
    await page.get_by_role("button", name="Verstuur de brief").click()
    await expect(page.get_by_role("heading", name="Je brief is verstuurd")).to_be_focused(timeout=WITHIN)
    await looks_right(page)
    await in_both_themes(page, "letter-sent")
    return code


async def takes_a_letter(browsers: Browsers, platform: Platform) -> Page:
    """Takes the letter as Carla, who reads what Anna wrote."""
    carla = await carla_signs_in(browsers, platform, size=DESK)
    await carla.get_by_role("button", name="Neem een brief").click()
    await expect(carla.locator(".log")).to_contain_text(WORDS, timeout=WITHIN)
    return carla


async def comes_back(page: Page, platform: Platform, code: str) -> None:
    await page.goto(f"{platform.url}/nl/praat/")
    await page.get_by_role("button", name="Ik heb een code").click()
    await page.get_by_label("Je code van 20 letters").fill(code)
    await page.get_by_role("button", name="Ik ben alleen, ga verder").click()


async def test_a_letter_is_answered_read_by_code_and_turns_into_a_chat(
    browsers: Browsers, laptop: Platform
) -> None:
    code = await writes_a_letter(await browsers.window(laptop, PHONE), laptop)
    carla = await takes_a_letter(browsers, laptop)
    await looks_right(carla)
    await in_both_themes(carla, "letter-taken")
    await carla.locator("#draft").fill(ANSWER)
    await carla.locator("#draft").press("Enter")
    await expect(carla.locator("#draft")).to_have_value(f"{ANSWER}\n")  # a letter has paragraphs
    await carla.get_by_role("button", name="Verstuur antwoord").click()
    await expect(carla.get_by_role("heading", name="Afronden")).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("button", name="Sla over").click()

    anna, before = await browsers.window(laptop, PHONE), await browsers.window(laptop, PHONE)
    await comes_back(before, laptop, code)
    await expect(before.get_by_role("heading", name="Er is een antwoord")).to_be_visible(timeout=WITHIN)
    await comes_back(anna, laptop, code)
    await before.get_by_role("button", name="Ga hier verder").click()
    await expect(before.get_by_role("heading", name="Je brief is ergens anders geopend")).to_be_visible(
        timeout=WITHIN
    )
    await expect(before.get_by_role("button", name="Ik heb een code")).to_be_visible()
    await looks_right(before)
    await expect(anna.get_by_role("heading", name="Er is een antwoord")).to_be_visible(timeout=WITHIN)
    await expect(anna.locator(".bubble").last).to_contain_text(ANSWER)
    await looks_right(anna)
    await in_both_themes(anna, "letter-answered")
    await anna.locator("#text").fill("En als hij het toch doet?")
    await anna.get_by_role("button", name="Stuur").click()
    await expect(anna.get_by_role("heading", name="Je brief wacht op antwoord")).to_be_visible(timeout=WITHIN)

    await anna.get_by_role("button", name="Praat nu verder").click()
    await expect(anna.locator(".card.waiting")).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("button", name="Volgende").click()
    await expect(anna.locator(".company")).to_contain_text("Carla", timeout=WITHIN)
    await expect(anna.get_by_text("Dit is nu een gesprek.")).to_be_visible(timeout=WITHIN)
    await carla_says(carla, "Ik ben er nu.")
    await expect(anna.locator(".bubble").last).to_contain_text("Ik ben er nu.", timeout=WITHIN)
    await expect(carla.locator(".log")).to_contain_text(WORDS)
    await go_home(laptop)


async def test_a_letter_that_is_given_back_is_offered_to_a_colleague(
    browsers: Browsers, laptop: Platform
) -> None:
    await writes_a_letter(await browsers.window(laptop, PHONE), laptop)
    carla = await takes_a_letter(browsers, laptop)
    await carla.locator("#draft").fill("Een half antwoord")
    await carla.get_by_role("button", name="Geef terug").click()
    await expect(carla.get_by_text("Je antwoord is niet verstuurd")).to_be_visible()
    await looks_right(carla)
    await carla.get_by_role("button", name="Geef toch terug").click()
    await expect(carla.get_by_text("Je gaf deze brief terug.")).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("button", name="Neem een brief").click()
    await expect(carla.get_by_text("Er is nu geen brief die jij kunt nemen.")).to_be_visible(timeout=WITHIN)
    floor = await floor_opens(browsers, laptop)
    sums = floor.locator("[data-figure=letters]")
    await expect(sums.first).to_contain_text(re.compile(r"[1-9]\d* nieuw, 0 acuut, 0 bij"), timeout=WITHIN)
    await looks_right(floor)
    await in_both_themes(floor, "letters-on-the-board")
    await go_home(laptop)


async def test_half_an_answer_survives_a_reload_and_the_letter_the_laptop(
    browsers: Browsers, laptop: Platform
) -> None:
    await writes_a_letter(await browsers.window(laptop, PHONE), laptop)
    carla = await takes_a_letter(browsers, laptop)
    await carla.locator("#draft").fill("Een half antwoord")
    await carla.evaluate(  # it is sealed first
        "() => new Promise((kept) => { const look = () => Object.keys(sessionStorage).some((key) =>"
        " key.includes('draft')) ? kept(true) : setTimeout(look, 50); look() })"
    )
    await carla.reload()
    await expect(carla.locator("#draft")).to_have_value("Een half antwoord", timeout=WITHIN)
    await carla.close()
    other = await browsers.window(laptop, DESK)
    await comes_in(other, laptop, counsellors(laptop, "helpwanted")[0])
    await makes_a_key(other)
    await other.get_by_role("button", name="Haal het gesprek hierheen").click()
    await expect(other.locator(".log")).to_contain_text(WORDS, timeout=WITHIN)
    await expect(other.locator("#draft")).to_have_value("")
    await looks_right(other)
    await other.locator("#draft").fill(ANSWER)
    await other.get_by_role("button", name="Verstuur antwoord").click()
    await expect(other.get_by_role("heading", name="Afronden")).to_be_visible(timeout=WITHIN)
    await go_home(laptop)


@pytest.mark.parametrize("stack", ["laptop", pytest.param("two", marks=pytest.mark.stack)])
async def test_a_letter_into_which_somebody_wrote_a_key_of_their_own_is_not_sent(
    browsers: Browsers, request: pytest.FixtureRequest, stack: str
) -> None:
    laptop: Platform = request.getfixturevalue(stack)
    anna = await browsers.window(laptop, PHONE)
    await begins_a_letter(anna, laptop)
    conversation = str(await anna.evaluate("JSON.parse(sessionStorage.tab).conversation"))
    _, epoch = planting.reads(laptop, conversation, "")
    thief = planting.plants(laptop, conversation, "own_root")
    await expect(anna.get_by_role("heading", name="Je brief is niet verstuurd")).to_be_focused(timeout=WITHIN)
    await expect(anna.get_by_text("We konden niet controleren wie je brief kan lezen.")).to_be_visible()
    await anna.locator("summary", has_text="Je brief").click()
    await expect(anna.get_by_text(WORDS)).to_be_visible()  # to be kept, or told somewhere else
    assert await anna.locator("main a[href^='tel:']").count() >= 2
    await looks_right(anna)
    await in_both_themes(anna, "letter-refused")
    assert planting.reads(laptop, conversation, thief) == (0, epoch), "no secret of this letter"
    await go_home(laptop)


async def test_what_was_written_stays_until_it_is_sent_and_the_letter_after_the_tab(
    browsers: Browsers, laptop: Platform
) -> None:
    """The letter is too long, the network is gone, and the page is reloaded between two codes."""
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await anna.get_by_label("Het is nu dringend").check()
    await anna.get_by_role("button", name="Ik schrijf liever een brief").click()
    await expect(anna.get_by_label("Het is nu dringend")).to_be_checked()
    text, go = anna.get_by_label("Je brief"), anna.get_by_role("button", name="Verder")
    await expect(anna.get_by_role("link", name="English")).to_be_hidden()  # it would lose the text
    assert await anna.evaluate("getComputedStyle(document.documentElement).overscrollBehaviorY") == "contain"
    await text.fill("é" * 4_100)
    await go.click()
    await expect(anna.get_by_text("Dit is te lang voor één keer.")).to_be_visible()
    await text.fill(WORDS)
    await has_its_modules(anna)
    await anna.context.set_offline(True)
    await go.click()
    await anna.get_by_role("button", name="Terug naar je tekst").click()
    await expect(text).to_have_value(WORDS)
    await anna.context.set_offline(False)
    await go.click()
    await anna.locator("summary", has_text="Je brief").click(timeout=WITHIN)
    await changes_the_words(anna)
    first = await anna.locator("p.code").inner_text(timeout=WITHIN)
    await anna.reload()
    await expect(anna.get_by_text("Had je al een code voor deze brief?")).to_be_visible(timeout=WITHIN)
    code = await anna.locator("p.code").inner_text()
    assert code != first
    await looks_right(anna)
    await anna.get_by_role("button", name="Ik heb hem bewaard").click()
    await expect(anna.get_by_text("Je brief is nog niet verstuurd. Dat doe je hier.")).to_be_visible()
    await in_both_themes(anna, "letter-copy")
    await anna.get_by_label("Typ de code over").fill(code)
    await sends_while_the_server_is_busy(anna)
    await anna.get_by_role("button", name="Verstuur de brief").click()
    await anna.get_by_role("button", name="Lees de brief").click(timeout=WITHIN)
    await expect(anna.locator(".bubble")).to_have_count(1)  # the change was lost with its draft
    await expect(anna.locator(".bubble")).to_contain_text("En nu?")
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(anna.get_by_role("heading", name="Je brief blijft staan")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)
    await in_both_themes(anna, "letter-left")
    await go_home(laptop)


async def test_a_new_code_of_a_letter_replaces_the_old_one_which_says_so(
    browsers: Browsers, laptop: Platform
) -> None:
    anna, finder = await browsers.window(laptop, PHONE), await browsers.window(laptop, PHONE)
    old = await writes_a_letter(anna, laptop)
    await anna.get_by_role("button", name="Lees de brief").click()
    await opens_menu(anna)
    await anna.get_by_text("Later terugkomen").click()
    await expect(anna.get_by_text("Je code opent deze brief tot hij gewist is.")).to_be_visible()
    await anna.get_by_role("button", name="Maak een code").click()
    new = await anna.locator("p.code").inner_text()
    await anna.get_by_role("button", name="Ik heb hem opgeschreven").click()
    await anna.get_by_label("Typ de code over").fill(new)
    await anna.get_by_role("button", name="Klaar").click()
    await expect(anna.get_by_text("Je nieuwe code werkt.")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_role("button", name="Gooi de code weg")).to_be_hidden()
    await in_both_themes(anna, "letter-new-code")

    await comes_back(finder, laptop, old)
    await expect(finder.get_by_role("heading", name="Deze code werkt niet meer")).to_be_visible(
        timeout=WITHIN
    )
    await looks_right(finder)
    await in_both_themes(finder, "letter-code-replaced")
    await finder.get_by_role("button", name="Ik heb een code").click()
    await finder.get_by_label("Je code van 20 letters").fill(new)
    await finder.get_by_role("button", name="Ik ben alleen, ga verder").click()
    await expect(finder.locator(".bubble")).to_contain_text(WORDS, timeout=WITHIN)
    await go_home(laptop)


# The tab closed before it had sealed anything of what it was told and of what was written.
NOTHING_SEALED = """
const kept = JSON.parse(sessionStorage.tab ?? "null");
if (kept) sessionStorage.tab = JSON.stringify({...kept, sealed: ""});
"""
BEGUN = """async () => {
  while (!sessionStorage.tab) await new Promise((done) => setTimeout(done, 50));
}"""
SENDS_NO_POST = """() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) { if (!text.includes('"post"')) send.call(this, text); };
}"""


async def test_a_letter_of_which_no_word_was_stored_leads_back_to_its_text(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await anna.evaluate(SENDS_NO_POST)
    await anna.get_by_role("button", name="Ik schrijf liever een brief").click()
    await anna.get_by_label("Je brief").fill(WORDS)
    await anna.get_by_role("button", name="Verder").click()
    await anna.evaluate(BEGUN)
    await anna.add_init_script(NOTHING_SEALED)
    await anna.reload()
    await expect(anna.get_by_label("Je brief")).to_have_value("", timeout=WITHIN)
    await looks_right(anna)
    await go_home(laptop)


AWAY_FOR_LONG = """
from chat.conversation import endings
from chat.models import Conversation
from helpline.lib import clock
draft = Conversation.objects.get(written="draft", ended_at=None)
endings.end(draft, "abandoned", now=clock.now())
"""
NO_SHELF = "Conversation.objects.filter(pk=draft.pk).update(shelf=None)"


@pytest.mark.parametrize("reloaded", ["", "soon", "late"])
async def test_a_letter_whose_draft_ended_meanwhile_is_said_to_be_unsent_and_can_be_sent_anew(
    browsers: Browsers, laptop: Platform, reloaded: str
) -> None:
    """A page that is loaded again late has no key any more to what its tab kept."""
    anna = await browsers.window(laptop, PHONE)
    await begins_a_letter(anna, laptop)
    await anna.context.set_offline(True)
    await expect(anna.get_by_text("Geen verbinding. We proberen")).to_be_visible(timeout=WITHIN)
    script = AWAY_FOR_LONG + (NO_SHELF if reloaded == "late" else "")
    done = await asyncio.to_thread(laptop.manage, "shell", "-v", "0", "-c", script)
    assert done.returncode == 0, done.stderr
    await anna.context.set_offline(False)
    if reloaded:
        await anna.reload()
    await expect(anna.get_by_role("heading", name="Je brief is niet verstuurd")).to_be_focused(timeout=WITHIN)
    await looks_right(anna)
    await in_both_themes(anna, f"letter-over{reloaded}")
    if reloaded == "late":
        await expect(anna.get_by_text("Er is niets bewaard, ook niet wat je schreef.")).to_be_visible()
        await anna.get_by_role("button", name="Schrijf een brief").click()
        await anna.get_by_label("Je brief").fill(WORDS)
    else:
        await anna.get_by_role("button", name="Terug naar je tekst").click()
        await expect(anna.get_by_label("Je brief")).to_have_value(WORDS)
    await anna.get_by_role("button", name="Verder").click()
    await its_code(anna)
    await go_home(laptop)


async def test_a_letter_that_is_begun_while_the_line_was_closed_goes_into_the_chat_once_it_opens(
    browsers: Browsers, laptop: Platform
) -> None:
    supervisor = await floor(laptop)
    await supervisor.request("line", line="helpwanted", state="closed", most=None, reason=None)
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await anna.get_by_role("button", name="Schrijf een brief").click(timeout=WITHIN)
    await anna.get_by_label("Je brief").fill(WORDS)
    await anna.evaluate(TAKES_NO_LETTERS)
    await supervisor.request("line", line="helpwanted", state="open", most=None, reason=None)
    await anna.get_by_role("button", name="Toch niet").click()
    await anna.get_by_role("button", name="Begin het gesprek").click(timeout=WITHIN)
    await expect(anna.locator("#text")).to_have_value(WORDS, timeout=WITHIN)
    await anna.locator("#text").fill("")
    await looks_right(anna)
    await go_home(laptop)


# A line that takes letters only while it is closed; the demo's line always takes them.
TAKES_NO_LETTERS = """() => {
  const ask = window.fetch;
  window.fetch = async (...how) => {
    const answer = await ask(...how);
    if (!String(how[0]).includes("/api/lines/")) return answer;
    return new Response(JSON.stringify({ ...(await answer.json()), letters: null }), { status: 200 });
  };
}"""


async def test_a_network_that_goes_at_every_step_loses_nothing_of_a_letter(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/later/")
    await anna.get_by_role("button", name="Schrijf een brief").click()
    await anna.get_by_label("Je brief").fill(WORDS)
    await has_its_modules(anna)
    await anna.context.set_offline(True)
    await anna.get_by_role("button", name="Verder").click()
    await expect(anna.get_by_text("Geen verbinding. We proberen")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)
    await anna.context.set_offline(False)
    code = await its_code(anna)
    await anna.context.set_offline(True)
    await expect(anna.get_by_text("Geen verbinding. We proberen")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)
    await anna.get_by_role("button", name="Ik heb hem bewaard").click()
    await anna.get_by_label("Typ de code over").fill(code)
    send = anna.get_by_role("button", name="Verstuur de brief")
    await send.click()
    await expect(anna.get_by_text("Er is nu geen verbinding.")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_label("Typ de code over")).to_have_value(code)
    await anna.context.set_offline(False)
    await expect(anna.get_by_text("Geen verbinding. We proberen")).to_be_hidden(timeout=WITHIN)
    await expect(anna.get_by_text("Er is nu geen verbinding.")).to_be_hidden()
    await anna.get_by_role("button", name="Laat de code nog eens zien").click()
    await anna.get_by_role("button", name="Ik heb hem bewaard").click()
    await expect(anna.get_by_label("Typ de code over")).to_have_value(code)
    await send.click()
    await expect(anna.get_by_role("heading", name="Je brief is verstuurd")).to_be_visible(timeout=WITHIN)
    await anna.get_by_role("button", name="Lees de brief").click()
    await expect(anna.get_by_text("De chat is nu dicht.")).to_be_visible()
    await in_both_themes(anna, "letter-on-a-closed-line")
    await anna.context.set_offline(True)
    await anna.locator("#text").fill("Nog iets: hij weet mijn school.")
    await anna.get_by_role("button", name="Stuur").click()
    await anna.get_by_role("button", name="Praat nu verder").click()
    await expect(anna.get_by_text("Er is nu geen verbinding.")).to_be_visible(timeout=WITHIN)
    await anna.context.set_offline(False)
    await expect(anna.locator(".bubble.own .tick")).to_have_count(2, timeout=WITHIN)
    carla = await takes_a_letter(browsers, laptop)
    await expect(carla.locator(".log")).to_contain_text("hij weet mijn school", timeout=WITHIN)
    await looks_right(carla)
    await expect(anna.get_by_text("Er is nu geen verbinding.")).to_be_visible()
    await carla.locator("#draft").fill(ANSWER)
    await carla.get_by_role("button", name="Verstuur antwoord").click()
    await expect(anna.get_by_text("Er is nu geen verbinding.")).to_be_hidden(timeout=WITHIN)
    await go_home(laptop)


async def test_whoever_asks_to_talk_reads_that_the_letter_is_answered_all_the_same(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE)
    await writes_a_letter(anna, laptop)
    await anna.get_by_role("button", name="Lees de brief").click()
    await anna.get_by_role("button", name="Praat nu verder").click()
    await expect(anna.locator(".card.waiting")).to_contain_text("Je brief wacht ook.", timeout=WITHIN)
    await looks_right(anna)
    await go_home(laptop)


async def test_without_a_network_no_module_is_asked_for_so_that_the_letter_goes_once_there_is_one(
    browsers: Browsers, laptop: Platform
) -> None:
    """Firefox and Safari remember a module that failed: afterwards only a new page would help, without the
    letter."""
    anna, asked = await browsers.window(laptop, PHONE), list[str]()
    await anna.goto(f"{laptop.url}/nl/later/")
    write = anna.get_by_role("button", name="Schrijf een brief")
    await expect(write).to_be_visible(timeout=WITHIN)
    await anna.context.set_offline(True)
    anna.on("request", lambda request: asked.append(request.url))
    await write.click()
    await anna.get_by_label("Je brief").fill(WORDS)
    go = anna.get_by_role("button", name="Verder")
    await go.click()
    await expect(anna.get_by_text("Er is nu geen verbinding. Probeer het zo nog eens.")).to_be_visible()
    await expect(anna.get_by_label("Je brief")).to_have_value(WORDS)
    await looks_right(anna)
    await in_both_themes(anna, "letter-offline")
    assert [url for url in asked if url.endswith(".js")] == []
    await anna.context.set_offline(False)
    await has_its_modules(anna)
    await go.click()
    await its_code(anna)
    await go_home(laptop)


async def test_a_letter_that_cannot_be_read_ends_and_its_writer_is_told(
    browsers: Browsers, laptop: Platform
) -> None:
    code = await writes_a_letter(await browsers.window(laptop, PHONE), laptop)
    carla = await takes_a_letter(browsers, laptop)
    await carla.get_by_role("button", name="Niet te lezen").click()
    await expect(carla.get_by_text("dan eindigt de brief zonder antwoord")).to_be_visible()
    await looks_right(carla)
    await in_both_themes(carla, "letter-unreadable")
    await carla.get_by_role("button", name="Sluit de brief").click()
    await expect(carla.get_by_text("dan eindigt de brief zonder antwoord")).to_be_hidden(timeout=WITHIN)
    anna = await browsers.window(laptop, PHONE)
    await comes_back(anna, laptop, code)
    await expect(anna.get_by_text("De hulplijn kon deze brief niet lezen.")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_role("heading", name="De brief is gesloten")).to_be_visible()
    await looks_right(anna)
    await in_both_themes(anna, "letter-closed")
    await go_home(laptop)


async def test_letters_that_ended_unanswered_stand_on_the_board_until_somebody_knows(
    browsers: Browsers, laptop: Platform
) -> None:
    done = laptop.manage(
        "shell", "-v", "0", "-c",
        "from chat.models import Line; print(Line.objects.filter(pk='helpwanted').update(letters_expired=2))",
    )  # fmt: skip
    assert done.stdout.strip() == "1", done.stderr
    floor = await floor_opens(browsers, laptop)
    told = floor.locator("[data-figure=letters-expired]")
    await expect(told).to_contain_text("2 brieven eindigden zonder antwoord.", timeout=WITHIN)
    await told.scroll_into_view_if_needed()
    await looks_right(floor)
    await in_both_themes(floor, "letters-expired")
    await told.get_by_role("button", name="Ik weet het").click()
    await expect(told).to_have_count(0, timeout=WITHIN)
    await go_home(laptop)


@pytest.mark.parametrize("stack", ["laptop", pytest.param("two", marks=pytest.mark.stack)])
async def test_a_device_that_somebody_wrote_into_the_rows_opens_no_letter(
    browsers: Browsers, request: pytest.FixtureRequest, stack: str
) -> None:
    """The row says that the device was approved. A supervisor's board and a colleague's console could share
    keys."""
    running: Platform = request.getfixturevalue(stack)
    planted = planting.plants_a_device(running, counsellors(running, "helpwanted")[2].username)
    await writes_a_letter(await browsers.window(running, PHONE), running)
    carla = await takes_a_letter(browsers, running)
    floor = await floor_opens(browsers, running, "#mensen")
    holder = floor.locator("hl-letters [data-holder]")
    await expect(holder).to_contain_text("Edge Windows", timeout=WITHIN)
    await expect(holder.get_by_role("button", name="Geef")).to_be_disabled()
    await expect(holder).to_have_count(1)  # all others have shares
    await floor.get_by_role("heading", name="Brieven").scroll_into_view_if_needed()
    await looks_right(floor)
    await in_both_themes(floor, "letters-planted-device")
    assert planting.shares_of(running, planted) == 0
    await looks_right(carla)
    await go_home(running)


async def test_after_a_chat_a_letter_takes_the_list_of_what_must_go_along(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna.get_by_role("button", name="Bekijk de lijst").click(timeout=WITHIN)
    await anna.locator("details.cases").get_by_label("Link").fill("voorbeeld.example/foto")
    await anna.get_by_role("button", name="Zet op de lijst").click()
    await expect(anna.locator("details.cases li")).to_have_count(1, timeout=WITHIN)
    await anna.locator(".more").click()
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(anna.get_by_text("De lijst gaat dan mee.")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)
    await anna.get_by_role("button", name="Schrijf een brief").click()
    await anna.get_by_label("Je brief").fill(WORDS)
    await anna.get_by_role("button", name="Verder").click()
    await its_code(anna)
    await anna.get_by_role("button", name="Terug naar je tekst").click()
    await anna.get_by_role("button", name="Verder").click()
    code = await its_code(anna)  # another draft, with the same list
    await expect(anna.locator("details .link")).to_have_text("https://voorbeeld.example/foto", timeout=WITHIN)
    await anna.get_by_role("button", name="Ik heb hem bewaard").click()
    await anna.get_by_label("Typ de code over").fill(code)
    await anna.get_by_role("button", name="Verstuur de brief").click()
    await expect(anna.get_by_role("heading", name="Je brief is verstuurd")).to_be_visible(timeout=WITHIN)
    carla = await takes_a_letter(browsers, laptop)
    await carla.get_by_role("button", name=re.compile("^Weghalen")).click(timeout=WITHIN)
    await expect(carla.locator("hl-case")).to_contain_text("voorbeeld.example/foto", timeout=WITHIN)
    await carla.locator("hl-case").get_by_role("button", name="Gezien dat het weg is").click()
    await expect(carla.locator("hl-case")).to_contain_text("Weg: 1 van de 1", timeout=WITHIN)
    await looks_right(carla)
    phone = await browsers.window(laptop, PHONE)
    await comes_back(phone, laptop, code)
    await phone.get_by_role("button", name="Bekijk de lijst").first.click(timeout=WITHIN)
    await expect(phone.locator("details.cases > summary")).to_have_text("Wat moet weg: 1 van de 1 weg")
    await in_both_themes(phone, "case-by-code")
    await go_home(laptop)
