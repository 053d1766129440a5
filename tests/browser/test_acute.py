"""Carla's desk and the board show an acute caller, the end of a shift, and a referral with two keys."""

import re

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_says,
    carla_reads,
    carla_says,
    carla_signs_in,
    carla_takes,
    in_both_themes,
)
from tests.browser.test_handoff import BRIEF, SERVICE, carla_asks
from tests.support.caller import CallerClient
from tests.support.cast import caller, counsellors, go_home
from tests.support.platform import Platform

TELL = "Gedaan: Gezegd dat wij hulp inschakelen"
CALL = "Gedaan: 112 gebeld"
PHONE_OF_STAFF: ViewportSize = {"width": 390, "height": 844}
SAID = "Ik maak me grote zorgen om je."


async def carla_talks_with_sam(carla: Page, platform: Platform) -> CallerClient:
    one = await caller(platform)
    await one.start()
    await one.post("het gaat niet goed")
    await carla.get_by_role("button", name="Volgende").click()
    await one.becomes(lambda: one.talk.epoch > 0, 15)
    await carla_reads(carla, "het gaat niet goed")
    return one


async def shows(page: Page, step: str) -> None:
    """Shows one of the steps in full, out of the list of all steps."""
    await page.get_by_role("button", name="Alle stappen").click()
    await page.locator(f".acute li[data-step={step}] button").click()
    await expect(page.locator(f".acute .step[data-step={step}]")).to_be_visible()


async def has_room_of_its_own(page: Page) -> None:
    """Checks that the steps take at most a third of the conversation's height, above the messages, and that
    the newest message is in sight."""
    middle, steps, log, composer = [
        await page.locator(name).bounding_box() for name in ("hl-talk", "hl-acute", ".log", "hl-composer")
    ]
    newest = await page.locator(".log .lines > *").last.bounding_box()
    assert middle is not None
    assert steps is not None
    assert log is not None
    assert composer is not None
    assert newest is not None
    assert steps["height"] <= middle["height"] / 3
    assert steps["y"] + steps["height"] <= log["y"] + 1
    assert log["y"] <= newest["y"]
    assert newest["y"] + newest["height"] <= composer["y"]
    assert composer["y"] + composer["height"] <= middle["y"] + middle["height"] + 1


async def nobody_comes(carla: Page) -> None:
    """Checks that nobody is promised if nobody is there, and that the page says whom to call, before and
    below the request."""
    for place in (carla.locator("#somebody-why"), carla.locator("#call-in-why")):
        await expect(place).to_contain_text("Van Helpwanted is er nu niemand anders.")
        await expect(place.get_by_role("link", name="112", exact=True)).to_have_attribute("href", "tel:112")
        await expect(place.get_by_role("link", name="088-0000112")).to_be_visible()
        await expect(place).not_to_contain_text("komt erbij")
    aside = carla.locator("hl-right")
    for panel in ("notes", "invite"):  # the numbers are shown once, whatever tab is open
        await aside.locator(f"[data-panel={panel}]").click()
        await expect(aside.get_by_role("link", name="112", exact=True)).to_have_count(1)
        await expect(aside.get_by_role("link", name="088-0000112")).to_be_visible()
    await in_both_themes(carla, "acute-numbers-stay")
    await aside.locator("[data-panel=about]").click()
    await expect(aside.get_by_role("link", name="112", exact=True)).to_have_count(1)
    await carla.keyboard.press("Alt+s")
    strip = carla.locator(".strip")
    await expect(strip.get_by_role("link", name="088-0000112")).to_be_visible(timeout=WITHIN)
    await has_room_of_its_own(carla)
    await looks_right(carla)
    await in_both_themes(carla, "acute-nobody-there")
    await strip.get_by_role("button", name="Intrekken").click()
    await expect(strip).not_to_contain_text("gevraagd", timeout=WITHIN)
    await strip.get_by_role("button", name="Gelezen").click()


