"""After the conversation Carla's form survives a reload, a break is proposed, and Floor was let in."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_reads,
    carla_says,
    carla_signs_in,
    carla_takes,
    comes_in,
    picture,
)
from tests.support.platform import Platform

PICTURES = os.environ.get("HELPLINE_PICTURES")
SAID = "Hij dreigt alles door te sturen"
ALIAS = "Supervisor 1"
COUNTED = """
from chat.figures import batches
from chat.models import Figure, WaitingAnswer
for row in Figure.objects.filter(name="by_hand", value__gt=0):
    print(row.name, row.key, row.value)
told = [batches.opened(row) for row in WaitingAnswer.objects.all()]
print(*[answer.key for answer in told if answer.name == "wrapup_asks"])
"""


async def floor_opens_the_console(browsers: Browsers, platform: Platform) -> Page:
    page = await browsers.window(platform, DESK)
    await comes_in(page, platform, platform.people("supervisor", line="helpwanted")[0])
    await expect(page.get_by_role("button", name="Sluit", exact=True)).to_be_enabled(timeout=WITHIN)
    await page.goto(f"{platform.url}/console/")  # with the key that the board has just made
    await expect(page.get_by_text("Vraagt een collega je erbij")).to_be_visible(timeout=WITHIN)
    return page


async def floor_is_let_in(carla: Page, floor: Page, anna: Page) -> None:
    """Lets Floor in as with every consult: the caller sees who comes, and the caller's browser lets them
    in."""
    ask = carla.get_by_role("button", name=f"Vraag {ALIAS}")
    await ask.wait_for()
    await looks_right(carla)
    await ask.click()
    await floor.get_by_role("button", name="Ja", exact=False).first.click()
    await carla_reads(floor, SAID)
    await expect(anna.get_by_text(ALIAS).first).to_be_visible(timeout=WITHIN)


async def shot(page: Page, name: str) -> None:
    await looks_right(page)
    if PICTURES:
        await picture(page, Path(PICTURES) / f"wrapup-{name}.png")


async def test_a_heavy_conversation_is_wrapped_up_and_a_break_is_one_button_away(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, SAID)
    carla = await carla_signs_in(browsers, laptop)
    await carla_takes(carla, SAID)
    await carla_says(carla, "Wat naar. Je bent hier goed.")
    await carla.get_by_role("button", name="Hulp erbij").first.click()
    names = carla.locator(".colleagues bdi")
    await expect(names).not_to_have_count(0)
    before = await names.all_inner_texts()
    floor = await floor_opens_the_console(browsers, laptop)
    await expect(carla.locator(".colleagues .duty-there")).to_be_visible(timeout=WITHIN)
    await expect(names).to_have_text(before)  # no row moves below the pointer
    await expect(floor.get_by_role("link", name="Bord", exact=True)).to_be_visible()
    await expect(floor.get_by_role("button", name="Volgende")).to_be_hidden()
    await floor_is_let_in(carla, floor, anna)
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
    await carla.reload()
    await carla.get_by_role("button", name="Rond af").click()
    for chosen in ("sextortion", "12–15", "geholpen", "zwaar"):
        await carla.get_by_role("radio", name=chosen, exact=True).check()
    parent = carla.get_by_role("radio", name="ouder of verzorger", exact=True)
    await expect(parent).to_be_hidden()
    await carla.get_by_text("Meer vragen").click()
    await parent.check()
    await shot(carla, "1-form")
    await carla.get_by_role("button", name="Verstuur").click()
    await shot(carla, "2-care")
    await carla.reload()
    await expect(carla.locator(".care").get_by_role("link", name="088-0000112")).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("button", name="Neem pauze").click()
    await expect(carla.get_by_role("radio", name="Pauze")).to_be_checked(timeout=WITHIN)
    await carla.get_by_role("button", name="Klaar").click()
    await expect(carla.get_by_text("Nog geen gesprek")).to_be_visible(timeout=WITHIN)
    await floor.get_by_role("button", name="Rond af").click()
    await expect(floor.locator("[data-question]")).to_have_count(1)
    await floor.get_by_role("button", name="Sla over").click()
    await expect(floor.get_by_text("Nog geen gesprek")).to_be_visible(timeout=WITHIN)
    await expect(carla.get_by_text("Gesprekken vandaag: 1. Zwaar: 1.")).to_be_visible(timeout=WITHIN)
    await two_taps_count_a_telephone_call(carla)
    counted = laptop.manage("shell", "-v", "0", "-c", COUNTED)
    assert counted.stdout.split() == ["by_hand", "telephone", "1", "parent"], counted.stderr


async def two_taps_count_a_telephone_call(carla: Page) -> None:
    await carla.get_by_text("Telefoon of mail tellen").click()
    await shot(carla, "3-by-hand")
    telephone = carla.get_by_role("button", name="Telefoon", exact=True)
    counted = carla.get_by_role("status").get_by_text("Geteld: een keer telefoon.")
    await telephone.click()
    await expect(counted).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("button", name="Toch niet").click()
    await expect(counted).to_be_hidden(timeout=WITHIN)
    await telephone.click()
    await expect(counted).to_be_visible(timeout=WITHIN)
    await looks_right(carla)
