"""Each state of a caller's page on a small phone is complete, readable, read out, and usable by keyboard
alone. In each state axe runs in both themes, text is enlarged to 200 %, and the space at 400 % zoom is
checked. The languages take turns. The pictures are in HELPLINE_PICTURES. At the end a counsellor reads which
caller the server lost."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    DESK,
    PHONE,
    WITHIN,
    Browsers,
    comes_in,
    goes_on_duty,
    in_both_themes,
    makes_a_key,
    opens_menu,
)
from tests.browser.states import SMALL, STATES, State, Visit
from tests.browser.wholeness import TOO_WIDE
from tests.support.cast import caller, counsellors
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(180)
MOST_TABS = 80
TYPING = {"width": 360, "height": 420}  # with the on-screen keyboard of a small phone
ZOOMED = {"width": 320, "height": 256}
LETTERS = "document.documentElement.style.fontSize = '{}'"
# Returns where the focus is: its place in the page, its element, and whether a point of it is visible.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const here = one.closest('label') ?? one;
  const rect = here.getBoundingClientRect();
  const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) =>
    document.elementFromPoint(rect.left + x * rect.width, rect.top + y * rect.height)));
  return {
    place: [...document.querySelectorAll('*')].indexOf(one),
    says: `${one.tagName} ${one.id || one.className} ${one.textContent.trim().slice(0, 40)}`,
    seen: points.some((point) => point && here.contains(point)),
  };
}"""
FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}"""
REACHED = "(selector) => document.activeElement?.matches(selector) ?? false"


@pytest.fixture(scope="module")
def nearby() -> Iterator[Platform]:
    """Provides a platform that soon notices that a counsellor is gone."""
    with Platform(GRANT_SECONDS=15, STAFF_LEASE_SECONDS=8) as running:
        yield running


async def is_whole(page: Page) -> None:
    """Checks that nothing is wider than the window, and that the exit is in sight."""
    await page.wait_for_timeout(200)
    assert await page.evaluate(TOO_WIDE) == []
    await expect(page.locator("header a.exit")).to_be_in_viewport(ratio=1)


async def walks_through(page: Page, acts: str) -> None:
    """Moves through the page with Tab alone: in the page's order, never to something invisible, and to the
    next action."""
    await page.evaluate("document.activeElement?.blur()")
    await page.evaluate("getSelection().removeAllRanges()")
    await page.evaluate(FROM_THE_TOP)
    places, reached = [], False
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        focus = await page.evaluate(FOCUS)
        if focus is None or focus["place"] in places:
            break
        assert focus["seen"], f"the focus is out of sight: {focus['says']}"
        places.append(focus["place"])
        reached = reached or await page.evaluate(REACHED, acts)
    assert reached, f"{acts} cannot be reached: {len(places)} steps"
    assert places == sorted(places), "the order of the page"


@pytest.mark.parametrize(
    ("state", "language"),
    [pytest.param(state, ("nl", "en")[number % 2], id=state.name) for number, state in enumerate(STATES)],
)
async def test_a_state_is_whole_told_aloud_and_usable_by_keyboard(
    browsers: Browsers, nearby: Platform, state: State, language: str
) -> None:
    visit = Visit(browsers, nearby, language, state.scripts)
    await visit.opens()
    await state.comes(visit)
    page = visit.page
    if state.tells:
        await expect(page.locator(state.tells).first).to_be_visible()
    await is_whole(page)
    await in_both_themes(page, f"state-{state.name}")
    await looks_right(page)
    await walks_through(page, state.acts)
    await page.evaluate(LETTERS.format("200%"))
    await is_whole(page)
    await in_both_themes(page, f"state-{state.name}-large")
    await page.evaluate(LETTERS.format("100%"))
    await page.set_viewport_size({"width": ZOOMED["width"], "height": ZOOMED["height"]})
    await is_whole(page)
    await in_both_themes(page, f"state-{state.name}-zoomed")
    await page.set_viewport_size({"width": SMALL["width"], "height": SMALL["height"]})
    await page.context.set_offline(False)
    await page.evaluate("scrollTo(0, 0)")


async def height(place: Locator) -> float:
    box = await place.bounding_box()
    assert box is not None
    return box["height"]


async def test_a_question_its_answers_and_the_field_for_a_code_fit_above_the_keyboard_of_a_small_phone(
    browsers: Browsers, nearby: Platform
) -> None:
    visit = Visit(browsers, nearby, "nl")
    await visit.opens()
    page = visit.page
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await visit.is_asked()
    card = page.locator(".card.question")
    answers = card.locator(".answers button")
    await in_both_themes(page, "fits-consent")
    told = card.get_by_text("Zeg je nee, dan verandert er niets.")
    for seen in (card.get_by_role("heading"), told, answers.first, answers.last):
        await expect(seen).to_be_in_viewport(ratio=1)
    await page.set_viewport_size({"width": TYPING["width"], "height": TYPING["height"]})
    await in_both_themes(page, "fits-consent-typing")
    for seen in (card.get_by_role("heading"), answers.first, answers.last):
        await expect(seen).to_be_in_viewport(ratio=1)
    assert await height(page.locator(".composer")) <= 64
    assert await height(page.locator(".scroll")) >= 220
    await looks_right(page)
    await answers.first.click()

    await opens_menu(page)
    await in_both_themes(page, "fits-menu-typing")
    await page.get_by_text("Later terugkomen").click()
    await page.get_by_role("button", name="Maak een code").click()
    await expect(page.locator("p.code")).to_be_in_viewport(ratio=1)
    await in_both_themes(page, "fits-code-typing")
    await looks_right(page)
    await page.get_by_role("button", name="Ik heb hem opgeschreven").click()
    field = page.get_by_label("Typ de code over")
    await expect(field).to_be_focused()
    for seen in (field, page.get_by_role("button", name="Klaar")):
        await expect(seen).to_be_in_viewport(ratio=1)
    assert await height(field) >= 44
    await in_both_themes(page, "fits-code-field-typing")
    await looks_right(page)


async def test_a_counsellor_whose_machine_slept_reads_it_and_takes_the_caller_back_with_what_was_written(
    browsers: Browsers, nearby: Platform
) -> None:
    asleep = False

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda frame: None if asleep else server.send(frame))

    carla = await browsers.window(nearby, PHONE)
    await carla.route_web_socket("**/ws/console/", between)
    await comes_in(carla, nearby, counsellors(nearby, "helpwanted")[0])
    await makes_a_key(carla)
    # The detour makes the proof take longer than a click.
    await expect(carla.locator("#next-why")).to_contain_text("Ga in dienst", timeout=WITHIN)
    await goes_on_duty(carla)
    one = await caller(nearby)
    await one.start()
    await carla.get_by_role("button", name="Volgende").click()
    writing = carla.locator("hl-composer textarea")
    await writing.fill("ik bel straks even met")
    await one.becomes(lambda: one.talk.epoch > 0, 15)

    asleep = True
    await expect(carla.get_by_text("Je staat uit dienst")).to_be_visible(timeout=30_000)
    asleep = False
    back = carla.get_by_role("button", name="Neem de hulpvrager terug")
    await expect(back).to_be_visible(timeout=WITHIN)
    await expect(carla.locator(".unsaid")).to_contain_text("ik bel straks even met")
    await is_whole_on_a_desk_too(carla, "counsellor-slept")
    await back.click()
    await one.becomes(lambda: one.talk.epoch > 1, 15)
    await expect(writing).to_have_value("ik bel straks even met", timeout=WITHIN)
    await one.leave()


async def is_whole_on_a_desk_too(page: Page, name: str) -> None:
    for size in (DESK, PHONE):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert await page.evaluate(TOO_WIDE) == []
        await in_both_themes(page, name)
        await looks_right(page)
