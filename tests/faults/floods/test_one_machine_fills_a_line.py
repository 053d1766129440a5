"""One machine comes as many callers. Those who were there keep their place, and a person still gets in."""

import asyncio

import psycopg
import pytest

from tests.browser.people import Browsers
from tests.faults.floods.conftest import PLACES, UNHEARD
from tests.faults.floods.machine import Machine, bots
from tests.faults.floods.scene import HERE, LINE, WAITING, WROTE, Scene, Visitor
from tests.faults.scale import LONG
from tests.support.platform import Platform

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(900 if LONG else 240)]
STARTS = 10_000 if LONG else 300
SECONDS = 30 if LONG else 8
STAFF_NOTICE = 3.0  # times the quiet p99; a short run has too few messages for it
GETS_IN, AGAINST_WORK = 10.0, 20.0
ANSWERS_A_SECOND, EARNED = 1.0, 3
REFUSED = {"work", "line_full"}


async def the_line_goes_on(
    scene: Scene, machine: Machine, browsers: Browsers, *, within: float, starts: int = STARTS
) -> None:
    """Checks that beside the bots the talk goes on, those who wrote come back unasked, and a person gets
    in."""
    slower = await scene.talk(SECONDS)
    await scene.all_come_back()
    person = await Visitor.opens(browsers, scene.platform)
    took = await person.begins(within)
    print(f"p99 {slower:.1f} × quiet ({scene.quiet * 1000:.0f} ms); in after {took:.1f} s; {machine.met}")
    await machine.until(lambda: machine.starts >= starts, within=600)
    assert machine.refusals <= REFUSED, machine.met
    assert scene.count(HERE) <= PLACES
    assert not LONG or slower < STAFF_NOTICE, "staff notice"


async def test_bots_that_come_and_go_one_socket_at_a_time_take_no_place(
    line: Platform, browsers: Browsers
) -> None:
    async with Scene.of(line, SECONDS) as scene:
        async with bots(line, "go") as machine:
            await the_line_goes_on(scene, machine, browsers, within=GETS_IN)
            assert machine.refusals <= {"work"}, "places are for who is here"
        async with asyncio.timeout(UNHEARD + 15):
            while scene.count(WAITING) > WROTE + 1:  # noqa: ASYNC110 – rows are looked at, nothing rings
                await asyncio.sleep(0.5)
        await scene.everybody_kept_the_place()


@pytest.mark.parametrize("word", [(), ("--write",)], ids=["silent", "with a first word"])
async def test_bots_that_come_all_at_once_and_stay_leave_places_for_who_works_for_one(
    line: Platform, browsers: Browsers, word: tuple[str, ...]
) -> None:
    async with Scene.of(line, SECONDS) as scene, bots(line, "stay", *word) as machine:
        await the_line_goes_on(scene, machine, browsers, within=GETS_IN)
        assert machine.met["work"], "nothing was asked of them"
        await scene.everybody_kept_the_place()


async def test_bots_that_work_are_slower_than_a_person_who_needs_one_place(
    line: Platform, browsers: Browsers
) -> None:
    async with Scene.of(line, SECONDS) as scene, bots(line, "work", f"--rate={ANSWERS_A_SECOND}") as machine:
        await machine.until(lambda: machine.met["solved"] >= EARNED, within=120)
        await the_line_goes_on(scene, machine, browsers, within=AGAINST_WORK, starts=0)
        await scene.everybody_kept_the_place()


async def test_who_finds_no_place_reads_whom_to_call(line: Platform, browsers: Browsers) -> None:
    async with Scene.of(line, 2) as scene:
        change = "UPDATE chat_line SET most_waiting = %s WHERE slug = %s"
        with psycopg.connect(line.stores["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(change, [1, LINE])
            try:
                person = await Visitor.opens(browsers, line)
                await person.is_told_numbers(within=GETS_IN)
            finally:
                connection.execute(change, [None, LINE])
        assert set(person.refused) == {"line_full"}
        await scene.everybody_kept_the_place()