async def test_the_steps_have_room_of_their_own_above_the_messages_one_at_a_time(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    for number in range(7):
        await sam.post("\n".join(f"en toen gebeurde er dit, deel {number}" for _ in range(4)))
    await carla.get_by_role("radio", name="acuut").click(force=True)
    acute = carla.locator(".acute")
    await expect(acute.get_by_role("heading")).to_have_text("Stap 1 van 8 Rechtuit gevraagd", timeout=WITHIN)
    await has_room_of_its_own(carla)
    await looks_right(carla)
    await in_both_themes(carla, "acute-step")
    await acute.get_by_role("button", name="Gedaan: Rechtuit gevraagd").press("Enter")
    await expect(acute.get_by_role("heading")).to_have_text("Stap 2 van 8 Iemand erbij", timeout=WITHIN)
    await expect(acute.get_by_role("heading")).to_be_focused()
    await expect(acute.get_by_role("status").first).to_have_text(
        "Stap 2 van 8: Iemand erbij. nog niets ingevuld"
    )
    await nobody_comes(carla)
    await acute.get_by_role("button", name="Alle stappen").click()
    await expect(acute.locator("li")).to_have_count(8)
    await expect(acute.locator("li").first).to_contain_text("Gedaan ·")
    await has_room_of_its_own(carla)
    await looks_right(carla)
    await in_both_themes(carla, "acute-list")
    await acute.locator("li[data-step=ask] button").click()
    await acute.get_by_role("button", name="Toch anders").click()
    await acute.get_by_role("button", name="Niet nodig").click()
    await expect(acute.get_by_role("heading")).to_have_text("Stap 2 van 8 Iemand erbij", timeout=WITHIN)
    await carla.locator(".log").evaluate("log => { log.scrollTop = -400; }")
    await expect(acute).to_be_in_viewport(ratio=1)
    await carla.locator(".log").evaluate("log => { log.scrollTop = 0; }")
    await acute.get_by_role("button", name="Inklappen").click()
    await expect(acute.locator(".body")).to_have_count(0)
    await expect(acute.get_by_role("heading")).to_be_visible()
    await looks_right(carla)

    await carla.set_viewport_size(PHONE_OF_STAFF)
    await carla.reload()
    await expect(acute.get_by_role("button", name="Uitklappen")).to_be_visible(timeout=WITHIN)
    await has_room_of_its_own(carla)
    await looks_right(carla)
    await in_both_themes(carla, "acute-folded")
    await expect(acute.get_by_role("link", name="112", exact=True)).to_have_attribute("href", "tel:112")
    await acute.get_by_role("button", name="Uitklappen").click()
    await expect(acute.locator(".step")).to_be_visible()
    await has_room_of_its_own(carla)
    await looks_right(carla)
    await in_both_themes(carla, "acute-unfolded")
    await sam.leave()
    await go_home(laptop)


async def test_the_steps_stand_beside_the_conversation_and_nobody_is_called_before_the_caller_was_told(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await expect(carla.locator(".acute")).to_have_count(0)
    await carla.get_by_role("radio", name="acuut").click(force=True)
    steps = carla.locator(".acute")
    await expect(steps.get_by_role("heading")).to_contain_text("Stap 1 van 8", timeout=WITHIN)
    await shows(carla, "call")
    await expect(steps.get_by_role("link", name="112").first).to_have_attribute("href", "tel:112")
    await expect(carla.get_by_role("button", name=CALL)).to_be_disabled()
    await looks_right(carla)
    await in_both_themes(carla, "acute")

    floor = await floor_opens(browsers, laptop)
    await expect(floor.get_by_text("Nog geen stap van het protocol gezet.")).to_be_visible(timeout=WITHIN)
    unseen = "een gesprek is acuut en nog geen supervisor heeft het gezien"
    await expect(floor.get_by_text(unseen)).to_be_visible()
    await expect(floor).to_have_title(re.compile(r"^\(1\)"))
    await carla.get_by_role("button", name="Ik heb iemand nodig").click()
    await expect(floor.locator(".ring.acute")).to_contain_text("heeft nu iemand nodig", timeout=WITHIN)
    await looks_right(floor)
    await in_both_themes(floor, "acute-ring-on-board")
    await carla.get_by_role("button", name="Afsluiten").click()
    await expect(carla.locator(".ending")).to_contain_text("Gezegd dat wij hulp inschakelen")
    await looks_right(carla)
    await in_both_themes(carla, "ending-acute")
    await carla.keyboard.press("Escape")
    await expect(carla.locator(".ending")).to_have_count(0)
    await shows(carla, "tell")
    await steps.get_by_role("button", name="Zet klaar").click()
    await expect(carla.locator("#draft")).to_be_focused()
    await carla.keyboard.press("Enter")
    await sam.becomes(lambda: any(SAID in (text or "") for text in sam.talk.texts()), 15)
    await carla.get_by_role("button", name=TELL).click()
    await carla.get_by_role("button", name=CALL).click()
    await expect(steps.get_by_role("heading")).to_contain_text("Stap 7 van 8", timeout=WITHIN)
    row = floor.locator(".acute-steps")
    await expect(row).to_contain_text("Gezegd dat wij hulp inschakelen", timeout=WITHIN)
    await expect(row).to_contain_text("112 gebeld", timeout=WITHIN)
    await looks_right(floor)
    await in_both_themes(floor, "acute-on-board")

    await carla.reload()
    await expect(steps.get_by_role("heading")).to_contain_text("Stap 1 van 8", timeout=WITHIN)
    await shows(carla, "call")
    await expect(steps.locator(".done")).to_contain_text("Gedaan", timeout=WITHIN)
    await sam.leave()
    await a_supervisor_talks_with_carla(floor)
    await looks_right(carla)
    await go_home(laptop)


async def a_supervisor_talks_with_carla(floor: Page) -> None:
    """Checks that the debrief is counted at the top of "Now", and disappears for everybody once it was
    held."""
    await expect(floor.locator("[data-waits=debriefs]")).to_contain_text("1", timeout=WITHIN)
    await looks_right(floor)
    await floor.locator("[data-waits=debriefs]").click()
    waiting = floor.locator("[data-debrief]")
    await expect(waiting).to_contain_text("na een acuut gesprek", timeout=WITHIN)
    await floor.get_by_label("Gesprekken", exact=True).fill("1")
    await floor.get_by_role("button", name="Bewaar").click()
    await expect(floor.get_by_text("Bewaard.")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    await in_both_themes(floor, "care")
    await waiting.get_by_role("button").click()
    await expect(floor.get_by_text("Niemand wacht op een gesprek.")).to_be_visible(timeout=WITHIN)
    await floor.get_by_label("Gesprekken", exact=True).fill("")
    await floor.get_by_role("button", name="Bewaar").click()
    await expect(floor.get_by_text("Bewaard.")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)


async def test_a_shift_is_asked_to_hand_over_and_the_supervisor_sees_what_is_left(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    floor = await floor_opens(browsers, laptop)
    line = floor.locator("section[data-line=helpwanted]")
    await line.get_by_role("button", name="Vraag iedereen om over te dragen").click()
    await looks_right(floor)
    await floor.get_by_role("button", name="Vraag het iedereen").click()
    await expect(carla.get_by_text("vraagt iedereen om af te ronden")).to_be_visible(timeout=WITHIN)
    await expect(line.get_by_text("Nog open bij: ")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await in_both_themes(carla, "handover-asked")
    await looks_right(floor)
    await carla.get_by_role("button", name="Naar huis").click()
    dialog = carla.get_by_role("dialog", name="Gesprekken die nog open zijn: 1")
    await expect(dialog).to_be_visible()
    await looks_right(carla)
    await dialog.get_by_role("button", name="Afsluiten").click()
    await expect(line.get_by_text("Er is niets meer open.")).to_be_visible(timeout=30_000)
    await looks_right(floor)
    assert sam.talk
    await go_home(laptop)


async def test_a_service_is_referred_to_in_two_keys_and_taken_back_by_a_third(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await carla.keyboard.press("Alt+v")
    await expect(carla.get_by_role("searchbox")).to_be_focused(timeout=WITHIN)
    await looks_right(carla)
    await in_both_themes(carla, "refer")
    await carla.keyboard.press("Enter")
    await expect(carla.get_by_text("Je verwijst naar")).to_be_visible()
    await looks_right(carla)
    await carla.keyboard.press("Alt+z")
    await expect(carla.get_by_text("Je verwijst naar")).to_have_count(0)
    await carla.keyboard.press("Alt+v")
    await expect(carla.get_by_role("searchbox")).to_be_focused(timeout=WITHIN)
    await carla.keyboard.type("centrum seks")
    await carla.keyboard.press("Enter")
    await sam.becomes(lambda: bool(sam.talk.of("referred")), 20)
    assert len(sam.talk.of("referred")) == 1, "what was taken back was never sent"
    await looks_right(carla)
    await sam.leave()
    await go_home(laptop)


async def test_after_an_acute_end_both_still_read_whom_to_call_and_a_withdrawn_summary_is_no_advice(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await expect(anna.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await anna.get_by_text("Het is nu dringend").click()
    await looks_right(anna)
    await anna.locator("#begin").click()
    await anna.locator("#text").wait_for()
    await anna_says(anna, "help me")
    carla = await carla_signs_in(browsers, laptop)
    await carla_takes(carla, "help me")
    await expect(anna.locator(".company")).to_contain_text("Carla", timeout=WITHIN)
    danger = anna.locator(".nobody").get_by_role("link", name="Bel 112")
    await expect(danger).to_be_in_viewport(ratio=1)
    await carla.get_by_role("radio", name="acuut").click(force=True)
    await carla_asks(carla)
    asks = anna.locator(".card", has_text=f"Mag {SERVICE} erbij komen?")
    await expect(asks).to_contain_text("Misschien is daar nu niemand. Zelf bellen kan ook. Bel 0800-0188")
    await in_both_themes(anna, "card-calls")
    await asks.get_by_role("button", name="Ja").click()
    rings = anna.locator(".spoken", has_text=f"We vragen {SERVICE} erbij. Misschien is daar nu niemand.")
    await expect(rings.get_by_role("link")).to_have_attribute("href", "tel:08000188", timeout=WITHIN)
    await carla_reads(carla, f"Samenvatting voor {SERVICE}")
    await carla.get_by_role("button", name="Intrekken").click()
    gone = anna.locator(".spoken", has_text=f"{SERVICE} kon nu niet komen.")
    await expect(gone.get_by_role("link", name="Bel 0800-0188")).to_be_visible(timeout=WITHIN)
    await in_both_themes(anna, "invitation-calls")
    await carla_says(carla, "Bel 112 als het erger wordt.")
    await carla.get_by_role("button", name="Afsluiten").click()
    await carla.get_by_role("button", name="Sluit toch af").click()
    whom = carla.locator(".whom")
    numbers = ["112", "0800-0113", "0800-0188", "088-0000112"]  # the last is that of the supervisor on call
    await expect(whom.get_by_role("link")).to_have_text(numbers, timeout=WITHIN)
    await looks_right(carla)
    await in_both_themes(carla, "acute-over")
    await expect(danger).to_be_in_viewport(ratio=1)
    last = anna.locator("blockquote.words", has_text="Bel 112 als het erger wordt.")
    await expect(last.locator("+ ul.calls a").first).to_have_attribute("href", "tel:112", timeout=WITHIN)
    await expect(anna.locator(".card blockquote", has_text=BRIEF)).to_have_count(0)
    await looks_right(anna)
    await in_both_themes(anna, "acute-end-card")


async def test_a_no_to_listening_in_stands_on_the_board_beside_the_way_to_ask_anew(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    floor = await floor_opens(browsers, laptop)
    talk = floor.locator(".talk[data-conversation]")
    await talk.get_by_role("button", name="Lees en schrijf mee").click()
    await carla.get_by_role("button", name="Nu niet").click(timeout=WITHIN)
    await expect(talk).to_contain_text("Carla zei: nu niet.", timeout=WITHIN)
    await looks_right(floor)
    await in_both_themes(floor, "listening-refused")
    await talk.get_by_role("button", name="Vraag opnieuw").click()
    await expect(carla.get_by_role("button", name="Nu niet")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await sam.leave()
    await go_home(laptop)


async def test_without_a_network_nobody_is_called_from_here_and_what_was_said_is_kept(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await carla.get_by_role("radio", name="acuut").click(force=True)
    await expect(carla.locator(".acute").get_by_role("heading")).to_contain_text("Stap 1 van 8")
    await carla.context.set_offline(True)
    why = carla.locator("#somebody-why")
    await expect(why).to_contain_text("Geen verbinding: je kunt hier nu niemand oproepen.")
    await expect(why.get_by_role("link", name="112", exact=True)).to_have_attribute("href", "tel:112")
    await expect(carla.get_by_role("button", name="Ik heb iemand nodig").last).to_be_disabled()
    again = carla.locator(".banners").get_by_role("link", name="Laad de pagina opnieuw")
    await expect(again).to_be_visible()
    await carla.locator("#draft").fill("Ik blijf bij je.")
    await carla.keyboard.press("Enter")
    await expect(carla.locator(".banners")).to_contain_text("Laat deze pagina open: het gaat vanzelf.")
    await expect(again).to_have_count(0)
    await looks_right(carla)
    await in_both_themes(carla, "acute-offline")
    await carla.context.set_offline(False)
    await sam.becomes(lambda: "Ik blijf bij je." in sam.talk.texts(), 30)
    await expect(carla.get_by_role("button", name="Ik heb iemand nodig").last).to_be_enabled()
    await looks_right(carla)
    await sam.leave()
    await go_home(laptop)


async def test_what_closing_would_take_away_is_named_first_and_stays_if_one_does_not_close(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await sam.post("Ben je er nog?")
    await expect(carla.locator(".message").last).to_contain_text("Ben je er nog?")
    await carla.get_by_role("button", name="Afsluiten").click()
    await expect(carla.locator(".closing")).to_contain_text(
        "Op het laatste bericht van de hulpvrager is nog niet"
    )
    await looks_right(carla)
    await in_both_themes(carla, "closing-unanswered")
    await carla.get_by_role("button", name="Toch niet").click()

    await carla.get_by_role("button", name="Ik heb iemand nodig").click()
    await expect(carla.locator(".strip")).to_contain_text("wordt gevraagd")
    await carla.locator("#draft").fill("Ja, ik ben er")
    await carla.get_by_role("button", name="Afsluiten").click()
    asked = carla.locator(".ending")
    await expect(asked).to_contain_text("Je vraag aan Helpwanted staat nog open.")
    await expect(asked).to_contain_text("In het schrijfveld staat iets dat niet is verstuurd.")
    await looks_right(carla)
    await in_both_themes(carla, "ending-loses")
    await carla.set_viewport_size(PHONE_OF_STAFF)
    await carla.get_by_role("button", name="Terug naar het gesprek").click()
    await looks_right(carla)
    await in_both_themes(carla, "ending-loses")
    await carla.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    await asked.get_by_role("button", name="Toch niet").click()
    await expect(carla.locator("#draft")).to_have_value("Ja, ik ben er")
    await expect(carla.locator(".strip")).to_contain_text("wordt gevraagd")
    await sam.leave()
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible()
    await looks_right(carla)
    await go_home(laptop)


async def test_that_a_caller_says_it_is_acute_stands_in_the_row_and_above_the_conversation(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await caller(laptop)
    await sam.start(urgency=2)
    await sam.post("ik weet niet meer wat ik moet doen")
    await carla.get_by_role("button", name="Volgende").click()
    row = carla.locator(".conversations .row")
    above = carla.locator(".talk-head h2")
    for place in (row, above):
        await expect(place).to_contain_text("zegt zelf: acuut")
    await expect(carla.locator(".facts")).to_contain_text("acuut")
    await looks_right(carla)
    await in_both_themes(carla, "told-acute")
    await carla.set_viewport_size(PHONE_OF_STAFF)
    await in_both_themes(carla, "told-acute")
    await carla.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    await carla.get_by_role("radio", name="zorg").click(force=True)
    await expect(above).to_contain_text("zorg zegt zelf: acuut")
    await carla.get_by_role("radio", name="acuut").click(force=True)
    for place in (row, above):
        await expect(place).not_to_contain_text("zegt zelf")
    await sam.leave()
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible()
    await carla.get_by_role("button", name="Sla over").click()

    sam = await carla_talks_with_sam(carla, laptop)
    await expect(carla.locator(".facts")).to_contain_text("Nederlands")
    await expect(carla.locator(".facts")).not_to_contain_text("Haast")
    await looks_right(carla)
    await sam.leave()
    await go_home(laptop)


IN_SIGHT = """(field, words) => {
  const at = field.value.indexOf(words);
  const line = field.scrollHeight / field.value.split("\\n").length;
  const top = line * (field.value.slice(0, at).split("\\n").length - 1);
  const { scrollTop, clientHeight } = field;
  return at >= 0 && top >= scrollTop - line && top <= scrollTop + clientHeight;
}"""


async def test_a_sentence_of_a_step_lands_where_one_was_writing_and_in_sight(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await carla.get_by_role("radio", name="acuut").click(force=True)
    await expect(carla.locator(".acute").get_by_role("heading")).to_contain_text("Stap 1 van 8")
    await shows(carla, "own_call")
    step = carla.locator(".acute .step")
    await expect(step.get_by_role("link", name="0800-0113")).to_have_attribute("href", "tel:08000113")
    await expect(step).to_contain_text(re.compile(r"113 Zelfmoordpreventie 0800-0113\s+nu te bellen"))
    await looks_right(carla)
    await in_both_themes(carla, "acute-numbers")
    await shows(carla, "tell")
    put = carla.locator(".acute").get_by_role("button", name="Zet klaar")
    field = carla.locator("#draft")
    typed = [f"regel {number}" for number in range(1, 41)]
    await field.fill("\n".join(typed))
    await field.evaluate("(field) => field.scrollTo(0, 0)")
    await put.click()
    await expect(field).to_have_value(re.compile(f"^{'.'.join(typed)}\n\n{SAID}", re.DOTALL))
    assert await field.evaluate(IN_SIGHT, SAID)
    await expect(field).to_be_focused()
    await looks_right(carla)
    await in_both_themes(carla, "put-behind-a-draft")

    await field.fill("\n".join(typed))
    await field.evaluate(
        "(field) => { field.setSelectionRange(7, 7); field.scrollTo(0, field.scrollHeight); }"
    )
    await put.click()
    await expect(field).to_have_value(re.compile(f"^regel 1\n\n{SAID}.*\n\nregel 2\nregel 3", re.DOTALL))
    assert await field.evaluate(IN_SIGHT, SAID)
    await sam.leave()
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible()
    await looks_right(carla)
    await go_home(laptop)


async def test_who_is_not_on_duty_may_be_asked_and_the_list_says_that_they_may_not_hear_it(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await carla.get_by_role("button", name="Hulp erbij").first.click()
    rows = carla.locator(".colleagues li")
    await expect(rows.first).to_contain_text("Er is nu niemand in dienst.")
    await expect(rows.last).to_contain_text("Uit dienst")
    await expect(rows.last).to_contain_text("Hoort het misschien niet.")
    await looks_right(carla)
    await in_both_themes(carla, "asks-off-duty")
    await carla.keyboard.press("Alt+s")
    strip = carla.locator(".strip")
    await expect(strip).to_contain_text("Van Helpwanted is er nu niemand anders.", timeout=WITHIN)
    await expect(strip.get_by_role("link", name="088-0000112")).to_be_visible()
    await looks_right(carla)
    await in_both_themes(carla, "calls-nobody")
    await strip.get_by_role("button", name="Intrekken").click()
    await strip.get_by_role("button", name="Gelezen").click()
    await carla.get_by_role("button", name="Andere dienst", exact=True).click()
    await carla.locator(".services button.service", has_text="Centrum Seksueel Geweld").click()
    asks = carla.locator("form.handoff")
    await expect(asks).to_contain_text("Bij Centrum Seksueel Geweld zit nu niemand aan de balie.")
    await expect(asks.locator(".nobody").get_by_role("link")).to_be_visible()
    await looks_right(carla)
    await in_both_themes(carla, "empty-desk")
    await carla.get_by_role("button", name="Overleg", exact=True).click()
    daan = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[1])
    on = carla.locator(".colleagues li", has_text="In dienst")
    await expect(on).to_have_count(1)
    await expect(on).not_to_contain_text("Hoort het misschien niet.")
    await expect(rows.first).not_to_contain_text("Er is nu niemand in dienst.")
    await carla.get_by_role("button", name="Overdragen", exact=True).click()
    await expect(rows.nth(1)).to_contain_text("In dienst")
    await looks_right(carla)
    await looks_right(daan)
    await sam.leave()
    await go_home(laptop)


async def test_what_was_being_written_when_the_caller_ended_it_can_still_be_read(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await carla.locator("#draft").fill("Ik denk aan je.\nBel morgen gerust weer.")
    await sam.leave()
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible()
    left = carla.get_by_role("group", name="Dit was je aan het schrijven. Het is niet verstuurd.")
    await expect(left).to_contain_text("Bel morgen gerust weer.")
    await looks_right(carla)
    await in_both_themes(carla, "unsent-at-the-end")
    await carla.set_viewport_size(PHONE_OF_STAFF)
    await in_both_themes(carla, "unsent-at-the-end")
    await carla.get_by_role("button", name="Sla over").click()
    await expect(left).to_have_count(0)
    await looks_right(carla)
    await go_home(laptop)


async def test_the_question_that_comes_by_itself_takes_no_focus_from_who_writes(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    sam = await carla_talks_with_sam(carla, laptop)
    await carla_says(carla, "Sterkte!")
    await carla.get_by_role("button", name="Afsluiten").click()
    await expect(carla.locator(".closing")).to_be_visible()
    await sam.post("wacht")
    await carla_reads(carla, "wacht")
    await carla.locator("#draft").press_sequentially("Ik ben er")
    await expect(carla.locator(".ending")).to_be_visible(timeout=WITHIN)
    await expect(carla.locator("#draft")).to_be_focused()
    await carla.keyboard.press("Enter")
    await expect(carla.locator(".message.own", has_text="Ik ben er")).to_be_visible()
    await carla.locator(".ending").get_by_role("button", name="Toch niet").click()
    await looks_right(carla)
