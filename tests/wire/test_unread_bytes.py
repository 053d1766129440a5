"""What many sockets leave unread is limited for the whole process, and not only for each socket."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.support.beside import Beside, reached, used
from tests.support.caller import CallerClient
from tests.support.cast import anna
from tests.support.platform import Platform

MIB = 2**20
MOST = MIB
MANY = 8
SYNC = json.dumps({"type": "sync", "ref": "again", "since": 0})


@pytest.fixture(scope="module")
def small() -> Iterator[Platform]:
    settings: dict[str, Any] = {"UNREAD_BYTES": MOST, "PACE_BURST": 10_000}
    with Platform(GRANT_SECONDS=4, CALLER_BURST=1000, CALLER_RATE=1000, **settings) as running:
        yield running


async def deaf(platform: Platform) -> CallerClient:
    """Makes a caller with a log of forty kilobytes who reads no more."""
    caller = await anna(platform)
    await caller.start()
    for _ in range(5):
        await caller.post("x" * 8_000)
    assert caller._socket is not None
    caller._socket.transport.pause_reading()
    return caller


async def asks(caller: CallerClient, times: int) -> None:
    try:
        for _ in range(times):
            await caller.raw(SYNC)
    except Exception:  # noqa: S110 – cut off
        pass


@pytest.mark.long
async def test_many_who_read_nothing_are_cut_off_before_they_fill_the_memory(small: Platform) -> None:
    pair = await Beside.begin(small)
    crowd = [await deaf(small) for _ in range(MANY)]
    before = memory(small)
    asking = asyncio.gather(*(asks(caller, 200) for caller in crowd))
    async with asyncio.timeout(60):
        while not reached(small, "unread_bytes"):  # noqa: ASYNC110 – the server's own count
            await asyncio.sleep(0.2)
    asking.cancel()
    assert used(small, "unread_bytes") <= MOST
    assert memory(small) - before < 30 * MIB
    for caller in crowd:
        assert caller._socket is not None
        caller._socket.transport.abort()
    await pair.exchange()


def memory(platform: Platform) -> int:
    return sum(psutil.Process(pid).memory_info().rss for pid in platform.pids)
