"""Floor makes the line's review key, shares it with Hanna, reads a transcript, and holds a conversation with
her."""

import os
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from benchmarks.signin import Person
from tests.browser.axe import looks_right
from tests.browser.people import (
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_says,
    carla_signs_in,
    carla_takes,
    comes_in,
    picture,
)
from tests.support.platform import Platform
from tests.support.supervisor import a_second_supervisor

SCREEN = {"width": 1440, "height": 1000}
PICTURES = os.environ.get("HELPLINE_PICTURES")
SAID, ANSWER = "Hij dreigt alles door te sturen", "Wat naar. Je bent hier goed."


async def board_of(browsers: Browsers, platform: Platform, who: Person) -> Page:
    page = await browsers.window(platform, SCREEN)
    await comes_in(page, platform, who)
    await page.goto(f"{platform.url}/board/#mensen")
    await expect(page.get_by_role("heading", name="Reviewsleutel")).to_be_visible(timeout=WITHIN)
    return page


async def turns_to(tab: str, *pages: Page) -> None:
    for page in pages:
        await page.get_by_role("navigation", name="Onderdelen").get_by_role("link", name=tab).click()


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if PICTURES:
        await picture(page, Path(PICTURES) / f"board-{name}.png")


def section(page: Page, title: str) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name=title, exact=True))


async def give_to(page: Page, alias: str) -> None:
    """Shares the key after the eight words were compared by voice."""
    holder = section(page, "Reviewsleutel").locator("li[data-holder]", has_text=alias)
    give = holder.get_by_role("button", name="Geef toegang")
    await expect(give).to_be_disabled()
    await holder.get_by_role("checkbox").check()
    await give.click()
    await expect(holder.get_by_text("Heeft de sleutel", exact=True)).to_be_visible(timeout=WITHIN)


async def read_first(page: Page, reason: str) -> None:
    await page.get_by_role("button", name="Lees na").first.click()
    await page.locator("form select[name=reason]").select_option(label=reason)
    await page.get_by_role("button", name="Ga verder").click()


async def a_talk(browsers: Browsers, platform: Platform) -> Page:
    """Lets Anna and Carla talk, and Anna end it."""
    anna = await anna_opens(browsers, platform)
    await anna_says(anna, SAID)
    carla = await carla_signs_in(browsers, platform)
    await carla_takes(carla, SAID)
    await carla_says(carla, ANSWER)
    await expect(anna.get_by_text(ANSWER)).to_be_visible(timeout=WITHIN)
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    return anna


async def make_the_key_and_give_it(floor: Page, hanna: Page) -> None:
    await turns_to("Nalezen", floor)
    await expect(floor.get_by_text("Zonder reviewsleutel is er niets om na te lezen.")).to_be_visible()
    await expect(floor.get_by_text("Opschonen: alles is op tijd weg")).to_be_visible()
    await shot(floor, "1-empty")
    await floor.get_by_role("link", name="Maak een sleutel").click()
    await floor.get_by_role("button", name="Maak de reviewsleutel").click()
    await expect(floor.get_by_text("nummer 1, gemaakt op")).to_be_visible(timeout=WITHIN)
    await expect(hanna.get_by_text("heeft de sleutel niet. Vraag een collega")).to_be_visible(timeout=WITHIN)
    own = hanna.locator("li[data-device]", has_text="dit apparaat").locator(".words")
    theirs = floor.locator("li[data-holder]", has_text="Hanna").locator(".words")
    assert await own.inner_text() == await theirs.inner_text()
    assert len((await own.inner_text()).split()) == 8
    await give_to(floor, "Hanna")
    await expect(hanna.get_by_text("heeft de sleutel", exact=True)).to_be_visible(timeout=WITHIN)
    await shot(hanna, "1-people")


async def read_with_a_reason(floor: Page, hanna: Page) -> None:
    await read_first(floor, "kwaliteit")
    await expect(floor.get_by_text(SAID)).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_text(ANSWER)).to_be_visible()
    await shot(floor, "2-transcript")
    await expect(section(hanna, "Logboek").get_by_text("las een gesprek na: A, kwaliteit")).to_be_visible(
        timeout=WITHIN
    )
    await floor.get_by_role("button", name="Sluit het gesprek").click()
    await shot(floor, "3-list")


