"""A charity has its first day with an empty database, in the browser alone. Then things go wrong."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect

from tests.browser.axe import looks_right
from tests.browser.charity import (
    SENTENCE,
    Charity,
    Member,
    approves,
    comes_in,
    invites,
    looked_at,
    makes_the_key,
    of_the_people,
    sets_up_a_phone,
)
from tests.browser.people import DESK, PHONE, WITHIN, Browsers, anna_says, carla_says, goes_on_duty

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def charity() -> Iterator[Charity]:
    with Charity() as running:
        yield running


async def works(member: Member) -> None:
    """Goes from the last step of joining to the console, on duty."""
    page = member.page
    await page.get_by_role("link", name="Begin").click()
    await goes_on_duty(page)
    await looked_at(page, "console")


async def is_let_in(
    browsers: Browsers, charity: Charity, floor: Member, alias: str, role: str, **how: str
) -> Member:
    """Lets somebody join: Floor invites them, they use the link, and Floor approves their device by its
    words."""
    link = await invites(floor.page, charity, alias, role, **how)
    size = PHONE if alias in {"Hanna", "Daan"} else DESK
    member = await comes_in(browsers, charity, alias, link, size)
    words = await makes_the_key(member)
    assert len(words.split()) == 8
    if alias == "Hanna":
        await is_led_to_signing_in(member)
    await approves(floor.page, charity, alias, words)
    await expect(member.page.get_by_role("link", name="Begin")).to_be_visible(timeout=WITHIN)
    return member


async def is_led_to_signing_in(member: Member) -> None:
    """The session ends while the words are shown, as when somebody gives the person another role."""
    page, ended = member.page, [True]

    async def between(socket: WebSocketRoute) -> None:
        if ended:
            await socket.close(code=4403, reason="")
        else:
            socket.connect_to_server()

    await page.route_web_socket("**/ws/console/", between)
    await page.reload()
    await expect(page.get_by_role("link", name="Meld je aan")).to_be_visible(timeout=WITHIN)
    await looked_at(page, "session-ended")
    ended.clear()
    await page.reload()
    await expect(page.locator("[data-for=pending]")).to_be_visible(timeout=WITHIN)


async def test_a_charity_s_first_day_and_what_goes_wrong_on_it(browsers: Browsers, charity: Charity) -> None:
    # Setup makes these two: an administrator without a device, and the first supervisor, whom nobody could
    # approve.
    ilse = await comes_in(browsers, charity, "ilse", charity.links["ilse"])
    await ilse.page.wait_for_url("**/people/")
    await looks_right(ilse.page)
    floor = await comes_in(browsers, charity, "floor", charity.links["floor"])
    assert await makes_the_key(floor) == ""
    await floor.page.get_by_role("link", name="Begin").click()
    await expect(floor.page.get_by_text("Begin hier")).to_be_visible(timeout=WITHIN)
    await expect(step(floor, "hours")).to_contain_text("Nog niet")
    await looked_at(floor.page, "board-begins")
    await opens_the_line(floor)
    await step(floor, "supervisors").get_by_role("link", name="Nodig iemand uit").click()
    await floor.page.wait_for_url("**/people/invite/")

    # A second supervisor, three counsellors, a partner with a desk, a service with a contact.
    hanna = await is_let_in(browsers, charity, floor, "Hanna", "supervisor")
    await hanna.page.get_by_role("link", name="Begin").click()
    await hanna.page.get_by_role("navigation", name="Onderdelen").wait_for()
    await expect(hanna.page.locator("[data-step=supervisors].done")).to_be_visible(timeout=WITHIN)
    await looks_right(hanna.page)
    await looked_at(hanna.page, "board-begins")
    carla, daan, esra = [
        await is_let_in(browsers, charity, floor, alias, "hulpverlener")
        for alias in ("Carla", "Daan", "Esra")
    ]
    gijs = await is_let_in(browsers, charity, floor, "Gijs", "partner", service="csg")
    await gijs.page.get_by_role("link", name="Begin").click()
    await gijs.page.wait_for_url("**/desk/")
    await gijs.page.locator("#console header, .columns").first.wait_for()
    await looks_right(gijs.page)
    await registers_a_contact(floor, charity)
    await ends_the_list(floor, hanna, charity)

    anna = await is_answered(browsers, charity, carla)

    await loses_a_phone(browsers, charity, floor, hanna, daan)
    await loses_a_laptop(browsers, charity, floor, esra)

    await leaves(charity, floor, carla, daan, anna)
    await floor.page.goto(f"{charity.url}/account/")
    await looked_at(floor.page, "account")


async def opens_the_line(floor: Member) -> None:
    """Opens the line by hand. The step is done without a reload."""
    await floor.page.get_by_role("button", name="Zet open").click()
    await floor.page.get_by_role("dialog").get_by_role("button", name="Zet open").click()
    await expect(floor.page.get_by_text("Open gezet").first).to_be_visible(timeout=WITHIN)
    await expect(step(floor, "hours")).to_contain_text("Gedaan", timeout=WITHIN)


async def is_answered(browsers: Browsers, charity: Charity, carla: Member) -> Page:
    """Lets a caller begin a conversation, whom Carla answers. Returns the caller's page."""
    await works(carla)
    anna = await browsers.window(charity, PHONE)
    await anna.goto(f"{charity.url}/nl/praat/")
    await anna.get_by_role("button", name="Begin het gesprek").click()
    await anna.locator("#text").wait_for()
    await looks_right(anna)
    await anna_says(anna, "ik word afgeperst")
    await carla.page.get_by_role("button", name="Volgende").click()
    await expect(carla.page.get_by_text("ik word afgeperst").first).to_be_visible(timeout=WITHIN)
    await carla_says(carla.page, "ik lees met je mee")
    return anna


