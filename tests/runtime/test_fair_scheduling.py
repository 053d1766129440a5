"""Expensive work is scheduled fairly: who had least goes first, and between two runs others have the loop."""

import asyncio
import time

import pytest

from helpline.lib import fair_scheduling
from helpline.lib.fair_scheduling import REST_RATIO, FairScheduler

TOOK = 0.02  # seconds, of a turn


async def takes(turns: FairScheduler, name: str, had: int, done: list[str]) -> None:
    async with turns.turn(had):
        await asyncio.sleep(0)
        done.append(name)


async def test_who_had_least_goes_first_and_who_had_as_much_goes_in_order_of_coming() -> None:
    turns, done = FairScheduler(), list[str]()
    async with asyncio.TaskGroup() as group:
        for name, had in (("first", 900), ("much", 500), ("none", 0), ("some", 5), ("some too", 5)):
            group.create_task(takes(turns, name, had, done))
    assert done == ["first", "none", "some", "some too", "much"]


async def test_between_turns_others_have_the_loop_for_longer_than_a_turn_takes() -> None:
    turns = FairScheduler()

    async def one() -> None:
        async with turns.turn(0):
            await asyncio.sleep(TOOK)

    begun = time.monotonic()
    await asyncio.gather(*(one() for _ in range(4)))
    assert time.monotonic() - begun >= 4 * TOOK + 3 * REST_RATIO * TOOK


async def test_who_goes_while_waiting_or_just_when_it_is_their_turn_holds_nobody_up() -> None:
    turns, done = FairScheduler(), list[str]()
    held = asyncio.Event()

    async def holds() -> None:
        async with turns.turn(0):
            await held.wait()

    holding = asyncio.create_task(holds())
    await asyncio.sleep(0)
    waits = [asyncio.create_task(takes(turns, name, had, done)) for had, name in enumerate("abc")]
    goes, goes_late, stays = waits
    await asyncio.sleep(0)
    goes.cancel()
    given = turns._give

    def gives_and_goes() -> None:
        given()
        goes_late.cancel()

    turns._give = gives_and_goes  # type: ignore[method-assign]
    held.set()
    await holding
    await asyncio.wait_for(stays, 5)
    assert done == ["c"]


async def test_a_turn_that_fails_is_given_on() -> None:
    turns, done = FairScheduler(), list[str]()
    with pytest.raises(ZeroDivisionError):
        async with turns.turn(0):
            raise ZeroDivisionError
    await asyncio.wait_for(takes(turns, "next", 0, done), 5)
    assert done == ["next"]


async def test_all_of_a_loop_share_their_turns() -> None:
    assert fair_scheduling.here() is fair_scheduling.here()
