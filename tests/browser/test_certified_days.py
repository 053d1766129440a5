"""Keys are certified on several days: the first day, after a lost laptop, and after a new root."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.certified_charity import CertifiedCharity
from tests.browser.charity import Charity, Member, approves, comes_in, invites, looked_at, makes_the_key
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_says,
    asks_to_stop,
    goes_on_duty,
    in_both_themes,
)
from tests.support.platform import NotReady
from tests.support.supervisor import all_came_long_ago

pytestmark = pytest.mark.timeout(600)
LOSE_THE_SIGNER = """async () => {
  const opening = indexedDB.open("helpline", 1);
  await new Promise((done) => { opening.onsuccess = done; });
  const store = opening.result.transaction("keys", "readwrite").objectStore("keys");
  const all = store.getAllKeys();
  const names = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  const gone = names.filter((name) => String(name).startsWith("signer "));
  for (const name of gone) store.delete(name);
  await new Promise((done) => { store.transaction.oncomplete = done; });
  opening.result.close();
  return gone.length;
}"""


@pytest.fixture
def charity() -> Iterator[CertifiedCharity]:
    with CertifiedCharity() as running:
        yield running


@pytest.fixture
def uncertified() -> Iterator[Charity]:
    with Charity() as running:
        yield running


async def floor_opens(browsers: Browsers, charity: Charity) -> Member:
    """Opens the line as the first supervisor, whom nobody could approve."""
    floor = await comes_in(browsers, charity, "floor", charity.links["floor"])
    assert await makes_the_key(floor) == ""
    await floor.page.get_by_role("link", name="Begin").click()
    await floor.page.get_by_role("button", name="Zet open").click()
    await floor.page.get_by_role("dialog").get_by_role("button", name="Zet open").click()
    await expect(floor.page.get_by_text("Open gezet").first).to_be_visible(timeout=WITHIN)
    await looks_right(floor.page)
    return floor


async def signs_here(member: Member, charity: Charity) -> str:
    """Makes this supervisor's browser a signer. Returns the eight words on its screen."""
    page = member.page
    await page.goto(f"{charity.url}/board/#mensen")
    await page.get_by_role("button", name="Laat deze browser tekenen").click()
    words = page.locator("hl-certifying .words").first
    await expect(words).not_to_be_empty(timeout=WITHIN)
    await looks_right(page)
    return await words.inner_text()


def device_of(page: Page, alias: str, state: str) -> Locator:
    """Finds the device by its alias alone, because `floor` is also one of the words that any device may
    show."""
    named = page.get_by_text(alias, exact=True)
    return page.locator(f"hl-devices li.device.{state}").filter(has=named)


async def may_sign(member: Member) -> None:
    """Lets the root sign by a command. No bell reaches a process without a layer, so each beat looks for
    changes."""
    allowed = member.page.locator("hl-certifying .scopes", has_text="Deze ook.")
    await expect(allowed).to_be_visible(timeout=45_000)


async def is_there(member: Member, charity: Charity) -> None:
    """Waits until the board shows the changes."""
    await member.page.goto(f"{charity.url}/board/")
    await member.page.goto(f"{charity.url}/board/#mensen")
    await expect(member.page.get_by_role("heading", name="Handtekeningen")).to_be_visible(timeout=WITHIN)


async def signs_for(member: Member, alias: str, button: str = "De woorden kloppen: onderteken") -> None:
    device = device_of(member.page, alias, "approved")
    await device.get_by_role("button", name=button, exact=False).click()
    await expect(device.locator(".certified .good")).to_have_count(1, timeout=WITHIN)
    await expect(device.get_by_role("button", name="onderteken", exact=False)).to_have_count(
        0, timeout=WITHIN
    )


async def is_let_in(browsers: Browsers, charity: Charity, by: Member, alias: str, role: str) -> Member:
    member = await comes_in(browsers, charity, alias, await invites(by.page, charity, alias, role))
    await approves(by.page, charity, alias, await makes_the_key(member))
    await expect(member.page.get_by_role("link", name="Begin")).to_be_visible(timeout=WITHIN)
    await member.page.get_by_role("link", name="Begin").click()
    return member


