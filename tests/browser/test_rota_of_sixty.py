"""Floor plans six weeks for sixty people: at a desk, on a phone, by keyboard, by dragging, and on paper."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import DESK, WITHIN, Browsers, picture
from tests.support.platform import Platform

PICTURES = os.environ.get("HELPLINE_PICTURES")
POCKET = {"width": 390, "height": 844}
SIXTY = """
from datetime import timedelta
from django.utils import timezone
from chat.models import Work
from chat.planning import places, shifts
from chat.planning.made_up import SHIFTS
from chat.planning.models import Place, Shift
from chat.planning.shifts import When
from counsellors.models import Person, Role
Shift.objects.all().delete()
line = "helpwanted"
NAMES = ["Annemarieke", "Bo", "Cees", "Dilara", "Eva", "Fatima", "Guus", "Hidde", "Ilse", "Jan-Willem"]
there = Role.objects.filter(name="counsellor", person__work__line=line).count()
for number in range(60 - there):
    alias = f"{NAMES[number % 10]} {'PQRSTV'[number // 10]}."
    person = Person.objects.create_user(f"volunteer-{number}", None, alias)
    Role.objects.create(person=person, name="counsellor")
    Work.objects.create(person=person, line_id=line)
people = list(Person.objects.filter(work__line=line, role_rows__name="counsellor").order_by("alias"))
assert len(people) == 60
monday = shifts.monday_of(timezone.localtime().date())
number = 0
for ahead in range(42):
    for opens, closes in SHIFTS:
        starts, ends = When(monday + timedelta(days=ahead), opens, closes).span
        shift = Shift.objects.create(line_id=line, starts_at=starts, ends_at=ends, wanted=8)
        on = [people[(number * 8 + each) % 60] for each in range(8)]
        Place.objects.bulk_create(Place(shift=shift, person=person) for person in on)
        number += 1
