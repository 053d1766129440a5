"""Anna names links that must disappear. Carla reports them, and Anna reads what became of each."""

import json
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import (
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_signs_in,
    in_both_themes,
    opens_menu,
)
from tests.support.cast import go_home
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
LINK, OTHER = "https://www.instagram.com/p/abc/", "https://voorbeeld.example/x?y=1"


async def adds(anna: Page, link: str, note: str = "") -> None:
    cases = anna.locator("details.cases")
    await cases.get_by_label("Link").fill(link)
    if note:
        await cases.get_by_label("Wil je er iets bij zeggen?").fill(note)
    await cases.get_by_role("button", name="Zet op de lijst").click()


async def reports(carla: Page) -> None:
    """Reports the links with one notice to each site, and records each result."""
    await carla.get_by_role("button", name=re.compile("^Weghalen")).click(timeout=WITHIN)
    theirs = carla.locator("hl-case section.site", has_text="Instagram")
    await expect(theirs).to_contain_text("De hulpvrager: van mijn ex", timeout=WITHIN)
    await expect(carla.locator("hl-case")).to_contain_text("Weg: 0 van de 2")
    await theirs.get_by_role("button", name="Maak een melding voor Instagram").click()
    await carla.get_by_label("intiem beeld zonder toestemming").check()
    await carla.get_by_label("Naam van de organisatie").fill("Offlimits")
    await carla.get_by_label("E-mailadres voor het antwoord").fill("melding@voorbeeld.example")
    await carla.get_by_label("Wij zijn betrouwbare flagger").check()
    await carla.get_by_role("button", name="Maak de tekst").click()
    text = await carla.locator("textarea.notice-text").input_value()
    for part in (
        LINK,
        "artikel 16",
        "te goeder trouw",
        "Offlimits, melding@voorbeeld.example",
        "met voorrang",
    ):
        assert part in text
    assert OTHER not in text
    await looks_right(carla)
    await in_both_themes(carla, "case-console")
    await carla.get_by_label("Kenmerk dat de site gaf").fill("IG-42")
    await carla.get_by_role("button", name="De melding is verstuurd").click()
    await expect(theirs).to_contain_text("kenmerk IG-42", timeout=WITHIN)
    await theirs.get_by_role("button", name="Geweigerd").click()
    await expect(theirs).to_contain_text("geweigerd door de site", timeout=WITHIN)
    await theirs.get_by_role("button", name="Toch nog niet").click()  # a mistake, which is undone
    await expect(theirs).to_contain_text("gemeld op", timeout=WITHIN)
    await theirs.get_by_role("button", name="Weggehaald").click()


def counted(laptop: Platform) -> set[str]:
    told = laptop.manage(
        "shell", "-v", "0", "-c",
        "import json; from chat.models import Figure; print(json.dumps([f'{r.name} {r.key}'"
        " for r in Figure.objects.filter(name__startswith='case_')]))",
    )  # fmt: skip
    return set(json.loads(told.stdout))


async def test_links_are_named_while_waiting_reported_and_told_gone(
    browsers: Browsers, laptop: Platform
) -> None:
    asked: list[str] = []
    anna = await anna_opens(browsers, laptop)
    anna.on("request", lambda request: asked.append(request.url))
    await anna.get_by_role("button", name="Bekijk de lijst").click(timeout=WITHIN)
    await adds(anna, "hallo")
    await expect(anna.get_by_text("Dit is geen link.")).to_be_visible()
    await looks_right(anna)
    await adds(anna, "www.instagram.com/p/abc/", "van mijn ex")
    mine = anna.locator("details.cases li", has_text=LINK)
    await expect(mine).to_contain_text("nog niet gevraagd", timeout=WITHIN)
    await expect(mine.locator("a[href*=abc]")).to_have_count(0)
    await mine.locator("summary").click()
    await expect(mine).to_contain_text("tik op de drie puntjes")
    await adds(anna, LINK)
    await expect(anna.get_by_text("Deze link staat al op de lijst.")).to_be_visible()
    await adds(anna, OTHER)
    await looks_right(anna)
    await in_both_themes(anna, "case-caller")
    await anna.get_by_role("button", name="Sluit de lijst").click()
    await expect(anna.locator("[data-list]")).to_have_count(1)  # one line for both links
    await anna_says(anna, "hij heeft het online gezet")
    carla = await carla_signs_in(browsers, laptop)
    carla.on("request", lambda request: asked.append(request.url))
    await carla.get_by_role("button", name="Volgende").click()
    await reports(carla)
    await opens_menu(anna)
    cases = anna.locator("details.cases")
    await expect(cases.locator("summary").first).to_have_text("Wat moet weg: 1 van de 2 weg", timeout=WITHIN)
    await cases.locator("summary").first.click()
    await expect(mine).to_contain_text("de site haalde het weg")
    other = anna.locator("details.cases li", has_text=OTHER)
    await other.get_by_role("button", name="Hoeft niet meer").click()
    await expect(other).to_contain_text("hoeft niet meer", timeout=WITHIN)
    await expect(carla.locator("hl-case")).to_contain_text("Weg: 1 van de 1", timeout=WITHIN)
    await looks_right(anna)
    assert not [url for url in asked if "instagram" in url or "voorbeeld" in url], "a link was fetched"
    assert {"case_platform instagram", "case_outcome refused"} <= counted(laptop)
    await anna.locator(".more").click()  # what was unfolded is folded again
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(anna.get_by_role("heading", name="Wat moet weg: 1 van de 1 weg")).to_be_visible(
        timeout=WITHIN
    )
    await in_both_themes(anna, "case-at-the-end")
    await go_home(laptop)