async def calls(browsers: Browsers, charity: Charity, text: str) -> Page:
    page = await browsers.window(charity, PHONE)
    await page.goto(f"{charity.url}/nl/praat/")
    await page.get_by_role("button", name="Begin het gesprek").click()
    await page.locator("#text").wait_for()
    await anna_says(page, text)
    await looks_right(page)
    return page


async def takes(carla: Member, text: str) -> None:
    await carla.page.get_by_role("button", name="Volgende").click()
    await expect(carla.page.get_by_text(text).first).to_be_visible(timeout=WITHIN)
    await looks_right(carla.page)


async def is_verified(page: Page, name: str) -> None:
    await expect(page.locator(".company")).to_contain_text(f"{name}, hulpverlener ✓", timeout=WITHIN)


def line_of(charity: Charity) -> dict[str, Any]:
    """Returns the line for which a caller's page checks certificates."""
    with urllib.request.urlopen(f"{charity.url}/api/lines/praat/") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


async def opens_or_closes(charity: Charity, is_open_now: bool) -> None:
    for _ in range(40):
        if line_of(charity)["open"] == is_open_now:
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"open: {not is_open_now}")


async def test_from_the_first_day_to_another_root(browsers: Browsers, charity: CertifiedCharity) -> None:
    floor = await floor_opens(browsers, charity)
    carla, anna = await the_first_day(browsers, charity, floor)
    hanna = await a_second_supervisor(browsers, charity, floor)
    await a_signer_s_laptop_is_lost(charity, hanna)
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await looks_right(anna)
    await all_signers_are_lost(charity, hanna, carla)
    await another_root(browsers, charity, carla)


async def the_first_day(browsers: Browsers, charity: CertifiedCharity, floor: Member) -> tuple[Member, Page]:
    """On the first day nobody is certified, so nobody can take a caller. Then a supervisor signs."""
    spoken = await signs_here(floor, charity)
    assert spoken in charity.signs_scopes(), "the eight words on both screens"
    await may_sign(floor)
    await a_key_for_reading_afterwards(floor, charity)
    carla = await is_let_in(browsers, charity, floor, "Carla", "hulpverlener")
    await goes_on_duty(carla.page)
    await looked_at(carla.page, "console")
    anna = await calls(browsers, charity, "ik word afgeperst")
    await takes(carla, "ik word afgeperst")
    await is_verified(anna, "Carla")
    await is_there(floor, charity)
    await in_both_themes(floor.page, "certifying")
    await looks_right(floor.page)
    return carla, anna


async def a_key_for_reading_afterwards(floor: Member, charity: CertifiedCharity) -> None:
    """Makes the review key. The browser that made it knows its words, and signs without comparing them."""
    page = floor.page
    await page.get_by_role("button", name="Maak de reviewsleutel").click()
    review = page.locator("hl-certifying [data-review]")
    await expect(review).to_contain_text("0 van 1 handtekeningen", timeout=WITHIN)
    await expect(review).to_contain_text("Deze sleutel is in deze browser gemaakt.")
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await review.scroll_into_view_if_needed()
    await in_both_themes(page, "review-key-unsigned")
    await looks_right(page)
    await page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    await review.get_by_role("button", name="De woorden kloppen: onderteken deze sleutel").click()
    await expect(review.get_by_role("button")).to_have_count(0, timeout=WITHIN)
    await expect(review).to_contain_text("Veilig Praten")


async def signs_the_key_too(member: Member) -> None:
    """Lets a second supervisor sign the key, before the first signer is lost."""
    review = member.page.locator("hl-certifying [data-review]")
    await expect(review).to_contain_text("Bel wie de sleutel maakte.", timeout=WITHIN)
    await review.get_by_role("button", name="onderteken deze sleutel ook", exact=False).click()
    await expect(review.get_by_role("button")).to_have_count(0, timeout=WITHIN)