async def read_by_two(floor: Page, hanna: Page) -> None:
    await floor.get_by_label("Nalezen kan alleen als een tweede collega ja zegt").check()
    await section(floor, "Bewaartermijn").get_by_role("button", name="Bewaar").click()
    twos = section(floor, "Logboek").get_by_text("met zijn tweeën nalezen")
    await expect(twos).to_be_visible(timeout=WITHIN)
    await read_first(hanna, "klacht")
    await floor.get_by_role("button", name="Nee, niet nalezen").click()
    await expect(hanna.get_by_text("om dit gesprek na te lezen")).to_be_hidden(timeout=WITHIN)
    # Otherwise the next yes would go to the one that was refused.
    await expect(floor.get_by_role("button", name="Nee, niet nalezen")).to_be_hidden(timeout=WITHIN)
    await read_first(hanna, "klacht")
    # It is counted, and names its conversation as the list does.
    await floor.get_by_role("link", name="Twee personen").click()
    await expect(floor.locator(".tabs .count")).to_have_text("1", timeout=WITHIN)
    approval = floor.locator("li[data-reading]")
    await expect(approval).to_contain_text("Helpwanted: een gesprek nalezen")
    await expect(approval).to_contain_text(re.compile(r"A\s.*\d\d:\d\d · Carla"))
    await shot(floor, "3-asked-to-read")
    await floor.get_by_role("button", name="Ja, dat mag").click()
    await expect(floor.get_by_text("Er wacht nu niets.")).to_be_visible(timeout=WITHIN)
    await floor.get_by_role("link", name="Nalezen").click()
    await hanna.get_by_role("button", name="Open", exact=True).click()
    await expect(hanna.get_by_text(SAID)).to_be_visible(timeout=WITHIN)
    await hanna.get_by_role("button", name="Sluit het gesprek").click()


async def ask_to_hold(floor: Page) -> Locator:
    await floor.get_by_role("button", name="Houd vast").first.click()
    await floor.locator("form select[name=reason]").select_option(label="veiligheid")
    await expect(floor.get_by_text("Ja kan zeggen: Hanna")).to_be_visible()
    await shot(floor, "4-hold-form")
    await floor.get_by_role("button", name="Vraag aan").click()
    held = section(floor, "Vasthouden")
    await expect(held.get_by_text("Een tweede collega moet bevestigen")).to_be_visible(timeout=WITHIN)
    return held


async def no_hold(floor: Page, hanna: Page) -> None:
    """Lets a colleague refuse a hold, and the asker withdraw the next request."""
    for who, action, word in (
        (hanna, "Nee, niet vasthouden", "geweigerd"),
        (floor, "Trek je verzoek in", "ingetrokken"),
    ):
        held = await ask_to_hold(floor)
        await who.get_by_role("button", name=action).click()
        await expect(held.get_by_text("Er wordt nu niets vastgehouden.")).to_be_visible(timeout=WITHIN)
        # Otherwise the colleague's next yes would go to the request that was withdrawn.
        await expect(hanna.get_by_role("button", name="Nee, niet vasthouden")).to_be_hidden(timeout=WITHIN)
        said = section(floor, "Logboek").get_by_text(f"liet vasthouden niet doorgaan: A, veiligheid {word}")
        await expect(said).to_be_visible(timeout=WITHIN)


async def hold_by_two(floor: Page, hanna: Page) -> None:
    held = await ask_to_hold(floor)
    await expect(floor.get_by_role("button", name="Bevestig")).to_be_hidden()
    await shot(hanna, "4-hold-asked")
    await hanna.get_by_role("button", name="Bevestig").click()
    await expect(held.get_by_text("bevestigd door Hanna")).to_be_visible(timeout=WITHIN)
    await shot(floor, "5-held")


