"""On a line under pressure a person gets in by work that they hardly notice, or reads where else to go."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import altcha
import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    in_both_themes,
)
from tests.support.cast import caller
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(240)
SIGNED = "a secret of a test"
PLACES = 10
SMALL = {"width": 390, "height": 844}
SAID = "ik durf het bijna niet te zeggen"


def challenge(*, cost: int = 500, counter: int = 40) -> dict[str, Any]:
    made = altcha.create_challenge(
        "PBKDF2/SHA-256", cost, counter=counter, hmac_secret=SIGNED, data={"line": "helpwanted"}
    )
    return made.to_dict()


@pytest.fixture(scope="module")
def takes_letters() -> Iterator[Platform]:
    with Platform(DEMO_LETTERS="1") as running:
        yield running


class Door:
    """Answers a page's first `start` frames as a busy line would; after that the platform answers."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.starts: list[dict[str, Any]] = []
        self.closed = 0

    async def connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(message: str | bytes) -> None:
            frame = json.loads(message)
            if frame["type"] != "start":
                server.send(message)
                return
            self.starts.append(frame)
            if self.answers:
                refused = {"type": "error", "ref": frame["ref"], "detail": "", **self.answers.pop(0)}
                socket.send(json.dumps(refused))
            else:
                server.send(json.dumps({key: value for key, value in frame.items() if key != "work"}))

        def gone(_code: int | None, _reason: str | None) -> None:
            self.closed += 1

        socket.on_message(to_server)
        socket.on_close(gone)


def asks(**how: int) -> dict[str, Any]:
    return {"code": "work", "challenge": json.dumps(challenge(**how))}


def full(again: int) -> dict[str, Any]:
    return {"code": "line_full", "again": again}


async def anna_begins(
    browsers: Browsers,
    platform: Platform,
    door: Door,
    path: str = "/nl/praat/",
    size: dict[str, int] = PHONE,
) -> Page:
    anna = await browsers.window(platform, size)
    await anna.route_web_socket("**/ws/caller/", door.connect)
    await anna.goto(platform.url + path)
    await anna.locator(".begin button").click()
    return anna


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_person_gets_in_through_work_and_what_was_written_meanwhile_is_sent(
    browsers: Browsers, laptop: Platform, size: dict[str, int]
) -> None:
    door = Door(asks(cost=200_000, counter=100), asks(counter=7))
    anna = await anna_begins(browsers, laptop, door, size=size)
    await expect(anna.get_by_text("Even geduld, je wordt aangemeld")).to_be_visible(timeout=WITHIN)
    await expect(anna.locator("#numbers")).to_be_visible()
    await anna.locator("#text").fill(SAID)
    await anna.get_by_role("button", name="Stuur").click()
    assert door.closed == 1, "the line is not held while the browser works"
    await looks_right(anna)
    await in_both_themes(anna, "busy-earning")
    await expect(anna.locator(".bubble.own .tick")).to_be_visible(timeout=4 * WITHIN)
    assert [bool(start.get("work")) for start in door.starts] == [False, True, True]
    assert altcha.verify_solution(door.starts[1]["work"], SIGNED).verified
    assert anna.workers == []


async def test_who_leaves_in_a_hurry_leaves_no_worker_and_no_place_behind(
    browsers: Browsers, laptop: Platform
) -> None:
    door = Door(asks(cost=200_000, counter=100_000))
    anna = await anna_begins(browsers, laptop, door)
    await expect(anna.get_by_text("Even geduld, je wordt aangemeld")).to_be_visible(timeout=WITHIN)
    while not anna.workers:
        await anna.wait_for_timeout(50)
    await looks_right(anna)
    worker = anna.workers[0]
    left: list[str] = []
    worker.on("close", lambda _worker: left.append("worker"))
    await anna.route("https://**", lambda route: route.abort())
    for _ in range(3):
        await anna.keyboard.press("Shift")
    await anna.wait_for_timeout(500)
    assert left == ["worker"]
    await anna.goto(f"{laptop.url}/healthz")
    assert await anna.evaluate("sessionStorage.length + localStorage.length") == 0
    assert len(door.starts) == 1
    browsers.complaints.clear()  # the neutral site does not exist in tests