async def a_second_supervisor(browsers: Browsers, charity: CertifiedCharity, floor: Member) -> Member:
    """Adds a second supervisor, whose browser also signs once the root allows it."""
    hanna = await is_let_in(browsers, charity, floor, "Hanna", "supervisor")
    await hanna.page.get_by_role("navigation", name="Onderdelen").wait_for()
    await looks_right(hanna.page)
    assert await signs_here(hanna, charity) in charity.signs_scopes()
    await may_sign(hanna)
    await expect(hanna.page.get_by_text("2 browsers mogen tekenen").first).to_be_visible(timeout=WITHIN)
    return hanna


async def a_signer_s_laptop_is_lost(charity: CertifiedCharity, hanna: Member) -> None:
    """Hanna signs what Floor's browser had signed, and then the root signs without that browser. No caller
    notices."""
    all_came_long_ago(charity)  # an invited person may revoke nothing of theirs in the first month
    await is_there(hanna, charity)
    await signs_for(hanna, "Carla", "De woorden kloppen: onderteken ook")
    await signs_the_key_too(hanna)
    lost = device_of(hanna.page, "Floor", "approved")
    await lost.get_by_role("button", name="Trek in", exact=False).click()
    await lost.get_by_role("button", name="Kwijt of gestolen", exact=False).click()
    await expect(device_of(hanna.page, "Floor", "revoked")).to_be_visible(timeout=WITHIN)
    await is_there(hanna, charity)
    await expect(hanna.page.get_by_text("1 daarvan is weg").first).to_be_visible(timeout=WITHIN)
    assert "1 may still sign who left" in charity.manage("check").stdout
    charity.signs_scopes()
    await opens_or_closes(charity, True)


async def all_signers_are_lost(charity: CertifiedCharity, hanna: Member, carla: Member) -> None:
    """After all signers are lost, the 24 words bring a new one, and all words are compared again."""
    assert await hanna.page.evaluate(LOSE_THE_SIGNER) == 1
    await is_there(hanna, charity)
    await expect(hanna.page.get_by_text("is hier niet meer")).to_be_visible(timeout=WITHIN)
    await looks_right(hanna.page)
    await signs_here(hanna, charity)
    with pytest.raises(NotReady, match="1 unsigned"):
        charity.signs_scopes()
    charity.signs_scopes("", "--anyway")
    await opens_or_closes(charity, False)
    await carla.page.reload()
    own_end = carla.page.get_by_text("Deze browser is nog niet ondertekend voor Veilig Praten.")
    await expect(own_end).to_be_visible(timeout=WITHIN)
    await in_both_themes(carla.page, "own-certificate")
    await looks_right(carla.page)
    await is_there(hanna, charity)
    await signs_for(hanna, "Carla")
    await opens_or_closes(charity, True)
    await expect(own_end).to_be_hidden(timeout=WITHIN)


async def another_root(browsers: Browsers, charity: CertifiedCharity, carla: Member) -> None:
    """Adds another root beside the old one, while a caller is there. Then the old root is removed."""
    _, words = charity.types_back("root", "rotate")
    bilal = await calls(browsers, charity, "mag ik iets vragen")
    charity.ages_its_roots(13 * 3600)
    charity.signs_scopes(words)
    await carla.page.reload()
    await goes_on_duty(carla.page)
    await takes(carla, "mag ik iets vragen")
    await is_verified(bilal, "Carla")
    old = json.loads(charity.roots.read_text())["roots"][0]["point"]
    dropped = charity.manage("root", "drop", "--point", old)
    assert dropped.returncode == 0, dropped.stderr
    await bilal.reload()
    await is_verified(bilal, "Carla")
    await looks_right(bilal)


