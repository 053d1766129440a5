"""A passkey is added, used and removed in a real browser, and demanded of a role. Chromium's own virtual
authenticator stands for a phone with a fingerprint reader."""

from collections.abc import Iterator

import pytest
from playwright.async_api import CDPSession, Page, expect

from benchmarks.signin import Person
from tests.browser.axe import looks_right, looks_right_once
from tests.browser.people import DESK, PHONE, WITHIN, Browsers, code_of, makes_a_key, sign_in
from tests.support.cast import counsellors
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
DEMANDED = "from counsellors.models import PasskeyDemand; PasskeyDemand.objects"
PHONE_WITH_FINGERPRINT = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class OnThisComputer(Platform):
    """Opens pages at `localhost`, which WebAuthn accepts as a site; it accepts no IP address."""

    def __init__(self) -> None:
        super().__init__()
        self.settings["HELPLINE_ORIGINS"] = f"http://localhost:{self.port}"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def urls(self) -> list[str]:
        return [self.url]


@pytest.fixture(scope="module")
def here() -> Iterator[Platform]:
    with OnThisComputer() as running:
        yield running


async def phone_in(page: Page) -> tuple[CDPSession, str]:
    debugger = await page.context.new_cdp_session(page)
    await debugger.send("WebAuthn.enable")
    made = await debugger.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_WITH_FINGERPRINT})
    return debugger, made["authenticatorId"]


async def adds(page: Page, here: Platform, who: Person, label: str = "Telefoon van Carla") -> None:
    await looks_right_once(page)
    await page.get_by_label("Naam, om hem te herkennen").fill(label)
    add = page.locator("form[data-begin]")
    await add.get_by_label("Code").fill(await code_of(who, here))
    await add.get_by_role("button", name="Passkey toevoegen").click()
    await expect(page.locator(".passkeys .label", has_text=label)).to_be_visible(timeout=WITHIN)


async def signs_out(page: Page) -> None:
    if await (menu := page.get_by_role("button", name="Menu")).is_visible():
        await menu.click()
    await page.get_by_role("button", name="Uitloggen").click()
    await page.wait_for_url("**/login/")


async def gives_password(page: Page, here: Platform, who: Person) -> None:
    await page.goto(f"{here.url}/login/")
    await page.locator("input[name=username]").fill(who.username)
    await page.locator("input[name=password]").fill(who.password)
    await page.locator("form button[type=submit]").click()
    await page.locator("input[name=code]").wait_for()


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_carla_adds_a_passkey_signs_in_with_it_and_removes_it(
    browsers: Browsers, here: Platform, size: dict[str, int]
) -> None:
    who = counsellors(here, "helpwanted")[size is DESK]
    page = await browsers.window(here, size)
    await phone_in(page)
    await sign_in(page, here, who)
    await makes_a_key(page)
    await page.goto(f"{here.url}/account/passkeys/")
    await looks_right(page)
    await adds(page, here, who)
    await looks_right(page)
    await signs_out(page)

    await gives_password(page, here, who)
    by_passkey = page.get_by_role("button", name="Inloggen met een passkey")
    await expect(by_passkey).to_be_visible()
    await looks_right(page)
    await by_passkey.click()
    await page.wait_for_url("**/console/")

    await page.goto(f"{here.url}/account/passkeys/")
    await page.locator("summary").click()
    await looks_right(page)
    await page.get_by_role("button", name="Deze passkey verwijderen").click()
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Deze code klopt niet")
    await looks_right(page)
    await page.get_by_role("button", name="Verwijderen met een passkey").click()
    await page.wait_for_url("**/login/")
    await gives_password(page, here, who)
    await expect(by_passkey).to_have_count(0)
    assert browsers.foreign == []


async def test_a_finger_that_is_not_recognised_leaves_the_code(browsers: Browsers, here: Platform) -> None:
    who = counsellors(here, "stopitnow")[0]
    page = await browsers.window(here, PHONE)
    debugger, phone = await phone_in(page)
    await sign_in(page, here, who)
    await page.goto(f"{here.url}/account/passkeys/")
    await adds(page, here, who)
    await signs_out(page)
    await gives_password(page, here, who)
    await debugger.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    await page.get_by_role("button", name="Inloggen met een passkey").click()
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Dat is niet gelukt")
    await looks_right(page)
    await page.locator("input[name=code]").fill(await code_of(who, here))
    await page.get_by_role("button", name="Inloggen", exact=True).click()
    await page.wait_for_url("**/console/")
    await looks_right(page)


async def test_without_scripts_the_page_says_why_none_is_added(browsers: Browsers, here: Platform) -> None:
    who = counsellors(here, "helpwanted")[2]
    page = await browsers.window(here, PHONE, scripts=False)
    await sign_in(page, here, who)
    await looks_right(page)
    await page.goto(f"{here.url}/account/passkeys/")
    await expect(page.locator("form[data-begin]")).to_be_hidden()
    await looks_right(page)  # which shows what is there without scripts
    await expect(page.get_by_text("werken alleen met JavaScript")).to_be_visible()


async def the_board_shows_its_line(page: Page) -> None:
    """Waits until the board shows its line, which it does once this browser has proven its device."""
    await page.get_by_role("region", name="Helpwanted").first.wait_for(timeout=WITHIN)


async def test_a_supervisor_demands_passkeys_and_adds_the_first(browsers: Browsers, here: Platform) -> None:
    floor = here.people("supervisor")[0]
    page = await browsers.window(here, DESK)
    await phone_in(page)
    await sign_in(page, here, floor)
    await the_board_shows_its_line(page)
    await page.goto(f"{here.url}/account/passkeys/")
    await page.get_by_role("link", name="Bekijk voor welke rollen").click()
    await page.get_by_label("supervisor").check()
    await looks_right(page)
    await page.get_by_role("button", name="Opslaan").click()
    await expect(page.get_by_label("supervisor")).to_be_checked()  # there is no second one here yet
    await page.goto(f"{here.url}/board/")
    await the_board_shows_its_line(page)  # people at work stay signed in
    await signs_out(page)
    await sign_in(page, here, floor)
    await expect(page.get_by_text("Voor jouw rol is een passkey nodig")).to_be_visible()
    await looks_right(page)
    await page.goto(f"{here.url}/board/")
    await page.wait_for_url("**/account/passkeys/")
    await adds(page, here, floor, "Sleutel van Floor")
    await page.get_by_role("link", name="Verder naar je werk").click()
    await page.wait_for_url("**/board/**")
    await page.locator("hl-board nav").first.wait_for()
    await looks_right(page)
    await signs_out(page)
    await gives_password(page, here, floor)
    await page.locator("input[name=code]").fill(await code_of(floor, here))
    await page.get_by_role("button", name="Inloggen", exact=True).click()
    await page.wait_for_url("**/account/passkeys/")
    await looks_right(page)
    await page.get_by_role("button", name="Verder met je passkey").click()
    await page.wait_for_url("**/board/**")
    await the_board_shows_its_line(page)
    here.manage("shell", "-v", "0", "-c", f"{DEMANDED}.all().delete()")


async def test_on_an_ip_address_nothing_of_passkeys_is_shown(browsers: Browsers, laptop: Platform) -> None:
    page = await browsers.window(laptop, DESK)
    await sign_in(page, laptop, counsellors(laptop, "helpwanted")[0])
    await looks_right(page)
    answer = await page.request.get(f"{laptop.url}/account/passkeys/")
    assert answer.status == 404