def step(member: Member, what: str) -> Locator:
    """Returns one row of the list of first steps."""
    return member.page.locator(f".begin-here [data-step={what}]")


async def ends_the_list(floor: Member, hanna: Member, charity: Charity) -> None:
    """Completes the other steps, each by its own link. The list disappears from the colleague's board, too,
    without a reload."""
    page = floor.page
    await page.goto(f"{charity.url}/board/")
    for what in ("supervisors", "counsellors", "devices", "hours"):
        await expect(step(floor, what)).to_contain_text("Gedaan", timeout=WITHIN)
    # It is folded because nothing urgent is left, and stays as the supervisor leaves it.
    await page.get_by_text("Begin hier").click()
    await step(floor, "words").get_by_role("link", name="Lees de woorden").click()
    await page.get_by_role("heading", name="Woorden en codes").wait_for(state="attached")
    await looks_right(page)
    await page.go_back()
    await step(floor, "words").get_by_role("button", name="Gelezen, zo is het goed").click()
    await expect(step(hanna, "words")).to_contain_text("Gedaan", timeout=WITHIN)
    await step(floor, "numbers").get_by_role("button", name="Gelezen, ze kloppen").click()
    await expect(step(floor, "numbers")).to_contain_text("Gedaan", timeout=WITHIN)
    await looked_at(page, "board-half-begun")
    await step(floor, "review_key").get_by_role("link", name="Maak een sleutel").click()
    await page.get_by_role("button", name="Maak de reviewsleutel").click()
    await expect(page.get_by_text("nummer 1, gemaakt op")).to_be_visible(timeout=WITHIN)
    await looked_at(page, "people-tab")
    await page.locator(".tabs").get_by_role("link", name="Nu").click()
    await step(floor, "alerts").get_by_role("link", name="Vul het adres in").click()
    card = page.locator("hl-alert-address")
    await card.get_by_label("E-mail").fill("wacht@example.org")
    await card.get_by_role("button", name="Vraag aan").click()
    await expect(hanna.page.locator(".begin-here")).to_have_count(0, timeout=WITHIN)
    await page.locator(".tabs").get_by_role("link", name="Nu").click()
    await expect(page.locator(".begin-here")).to_have_count(0)
    await looks_right(page)