async def test_an_installation_becomes_certified_without_a_minute_closed(
    browsers: Browsers, uncertified: Charity
) -> None:
    charity = uncertified
    floor = await floor_opens(browsers, charity)
    carla = await is_let_in(browsers, charity, floor, "Carla", "hulpverlener")
    await carla.page.get_by_label("Gesprekken tegelijk").select_option("4")
    await goes_on_duty(carla.page)
    anna = await calls(browsers, charity, "ik word afgeperst")
    await takes(carla, "ik word afgeperst")
    await expect(anna.locator(".company")).to_contain_text("Carla", timeout=WITHIN)
    await expect(anna.locator(".company")).not_to_contain_text("✓")

    helper = CertifiedCharity.__new__(CertifiedCharity)
    helper.__dict__ |= charity.__dict__
    _, helper.words = helper.types_back("root", "make")
    assert line_of(charity)["open"]
    await signs_here(floor, charity)
    helper.signs_scopes()
    assert line_of(charity)["open"]
    too_early = charity.manage("root", "name")
    assert too_early.returncode == 1
    assert "1 unsigned" in too_early.stderr
    await is_there(floor, charity)
    await signs_for(floor, "Carla")
    told = charity.manage("check")
    assert "manage.py root name`" in told.stdout
    named = charity.manage("root", "name", "--yes")
    assert named.returncode == 0, named.stderr
    assert line_of(charity)["open"]

    bilal = await calls(browsers, charity, "mag ik iets vragen")
    await takes(carla, "mag ik iets vragen")
    await is_verified(bilal, "Carla")
    await anna.reload()  # the page names a root now: who was in before stays, without a mark
    await expect(anna.locator(".company")).to_contain_text("Carla", timeout=WITHIN)
    await expect(anna.locator(".company")).not_to_contain_text("✓")
    await expect(anna.locator(".card.warning")).to_be_hidden()
    await looks_right(anna)
    await looks_right(bilal)


async def confirms(hanna: Member, charity: Charity, text: str) -> None:
    """Confirms a request on the board, as the second supervisor."""
    await hanna.page.goto(f"{charity.url}/board/")
    await hanna.page.goto(f"{charity.url}/board/#samen")
    row = hanna.page.locator("li[data-approval]", has_text=text)
    await row.get_by_role("button", name="Bevestig").click(timeout=WITHIN)
    await expect(row).to_have_count(0, timeout=WITHIN)
    await looks_right(hanna.page)


async def a_key_for_letters(floor: Member, hanna: Member, charity: CertifiedCharity) -> Locator:
    """One supervisor makes the letters key and signs it while it waits, and the other confirms it: it is
    good from its first minute on."""
    page = floor.page
    await is_there(floor, charity)
    card = page.locator("hl-letters")
    for what in ("een brievensleutel", "een adres voor alarm", "iemand die op de brieven let"):
        await expect(card.get_by_role("listitem").filter(has_text=what)).to_be_visible(timeout=WITHIN)
    await card.get_by_role("button", name="Maak de brievensleutel").click()
    await expect(card.get_by_text("wacht op een tweede supervisor")).to_be_visible(timeout=WITHIN)
    await card.get_by_role("button", name="onderteken", exact=False).click()
    await expect(card.get_by_text("handtekeningen onder")).to_have_count(0, timeout=WITHIN)
    await looks_right(page)
    await in_both_themes(page, "letters-key-waits")
    await confirms(hanna, charity, "brievensleutel")
    await is_there(floor, charity)
    await expect(card.get_by_text("een brievensleutel")).to_have_count(0, timeout=WITHIN)
    await expect(card.get_by_role("button", name="Maak een nieuwe sleutel")).to_be_visible()
    return card


async def an_address_for_alarms(floor: Member, hanna: Member, charity: Charity) -> None:
    await floor.page.goto(f"{charity.url}/board/#samen")
    card = floor.page.locator("hl-alert-address")
    await card.get_by_label("E-mail").fill("wacht@example.org")
    await card.get_by_role("button", name="Vraag aan").click()
    await expect(floor.page.get_by_text("Gevraagd. Het gaat door als")).to_be_visible(timeout=WITHIN)
    await looks_right(floor.page)
    await in_both_themes(floor.page, "alert-address")
    await confirms(hanna, charity, "mailadres voor alarmen")


