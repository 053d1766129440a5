"""Floor plans a week by keyboard and by hand. Carla takes a shift, swaps and calls in sick on her phone."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import DESK, PHONE, WITHIN, Browsers, comes_in, picture
from tests.support.platform import Platform

PICTURES = os.environ.get("HELPLINE_PICTURES")

MAKE_A_PAST = """
from chat.models import DatedHours, Figure
from chat.planning.models import Shift
from chat.demo import two_years
from helpline.lib import clock
Figure.objects.all().delete(); Shift.objects.all().delete()
two_years.make(now=clock.now())
Shift.objects.all().delete()
DatedHours.objects.all().delete()  # a day that is shorter, ten days from whichever day this runs
"""
ON_NOW = """
from datetime import timedelta
from chat.models import Line
from chat.planning.models import Place, Shift
from counsellors.models import Person
from helpline.lib import clock
now = clock.now()
begun, over = now - timedelta(hours=1), now + timedelta(hours=2)
shift = Shift.objects.create(line_id="helpwanted", starts_at=begun, ends_at=over, wanted=2)
for name in ("helpwanted-counsellor-1", "helpwanted-counsellor-2"):
    Place.objects.create(shift=shift, person=Person.objects.get(username=name))
Line.objects.filter(pk="helpwanted").update(on_call_phone="06-55501234")
"""
LONGER = """
from chat.planning.models import Shift
Shift.objects.filter(pk=Shift.objects.latest("starts_at").pk).update(wanted=5)
"""
MESSY = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:{day}T180000Z
DTEND:{day}T210000Z
END:VEVENT
BEGIN:VEVENT
SUMMARY:no start
DTEND:{day}T210000Z
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:{day}
END:VEVENT
END:VCALENDAR
"""


_signed_in: dict[int, Any] = {}  # by platform of this module: a code works once in 30 s


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if PICTURES:
        await picture(page, Path(PICTURES) / f"{name}.png")


def in_a_shell(platform: Platform, action: str) -> None:
    done = platform.manage("shell", "-c", action)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def planned(laptop: Platform) -> Platform:
    in_a_shell(laptop, MAKE_A_PAST)
    return laptop


async def on_a_phone(browsers: Browsers, platform: Platform, number: int) -> Page:
    page = await browsers.window(platform, PHONE)
    if cookies := _signed_in.get(number):
        await page.context.add_cookies(cookies)
    else:
        await comes_in(page, platform, platform.people("counsellor", line="helpwanted")[number])
        await looks_right(page)  # the console, where a sign-in leads
        _signed_in[number] = await page.context.cookies()
    await page.goto(f"{platform.url}/rota/")
    return page


