"""When Carla goes home, she is asked about open conversations at sign-out, off duty, and when the tab
closes."""

import re

from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.axe import looks_right
from tests.browser.people import DESK, PHONE, WITHIN, Browsers, carla_signs_in, in_both_themes
from tests.support.caller import CallerClient
from tests.support.cast import caller, counsellors, go_home
from tests.support.platform import Platform

LEFT = "Gesprekken die nog open zijn: 1"


async def sam(platform: Platform) -> CallerClient:
    one = await caller(platform)
    await one.start()
    return one


async def carla_talks(carla: Page, one: CallerClient) -> None:
    await carla.get_by_role("button", name="Volgende").click()
    await one.becomes(lambda: one.talk.epoch > 0, 15)
    await expect(carla.get_by_role("button", name="Afsluiten")).to_be_visible(timeout=WITHIN)


async def test_signing_out_with_an_open_conversation_asks_and_offers_to_close_or_hand_over(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    await carla.get_by_label("Gesprekken tegelijk").select_option("2")
    one = await sam(laptop)
    await carla_talks(carla, one)
    dialog = carla.get_by_role("dialog", name=LEFT)

    await carla.get_by_role("radio", name="acuut").click(force=True)
    await expect(carla.locator(".acute")).to_be_visible(timeout=WITHIN)
    await carla.get_by_role("button", name="Uitloggen").click()
    await expect(dialog).to_be_visible()
    await expect(dialog.locator("li")).to_contain_text("acuut")
    await expect(dialog).to_contain_text("gaat meteen vooraan in de rij")
    await expect(dialog).to_contain_text("Van Helpwanted is er nu niemand anders.")
    await expect(dialog.get_by_role("link", name="112", exact=True)).to_be_visible()
    await expect(dialog.get_by_role("link", name="088-0000112")).to_be_visible()
    await looks_right(carla)
    await in_both_themes(carla, "going-home")
    await dialog.get_by_role("button", name="Blijf hier").click()
    await expect(dialog).to_be_hidden()
    assert carla.url.endswith("/console/")
    await carla.get_by_role("radio", name="niet gemeld").click(force=True)
    asks = carla.locator(".doubting")
    await expect(asks).to_contain_text("Niet meer acuut?")
    await expect(carla.get_by_role("radio", name="acuut")).to_be_checked()
    await looks_right(carla)
    await in_both_themes(carla, "no-longer-acute")
    await asks.get_by_role("button", name="Niet meer acuut").click()
    await expect(carla.locator(".acute")).to_have_count(0, timeout=WITHIN)

    await carla.get_by_role("radio", name="Uit dienst").click(force=True)
    await expect(dialog).to_contain_text("zolang deze pagina open is")
    await dialog.get_by_role("button", name="Blijf hier").click()
    await expect(carla.get_by_role("radio", name="In dienst")).to_be_checked()

    await carla.get_by_role("button", name="Uitloggen").click()
    await dialog.get_by_role("button", name="Overdragen: A Anoniem").click()
    await expect(dialog).to_be_hidden()
    await expect(carla.get_by_role("button", name="Vraag Helpwanted")).to_be_visible(timeout=WITHIN)
    await looks_right(carla)

    await carla.get_by_role("button", name="Uitloggen").click()
    await dialog.get_by_role("button", name="Afsluiten: A Anoniem").click()
    done = carla.get_by_role("dialog", name="Gesprekken die nog open zijn: 0")
    await expect(done.get_by_text("Alles is afgesloten of overgedragen.")).to_be_visible(timeout=30_000)
    await looks_right(carla)
    await done.get_by_role("button", name="Log uit").click()
    await carla.wait_for_url("**/login/")
    await looks_right(carla)
    await go_home(laptop)


async def test_the_last_conversations_are_the_last_and_a_tab_that_closes_asks(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[1])
    await carla.get_by_label("Gesprekken tegelijk").select_option("2")
    asked: list[str] = []
    one = await sam(laptop)
    await carla_talks(carla, one)
    await sam(laptop)
    await expect(carla.get_by_role("button", name="Volgende")).to_be_enabled(timeout=WITHIN)
    await carla.get_by_label("Dit zijn mijn laatste gesprekken").check()
    await expect(carla.get_by_role("button", name="Volgende")).to_be_disabled()
    await expect(carla.locator("#next-why")).to_contain_text("laatste gesprekken")
    await looks_right(carla)
    await carla.keyboard.press("Alt+l")
    await expect(carla.get_by_role("button", name="Volgende")).to_be_enabled(timeout=WITHIN)
    await expect(carla.get_by_label("Gesprekken tegelijk")).to_have_value("2")

    async def stays(dialog) -> None:  # type: ignore[no-untyped-def]
        asked.append(dialog.type)
        await dialog.accept()

    carla.on("dialog", stays)
    await carla.reload()
    assert asked == ["beforeunload"]
    await expect(carla.locator(".conversations .row")).to_have_count(1, timeout=WITHIN)
    await looks_right(carla)
    await one.leave()
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible(timeout=WITHIN)
    await carla.reload()
    assert asked == ["beforeunload"], "nothing is open any more"
    await go_home(laptop)


async def test_the_console_is_an_app_that_keeps_nothing(browsers: Browsers, laptop: Platform) -> None:
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[2])
    scope = await carla.evaluate("navigator.serviceWorker.ready.then(({scope}) => new URL(scope).pathname)")
    assert scope == "/console/"
    await carla.reload()
    await expect(carla.get_by_role("radio", name="In dienst")).to_be_checked(timeout=WITHIN)
    await looks_right(carla)
    assert await carla.evaluate("caches.keys()") == []


