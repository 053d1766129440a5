"""Floor maintains the directory of services and the lines on the board. Hanna confirms what needs two."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from benchmarks.signin import Person
from tests.browser.axe import looks_right
from tests.browser.board import shot, waiting
from tests.browser.people import DESK, WITHIN, Browsers, carla_signs_in, comes_in
from tests.support.cast import caller
from tests.support.platform import Platform
from tests.support.supervisor import a_second_supervisor, all_came_long_ago

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def quiet() -> Iterator[Platform]:
    """Provides a platform of its own for each story, because on others one supervisor is enough, and
    newcomers are known."""
    with Platform() as running:
        yield running


@pytest.fixture
def hanna_comes(quiet: Platform) -> Person:
    second = a_second_supervisor(quiet)
    all_came_long_ago(quiet)
    return second


async def opens(
    browsers: Browsers, platform: Platform, who: Person, tab: str, size: dict[str, int] = DESK
) -> Page:
    page = await browsers.window(platform, size)
    await comes_in(page, platform, who)
    await page.goto(f"{platform.url}/board/#{tab}")
    return page


async def says_yes(hanna: Page, text: str) -> None:
    await waiting(hanna, text).get_by_role("button", name="Bevestig").click()
    await expect(waiting(hanna, text)).to_be_hidden(timeout=WITHIN)


async def makes_a_service(floor: Page) -> None:
    await floor.get_by_role("button", name="Nieuwe dienst").click()
    form = floor.locator("form.service")
    await form.get_by_label("Naam", exact=True).fill("Slachtofferhulp Oost")
    purpose = form.get_by_role("group", name="Waarvoor, voor collega's")
    await purpose.get_by_label("Nederlands").fill("Praktische hulp na een misdrijf")
    await purpose.get_by_label("Engels").fill("Practical help after a crime")
    phone = form.get_by_label("Telefoonnummer")
    await phone.fill("bel ons")
    await expect(form.get_by_text("Hier moet een tweede supervisor ja op zeggen.").first).to_be_visible()
    await form.get_by_role("button", name="Bewaar deze dienst").click()
    await expect(form.get_by_text("Een telefoonnummer heeft minstens drie cijfers")).to_be_visible()
    await expect(phone).to_be_focused()
    await expect(form.get_by_label("Naam", exact=True)).to_have_value("Slachtofferhulp Oost")
    await shot(floor, "services-desk-wrong")
    await phone.fill("0900-0101")
    await form.get_by_role("button", name="Bewaar deze dienst").click()
    await expect(form.get_by_text("Wat een tweede supervisor nodig heeft, is gevraagd.")).to_be_visible(
        timeout=WITHIN
    )
    await expect(form.get_by_text("Wacht op een ja: 0900-0101")).to_be_visible()
    await shot(floor, "services-desk-made")


async def sets_hours(floor: Page) -> None:
    hours = floor.locator("hl-service-hours")
    await hours.get_by_role("button", name="Voeg een tijd toe: maandag").click()
    await hours.get_by_role("button", name="Bewaar deze uren").click()
    await expect(hours.get_by_text("Bewaard. Zo staat het nu.")).to_be_visible(timeout=WITHIN)


async def test_a_service_is_made_confirmed_found_by_a_counsellor_and_ended(
    browsers: Browsers, quiet: Platform, hanna_comes: Person
) -> None:
    carla = await carla_signs_in(browsers, quiet)
    hanna = await opens(browsers, quiet, hanna_comes, "samen")
    floor = await opens(browsers, quiet, quiet.people("supervisor", line="helpwanted")[0], "doorverwijzing")
    await makes_a_service(floor)
    await sets_hours(floor)
    await says_yes(hanna, "Slachtofferhulp Oost: telefoonnummer: – → 0900-0101")
    await expect(floor.get_by_label("Telefoonnummer")).to_have_value("0900-0101", timeout=WITHIN)
    listed = carla.locator(".services li", has_text="Slachtofferhulp Oost")
    await expect(listed).to_be_visible(timeout=WITHIN)

    await floor.get_by_label("Zoekwoorden").fill("aangifte")
    await floor.get_by_label("Zoek een dienst").fill("veilig")
    await floor.get_by_role("button", name="Veilig Thuis").click()
    await floor.get_by_label("Zoek een dienst").fill("oost")
    await expect(floor.get_by_text("nog niet bewaard")).to_be_visible()
    await floor.get_by_role("button", name="Slachtofferhulp Oost").click()
    await expect(floor.get_by_label("Zoekwoorden")).to_have_value("aangifte")
    await floor.get_by_role("button", name="Bewaar deze dienst").click()
    await expect(floor.get_by_text("Bewaard.", exact=True)).to_be_visible(timeout=WITHIN)

    await floor.set_viewport_size({"width": 390, "height": 844})
    await shot(floor, "services-phone-one")
    await floor.get_by_role("button", name="← Alle diensten").click()
    await shot(floor, "services-phone-list")
    await floor.get_by_role("button", name="Slachtofferhulp Oost").click()
    await floor.get_by_role("button", name="Beëindig …").click()
    await floor.get_by_role("button", name="Ja, vraag om Slachtofferhulp Oost te beëindigen").click()
    await says_yes(hanna, "Slachtofferhulp Oost: deze dienst beëindigen")
    await expect(listed).to_be_hidden(timeout=WITHIN)
    await expect(floor.get_by_text("Deze dienst is beëindigd op")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    await looks_right(hanna)
    await looks_right(carla)


async def test_a_line_is_changed_confirmed_and_seen_by_a_caller(
    browsers: Browsers, quiet: Platform, hanna_comes: Person
) -> None:
    hanna = await opens(browsers, quiet, hanna_comes, "samen", PHONE)
    floor = await opens(browsers, quiet, quiet.people("supervisor", line="helpwanted")[0], "lijn")
    form = floor.locator("hl-line form")
    await expect(form.get_by_label("Naam", exact=True)).to_have_value("Helpwanted", timeout=WITHIN)
    await form.get_by_label("Naam", exact=True).fill("Hulp gezocht")
    phone = form.get_by_label("Telefoonnummer van de lijn")
    await phone.fill("bel")
    save = form.get_by_role("button", name="Bewaar deze lijn")
    await save.click()
    await expect(phone).to_be_focused()
    await expect(form.get_by_text("Een telefoonnummer heeft minstens drie cijfers")).to_be_visible()
    await phone.fill("020-7654321")
    await save.click()
    await expect(form.get_by_text("Wacht op een ja: 020-7654321")).to_be_visible(timeout=WITHIN)
    title = floor.get_by_role("heading", name="Instellingen van Hulp gezocht")
    await expect(title).to_be_visible(timeout=WITHIN)
    await shot(floor, "line-desk")
    await says_yes(hanna, "Hulp gezocht: telefoonnummer: ")
    await expect(phone).to_have_value("020-7654321", timeout=WITHIN)
    await floor.set_viewport_size({"width": 390, "height": 844})
    await shot(floor, "line-phone")
    page = await floor.get_by_role("link", name="Nederlands", exact=True).get_attribute("href")
    anna = await browsers.window(quiet, PHONE)
    await anna.goto(f"{quiet.url}{page}")
    await expect(anna.get_by_text("Hulp gezocht").first).to_be_visible(timeout=WITHIN)
    assert "020-7654321" in await anna.content()
    for state, seen in (("open", "button"), ("dicht", "heading")):
        link = floor.get_by_role("link", name=f"Nederlands, als de lijn {state} is")
        async with floor.expect_popup() as opened:
            await link.click()
        looked = await opened.value
        shown = "Begin" if state == "open" else "De chat is nu gesloten"
        await expect(looked.get_by_role(seen, name=shown).first).to_be_visible(timeout=WITHIN)  # type: ignore[arg-type]
        await looks_right(looked)
        await looked.close()
    await looks_right(anna)
    await looks_right(floor)
    await looks_right(hanna)


async def test_a_new_line_is_asked_for_confirmed_and_supervised_by_both(
    browsers: Browsers, quiet: Platform, hanna_comes: Person
) -> None:
    hanna = await opens(browsers, quiet, hanna_comes, "samen", PHONE)
    floor = await opens(browsers, quiet, quiet.people("supervisor", line="helpwanted")[0], "lijn")
    card = floor.locator("hl-new-line")
    await card.get_by_role("button", name="Nieuwe lijn …").click(timeout=WITHIN)
    await expect(card.get_by_label("Naam", exact=True)).to_be_focused()
    await card.get_by_label("Naam", exact=True).fill("Zorgen om een ander")
    await card.get_by_label("Adres van de pagina").fill("helpwanted")
    await card.get_by_role("button", name="Vraag deze lijn aan").click()
    await expect(card.get_by_text("Kies met welke woorden de lijn begint.")).to_be_visible()
    await card.get_by_label("Woorden van de lijn").select_option(
        label="voor volwassenen die zich zorgen maken"
    )
    await card.get_by_role("button", name="Vraag deze lijn aan").click()
    await expect(card.get_by_text("Dit adres kan niet, of een andere lijn heeft het al.")).to_be_visible(
        timeout=WITHIN
    )
    await shot(floor, "new-line-desk-wrong")
    await card.get_by_label("Adres van de pagina").fill("zorgen")
    await card.get_by_role("button", name="Vraag deze lijn aan").click()
    await expect(card.get_by_text("Wacht op een ja: Zorgen om een ander")).to_be_visible(timeout=WITHIN)
    await shot(hanna, "new-line-phone-asked")
    await says_yes(hanna, "Een nieuwe lijn: Zorgen om een ander, voor volwassenen die zich zorgen maken")
    for page in (floor, hanna):
        await page.goto(f"{quiet.url}/board/#lijn")
        await page.get_by_role("button", name="Zorgen om een ander").click(timeout=WITHIN)
        await expect(page.get_by_role("heading", name="Instellingen van Zorgen om een ander")).to_be_visible(
            timeout=WITHIN
        )
    await shot(hanna, "new-line-phone-made")
    await floor.goto(f"{quiet.url}/board/#nu")
    await expect(floor.locator("hl-live").get_by_text("Zorgen om een ander").first).to_be_visible(
        timeout=WITHIN
    )
    await shot(floor, "new-line-desk-now")
    anna = await browsers.window(quiet, PHONE)
    await anna.goto(f"{quiet.url}/nl/zorgen/")
    await expect(anna.get_by_role("link", name="Over deze hulplijn")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)
    await looks_right(floor)
    await looks_right(hanna)


async def test_a_line_is_ended_says_so_to_a_caller_and_comes_back(
    browsers: Browsers, quiet: Platform, hanna_comes: Person
) -> None:
    hanna = await opens(browsers, quiet, hanna_comes, "samen", PHONE)
    floor = await opens(browsers, quiet, quiet.people("supervisor", line="helpwanted")[0], "lijn")
    await floor.get_by_role("button", name="Beëindig …").click(timeout=WITHIN)
    sure = floor.get_by_role("button", name="Ja, vraag om Helpwanted te beëindigen")
    await sure.scroll_into_view_if_needed()
    await shot(floor, "line-end-desk")
    await sure.click()
    await expect(floor.get_by_text("Er is gevraagd om deze lijn te beëindigen.")).to_be_visible(
        timeout=WITHIN
    )
    request = waiting(hanna, "Helpwanted: deze lijn beëindigen")
    await expect(request).to_be_visible(timeout=WITHIN)
    bilal = await caller(quiet)
    await bilal.start()
    await expect(request).to_contain_text("Dit kan nu nog niet: 1 hulpvrager wacht.", timeout=WITHIN)
    await looks_right(hanna)
    await shot(hanna, "line-end-second-phone")
    await bilal.leave()
    await expect(request).not_to_contain_text("Dit kan nu nog niet", timeout=WITHIN)
    await says_yes(hanna, "Helpwanted: deze lijn beëindigen")
    await expect(floor.get_by_text("Deze lijn is beëindigd op")).to_be_visible(timeout=WITHIN)
    await shot(floor, "line-ended-desk")
    await floor.goto(f"{quiet.url}/board/#uren")
    await expect(floor.get_by_text("Deze lijn is beëindigd. Cijfers,")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    anna = await browsers.window(quiet, PHONE)
    await anna.goto(f"{quiet.url}/nl/praat/")
    await expect(anna.get_by_role("heading", name="Deze hulplijn is gestopt")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_text("113").first).to_be_visible()
    await shot(anna, "line-ended-caller")
    await looks_right(anna)
    await floor.goto(f"{quiet.url}/board/#lijn")
    await floor.get_by_role("button", name="Vraag om deze lijn terug te halen").click(timeout=WITHIN)
    await says_yes(hanna, "Helpwanted: deze lijn terughalen")
    await expect(floor.get_by_label("Naam", exact=True)).to_have_value("Helpwanted", timeout=WITHIN)
    await anna.reload()
    await expect(anna.get_by_role("heading", name="De chat is nu gesloten")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    await looks_right(hanna)