async def switches_on(floor: Member, card: Locator) -> None:
    """Sets what the line promises, and then that it takes letters, which the other supervisor has to
    confirm."""
    for day in await card.get_by_role("combobox").all():
        if await day.get_attribute("name") == "person":
            await day.select_option("Hanna")
    await card.get_by_role("button", name="Bewaar").click()
    await expect(card.get_by_text("Deze lijn heeft alles wat nodig is voor brieven.")).to_be_visible(
        timeout=WITHIN
    )
    await card.get_by_label("Wanneer").select_option("always")
    await card.get_by_role("button", name="Bewaar").click()
    await expect(floor.page.get_by_text("Gevraagd. Het gaat door als")).to_be_visible(timeout=WITHIN)
    await looks_right(floor.page)
    await card.scroll_into_view_if_needed()
    await in_both_themes(floor.page, "letters-card")


async def a_letter_is_sent(browsers: Browsers, charity: CertifiedCharity) -> None:
    anna = await browsers.window(charity, PHONE)
    await anna.goto(f"{charity.url}/nl/praat/")
    await anna.get_by_role("button", name="Ik schrijf liever een brief").click(timeout=WITHIN)
    await anna.get_by_label("Je brief").fill("ik schrijf in de nacht")
    await anna.get_by_role("button", name="Verder").click()
    code = await anna.locator("p.code").inner_text(timeout=WITHIN)
    await anna.get_by_role("button", name="Ik heb hem bewaard").click()
    await anna.get_by_label("Typ de code over").fill(code)
    await anna.get_by_role("button", name="Verstuur de brief").click()
    await expect(anna.get_by_role("heading", name="Je brief is verstuurd")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)


async def her_laptop_is_lost(floor: Member, card: Locator, charity: CertifiedCharity) -> None:
    """Revokes Carla's laptop. The key that it could open takes no letters from then on."""
    lost = device_of(floor.page, "Carla", "approved")
    await lost.get_by_role("button", name="Trek in", exact=False).click()
    await lost.get_by_role("button", name="Kwijt of gestolen", exact=False).click()
    await expect(card.get_by_role("listitem").filter(has_text="een brievensleutel")).to_be_visible(
        timeout=WITHIN
    )
    await looks_right(floor.page)
    assert line_of(charity)["letters"] is None


async def test_two_supervisors_make_a_line_take_letters_and_a_newcomer_answers(
    browsers: Browsers, charity: CertifiedCharity
) -> None:
    """They need no shell, except for the root's words. Then a laptop with the key is lost."""
    floor = await floor_opens(browsers, charity)
    await signs_here(floor, charity)
    charity.signs_scopes()
    await is_there(floor, charity)
    await a_key_for_reading_afterwards(floor, charity)
    hanna = await is_let_in(browsers, charity, floor, "Hanna", "supervisor")
    await hanna.page.get_by_role("navigation", name="Onderdelen").wait_for()
    await looks_right(hanna.page)
    all_came_long_ago(charity)
    card = await a_key_for_letters(floor, hanna, charity)
    await an_address_for_alarms(floor, hanna, charity)
    await is_there(floor, charity)
    await switches_on(floor, card)
    await confirms(hanna, charity, "altijd brieven aannemen")

    await a_letter_is_sent(browsers, charity)
    carla = await is_let_in(browsers, charity, floor, "Carla", "hulpverlener")
    await carla.page.get_by_role("button", name="Neem een brief").click(timeout=WITHIN)
    await expect(carla.page.locator(".log")).to_contain_text("ik schrijf in de nacht", timeout=WITHIN)
    await looks_right(carla.page)

    await is_there(floor, charity)
    await expect(card.get_by_text("1 apparaat kan nog geen brieven openen.")).to_be_visible(timeout=WITHIN)
    of_hanna = card.get_by_role("listitem").filter(has_text="Hanna")
    await of_hanna.get_by_role("checkbox").check()
    await of_hanna.get_by_role("button").click()
    await expect(card.get_by_text("Elk apparaat van deze lijn kan brieven openen.")).to_be_visible(
        timeout=WITHIN
    )
    await her_laptop_is_lost(floor, card, charity)
