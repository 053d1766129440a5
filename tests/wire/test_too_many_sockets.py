"""A process accepts a limited number of sockets: more callers are refused at once, and the staff still get
in."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from helpline.lib import open_files
from tests.support.beside import Beside, reached, used
from tests.support.cast import anna, carla, daan
from tests.support.frames import HandshakeRefused
from tests.support.platform import Platform
from tests.support.wire import WireClient

SOCKETS, KEPT = 40, 6


@pytest.fixture(scope="module")
def small() -> Iterator[Platform]:
    settings: dict[str, Any] = {"SOCKETS": SOCKETS, "STAFF_SOCKETS": KEPT}
    with Platform(GRANT_SECONDS=4, CALLER_BURST=1000, CALLER_RATE=1000, **settings) as running:
        yield running


class Desk(WireClient):
    """Represents the desk of a guest who has not sent the link yet."""

    path = "/ws/desk/"


async def crowd(platform: Platform) -> None:
    """Opens as many callers as there is room for."""
    for _ in range(SOCKETS):
        try:
            await anna(platform)
        except HandshakeRefused as refused:
            assert "503" in str(refused)
            return
    raise AssertionError("nobody was refused")


@pytest.mark.long
async def test_callers_beyond_are_sent_away_and_the_staff_get_in(small: Platform) -> None:
    pair = await Beside.begin(small)
    await crowd(small)
    await daan(small)
    await pair.goes_on()
    assert reached(small, "sockets_of_callers") >= 1
    assert used(small, "sockets_of_callers") == SOCKETS - KEPT


async def test_who_leaves_makes_room_for_the_next_one(small: Platform) -> None:
    last = await anna(small)
    await crowd(small)
    await last.disconnect()
    async with asyncio.timeout(5):
        while used(small, "sockets_of_callers") == SOCKETS - KEPT:  # noqa: ASYNC110 – the server's own count
            await asyncio.sleep(0.05)
    await (await anna(small)).start()


async def test_guests_who_show_no_link_do_not_take_what_is_kept_for_the_staff(small: Platform) -> None:
    await crowd(small)
    for _ in range(KEPT // 2):
        guest = Desk(small.url)
        small.guests.append(guest)
        await guest.connect()
    with pytest.raises(HandshakeRefused):
        await Desk(small.url).connect()
    await carla(small)


def test_a_host_that_allows_too_few_files_is_told_so_in_a_sentence(settings: Settings) -> None:
    settings.SOCKETS = 30_000
    assert (
        "HELPLINE_SOCKETS is 30000, but this host lets the process open 4096 files"
        in open_files.complaint(4096)
    )
    assert open_files.complaint(40_000) == ""


@pytest.mark.parametrize("allowed", [256, 1024, 4096, 20_000, 1_048_576])
def test_without_a_number_there_are_as_many_as_the_host_allows_and_pages_have_theirs(allowed: int) -> None:
    places = open_files.divide(allowed)
    assert places.sockets + places.pages + open_files.OTHER_FILES <= allowed
    assert 0 < places.sockets <= open_files.DEFAULT_MAX_SOCKETS
    assert 0 < places.kept <= places.sockets / 2
    assert places.pages > 0