@pytest.mark.parametrize("goes_on", ["letter", "chat"])
async def test_what_was_typed_while_the_line_closed_is_in_the_letter_or_in_the_next_chat(
    browsers: Browsers, takes_letters: Platform, goes_on: str
) -> None:
    door = Door(asks(cost=200_000, counter=100), {"code": "line_closed", "opens": None})
    anna = await anna_begins(browsers, takes_letters, door)
    await anna.locator("#text").fill(SAID)
    await anna.get_by_role("button", name="Stuur").click()
    await anna.locator("#text").fill("en nu?")
    await expect(anna.get_by_text("Wat je schreef, blijft op deze pagina staan.")).to_be_visible(
        timeout=4 * WITHIN
    )
    await looks_right(anna)
    await in_both_themes(anna, "closed-while-earning")
    both = f"{SAID}\n\nen nu?"
    if goes_on == "letter":
        await anna.get_by_role("button", name="Schrijf een brief").click()
        await expect(anna.get_by_label("Je brief")).to_have_value(f"{both}\n\n")
        return
    await anna.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await anna.get_by_role("button", name="Naar de chat").click()
    await anna.locator(".begin button").click()
    await expect(anna.locator("#text")).to_have_value(both, timeout=WITHIN)


async def test_a_letter_from_a_full_line_begins_with_what_was_said_and_how_urgent_it_is(
    browsers: Browsers, takes_letters: Platform
) -> None:
    door = Door(asks(cost=200_000, counter=100), full(600))
    anna = await browsers.window(takes_letters, PHONE)
    await anna.route_web_socket("**/ws/caller/", door.connect)
    await anna.goto(f"{takes_letters.url}/nl/praat/")
    await anna.get_by_label("Het is nu dringend").check()
    await anna.locator(".begin button").click()
    await anna.locator("#text").fill(SAID)
    await anna.get_by_role("button", name="Stuur").click()
    await anna.get_by_role("button", name="Schrijf een brief").click(timeout=4 * WITHIN)
    await expect(anna.get_by_label("Je brief")).to_have_value(f"{SAID}\n\n")
    await expect(anna.get_by_label("Het is nu dringend")).to_be_checked()


async def test_what_was_written_for_a_full_line_is_still_there_after_a_look_at_the_page_for_a_code(
    browsers: Browsers, laptop: Platform
) -> None:
    door = Door(asks(cost=200_000, counter=100), full(600))
    anna = await anna_begins(browsers, laptop, door)
    await anna.locator("#text").fill(SAID)
    await anna.get_by_role("button", name="Stuur").click()
    await expect(anna.get_by_role("heading", name="Het is nu heel druk")).to_be_visible(timeout=4 * WITHIN)
    await anna.get_by_role("button", name="Ik heb een code").click()
    await anna.get_by_role("button", name="Niet nu").click()
    await anna.locator(".begin button").click()
    await expect(anna.locator("#text")).to_have_value(SAID, timeout=WITHIN)


async def test_who_thinks_better_of_it_while_the_browser_works_is_back_at_the_start(
    browsers: Browsers, laptop: Platform
) -> None:
    door = Door(asks(cost=200_000, counter=100_000))
    anna = await anna_begins(browsers, laptop, door)
    await expect(anna.get_by_text("Even geduld, je wordt aangemeld")).to_be_visible(timeout=WITHIN)
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(anna.get_by_role("button", name="Begin het gesprek")).to_be_visible(timeout=WITHIN)
    await anna.wait_for_timeout(500)
    assert anna.workers == []
    assert len(door.starts) == 1


