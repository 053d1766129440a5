"""A newer tab takes over on the other process, and bells may be lost."""

import asyncio

import pytest

from tests.faults.pairs import Phone, console, phone
from tests.faults.stores import bring_back
from tests.support.people import Disconnected, Refused
from tests.support.platform import Platform
from tests.support.servers import Redis

pytestmark = pytest.mark.stack
CLOSES = 5.0


async def test_once_the_newer_tab_is_in_no_request_of_the_older_succeeds_and_it_closes(
    steady: Platform,
) -> None:
    older, newer = await two_tabs(steady)
    await newer.reopen()
    with pytest.raises((Refused, Disconnected)):
        await older.request("post", id="A" * 22, epoch=0, box="A" * 470)
    assert await older.closed(CLOSES) == 4409
    await newer.post("hier verder")


async def test_without_redis_the_older_tab_closes_as_soon(steady: Platform, breakable_redis: Redis) -> None:
    older, newer = await two_tabs(steady)
    breakable_redis.kill()
    try:
        await asyncio.sleep(2.5)  # by now both processes know
        await newer.reopen()
        assert await older.closed(CLOSES) == 4409
    finally:
        await bring_back(breakable_redis)
    await newer.post("hier verder")


async def test_of_many_tabs_at_once_on_both_processes_one_is_left(steady: Platform) -> None:
    first, *_ = await two_tabs(steady)
    counsellor = await console(steady, at=0)
    talk = await counsellor.take()
    tabs = [tab_of(steady, first, at=number) for number in range(10)]
    await asyncio.gather(*(tab.reopen() for tab in tabs), return_exceptions=True)
    closings = {asyncio.create_task(tab.closed(CLOSES)) for tab in tabs}
    while len(closings) > 1:
        closed, closings = await asyncio.wait(closings, return_when=asyncio.FIRST_COMPLETED)
        assert {closing.result() for closing in closed} == {4409}
    closings.pop().cancel()
    [last] = [tab for tab in tabs if tab.connected]
    await last.post("de laatste")
    await counsellor.becomes(lambda: talk.texts() == ["de laatste"])


async def two_tabs(platform: Platform) -> tuple[Phone, Phone]:
    older = await phone(platform, "the older tab", at=0)
    return older, tab_of(platform, older, at=1)


def tab_of(platform: Platform, older: Phone, *, at: int) -> Phone:
    tab = older.another_tab()
    tab._turn = at
    platform.guests.append(tab)
    return tab
