"""One of two web processes is killed with everybody on it."""

import asyncio
import os
import signal

import pytest

from tests.faults.pairs import all_are_back, pairs
from tests.faults.scale import CHATS
from tests.support.platform import Platform

pytestmark = pytest.mark.stack
BACK = 10.0


async def test_all_are_back_on_the_other_process_nobody_is_requeued_and_nothing_is_lost(
    steady: Platform,
) -> None:
    some = await pairs(steady, CHATS, each=4)
    stop = asyncio.Event()
    chats = asyncio.gather(*(one.chat(stop, pause=2) for one in some))
    await asyncio.gather(*(one.exchange("vooraf", 30) for one in some))
    os.kill(steady.pid, signal.SIGSTOP)  # so that it starts no new process
    try:
        killed = steady.kill_process(0)
        await all_are_back(some, BACK)
        await asyncio.gather(*(one.exchange("terug", 30) for one in some))
    finally:
        os.kill(steady.pid, signal.SIGCONT)
    stop.set()
    await chats
    for one in some:
        await one.settle()
        one.compare()
        one.assert_undisturbed()
    await asyncio.to_thread(steady.wait_replaced, 0, killed)


async def test_a_process_that_died_is_replaced_and_takes_sockets_within_five_seconds(
    steady: Platform,
) -> None:
    killed = steady.kill_process(1)
    await asyncio.to_thread(steady.wait_replaced, 1, killed, 10)  # 5 s, and slack for a busy machine
    some = await pairs(steady, 2)
    await asyncio.gather(*(one.exchange("op het nieuwe proces") for one in some))
