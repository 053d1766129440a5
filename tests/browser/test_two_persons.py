"""Floor asks for what needs two supervisors. Hanna confirms or refuses it on her phone, and each sees the
result."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from benchmarks.signin import Person
from tests.browser.board import shot, waiting
from tests.browser.people import DESK, WITHIN, Browsers, comes_in
from tests.support.platform import Platform
from tests.support.supervisor import a_second_supervisor, all_came_long_ago

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def quiet() -> Iterator[Platform]:
    """Provides a platform of its own, because on others one supervisor is enough."""
    with Platform() as running:
        yield running


async def opens(browsers: Browsers, platform: Platform, who: Person, size: dict[str, int]) -> Page:
    page = await browsers.window(platform, size)
    await comes_in(page, platform, who)
    await page.goto(f"{platform.url}/board/#samen")
    await expect(page.get_by_role("heading", name="Wacht op een tweede persoon")).to_be_visible(
        timeout=WITHIN
    )
    return page


async def retention_is_asked_and_confirmed(floor: Page, hanna: Page) -> None:
    await shot(floor, "two-desk-nothing")
    hours = floor.get_by_label("Uren na afloop")
    await hours.fill("720")
    await expect(floor.get_by_text("Langer bewaren geldt voor nieuwe gesprekken.")).to_be_visible()
    await expect(floor.locator("p.two", has_text="Hanna")).to_be_visible()
    await floor.get_by_role("button", name="Bewaar", exact=True).click()
    await expect(floor.get_by_text("Gevraagd. Het gaat door als")).to_be_visible(timeout=WITHIN)
    own = waiting(floor, "Helpwanted: gesprekken 30 dagen bewaren")
    await expect(own.get_by_text("Dit kan bevestigen: Hanna.")).to_be_visible(timeout=WITHIN)
    await expect(own.get_by_role("button", name="Bevestig")).to_be_hidden()
    hers = waiting(hanna, "Helpwanted: gesprekken 30 dagen bewaren")
    await expect(hers.get_by_text("Jij kunt dit bevestigen.")).to_be_visible(timeout=WITHIN)
    await expect(hanna.locator(".tabs .count")).to_have_text("1")
    await shot(floor, "two-desk-asked")
    await shot(hanna, "two-phone-asked")
    await hers.get_by_role("button", name="Bevestig").click()
    await expect(hanna.get_by_text("Er wacht nu niets.")).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_text("Gesprekken zijn 30 dagen na afloop weg.")).to_be_visible(timeout=WITHIN)


async def reading_alone_is_asked_and_the_tick_stays(floor: Page, hanna: Page) -> None:
    two = floor.get_by_label("Nalezen kan alleen als een tweede collega ja zegt")
    save = floor.get_by_role("button", name="Bewaar", exact=True)
    await two.check()
    await save.click()
    await expect(save).to_be_enabled(timeout=WITHIN)
    await two.uncheck()
    await save.click()
    approval = waiting(hanna, "Helpwanted: nalezen zonder tweede collega")
    await expect(approval).to_be_visible(timeout=WITHIN)
    await expect(two).to_be_checked()
    await approval.get_by_role("button", name="Weiger").click()
    await expect(waiting(floor, "nalezen zonder tweede collega")).to_be_hidden(timeout=WITHIN)


async def a_key_waits_and_is_refused(floor: Page, hanna: Page) -> None:
    await floor.locator(".tabs").get_by_role("link", name="Mensen").click()
    await floor.get_by_role("button", name="Maak de reviewsleutel").click()
    waits = floor.get_by_text("Een nieuwe sleutel (nummer 1) wacht op een tweede supervisor.")
    await expect(waits).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_role("button", name="Maak de reviewsleutel")).to_be_hidden()
    # Requests about people and their keys are shown beside them, and no other approval requests.
    await expect(waiting(floor, "een nieuwe reviewsleutel, nummer 1")).to_be_visible()
    await shot(floor, "two-desk-key-waits")
    await waiting(hanna, "een nieuwe reviewsleutel, nummer 1").get_by_role("button", name="Weiger").click()
    await expect(waits).to_be_hidden(timeout=WITHIN)
    await expect(floor.get_by_role("button", name="Maak de reviewsleutel")).to_be_visible()


async def a_device_is_asked_for(floor: Page) -> None:
    device = floor.locator("li[data-device]", has_text="Hanna")
    await device.get_by_role("button", name="Trek in").click()
    await expect(device.get_by_text("Dit apparaat is van een supervisor.")).to_be_visible()
    await shot(floor, "two-desk-device")
    await device.get_by_role("button", name="Vraag om intrekken").click()
    await expect(device.get_by_text("Goedgekeurd")).to_be_visible(timeout=WITHIN)


async def a_contact_is_asked_and_withdrawn(floor: Page) -> None:
    await floor.get_by_role("link", name="Twee personen").click()
    await floor.get_by_role("combobox", name="Dienst").select_option(label="Veilig Thuis")
    card = floor.locator("hl-contact")
    await card.get_by_label("E-mail").fill("wacht@example.org")
    await shot(floor, "two-desk-contact")
    await card.get_by_role("button", name="Vraag aan").click()
    approval = waiting(floor, "Veilig Thuis: een ander contact, wacht@example.org")
    await expect(approval).to_be_visible(timeout=WITHIN)
    await approval.get_by_role("button", name="Trek in").click()
    await expect(approval).to_be_hidden(timeout=WITHIN)


async def test_what_takes_two_waits_is_confirmed_refused_and_withdrawn(
    browsers: Browsers, quiet: Platform
) -> None:
    second = a_second_supervisor(quiet)
    all_came_long_ago(quiet)
    hanna = await opens(browsers, quiet, second, PHONE)
    floor = await opens(browsers, quiet, quiet.people("supervisor", line="helpwanted")[0], DESK)
    await retention_is_asked_and_confirmed(floor, hanna)
    await reading_alone_is_asked_and_the_tick_stays(floor, hanna)
    await a_key_waits_and_is_refused(floor, hanna)
    await a_device_is_asked_for(floor)
    await a_contact_is_asked_and_withdrawn(floor)
    await shot(hanna, "two-phone-device")