async def test_a_week_is_planned_by_keyboard_and_advised_upon(browsers: Browsers, planned: Platform) -> None:
    floor = await floor_opens(browsers, planned, "#rooster")
    await expect(floor.get_by_role("heading", name="Rooster van")).to_be_visible(timeout=WITHIN)
    later = floor.get_by_role("button", name="Week later")
    await later.focus()
    await later.press("Enter")
    await expect(floor.get_by_text("Nog geen dienst").first).to_be_visible(timeout=WITHIN)
    form = floor.locator("form.add-shift")
    await form.get_by_label("Dag").focus()
    await floor.keyboard.press("ArrowDown")
    await form.get_by_label("Aantal mensen").press("Enter")
    shift = floor.locator("article.shift")
    await expect(shift).to_have_count(1, timeout=WITHIN)
    await expect(shift.get_by_text("nog 2 nodig")).to_be_visible()
    add = shift.get_by_role("button", name="Iemand")
    await add.press("Enter")
    choice, put_on = shift.locator("form.put-on select"), shift.get_by_role("button", name="Zet erop")
    await expect(choice).to_be_focused()
    for left in ("nog 1 nodig", "compleet"):
        await expect(choice).to_have_value("")  # a preset name would look like one more planned person
        await expect(put_on).to_be_disabled()
        await choice.press("ArrowDown")
        await put_on.press("Enter")
        await expect(shift.get_by_text(left)).to_be_visible(timeout=WITHIN)
        await expect(choice).to_be_focused()
    await choice.press("Escape")
    await expect(add).to_be_focused()
    await shift.get_by_role("button", name="verplaats of haal eraf").first.press("Delete")
    await expect(shift.get_by_text("nog 1 nodig")).to_be_visible(timeout=WITHIN)
    await shift.get_by_role("button", name="Wijzig").press("Enter")
    await shift.locator("form.change").get_by_label("Aantal mensen").fill("1")
    await shift.locator("form.change").get_by_role("button", name="Bewaar").press("Enter")
    await expect(shift.get_by_text("compleet")).to_be_visible(timeout=WITHIN)
    await expect(shift.get_by_role("button", name="Wijzig")).to_be_focused()
    await floor.get_by_role("button", name="Bewaar als vaste week").press("Enter")
    await expect(floor.get_by_text("Eén dienst bewaard als vaste week.")).to_be_visible(timeout=WITHIN)
    await later.press("Enter")
    await floor.get_by_role("button", name="Vul de vaste week in").press("Enter")
    await expect(floor.get_by_text("Eén dienst gemaakt.")).to_be_visible(timeout=WITHIN)
    await expect(floor.locator(".needs td.too_few").first).to_be_visible(timeout=WITHIN)
    await shot(floor, "rota-desk")
    more = floor.get_by_role("slider", name="mensen erbij")
    await expect(floor.locator(".sentences b")).not_to_contain_text(" 0 %", timeout=WITHIN)
    before = await floor.locator(".sentences b").text_content()
    await more.scroll_into_view_if_needed()
    await shot(floor, "rota-advice")
    await more.focus()
    for _ in range(3):
        await floor.keyboard.press("ArrowRight")
    await expect(floor.locator(".sentences b")).not_to_have_text(before or "", timeout=WITHIN)
    await floor.get_by_role("button", name="Weer zoals het is").press("Enter")
    await expect(floor.locator(".sentences b")).to_have_text(before or "", timeout=WITHIN)
    await fits_a_phone(floor)


async def fits_a_phone(floor: Page) -> None:
    """Checks that nothing scrolls sideways, and that the tabs take one line until they are unfolded."""
    await floor.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await floor.evaluate(wide)
    fold = floor.get_by_role("button", name="Rooster", exact=True)
    await expect(fold).to_have_attribute("aria-expanded", "false")
    await expect(floor.get_by_role("link", name="Zorg")).to_be_hidden()
    await shot(floor, "rota-board-phone")
    await fold.click()
    await expect(floor.get_by_role("link", name="Zorg")).to_be_visible()
    await looks_right(floor)


async def test_somebody_is_dragged_onto_a_shift_and_a_shift_to_another_day(
    browsers: Browsers, planned: Platform
) -> None:
    floor = await floor_opens(browsers, planned, "#rooster")
    for _ in range(4):
        await floor.get_by_role("button", name="Week later").click()
    await floor.locator("form.add-shift").get_by_role("button", name="Maak dienst").click()
    shift = floor.locator("article.shift")
    await expect(shift).to_have_count(1, timeout=WITHIN)
    await looks_right(floor)
    await floor.locator(".people-to-drag .chip").first.drag_to(shift)
    await expect(shift.get_by_text("nog 1 nodig")).to_be_visible(timeout=WITHIN)
    await shift.locator("h4").drag_to(floor.locator("section.day").nth(3))
    await expect(floor.locator("section.day").nth(3).locator("article.shift")).to_be_visible(timeout=WITHIN)
    await expect(shift.get_by_text("nog 1 nodig")).to_be_visible()
    await floor.locator(".people-to-drag .chip").nth(1).drag_to(shift)
    await expect(shift.get_by_text("compleet")).to_be_visible(timeout=WITHIN)
    await a_key_that_is_held_takes_one_off(floor, shift)
    await shift.get_by_role("button", name="Wijzig").click()
    await shift.get_by_role("button", name="Haal weg", exact=True).dblclick()
    await expect(shift.get_by_role("button", name="Zeker?")).to_be_visible()
    await a_change_during_an_outage_is_shown(floor, planned)
    await expect(shift.get_by_role("button", name="verplaats of haal eraf")).to_have_count(1)


