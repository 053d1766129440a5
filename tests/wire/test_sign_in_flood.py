"""Forty strangers a second sign in, and those who have signed in, or were here before, hardly notice."""

import asyncio
import itertools
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import pytest

from benchmarks.report import percentile
from benchmarks.signin import Person, SignIn, forms
from tests.faults.scale import LONG
from tests.support.beside import UNNOTICED, WORST, reached, used
from tests.support.platform import Platform

pytestmark = pytest.mark.long
A_SECOND = 40
LOOKS = 0.1  # seconds between two pages of somebody at work
SECONDS = 60 if LONG else 10
QUIET = 4  # seconds, before and after
COLLEAGUE_WAITS = 5.0  # on a machine that others keep busy a hash alone may take that
OF_STRANGERS = {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}


@pytest.fixture(scope="module")
def installation() -> Iterator[Platform]:
    """Provides a platform of its own, because others would sign in during the flood."""
    with Platform() as running:
        yield running


class Flood:
    """Sends wrong passwords under unknown names, each of which costs a hash."""

    def __init__(self, platform: Platform, addresses: int) -> None:
        self.place = urlsplit(platform.url)
        self.addresses = itertools.cycle(f"127.0.1.{number}" for number in range(1, addresses + 1))
        self.browser = SignIn(platform.url, Person("", "", "", (), (), None))
        (form,) = forms(self.browser.get("/login/").body)
        self.fields = form.fields
        self.answers: Counter[int] = Counter()

    async def attempt(self, number: int) -> None:
        body = urlencode(self.fields | {"username": f"made up {number}", "password": "a guess"}).encode()
        head = (
            f"POST /login/ HTTP/1.1\r\nHost: {self.place.netloc}\r\nOrigin: {self.browser.url}\r\n"
            f"Cookie: {self.browser.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(
            self.place.hostname, self.place.port, local_addr=(next(self.addresses), 0)
        )
        try:
            writer.write(head.encode() + body)
            answer = await reader.read()
        finally:
            writer.close()
        self.answers[int(answer.split(b" ", 2)[1])] += 1

    async def comes(self) -> None:
        """Sends this many a second, however slowly they are answered."""
        begun = time.monotonic()
        async with asyncio.TaskGroup() as all_of_them:
            for number in itertools.count():
                await asyncio.sleep(begun + number / A_SECOND - time.monotonic())
                all_of_them.create_task(self.attempt(number))


@asynccontextmanager
async def flooded(platform: Platform, addresses: int) -> AsyncIterator[Flood]:
    flood = await asyncio.to_thread(Flood, platform, addresses)
    coming = asyncio.create_task(flood.comes())
    try:
        yield flood
        assert not coming.done(), coming.exception()
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        async with asyncio.timeout(60):
            while await asyncio.to_thread(used, platform, "sign_ins"):  # noqa: ASYNC110 – no event tells
                await asyncio.sleep(0.2)


async def looks(browser: SignIn, seconds: float) -> list[float]:
    """Loads a page of somebody at work, again and again. Returns how long each took."""
    took, until = list[float](), time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.monotonic()
        answer = await asyncio.to_thread(browser.get, "/board/")
        took.append(time.monotonic() - begun)
        assert answer.status == HTTPStatus.OK
        await asyncio.sleep(LOOKS)
    return took


async def signs_in_again(browser: SignIn) -> float:
    """Signs in with the right password, from a browser that has signed in with both factors before."""
    begun = time.monotonic()
    form = await asyncio.to_thread(browser.get, "/login/")
    answer = await asyncio.to_thread(browser.submit, form, "username", **browser.credentials())
    assert answer.status == HTTPStatus.FOUND
    return time.monotonic() - begun


async def people_of(platform: Platform) -> tuple[SignIn, SignIn]:
    """Returns a supervisor at work, and a counsellor who has signed in once and signed out."""
    at_work = SignIn(platform.url, platform.people("supervisor")[0])
    known = SignIn(platform.url, platform.people("counsellor")[0])
    for browser in (at_work, known):
        await browser.run()
    del known.cookies["sessionid"]
    return at_work, known


@pytest.mark.timeout(240)
@pytest.mark.parametrize("addresses", [1, 40])
async def test_forty_a_second_from_one_address_or_many_change_nothing(
    installation: Platform, addresses: int
) -> None:
    at_work, known = await people_of(installation)
    quiet, alone = await looks(at_work, QUIET), await signs_in_again(known)
    waits = []
    async with flooded(installation, addresses) as flood:
        looking = asyncio.create_task(looks(at_work, SECONDS))
        while not looking.done():
            waits.append(await signs_in_again(known))
            await asyncio.sleep(3)
        beside = await looking
    quiet += await looks(at_work, QUIET)  # other load on this machine changes meanwhile
    assert statistics.median(beside) < max(3 * statistics.median(quiet), UNNOTICED)
    assert percentile(beside, 0.99) < max(3 * percentile(quiet, 0.99), WORST)
    assert max(waits) < max(3 * alone, COLLEAGUE_WAITS)
    assert set(flood.answers) <= OF_STRANGERS
    assert flood.answers[HTTPStatus.OK] > 0
    assert reached(installation, "sign_ins") > 0