KEPT = "sessionStorage.getItem('helpline-without-network')"
DRAFT_IS_KEPT = """new Promise((done) => {
  const isKept = () => Object.keys(sessionStorage).some((key) => key.startsWith("helpline-draft-"));
  const look = () => (isKept() ? done() : setTimeout(look, 50));
  look();
})"""


async def test_a_reload_without_a_network_says_what_happened_and_whom_to_call_and_ends_by_itself(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[2])
    await carla.get_by_label("Gesprekken tegelijk").select_option("2")
    one = await sam(laptop)
    await carla_talks(carla, one)
    await carla.locator("#draft").fill("Ik ben er zo weer")
    await carla.evaluate(DRAFT_IS_KEPT)
    await carla.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await looks_right(carla)

    await carla.context.set_offline(True)
    carla.on("dialog", lambda dialog: dialog.accept())
    await carla.reload()
    await expect(carla.get_by_role("heading", name="Geen verbinding")).to_be_visible()
    await expect(carla.locator("main")).to_contain_text("Die ziet dat je even weg bent.")
    await expect(carla.get_by_role("link", name="112", exact=True)).to_have_attribute("href", "tel:112")
    await expect(carla.locator("main")).to_contain_text("Supervisor van dienst:")
    await expect(carla.locator("main a").last).to_have_attribute("href", re.compile(r"^tel:\+?\d+$"))
    await looks_right(carla)
    await in_both_themes(carla, "without-network")
    await carla.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await in_both_themes(carla, "without-network")
    await carla.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})

    await carla.context.set_offline(False)
    await expect(carla.locator("#draft")).to_have_value("Ik ben er zo weer")
    await looks_right(carla)
    await one.leave()
    await expect(carla.get_by_role("button", name="Rond af")).to_be_visible()
    assert await carla.evaluate(KEPT) is not None
    await carla.get_by_role("button", name="Uitloggen").click()
    await expect(carla.get_by_role("heading", name="Inloggen")).to_be_visible()
    assert await carla.evaluate(KEPT) is None, "who signed out leaves no number in the tab"
    await looks_right(carla)
    await go_home(laptop)


async def test_until_the_queue_has_come_nobody_reads_that_nobody_waits(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop, counsellors(laptop, "helpwanted")[2])
    one = await sam(laptop)
    held = True

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda frame: None if held and '"prove"' in str(frame) else server.send(frame))
        server.on_message(socket.send)

    await carla.route_web_socket("**/ws/console/", between)
    await carla.reload()
    queue = carla.locator("hl-left .queues li")
    await expect(queue).to_contain_text("Wordt geladen")
    await expect(queue).not_to_contain_text("wachtend")
    await expect(carla.get_by_role("region", name="Mijn werk")).not_to_contain_text("Nog geen gesprek")
    await looks_right(carla)
    await in_both_themes(carla, "loading")
    await carla.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await in_both_themes(carla, "loading")
    await carla.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    held = False
    await carla.reload()
    await expect(queue).to_contain_text("1 wachtend")
    await expect(carla.get_by_role("region", name="Mijn werk")).to_contain_text("Nog geen gesprek")
    await looks_right(carla)
    await one.leave()
    await go_home(laptop)