async def a_key_that_is_held_takes_one_off(floor: Page, shift: Locator) -> None:
    await shift.get_by_role("button", name="verplaats of haal eraf").first.focus()
    await floor.keyboard.down("Delete")
    await expect(shift.get_by_text("nog 1 nodig")).to_be_visible(timeout=WITHIN)
    await expect(shift.get_by_role("button", name="verplaats of haal eraf")).to_be_focused()
    await floor.keyboard.down("Delete")
    await floor.keyboard.up("Delete")


async def a_change_during_an_outage_is_shown(floor: Page, platform: Platform) -> None:
    """Changes a shift where no bell tells of it, while the board has no connection."""
    await floor.context.set_offline(True)
    await expect(floor.locator(".banner.bad").first).to_be_visible(timeout=WITHIN)
    in_a_shell(platform, LONGER)
    await floor.context.set_offline(False)
    await expect(floor.locator("article.shift").get_by_text("nog 4 nodig")).to_be_visible(timeout=WITHIN)


async def test_two_swap_on_their_phones(browsers: Browsers, planned: Platform) -> None:
    floor = await floor_opens(browsers, planned, "#rooster")
    for _ in range(2):
        await floor.get_by_role("button", name="Week later").click()
    form = floor.locator("form.add-shift")
    for day in (4, 5):
        await form.get_by_label("Dag").select_option(index=day)
        await form.get_by_label("Van").fill("10:00")
        await form.get_by_label("Tot").fill("12:00")
        await form.get_by_label("Aantal mensen").fill("1")
        await form.get_by_role("button", name="Maak dienst").click()
        made = floor.locator("section.day").nth(day).get_by_text("10:00–12:00")
        await expect(made).to_be_visible(timeout=WITHIN)
    carla = await on_a_phone(browsers, planned, 0)
    await shot(carla, "rota-phone")
    await carla.get_by_role("button", name="Ik neem deze: vrijdag").first.click()
    await expect(carla.get_by_role("heading", name="Mijn diensten")).to_be_visible()
    daan = await on_a_phone(browsers, planned, 1)
    await daan.get_by_role("button", name="Ik neem deze: zaterdag").first.click()
    await carla.get_by_role("link", name="10:00–12:00").first.click()
    await shot(carla, "rota-phone-shift")
    await carla.get_by_role("link", name="Ruilen").click()
    await shot(carla, "rota-phone-swap")
    theirs = carla.locator("li", has_text="zaterdag")
    await theirs.get_by_role("button", name="Vraag").first.click()
    await expect(carla.get_by_text("heeft nog niet geantwoord")).to_be_visible()
    await daan.reload()
    await shot(daan, "rota-phone-asked")
    await daan.get_by_role("button", name="Ja, ruilen").click()
    await carla.reload()
    await expect(carla.get_by_role("link", name="zaterdag")).to_be_visible()


async def test_a_sick_call_from_a_phone_is_a_gap_on_the_board_at_once(
    browsers: Browsers, planned: Platform
) -> None:
    in_a_shell(planned, ON_NOW)
    floor = await floor_opens(browsers, planned)
    card = floor.locator("section.line[data-line=helpwanted] .on-shift")
    await expect(card.get_by_text("0 in dienst, 2 nodig.")).to_be_visible(timeout=WITHIN)
    alone = floor.locator("[data-need=unstaffed]")
    await expect(alone).to_contain_text("Op het rooster, maar niet hier: Carla")
    await expect(alone.get_by_role("link", name="06-55501234")).to_be_visible()
    await looks_right(floor)
    carla = await on_a_phone(browsers, planned, 0)
    await looks_right(carla)
    await carla.get_by_role("link", name=":").first.click()
    await carla.get_by_text("Ik ben ziek").click()
    await looks_right(carla)
    await carla.get_by_role("button", name="Meld me ziek voor deze dienst").click()
    await expect(carla.get_by_text("ziek", exact=True)).to_be_visible()
    await expect(card.get_by_text("Ziek:")).to_be_visible(timeout=WITHIN)
    await expect(card.get_by_text("2 te weinig")).to_be_visible()
    await shot(floor, "rota-gap")


