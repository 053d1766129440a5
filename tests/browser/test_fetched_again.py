"""The server cannot answer for a moment while Floor opens a tab of the board. What is missing says so, and
has a button that fetches it."""

import json

from playwright.async_api import WebSocketRoute, expect

from tests.browser.axe import looks_right
from tests.browser.board import floor_opens
from tests.browser.people import WITHIN, Browsers, in_both_themes
from tests.support.platform import Platform

# The requests that fail on each tab, and what is there once they are answered.
PARTS = [
    ("#uren", {"hours"}, "#hours-title"),
    ("#uren", {"alerting"}, "hl-alerting form"),
    ("#woorden", {"wording"}, "#words-title"),
    ("#woorden", {"owncodes", "sentences"}, "#own-codes-title, #sentences-title"),
    ("#lijn", {"linesettings"}, "#line-title"),
    ("#doorverwijzing", {"directory"}, "#directory-title"),
    ("#nu", {"lastday"}, "hl-last-day .lead"),
]


async def test_each_part_of_the_board_that_failed_says_so_and_is_fetched_by_its_button(
    browsers: Browsers, laptop: Platform
) -> None:
    fails: set[str] = set()

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def hear(frame: str | bytes) -> None:
            asked = json.loads(frame)
            if asked["type"] in fails:
                error = {"type": "error", "ref": asked["ref"], "code": "try_again", "detail": ""}
                socket.send(json.dumps(error))
            else:
                server.send(frame)

        socket.on_message(hear)

    floor = await floor_opens(browsers, laptop)
    await floor.route_web_socket("**/ws/console/", between)
    again = floor.get_by_role("button", name="Haal het opnieuw op")
    for tab, missing, there in PARTS:
        fails |= missing
        await floor.goto(f"{laptop.url}/board/{tab}")
        await floor.reload()
        if "lastday" in missing:
            await floor.locator("hl-last-day summary").click()
        await expect(again).to_have_count(len(missing), timeout=WITHIN)
        await expect(floor.locator(there)).to_have_count(0)
        await looks_right(floor)
        await in_both_themes(floor, f"fetched-again-{min(missing)}")
        fails.clear()
        for _ in missing:
            await again.first.click()
        await expect(again).to_have_count(0, timeout=WITHIN)
        await expect(floor.locator(there)).to_have_count(len(missing))
