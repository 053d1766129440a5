"""A service without a desk is invited in three browsers: its link comes by mail, its PIN by telephone."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    carla_says,
    carla_signs_in,
    carla_takes,
    in_both_themes,
)
from tests.support.mail import Inbox, token_of
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
SERVICE = "Veilig Thuis"
BRIEF, AFTER = "Anna is thuis niet veilig", "nu alleen met Veilig Thuis"
A_REVIEW_KEY = """
from tests.support.domain.cast import a_point
from chat.models import Line
from counsellors.certificates import demo_signer
from counsellors.models import Person
from helpline.lib import clock
key = a_point()
Line.objects.filter(pk="helpwanted").update(review_key=key)
demo_signer.certify_key(Person.objects.first(), "review", "helpwanted", key, now=clock.now())
"""


async def carla_opens(carla: Page, service: str, size: dict[str, int] = DESK) -> None:
    """Opens a service in the panel for handing over."""
    if size is DESK:
        await carla.locator("main button.invite").click()
    else:
        await carla.locator("main [data-about]").click()
        await carla.locator("hl-right [data-panel=invite]").first.click()
    await carla.locator("hl-right [data-how=handoff]").click()
    await carla.get_by_role("button", name=service).first.click()


async def mistypes_the_pin(vera: Page, carla: Page, pin: str) -> None:
    """Types another PIN. The guest and the counsellor are both told."""
    await vera.get_by_label("PIN").fill("000000" if pin != "000 000" else "000001")
    await vera.get_by_role("button", name="Kom erbij").click()
    await expect(vera.locator("#pin-problem")).to_contain_text("Kijk de PIN na", timeout=WITHIN)
    await expect(carla.locator(".read-out .wrong")).to_contain_text("verkeerde PIN", timeout=WITHIN)
    for page, name in ((vera, "guest-wrong-pin"), (carla, "counsellor-wrong-pin")):
        await in_both_themes(page, name)
        await looks_right(page)


@pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk", marks=pytest.mark.short)]
)
async def test_a_counsellor_reads_out_the_pin_and_never_sees_the_link(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    assert laptop.manage("shell", "-v", "0", "-c", A_REVIEW_KEY).returncode == 0
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "mag ik iets vragen")
    who = laptop.people("counsellor", line="helpwanted")[size is DESK]
    carla = await carla_signs_in(browsers, laptop, who, size)
    await carla_takes(carla, "mag ik iets vragen")
    inbox = Inbox(laptop)
    await carla_opens(carla, SERVICE, size)
    await looks_right(carla)
    await carla.get_by_label(f"Samenvatting voor {SERVICE}").fill(BRIEF)
    await carla.get_by_role("button", name="Vraag het de hulpvrager").click()

    card = anna.locator(".card", has_text=f"Mag {SERVICE} erbij komen?")
    await expect(card).to_contain_text("Niemand kan nagaan wie dat precies is", timeout=WITHIN)
    await expect(card).to_contain_text("kan het gesprek later nalezen")
    await looks_right(anna)
    await card.get_by_role("button", name="Ja").click()
    link = await inbox.link()
    await expect(carla.locator(".contact")).to_have_text("De link is verstuurd.", timeout=WITHIN)
    pin = await carla.locator(".pin").inner_text()
    await expect(carla.locator(".strip .number a")).to_have_attribute("href", "tel:08002000")
    assert token_of(link) not in await carla.content()
    await looks_right(carla)

    vera = await browsers.window(laptop, size)
    await vera.goto(link)
    await expect(vera.get_by_label("PIN")).to_be_visible()
    assert await vera.locator(".banner").count() == 0, "nobody waits for a connection yet"
    await vera.reload()
    await mistypes_the_pin(vera, carla, pin)
    await vera.get_by_label("PIN").fill(pin)
    await looks_right(vera)
    await vera.get_by_role("button", name="Kom erbij").click()
    await expect(anna.locator(".company")).to_contain_text(f"{SERVICE} (via een link)", timeout=WITHIN)
    await expect(vera.get_by_text(BRIEF).first).to_be_visible(timeout=WITHIN)
    await carla_says(carla, "Hier is Veilig Thuis")
    await expect(carla.locator(".here")).to_contain_text("gast via een link")
    for page in (anna, carla, vera):
        await looks_right(page)
    await carla.get_by_role("button", name="Overdragen en weggaan").click()
    await expect(anna.locator(".company")).not_to_contain_text("hulpverlener", timeout=WITHIN)
    await anna_says(anna, AFTER)
    await expect(vera.get_by_text(AFTER)).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_text("Een teamleider kan vanaf nu niet meer nalezen")).to_be_hidden()
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()


async def test_a_service_that_nobody_can_ask_is_shown_as_one_to_refer_to(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "hallo")
    carla = await carla_signs_in(browsers, laptop, laptop.people("counsellor", line="helpwanted")[2])
    await carla_takes(carla, "hallo")
    await carla_opens(carla, "Politie")
    row = carla.locator(".services li", has_text="Politie")
    await expect(row).to_contain_text("alleen verwijzen")
    await expect(row).to_contain_text("er is geen balie, en geen adres waar een link heen kan")
    await expect(row.locator("textarea")).to_have_count(0)
    await looks_right(carla)
    await row.get_by_role("button", name="Geef de gegevens").click()
    await expect(anna.locator(".told")).to_be_visible(timeout=WITHIN)
    await looks_right(anna)
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