Place.objects.filter(pk__in=[p.pk for p in Place.objects.all()[::9]]).update(state="offered")
Place.objects.filter(pk__in=[p.pk for p in Place.objects.all()[::13]]).update(state="sick")
"""
BOXES = """(cards) => cards.map((card) => {
  const { x, y, width, height } = card.getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
})"""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if PICTURES:
        await picture(page, Path(PICTURES) / f"{name}.png")


@pytest.fixture(scope="module")
def sixty(laptop: Platform) -> Platform:
    done = laptop.manage("shell", "-c", SIXTY)
    assert done.returncode == 0, done.stderr
    return laptop


async def next_week(browsers: Browsers, platform: Platform, size: dict[str, int] = DESK) -> Page:
    """Opens next week, of which no shift is over."""
    floor = await floor_opens(browsers, platform, "#rooster", size)
    await expect(floor.locator("article.shift")).to_have_count(21, timeout=WITHIN)
    await floor.locator(".six-weeks button").nth(1).click()
    await expect(floor.locator(".six-weeks button").nth(1)).to_have_attribute("aria-pressed", "true")
    await expect(floor.locator("article.shift")).to_have_count(21, timeout=WITHIN)
    return floor


def shift_of(floor: Page, day: int, number: int) -> Locator:
    return floor.locator("section.day").nth(day).locator("article.shift").nth(number)


async def aliases(shift: Locator) -> list[str]:
    """Returns who is on the shift, also those who are sick or offer their place."""
    found = await shift.locator("li > span:first-child").all_inner_texts()
    return [re.sub(r"\s+(aangeboden|ziek)$", "", text.strip()) for text in found]


async def test_on_a_desk_a_week_is_regular_and_one_place_is_open_at_a_time(
    browsers: Browsers, sixty: Platform
) -> None:
    floor = await next_week(browsers, sixty)
    assert not await floor.evaluate(WIDE)
    boxes = await floor.locator("article.shift").evaluate_all(BOXES)
    rows = [boxes[number::3] for number in range(3)]
    for row in rows:
        assert len({(y, width, height) for _, y, width, height in row}) == 1, "cards of one row are alike"
    assert len({x for x, *_ in boxes}) == 7
    await expect(floor.locator(".week select, .week form")).to_have_count(0)
    await shot(floor, "rota-sixty-desk")
    for number in (0, 2):
        await shift_of(floor, 1, number).get_by_role("button", name="Iemand").click()
        await expect(floor.locator(".week select")).to_have_count(1)
        await expect(floor.locator(".week select")).to_have_value("")
        await expect(floor.get_by_role("button", name="Zet erop")).to_be_disabled()
    on = await aliases(shift_of(floor, 1, 2))
    offered = await floor.locator(".week select option").all_inner_texts()
    assert offered[0] == "Kies iemand"
    assert not {*on} & {*offered}
    assert len(on) + len(offered) - 1 == 60
    await looks_right(floor)


async def test_six_weeks_are_stepped_through_and_the_place_stays_where_the_hand_is(
    browsers: Browsers, sixty: Platform
) -> None:
    floor = await floor_opens(browsers, sixty, "#rooster")
    later = floor.get_by_role("button", name="Week later")
    await expect(floor.locator(".six-weeks button")).to_have_count(6, timeout=WITHIN)
    await later.focus()
    for number in range(1, 6):
        await later.press("Enter")
        here = floor.locator(".six-weeks button").nth(number)
        await expect(here).to_have_attribute("aria-pressed", "true")
        await expect(floor.locator("article.shift")).to_have_count(21, timeout=WITHIN)
        said = floor.locator(".told")
        await expect(said).to_contain_text(((await here.inner_text()).capitalize()) + ":")
        await expect(later).to_be_focused()


async def test_on_a_phone_days_stand_below_each_other_and_a_day_is_one_tap_away(
    browsers: Browsers, sixty: Platform
) -> None:
    floor = await next_week(browsers, sixty, POCKET)
    assert not await floor.evaluate(WIDE)
    boxes = await floor.locator("section.day").evaluate_all(BOXES)
    assert len({(x, width) for x, _, width, _ in boxes}) == 1
    assert [y for _, y, *_ in boxes] == sorted(y for _, y, *_ in boxes)
    await expect(floor.locator(".people-to-drag")).to_be_hidden()
    days = floor.get_by_role("navigation", name="Naar een dag").get_by_role("button")
    await expect(days).to_have_count(7)
    await days.nth(4).click()
    heading = floor.locator("section.day").nth(4).get_by_role("heading", level=3)
    await expect(heading).to_be_focused()
    await expect(heading).to_be_in_viewport()
    await expect(days.nth(0)).to_be_in_viewport()  # the link to another day scrolls along
    shift = shift_of(floor, 4, 1)
    await shift.get_by_role("button", name="verplaats of haal eraf").first.click()
    await expect(shift.get_by_role("button", name="Verplaats", exact=True)).to_be_disabled()
    assert not await floor.evaluate(WIDE)
    await floor.evaluate("scrollTo(0, 0)")  # further down the links to days cover what scrolls below them
    await shot(floor, "rota-sixty-phone")


async def test_by_keyboard_somebody_is_moved_comes_to_another_shift_as_well_and_is_taken_off(
    browsers: Browsers, sixty: Platform
) -> None:
    floor = await next_week(browsers, sixty)
    said = floor.locator(".told[role=status]")
    shift, other, third = (shift_of(floor, 2, 0), shift_of(floor, 5, 2), shift_of(floor, 6, 2))
    coming = shift.locator("li.planned")
    name = (await coming.first.locator("span").first.inner_text()).strip()
    after = (await shift.locator("li.planned").nth(1).locator("span").first.inner_text()).strip()
    assert name not in [*await aliases(other), *await aliases(third)]

    async def opens(card: Locator, who: str) -> Locator:
        await card.get_by_role("button", name=f"{who}: verplaats of haal eraf").press("Enter")
        choice = card.locator(".opened select")
        await expect(choice).to_be_focused()
        await expect(choice).to_have_value("")
        return choice

    async def chooses(choice: Locator, onto: Locator) -> None:
        await choice.select_option(value=await onto.get_attribute("data-shift"))

    choice = await opens(shift, name)
    await choice.press("Escape")
    await expect(shift.get_by_role("button", name=f"{name}: verplaats")).to_be_focused()
    choice = await opens(shift, name)
    await chooses(choice, other)
    await shift.get_by_role("button", name="Zet ook daar").press("Enter")
    await expect(said).to_contain_text(f"{name} staat op zaterdag", timeout=WITHIN)
    await expect(shift.get_by_role("button", name=f"{name}: verplaats")).to_be_focused()
    assert name in await aliases(other)
    assert name in await aliases(shift)
    choice = await opens(shift, name)
    await chooses(choice, third)
    await shift.get_by_role("button", name="Verplaats", exact=True).press("Enter")
    await expect(said).to_contain_text(f"{name} is verplaatst van woensdag", timeout=WITHIN)
    assert name not in await aliases(shift)
    assert name in await aliases(third)
    focused = floor.locator(":focus")
    await expect(focused).to_have_attribute("data-place", re.compile("."))
    assert await focused.evaluate("(it) => it.closest('article').dataset.shift") == await shift.get_attribute(
        "data-shift"
    )
    await shift.get_by_role("button", name=f"{after}: verplaats").press("Delete")
    await expect(said).to_contain_text(f"{after} is af van woensdag", timeout=WITHIN)
    assert after not in await aliases(shift)
    await expect(focused).to_have_attribute("data-place", re.compile("."))


async def test_while_somebody_is_dragged_the_shifts_that_take_them_are_marked(
    browsers: Browsers, sixty: Platform
) -> None:
    floor = await next_week(browsers, sixty)
    await floor.locator(".six-weeks button").nth(2).click()
    await expect(floor.locator(".six-weeks button").nth(2)).to_have_attribute("aria-pressed", "true")
    # The page does not scroll while a button is held.
    await floor.set_viewport_size({"width": 1280, "height": 2400})
    # The page does not jump.
    await expect(floor.get_by_text("We weten nog te weinig")).to_be_visible(timeout=WITHIN)
    shift, other = shift_of(floor, 0, 0), shift_of(floor, 0, 1)
    await expect(shift).to_be_visible(timeout=WITHIN)
    row = shift.locator("li.planned").first
    name = (await row.locator("span").first.inner_text()).strip()
    assert name not in await aliases(other)
    cards = floor.locator("article.shift")
    has = [name in await aliases(cards.nth(number)) for number in range(21)]
    await expect(floor.locator("[data-lands]")).to_have_count(0)
    await row.locator("span").first.hover()
    await floor.mouse.down()
    await other.hover()
    await other.hover()  # the first move only starts the drag
    await expect(floor.locator("article[data-lands]")).to_have_count(21)
    lands = await cards.evaluate_all("(all) => all.map((card) => card.dataset.lands)")
    assert lands == ["no" if there else "yes" for there in has]
    await expect(other).to_have_attribute("data-over", "")
    await floor.mouse.up()
    await expect(floor.locator(".told")).to_contain_text(f"{name} is verplaatst", timeout=WITHIN)
    await expect(floor.locator("[data-lands], [data-over]")).to_have_count(0)
    assert name in await aliases(other)
    assert name not in await aliases(shift)
    chip = floor.locator(".people-to-drag .chip", has_text=name).first
    await chip.drag_to(other)  # they are on it already, so nothing is asked
    await expect(floor.locator(".told")).to_contain_text(f"{name} is verplaatst")
    await expect(floor.get_by_role("alert").locator(".banner")).to_have_count(0)


@pytest.mark.parametrize("width", [DESK, POCKET], ids=["desk", "phone"])
async def test_a_week_of_sixty_is_printed_on_one_sheet(
    browsers: Browsers, sixty: Platform, width: dict[str, int]
) -> None:
    """A page of a PDF is an object of the type Page, and Chromium writes each of them uncompressed."""
    floor = await next_week(browsers, sixty, width)
    sheets = await floor.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    ((across, down),) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheets)
    assert (round(float(across)), round(float(down))) == (842, 595), "A4, lying down"
    await floor.emulate_media(media="print")
    for gone in ("header", ".tabs", ".actions", ".people-to-drag", ".add-shift", ".advice", ".more"):
        await expect(floor.locator(gone).first).to_be_hidden()
    await expect(floor.locator("article.shift li").last).to_be_visible()
    await expect(floor.locator(".which-week")).to_be_visible()
    if PICTURES:
        await picture(floor, Path(PICTURES) / f"rota-printed-{width['width']}.png")
    await floor.emulate_media(media="screen")
