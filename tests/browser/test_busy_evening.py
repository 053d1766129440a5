"""`manage.py load` plays a busy evening. The board shows it live, and in the end what the database holds.
With HELPLINE_PICTURES it also takes the pictures of the documentation (`make pictures`)."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.axe import looks_right
from tests.browser.board import figure, floor_opens
from tests.browser.people import WITHIN, Browsers, picture
from tests.support import cast
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(420)
PICTURES = os.environ.get("HELPLINE_PICTURES")
TELEVISION = {"width": 1920, "height": 1080}
PACE = "10" if PICTURES else "25"
EVENING = ("--callers", "120", "--counsellors", "8", "--minutes", "0.8", "--pace", PACE, "--seed", "6")
TRIES = 10

# Counted from the rows, not from the counters that the board reads.
COUNT = """
import json
from datetime import timedelta
from django.db.models import Min
from chat.models import Conversation, Member
from counsellors.models import Duty
rows = Conversation.objects.filter(line="helpwanted")
granted = Member.objects.filter(conversation__in=rows, granted_at__isnull=False)
seats = granted.exclude(role__in=["caller", "review"])
first = dict(seats.values_list("conversation").annotate(Min("granted_at")).order_by())
waits = [first[row.pk] - row.opened_at for row in rows if row.pk in first]
gone = [row.ended_at - row.opened_at for row in rows if row.ended_at and row.pk not in first]
duties = Duty.objects.filter(person__work__line="helpwanted", state="on")
within = sum(wait <= timedelta(seconds=60) for wait in waits)
print(json.dumps({
    "waiting": rows.filter(state="waiting", members__role="caller", members__here=True).count(),
    "talks": rows.filter(state="active").count(),
    "answered": len(waits),
    "within": f"{round(100 * within / len(waits))} %" if waits else "–",
    "abandoned": sum(wait > timedelta(seconds=15) for wait in gone),
    "on": duties.count(),
}))
"""
LONG_AGO = """
from datetime import timedelta
from django.db.models import F
from chat.models import Conversation
Conversation.objects.filter(state="waiting").update(opened_at=F("opened_at") - timedelta(seconds=61))
"""
# For the pictures: adds the hours before a demo that has just begun, and plays the evening slowly.
THE_DAY_SO_FAR = """
from datetime import timedelta
from math import sin
from django.utils import timezone
from chat.models import Conversation, Line, Sample
now = timezone.now().replace(second=0, microsecond=0)
Sample.objects.all().delete()
Sample.objects.bulk_create([
    Sample(
        line_id="helpwanted",
        at=now - timedelta(minutes=ago),
        active=max(0, round(14 - ago / 42 + 2 * sin(ago / 23) + sin(ago / 7))),
        waiting=max(0, round(5 - ago / 45 + 3 * sin(ago / 31) + sin(ago / 9))),
        on=2 if ago > 300 else 3 if ago > 120 else 4,
        longest=max(0, round(200 * sin(ago / 41))),
    )
    for ago in range(420, 0, -2)
])
Line.objects.update(alert_waiting=4, alert_wait=timedelta(minutes=15))
waiting = Conversation.objects.filter(state="waiting", opened_at__gt=timezone.now() - timedelta(minutes=1))
for place, row in enumerate(waiting.order_by("-rank")):
    Conversation.objects.filter(pk=row.pk).update(
        opened_at=row.opened_at - timedelta(seconds=47 * place), rank=row.rank - 47_000_000 * place
    )
for place, row in enumerate(Conversation.objects.filter(state="active").order_by("active_at")):
    since = row.active_at - timedelta(seconds=173 * (place + 1) % 1900)
    Conversation.objects.filter(pk=row.pk).update(active_at=since, risk=int(place % 7 == 3))
"""


@pytest.fixture(scope="module")
def evening() -> Iterator[Platform]:
    with Platform(DEMO_COUNSELLORS=4) as running:
        yield running


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def everybody_goes_home(evening: Platform) -> AsyncIterator[None]:
    yield
    await cast.go_home(evening)


async def in_shell(platform: Platform, script: str) -> str:
    done = await asyncio.to_thread(platform.manage, "shell", "-v", "0", "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def counted(platform: Platform) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await in_shell(platform, COUNT))
    return found


async def shown(page: Page) -> dict[str, Any]:
    """Returns the same figures, read from the page."""

    async def number(name: str) -> int:
        return int("".join(filter(str.isdigit, await figure(page, name).inner_text())))

    async def beside(name: str) -> int:
        words = await page.locator(f"section.line [data-figure={name}] dd span").first.inner_text()
        return int("".join(filter(str.isdigit, words)))

    return {
        "waiting": await number("waiting"),
        "talks": await beside("load"),
        "answered": await beside("within"),
        "within": await figure(page, "within").inner_text(),
        "abandoned": await number("abandoned"),
        "on": await number("on"),
    }


async def three_wait_long_and_one_gives_up(platform: Platform) -> None:
    """Lets three callers wait long and one give up, so that the figures are not all perfect."""
    waiting = [await cast.caller(platform, name=name) for name in ("Anna", "Bilal", "Chris")]
    for one in waiting:
        await one.start()
    await in_shell(platform, LONG_AGO)
    await waiting[0].leave()


async def take_pictures(page: Page, wall: Page, platform: Platform) -> None:
    folder = Path(str(PICTURES))
    await in_shell(platform, THE_DAY_SO_FAR)
    await page.set_viewport_size({"width": 1280, "height": 1150})
    await page.reload()
    await expect(page.locator(".plot canvas")).to_be_visible(timeout=WITHIN)
    await expect(page.locator(".tile.alert")).to_be_visible(timeout=WITHIN)
    await picture(page, folder / "board-light.png")
    await page.emulate_media(color_scheme="dark")
    await picture(page, folder / "board-dark.png")
    await page.emulate_media(color_scheme="light")
    await picture(wall, folder / "board-wall.png")


async def test_the_board_shows_a_busy_evening_live_and_ends_with_what_the_database_holds(
    browsers: Browsers, evening: Platform
) -> None:
    floor = await floor_opens(browsers, evening)
    wall = await floor_opens(browsers, evening, "#muur", TELEVISION)
    await three_wait_long_and_one_gives_up(evening)
    await expect(figure(floor, "waiting")).to_have_text("2", timeout=WITHIN)
    playing = asyncio.create_task(asyncio.to_thread(evening.manage, "load", *EVENING, within=300))
    await expect(figure(floor, "on")).to_have_text("4", timeout=90_000)
    # As many conversations as they have slots.
    await expect(floor.locator("tr.talk")).to_have_count(16, timeout=90_000)
    await expect(floor.locator(".queue tbody tr").nth(2)).to_be_visible(timeout=90_000)
    for page in (floor, wall):
        await looks_right(page)
    if PICTURES:
        await take_pictures(floor, wall, evening)
    played = await playing
    assert played.returncode == 0, played.stdout + played.stderr

    for _ in range(TRIES):  # callers who are cut off still change their state
        held = await counted(evening)
        if await shown(floor) == held == await counted(evening):
            break
    assert await shown(floor) == held
    assert held["answered"] > 20
    assert held["within"] != "100 %"
    assert held["abandoned"] >= 1
