"""These screens are in no story: folded parts, forms of signing in, dialogs, panels, a narrow desk."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest
from playwright.async_api import Page, expect

from benchmarks.signin import next_code
from tests.browser.axe import looks_right
from tests.browser.board import figure
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_says,
    asks_to_stop,
    carla_signs_in,
    carla_takes,
    comes_in,
    in_both_themes,
    opens_menu,
)
from tests.support.cast import counsellors
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
NEW = {"username": "noor", "password": "een lange zin van noor", "alias": "Noor"}
NOOR = f"""
import json
from counsellors.models import Person, Role
person = Person.objects.create_user(**json.loads({json.dumps(NEW)!r}))
Role.objects.create(person=person, name="counsellor")
"""
LOW = "(one) => scrollBy(0, one.getBoundingClientRect().top + 0.4 * one.clientHeight - innerHeight + 72)"
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


async def unfolded(page: Page) -> None:
    await page.evaluate(UNFOLD)
    await looks_right(page)


@pytest.mark.parametrize(("line", "size"), [("praat", PHONE), ("gesprek", DESK)])
async def test_a_caller_unfolds_everything(
    browsers: Browsers, laptop: Platform, line: str, size: dict[str, int]
) -> None:
    anna = await browsers.window(laptop, size)
    await anna.goto(f"{laptop.url}/nl/")
    await looks_right(anna)
    await anna.goto(f"{laptop.url}/en/{line}/")
    await anna.locator(".begin button").wait_for()
    await looks_right(anna)
    await unfolded(anna)
    for field in await anna.locator(
        ".intake :is(summary, [value=me], [name=topic])"
    ).all():  # at the lower edge, half in sight
        await field.evaluate(LOW)
        await looks_right(anna)
    await anna.goto(f"{laptop.url}/nl/{line}/")
    begin = anna.get_by_role("button", name="Begin het gesprek")
    await begin.wait_for()
    await looks_right(anna)
    await unfolded(anna)
    await anna.locator(".intake input").last.focus()
    await looks_right(anna)
    await begin.click()
    await anna_says(anna, "ik durf het bijna niet te zeggen")
    await looks_right(anna)
    await opens_menu(anna)
    await looks_right(anna)
    for folded in await anna.locator(".menu summary >> visible=true").all():
        await folded.click()
        await looks_right(anna)
        await anna.locator(".menu [open] > summary").click()  # the only one in sight
    await asks_to_stop(anna)
    await looks_right(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(anna.locator(".card h2[tabindex]")).to_be_visible(timeout=WITHIN)
    await unfolded(anna)


@pytest.mark.short
async def test_somebody_new_signs_in_and_out(browsers: Browsers, laptop: Platform) -> None:
    made = laptop.manage("shell", "-v", "0", "-c", NOOR)
    assert made.returncode == 0, made.stderr
    page = await browsers.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/login/")
    for password in ("verkeerd", NEW["password"]):
        await page.locator("input[name=username]").fill(NEW["username"])
        await page.locator("input[name=password]").fill(password)
        await page.locator("form button[type=submit]").click()
        await page.wait_for_load_state()
        await looks_right(page)
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    await page.locator("input[name=code]").fill(await asyncio.to_thread(next_code, laptop.url, secret))
    await page.locator("form button[type=submit]").click()
    await expect(page.locator(".codes li").first).to_be_visible()
    await looks_right(page)
    await page.goto(f"{laptop.url}/logout/")
    await looks_right(page)


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_counsellor_opens_every_panel_and_dialog(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await anna.get_by_role("button", name="Begin het gesprek").click()
    await anna_says(anna, "hallo")
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[size is DESK], size)
    for dialog in ("help", "settings"):
        await carla.locator(f"[data-opens={dialog}]").click()
        await looks_right(carla)
        await carla.keyboard.press("Escape")
    await carla_takes(carla, "hallo")
    await looks_right(carla)
    await carla.locator("#draft").fill("/")
    await expect(carla.get_by_role("listbox")).to_be_visible()
    await looks_right(carla)
    await carla.locator("#draft").fill("")
    if size is PHONE:
        await carla.locator("main [data-about]").click()
    for panel in ("about", "notes", "invite"):
        await carla.locator(f"hl-right [data-panel={panel}]").first.click()
        await unfolded(carla)
    for how in ("consult", "transfer", "handoff"):
        await carla.locator(f"hl-right [data-how={how}]").click()
        await looks_right(carla)
    for service in ("Centrum Seksueel Geweld", "Kindertelefoon"):
        await carla.get_by_role("searchbox").fill(service)
        await carla.locator("hl-right .service").first.click()
        await expect(carla.locator(".about-service a[href^=tel]")).to_be_visible()
        await looks_right(carla)
        await in_both_themes(carla, f"service-{service[:5]}")
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()


async def test_a_guest_without_a_link_or_with_a_stale_one(browsers: Browsers, laptop: Platform) -> None:
    guest = await browsers.window(laptop, DESK)
    for end in ("", "#" + "A" * 43):
        await guest.goto("about:blank")
        await guest.goto(f"{laptop.url}/guest/{end}")
        await guest.locator("hl-guest main :is(form, [role=status])").first.wait_for()
        await looks_right(guest)


RENAME = "ALTER TABLE {} RENAME TO {}"


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_page_of_the_staff_that_cannot_be_made_says_so_and_goes_on_once_it_can(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    """A table is away, as if the database were."""
    floor = await browsers.window(laptop, size)
    await comes_in(floor, laptop, laptop.people("supervisor", line="helpwanted")[0])
    await figure(floor, "waiting").wait_for()  # once it is there, this browser has its key
    with closing(sqlite3.connect(laptop.var / "db.sqlite3", timeout=30)) as file:
        file.execute(RENAME.format("counsellors_session", "away"))
        try:
            await floor.goto(f"{laptop.url}/people/")
            await expect(floor.get_by_role("heading", name="Het lukt nu even niet")).to_be_visible()
            await looks_right(floor)
            await in_both_themes(floor, "failed")
        finally:
            file.execute(RENAME.format("away", "counsellors_session"))
    await floor.get_by_role("link", name="Probeer opnieuw").click()
    await expect(floor.get_by_role("heading", name="Mensen")).to_be_visible()
    await looks_right(floor)