@pytest.mark.parametrize(("path", "size"), [("/nl/praat/", PHONE), ("/en/gesprek/", DESK)])
async def test_a_full_line_names_the_numbers_and_a_time_and_lets_the_person_try_again(
    browsers: Browsers, laptop: Platform, path: str, size: dict[str, int]
) -> None:
    door = Door(full(90), full(2))
    anna = await anna_begins(browsers, laptop, door, path, size)
    dutch = path.startswith("/nl")
    title = anna.get_by_role("heading", name="Het is nu heel druk" if dutch else "It is very busy now")
    await expect(title).to_be_focused(timeout=WITHIN)
    await expect(anna.locator(".help")).to_be_visible()
    when = anna.locator("main").get_by_role("status").first
    await expect(when).to_contain_text("Probeer het om" if dutch else "Please try again at")
    for offered in (".help .chat", "#now li", "#guide a", "main > button.quiet"):
        await expect(anna.locator(offered).first).to_be_visible()
    await looks_right(anna)
    await in_both_themes(anna, f"busy-full{path.replace('/', '-')}")
    again = anna.get_by_role("button", name="Probeer het nu" if dutch else "Try now")
    await again.click()
    await expect(when).to_contain_text("Je kunt het nu" if dutch else "You can try again now", timeout=WITHIN)
    assert len(door.starts) == 2, "nothing tries by itself"
    await looks_right(anna)
    await again.click()
    await expect(anna.locator(".card.waiting")).to_be_visible(timeout=WITHIN)


async def test_where_the_work_cannot_be_done_the_numbers_stand_there(
    browsers: Browsers, laptop: Platform
) -> None:
    door = Door(asks())
    anna = await browsers.window(laptop, PHONE)
    await anna.add_init_script("delete globalThis.Worker")
    await anna.route_web_socket("**/ws/caller/", door.connect)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await anna.locator(".begin button").click()
    await expect(anna.get_by_role("heading", name="Het is nu heel druk")).to_be_focused(timeout=WITHIN)
    await expect(anna.locator(".help")).to_be_visible()
    await looks_right(anna)
    await in_both_themes(anna, "busy-failed")


@pytest.fixture(scope="module")
def pressed() -> Iterator[Platform]:
    """Makes ten places, of which the last two have to be earned."""
    with Platform(QUEUE_MAX=PLACES, PRESSURE_LEAST=2, WORK_SCALE=0.2) as running:
        yield running


async def test_on_a_line_that_fills_up_a_phone_works_its_way_in_the_next_is_told_and_the_board_shows_it(
    browsers: Browsers, pressed: Platform
) -> None:
    waiting = [await caller(pressed, name=f"caller {number}") for number in range(PLACES - 2)]
    for number, client in enumerate(waiting):
        await client.start(urgency=2 if number == 0 else 0)
    await asyncio.sleep(1.1)  # the signs of a line are read once a second

    anna = await anna_opens(browsers, pressed, SMALL)
    await anna_says(anna, SAID)
    await expect(anna.locator(".card.waiting")).to_be_visible()
    floor = await floor_opens(browsers, pressed)
    pressure = floor.locator("section.line [data-figure=pressure]").first
    await expect(pressure).to_contain_text("De browser moet rekenen voor een plek", timeout=WITHIN)
    await expect(pressure).to_contain_text("1 keer rekenwerk gevraagd, 1 daarmee binnengekomen")
    await expect(floor.get_by_text("zo veel mensen tegelijk dat een plek nu rekenwerk kost")).to_be_visible()
    await looks_right(floor)
    await in_both_themes(floor, "busy-board")

    bilal = await anna_opens(browsers, pressed, SMALL)
    await anna_says(bilal, SAID)
    await asyncio.sleep(1.1)
    turned_away = await browsers.window(pressed, SMALL)
    await turned_away.goto(f"{pressed.url}/nl/praat/")
    await turned_away.locator(".begin button").click()
    await expect(turned_away.get_by_role("heading", name="Het is nu heel druk")).to_be_focused(timeout=WITHIN)
    await expect(turned_away.locator("main").get_by_role("status").first).to_contain_text("Probeer het om")
    await expect(turned_away.locator(".help")).to_be_visible()
    await looks_right(turned_away)
    await in_both_themes(turned_away, "busy-turned-away")
    await expect(pressure).to_contain_text("Wie nu komt, ziet telefoonnummers", timeout=WITHIN)
    await expect(pressure).to_contain_text("1 geweigerd omdat het vol was")
    await looks_right(floor)
    await in_both_themes(floor, "busy-board-full")
    await waiting[0].disconnect()
    await expect(floor.get_by_text("1 even weg, waarvan 1 acuut").first).to_be_visible(timeout=WITHIN)
    await expect(pressure).to_contain_text("bijna vol")