async def a_caller_reads_of_it_erases_and_it_is_held_for_longer(anna: Page, floor: Page, hanna: Page) -> None:
    """The caller reads about the hold on her end screen and erases the conversation. Then only the hold's own
    card can extend it."""
    told = anna.get_by_text("De hulplijn houdt het vast tot")
    await expect(told).to_contain_text("om iemand te beschermen", timeout=WITHIN)
    await told.scroll_into_view_if_needed()
    await shot(anna, "5-caller-end")
    await anna.get_by_role("button", name="Wis dit gesprek nu").last.click()
    await anna.get_by_role("button", name="Ja, wis het").last.click()
    await expect(anna.get_by_role("heading", name="maar de hulplijn bewaart het nog")).to_be_visible(
        timeout=WITHIN
    )
    await shot(anna, "5-caller-held")
    await expect(floor.get_by_role("button", name="Houd vast")).to_be_hidden(timeout=WITHIN)
    held = section(floor, "Vasthouden")
    await expect(held.get_by_text("is dit gesprek weg")).to_be_visible()
    await held.get_by_role("button", name="Houd langer vast").click()
    await shot(floor, "5-longer")
    await held.get_by_role("button", name="Vraag aan").click()
    await hanna.get_by_role("link", name="Twee personen").click()
    await expect(hanna.locator("li[data-hold]")).to_contain_text("Carla", timeout=WITHIN)
    await shot(hanna, "5-asked-longer")
    await hanna.get_by_role("button", name="Bevestig").click()
    await expect(held.get_by_text("bevestigd door Hanna")).to_be_visible(timeout=WITHIN)
    await expect(held.locator("li[data-hold]")).to_have_count(1)
    await hanna.get_by_role("link", name="Nalezen").click()


async def shortening_warns(floor: Page) -> None:
    hours = section(floor, "Bewaartermijn").get_by_label("Uren na afloop")
    await hours.fill("2")
    await expect(floor.get_by_text("Dat kun je niet terugdraaien")).to_be_visible()
    await shot(floor, "6-shorter")
    await hours.fill("24")


async def revoke_and_make_a_new_key(floor: Page, hanna: Page) -> None:
    await turns_to("Mensen", floor)
    device = section(floor, "Apparaten").locator("li[data-device]", has_text="Hanna")
    await device.get_by_role("button", name="Trek in").click()
    await device.get_by_role("button", name="Vraag om intrekken").click()
    await expect(floor.get_by_text("heeft deze sleutel nog. Maak een nieuwe.")).to_be_visible(timeout=WITHIN)
    await shot(floor, "7-stale")
    await expect(hanna.locator(".banner.bad").first).to_be_visible(timeout=WITHIN)
    await floor.get_by_role("button", name="Maak een nieuwe sleutel").click()
    await floor.get_by_role("button", name="Ja, maak een nieuwe").click()
    await expect(floor.get_by_text("nummer 2, gemaakt op")).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_text("Nummer 1: nog nodig voor gesprekken die er zijn")).to_be_visible()


async def test_a_supervisor_makes_the_key_gives_it_reads_holds_and_renews(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await board_of(browsers, laptop, laptop.people("supervisor", line="helpwanted")[0])
    hanna = await board_of(browsers, laptop, a_second_supervisor(laptop))
    await make_the_key_and_give_it(floor, hanna)
    await turns_to("Nalezen", floor, hanna)
    anna = await a_talk(browsers, laptop)
    await expect(floor.get_by_role("button", name="Lees na")).to_be_enabled(
        timeout=WITHIN
    )  # without a reload
    await read_with_a_reason(floor, hanna)
    await read_by_two(floor, hanna)
    await no_hold(floor, hanna)
    await hold_by_two(floor, hanna)
    await a_caller_reads_of_it_erases_and_it_is_held_for_longer(anna, floor, hanna)
    await shortening_warns(floor)
    await revoke_and_make_a_new_key(floor, hanna)
    dark = await browsers.window(laptop, SCREEN, locale="en-GB")
    await dark.context.add_cookies(await floor.context.cookies())  # type: ignore[arg-type]
    await dark.emulate_media(color_scheme="dark")
    await dark.goto(f"{laptop.url}/board/#mensen")
    await expect(dark.get_by_text("number 2, made on")).to_be_visible(timeout=WITHIN)
    await shot(dark, "8-dark-english")