async def test_a_supervisor_stops_the_lists_of_a_line(browsers: Browsers, laptop: Platform) -> None:
    floor = await floor_opens(browsers, laptop, "#nalezen")
    card = floor.get_by_role("region", name="Weghalen")
    await expect(card).to_contain_text("Deze lijn houdt zulke lijsten bij.", timeout=WITHIN)
    await card.get_by_role("button", name="Stop ermee").click()
    await expect(card).to_contain_text("Deze lijn houdt geen lijsten bij.", timeout=WITHIN)
    await looks_right(floor)
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "hallo?")
    await expect(anna.get_by_role("button", name="Bekijk de lijst")).to_have_count(0)
    await looks_right(anna)
    await card.get_by_role("button", name="Houd lijsten bij").click()
    await expect(card).to_contain_text("Deze lijn houdt zulke lijsten bij.", timeout=WITHIN)
    await go_home(laptop)


async def test_a_telephone_number_is_asked_about_once_before_it_goes(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "hij wil 250 euro, ik belde 0800-0113")
    await expect(anna.locator(".bubble.own")).to_have_count(1, timeout=WITHIN)
    await anna.locator("#text").fill("mijn nummer is 0612345678")
    await anna.get_by_role("button", name="Stuur").click()
    await expect(anna.get_by_text("Dit lijkt op een telefoonnummer.")).to_be_visible()
    await expect(anna.locator(".bubble.own")).to_have_count(1)
    await looks_right(anna)
    await in_both_themes(anna, "second-thought")
    await anna.get_by_role("button", name="Stuur").click()
    await expect(anna.locator(".bubble.own")).to_have_count(2, timeout=WITHIN)
    await expect(anna.get_by_text("Dit lijkt op een telefoonnummer.")).to_be_hidden()
    await go_home(laptop)


async def test_evidence_is_put_down_without_a_picture_and_printed_alone(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "hij dreigt")
    await opens_menu(anna)
    await anna.get_by_text("Bewijs bewaren").click()
    evidence = anna.locator("details.evidence")
    await evidence.get_by_role("button", name="Zet in het gesprek").click()
    await expect(evidence.get_by_text("Vul eerst iets in.")).to_be_visible()
    await evidence.get_by_label("App of site").fill("Snapchat")
    await expect(evidence.get_by_text("Een foto van het scherm ziet de ander.")).to_be_visible()
    await evidence.get_by_label("Naam van de ander").fill("boze_jan")
    await evidence.get_by_label("Bedrag, als er geld is gevraagd").fill("€ 200")
    await evidence.get_by_role("button", name="Zet in het gesprek").click()
    await expect(evidence.locator(".sheet")).to_contain_text("boze_jan", timeout=WITHIN)
    await expect(evidence.get_by_text("blijft op dit toestel of bij de printer")).to_be_visible()
    await looks_right(anna)
    await in_both_themes(anna, "evidence")
    await anna.evaluate(
        "globalThis.print = () => { globalThis.asked = document.body.lastChild.textContent; }"
    )
    await evidence.get_by_role("button", name="Print of bewaar dit blad").click()
    assert "boze_jan" in await anna.evaluate("globalThis.asked")
    await anna.emulate_media(media="print")
    assert await anna.evaluate("document.body.innerText.includes('boze_jan')")
    assert not await anna.evaluate("document.body.innerText.includes('hij dreigt')")
    await anna.emulate_media(media="screen")
    await anna.evaluate("dispatchEvent(new Event('afterprint'))")
    await expect(anna.locator(".printed")).to_have_count(0)
    kept = await anna.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "boze_jan" not in kept
    await anna.locator(".more").click()
    await expect(anna.locator(".bubble.own").last).to_contain_text("Naam van de ander: boze_jan")
    await go_home(laptop)


PASTES_A_PICTURE = """(field) => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "foto.jpg", { type: "image/jpeg" }));
  const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  return field.dispatchEvent(paste);
}"""


async def test_a_picture_that_is_pasted_as_a_link_is_refused_with_the_reason(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna.get_by_role("button", name="Bekijk de lijst").click(timeout=WITHIN)
    link = anna.locator("details.cases").get_by_label("Link")
    assert not await link.evaluate(PASTES_A_PICTURE), "the browser would take it"
    await expect(anna.locator("details.pictures")).to_have_attribute("open", "")
    await expect(anna.locator("details.pictures p").first).to_be_visible()
    await expect(anna.locator("details.cases li")).to_have_count(0)
    await looks_right(anna)
    await go_home(laptop)
