"""Between *Begin* and the line's first answer, the page still shows the numbers to call."""

from playwright.async_api import expect

from tests.browser.axe import looks_right
from tests.browser.people import PHONE, Browsers
from tests.support.platform import Platform


async def test_a_second_tap_in_the_same_place_calls_nobody(browsers: Browsers, laptop: Platform) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.route_web_socket("**/*", lambda _: None)  # the line does not answer yet
    await anna.goto(f"{laptop.url}/nl/praat/")
    begin = anna.get_by_role("button", name="Begin het gesprek")
    await begin.wait_for()
    pressed = await begin.bounding_box()
    await begin.click()
    await expect(anna.locator("#text")).to_be_visible()
    send = await anna.get_by_role("button", name="Stuur").bounding_box()
    assert pressed
    assert send
    assert send["y"] + send["height"] > PHONE["height"] - 20, "where it is during the whole conversation"
    middle = [pressed["x"] + pressed["width"] / 2, pressed["y"] + pressed["height"] / 2]
    over = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('a'))"
    assert not await anna.evaluate(over, middle)
    await looks_right(anna)