async def test_preferences_and_a_calendar_address_on_a_phone(browsers: Browsers, planned: Platform) -> None:
    carla = await on_a_phone(browsers, planned, 0)
    await looks_right(carla)
    await carla.get_by_role("link", name="Mijn wensen").click()
    await carla.get_by_label("Hoogstens zoveel uur per week").fill("1")
    await carla.get_by_label("zondag").check()
    await shot(carla, "rota-phone-preferences")
    await carla.get_by_role("button", name="Bewaar").click()
    await carla.get_by_role("link", name="In mijn agenda").click()
    await carla.get_by_role("button", name="Maak een adres").click()
    await expect(carla.locator("code")).to_contain_text(".ics")
    await shot(carla, "rota-phone-calendar")


async def test_a_messy_calendar_file_gives_its_shifts_and_names_its_bad_lines(
    browsers: Browsers, planned: Platform
) -> None:
    floor = await floor_opens(browsers, planned, "#rooster")
    await looks_right(floor)
    await floor.get_by_role("link", name="Uit een agenda").click()
    await floor.get_by_role("button", name="Overnemen").click()
    await expect(floor.locator(".problem")).to_be_visible()
    await shot(floor, "import-nothing-chosen")
    day = f"{datetime.now(UTC) + timedelta(days=40):%Y%m%d}"
    sent = FilePayload(name="rooster.ics", mimeType="text/calendar", buffer=MESSY.format(day=day).encode())
    await floor.get_by_label("Bestand").set_input_files(sent)
    await floor.get_by_role("button", name="Overnemen").click()
    counts = floor.locator("dl.counts dd")
    await expect(counts).to_have_text(["1", "0", "2"])
    await expect(floor.locator("ul.rows li")).to_have_text(
        ["Regel 6: er staat geen begin dat we kunnen lezen.", "Regel 10: een hele dag is geen dienst."]
    )
    await shot(floor, "import-desk")
    await floor.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await shot(floor, "import-phone")


async def test_a_year_is_read_printed_and_told_by_theme(browsers: Browsers, planned: Platform) -> None:
    floor = await floor_opens(browsers, planned, "#cijfers")
    await expect(floor.locator(".reports a").first).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    await floor.locator(".reports a").first.click()
    await expect(floor.get_by_role("heading", level=1)).to_contain_text("Helpwanted")
    await shot(floor, "report-desk")
    async with floor.expect_download() as started:
        await floor.get_by_role("link", name="PDF").click()
    path = await (await started.value).path()
    assert path.read_bytes().startswith(b"%PDF-")
    await floor.get_by_role("link", name="Meldingen aan platforms").click()
    await expect(floor.get_by_role("table", name="Wat er gebeurde")).to_contain_text("nooit")
    await shot(floor, "notices-desk")
    await floor.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await shot(floor, "notices-phone")
    await floor.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    await floor.go_back()
    await floor.get_by_role("link", name="Thema’s").click()
    await floor.get_by_label("Naam (Nederlands)").fill("Beeldmisbruik")
    await floor.get_by_label("Naam (English)").fill("Image abuse")
    await floor.get_by_label("deepnude").check()
    await shot(floor, "themes-desk")
    await floor.get_by_role("button", name="Nieuw thema").click()
    await floor.get_by_role("link", name="Beeldmisbruik").click()
    await shot(floor, "theme-desk")
    await floor.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await shot(floor, "theme-phone")
