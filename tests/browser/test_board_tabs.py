"""Floor changes the opening hours, sees the result for four weeks, and reads a quarter's figures."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import PHONE, WITHIN, Browsers, in_both_themes, picture
from tests.support.platform import Platform

PICTURES = os.environ.get("HELPLINE_PICTURES")

# Makes callers of the last quarter that is over, most of them in the evening, and the answers of the forms.
COUNT_A_QUARTER = """
from datetime import timedelta
from django.utils import timezone
from chat.figures import counters
today = timezone.localtime().replace(day=1, hour=12, minute=0)
while today.month % 3 != 1: today = (today - timedelta(days=1)).replace(day=1)
for day in range(1, 60):
    for hour in (14, 18, 19, 20):
        at = (today - timedelta(days=day)).replace(hour=hour)
        counters.count_all({("answered", ""): hour - 12, ("waited_minutes", "0"): hour - 12,
            ("wrapup_subject", "peers"): hour - 13, ("wrapup_detail", "sextortion"): 2}, "helpwanted", now=at)
at = today - timedelta(days=80)
counters.count_all({("answered", ""): 40, ("waited_minutes", "7"): 40}, "helpwanted", now=at)
"""


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if PICTURES:
        await picture(page, Path(PICTURES) / f"board-{name}.png")


async def set_monday(page: Page, opens: str, closes: str) -> None:
    await page.get_by_label("maandag, tijd 1: open vanaf").fill(opens)
    await page.get_by_label("maandag, tijd 1: open tot").fill(closes)
    await page.get_by_label("maandag, tijd 1: open tot").press("Tab")


async def test_hours_are_mended_tried_kept_and_still_there(browsers: Browsers, laptop: Platform) -> None:
    floor = await floor_opens(browsers, laptop, "#uren")
    save = floor.get_by_role("button", name="Bewaar deze uren")
    await expect(floor.get_by_text("Zo staat het nu.")).to_be_visible(timeout=WITHIN)
    await set_monday(floor, "22", "2:00")
    await expect(floor.get_by_text("De nacht loopt door tot in de tijd")).to_be_visible()
    await expect(save).to_be_disabled()
    await looks_right(floor)
    await set_monday(floor, "9.30", "17:00")
    await floor.get_by_role("button", name="+ tijd: zondag").press("Enter")
    await floor.get_by_role("button", name="Haal tijd 2 van zondag weg").press("Enter")
    await expect(floor.get_by_label("zondag, tijd 1: open vanaf")).to_be_focused()
    await floor.get_by_label("Alle officiële feestdagen").select_option("shut")
    await expect(floor.locator(".cell.changed", has_text="09:30").first).to_be_visible(timeout=WITHIN)
    await expect(floor.get_by_text("Het geldt pas als je bewaart")).to_be_visible()
    await shot(floor, "hours")
    await save.click()
    await expect(floor.get_by_text("Bewaard. Zo staat het nu.")).to_be_visible(timeout=WITHIN)
    await floor.get_by_label("Als iemand zoveel minuten wacht").fill("20")
    await floor.get_by_role("button", name="Bewaar de waarschuwing").click()
    await expect(floor.get_by_text("Bewaard.", exact=True)).to_be_visible(timeout=WITHIN)
    await floor.reload()
    await expect(floor.get_by_label("maandag, tijd 1: open vanaf")).to_have_value("09:30", timeout=WITHIN)
    await expect(floor.get_by_label("Alle officiële feestdagen")).to_have_value("shut")
    await expect(floor.get_by_label("Als iemand zoveel minuten wacht")).to_have_value("20", timeout=WITHIN)


SECOND_LINE = """
from chat.models import Work
from counsellors.models import Person
floor = Person.objects.get(role_rows__name="supervisor", work__line="helpwanted")
Work.objects.{}(person=floor, line_id="stopitnow"){}
"""
# Puts the focus on the button of a device that waits, and lets a device come that is listed before it.
# Returns whose button has the focus then.
NEWER_DEVICE = """async () => {
  const view = document.querySelector("hl-people-news");
  const row = (id) => ({ id, alias: id, label: "Firefox", words: "one two", key: id, state: "pending" });
  const show = async (...ids) => {
    view.station.news.waiting = ids.map(row);
    view.requestUpdate();
    await view.updateComplete;
  };
  await show("carla");
  view.querySelector("[data-device] button").focus();
  await show("anna", "carla");
  return document.activeElement.closest("[data-device]").dataset.device;
}"""


async def test_what_is_typed_for_one_line_does_not_stand_there_for_the_next(
    browsers: Browsers, laptop: Platform
) -> None:
    given = laptop.manage("shell", "-c", SECOND_LINE.format("create", ""))
    assert given.returncode == 0, given.stderr
    floor = await floor_opens(browsers, laptop, "#nalezen")
    hours = (
        floor.get_by_label("uren", exact=False).locator("visible=true").and_(floor.locator("[name=hours]"))
    )
    await floor.get_by_role("button", name="Helpwanted").click()
    await expect(hours).to_have_value("24", timeout=WITHIN)
    await hours.fill("1")
    await expect(floor.get_by_text("dit geldt ook voor gesprekken van Helpwanted")).to_be_visible()
    await looks_right(floor)
    await floor.get_by_role("button", name="Stop it Now").click()
    await expect(hours).to_have_value("24")
    await expect(floor.get_by_text("dit geldt ook voor gesprekken van")).to_have_count(0)
    for tab, field in (
        ("#zorg", "hl-care input[type=number]"),
        ("#woorden", "hl-own-codes input"),
    ):
        await floor.evaluate("(tab) => { location.hash = tab; }", tab)
        own = floor.locator(field).locator("visible=true").first
        for name in ("Stop it Now", "Helpwanted"):
            await floor.get_by_role("button", name=name, exact=True).click()
            await floor.get_by_role("button", name=name, exact=True, pressed=True).wait_for()
            await expect(own).to_have_value("", timeout=WITHIN)
        await own.fill("8")
        await looks_right(floor)
        await floor.get_by_role("button", name="Stop it Now").click()
        await floor.get_by_role("button", name="Stop it Now", pressed=True).wait_for()
        await expect(own).to_have_value("")
    taken = laptop.manage("shell", "-c", SECOND_LINE.format("filter", ".delete()"))
    assert taken.returncode == 0, taken.stderr


async def test_a_button_stays_that_of_its_device_when_another_one_comes_first(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop, "#mensen")
    await floor.locator("hl-people-news").wait_for(state="attached")
    assert await floor.evaluate(NEWER_DEVICE) == "carla"


async def test_figures_are_tables_with_pictures_and_files(browsers: Browsers, laptop: Platform) -> None:
    floor = await floor_opens(browsers, laptop, "#cijfers")
    await expect(floor.get_by_text("Er zijn nog geen cijfers.")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    counted = laptop.manage("shell", "-c", COUNT_A_QUARTER)
    assert counted.returncode == 0, counted.stderr
    await floor.reload()
    waits = floor.get_by_role("table", name="Hoe lang mensen wachtten")
    await expect(waits.get_by_role("row", name="minder dan 1 minuut")).to_be_visible(timeout=WITHIN)
    await looks_right(floor)
    newest = await floor.locator("#period optgroup").last.locator("option").first.get_attribute("value")
    await floor.get_by_label("Periode").select_option(newest)
    subjects = floor.get_by_role("table", name="Onderwerp")
    await expect(subjects.get_by_role("row", name="vrienden en relaties")).to_be_visible(timeout=WITHIN)
    await expect(subjects.get_by_text("niet getoond").first).to_be_visible()
    await expect(floor.get_by_text("Minder dan 5 wordt niet getoond")).to_be_visible()
    await shot(floor, "figures")
    async with floor.expect_download() as sheet:
        await floor.get_by_role("link", name="Download als CSV").click()
    assert (await sheet.value).suggested_filename.startswith("helpwanted-")
    heat = floor.get_by_role("table", name="Wanneer mensen geholpen werden")
    await expect(heat.locator(".shade-5").first).to_be_visible(timeout=WITHIN)
    await shot(floor, "heat")
    await floor.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await expect(heat).to_be_visible()
    wide = await floor.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide


async def test_a_supervisor_whom_nobody_checks_is_asked_to_call_a_new_number_first(
    browsers: Browsers, laptop: Platform
) -> None:
    floor = await floor_opens(browsers, laptop, "#doorverwijzing")
    await floor.get_by_role("button", name="Centrum Seksueel Geweld").click()
    await floor.get_by_label("Telefoonnummer").fill("0800-018")
    save = floor.get_by_role("button", name="Bewaar deze dienst")
    await save.click()
    await expect(floor.get_by_text("Bel het nieuwe nummer eerst zelf")).to_be_visible()
    await in_both_themes(floor, "uncalled")
    await looks_right(floor)
    await floor.get_by_label("Ik heb 0800-018 gebeld").check()
    await expect(floor.get_by_text("Bel het nieuwe nummer eerst zelf")).to_be_hidden()
    await floor.locator("form.service").get_by_role("button", name="Maak ongedaan").click()
