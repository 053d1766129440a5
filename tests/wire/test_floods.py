"""One socket cannot make the server store unlimited data, neither what it sends nor what it does not read."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import psutil
import pytest

from tests.support.beside import reached, used
from tests.support.caller import CallerClient
from tests.support.cast import anna, bilal
from tests.support.frames import Disconnected
from tests.support.platform import Platform

MIB = 2**20
ESTABLISHED = 1  # of TCP
SYNC = json.dumps({"type": "sync", "ref": "again", "since": 0})


@pytest.fixture(scope="module")
def small() -> Iterator[Platform]:
    """Provides a platform of its own, because other clients would use its memory."""
    with Platform(GRANT_SECONDS=4, PACE_BURST=10_000) as running:
        yield running


def memory(platform: Platform) -> int:
    return sum(psutil.Process(pid).memory_info().rss for pid in platform.pids)


def state_of(client: CallerClient) -> int:
    """Returns the state of the connection in the kernel."""
    assert client._socket is not None
    wire: socket.socket = client._socket.transport.get_extra_info("socket")
    return wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]


async def a_long_log(platform: Platform) -> CallerClient:
    caller = await anna(platform)
    await caller.start()
    for _ in range(9):
        await caller.post("x" * 8_000)
    return caller


@pytest.mark.long
async def test_who_asks_for_everything_and_reads_nothing_is_cut_off(small: Platform) -> None:
    caller = await a_long_log(small)
    before = memory(small)
    assert caller._socket is not None
    caller._socket.transport.pause_reading()
    for _ in range(700):
        await caller.raw(SYNC)
    async with asyncio.timeout(90):  # 700 answers of 72 kB are made before the server is done
        while state_of(caller) == ESTABLISHED:  # noqa: ASYNC110 – a paused reader hears of nothing
            await asyncio.sleep(0.2)
    assert memory(small) - before < 100 * MIB
    caller._socket.transport.resume_reading()
    assert await caller.closed() == 1006
    await (await bilal(small)).start()


@pytest.mark.long
async def test_who_sends_faster_than_is_answered_waits_in_the_network(small: Platform) -> None:
    caller = await a_long_log(small)
    before = memory(small)
    large = json.dumps({"type": "seen", "ref": "x", "seq": 1}) + " " * 16_000

    async def flood() -> None:
        while True:
            await caller.raw(large)

    with suppress(TimeoutError, Disconnected):
        async with asyncio.timeout(4):
            await flood()
    assert memory(small) - before < 50 * MIB
    await (await bilal(small)).start()


@pytest.mark.long
async def test_large_frames_that_wait_are_few_and_all_of_them_together_have_a_bound() -> None:
    most = 3 * 128 * 1024
    with Platform(GRANT_SECONDS=4, PACE_BURST=20, PACE_RATE=1, WAITING_BYTES=most) as platform:
        one, *others = [await anna(platform) for _ in range(5)]
        await fills(one)
        assert 100_000 < used(platform, "waiting_bytes") < 128 * 1024 + 17_000
        for caller in others:
            await fills(caller)
        assert reached(platform, "waiting_bytes") >= 1
        assert used(platform, "waiting_bytes") <= most
        await (await bilal(platform)).start()


async def fills(caller: CallerClient) -> None:
    """Sends more than the server accepts from somebody who sends too fast."""
    large = json.dumps({"type": "typing", "ref": "x"}) + " " * 16_000
    with suppress(TimeoutError, Disconnected):
        async with asyncio.timeout(2):
            await caller.start()
            for _ in range(100):
                await caller.raw(large)


async def test_a_body_that_does_not_end_is_not_kept(small: Platform) -> None:
    place = urlsplit(small.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(b"POST /api/exit/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
    with pytest.raises(ConnectionError):
        await pour(writer, 200 * MIB)
    with suppress(ConnectionError):
        assert await reader.read() == b""
    writer.close()


async def pour(writer: asyncio.StreamWriter, size: int) -> None:
    async with asyncio.timeout(30):
        for _ in range(size // MIB):
            writer.write(bytes(MIB))
            await writer.drain()