async def leaves(charity: Charity, floor: Member, carla: Member, daan: Member, anna: Page) -> None:
    """Removes Carla from the organisation. Her caller gets another counsellor."""
    await of_the_people(floor.page, charity, "Carla")
    await floor.page.get_by_role("button", name="Gaat weg…").click()
    await expect(floor.page.locator(".counts dd").first).to_have_text("1")
    await looked_at(floor.page, "leave")
    await floor.page.get_by_role("button", name="Laat deze persoon weggaan").click()
    await expect(floor.page.get_by_role("link", name="Carla", exact=True)).to_have_count(0)
    await expect(carla.page.get_by_text("Log opnieuw in").first).to_be_visible(timeout=WITHIN)
    await works(daan)
    await daan.page.get_by_role("button", name="Volgende").click()
    await expect(daan.page.get_by_text("ik word afgeperst").first).to_be_visible(timeout=WITHIN)
    await looks_right(daan.page)
    await looks_right(anna)


async def registers_a_contact(floor: Member, charity: Charity) -> None:
    """Sets a contact at once, because nobody counts as a second supervisor on the first day."""
    page = floor.page
    await page.goto(f"{charity.url}/board/#samen")
    form = page.locator("form", has=page.get_by_label("Dienst"))
    await form.get_by_label("Dienst").select_option(label="Veilig Thuis")
    await form.locator("input[type=email]").fill("wacht@example.org")
    await form.get_by_role("button").first.click()
    await expect(page.get_by_text("Bewaard.")).to_be_visible(timeout=WITHIN)
    await form.get_by_label("Dienst").select_option(label="Veilig Thuis")
    await expect(form.locator("input[type=email]")).to_have_value("wacht@example.org")
    await looked_at(page, "contact")


async def loses_a_phone(
    browsers: Browsers, charity: Charity, floor: Member, hanna: Member, daan: Member
) -> None:
    """Replaces Daan's lost phone while Floor talks with him by telephone. Hanna sees it at once."""
    del browsers
    await of_the_people(floor.page, charity, "Daan")
    await floor.page.get_by_role("button", name="Telefoon kwijt").click()
    code = await floor.page.locator(".spoken code").inner_text()
    await looked_at(floor.page, "spoken-code")
    await expect(hanna.page.locator(".news", has_text="Daan")).to_be_visible(timeout=WITHIN)
    await looked_at(hanna.page, "board-replaced")
    page = daan.page
    await page.goto(f"{charity.url}/login/")
    await looked_at(page, "login")
    await page.get_by_label("Gebruikersnaam").fill("daan")
    await page.get_by_label("Wachtwoord").fill(SENTENCE)
    await page.locator("form button[type=submit]").click()
    await page.get_by_label("De code van je collega").wait_for()
    await looked_at(page, "replace")
    await page.get_by_label("De code van je collega").fill(code.lower())
    await page.get_by_role("button", name="Ga verder").click()
    await sets_up_a_phone(daan)
    await expect(page.get_by_role("link", name="Begin")).to_be_visible(timeout=WITHIN)


async def loses_a_laptop(browsers: Browsers, charity: Charity, floor: Member, esra: Member) -> None:
    """Replaces a lost laptop: the old one opens nothing any more, and the new one is approved by voice."""
    await works(esra)
    await of_the_people(floor.page, charity, "Esra")
    await floor.page.get_by_role("button", name="Laptop kwijt").click()
    await floor.page.get_by_role("button", name="Trek het apparaat in").wait_for()
    await looked_at(floor.page, "revoke")
    await floor.page.get_by_role("button", name="Trek het apparaat in").click()
    await expect(esra.page.locator(".banner.bad").first).to_be_visible(timeout=WITHIN)
    await looked_at(esra.page, "revoked")
    page = esra.page = await browsers.window(charity, DESK)
    await page.goto(f"{charity.url}/login/")
    await looks_right(page)
    await page.get_by_label("Gebruikersnaam").fill("esra")
    await page.get_by_label("Wachtwoord").fill(SENTENCE)
    await page.locator("form button[type=submit]").click()
    await page.locator("input[name=code]").fill(await esra.code())
    await looks_right(page)
    await page.locator("form button[type=submit]").click()
    await page.get_by_role("button", name="Maak een sleutel").click()
    words = await page.locator(".banner .words").inner_text(timeout=WITHIN)
    await looks_right(page)
    await approves(floor.page, charity, "Esra", words)
    await page.get_by_role("radio", name="In dienst").check()
    await expect(page.get_by_role("button", name="Volgende")).to_be_visible(timeout=WITHIN)
