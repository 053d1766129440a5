"""If connections send nothing, or drip the head of a request, the oldest are closed in favour of new
requests."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.beside import Beside, reached, used
from tests.support.platform import Platform, status

PAGES = 50
HALF_A_HANDSHAKE = b"GET /ws/caller/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"

type Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(scope="module")
def small() -> Iterator[Platform]:
    settings: dict[str, Any] = {"PAGE_CONNECTIONS": PAGES, "CALLER_BURST": 1000, "CALLER_RATE": 1000}
    with Platform(GRANT_SECONDS=4, HANDSHAKE_SECONDS=20, **settings) as running:
        yield running


async def opened(platform: Platform, first: bytes = b"") -> Connection:
    place = urlsplit(platform.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(first)
    return reader, writer


async def answered(platform: Platform) -> Connection:
    """Returns a connection that has its answer and is kept for another request."""
    connection = await opened(platform, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    async with asyncio.timeout(30):
        await connection[0].readuntil(b"\r\n\r\n")
    return connection


async def is_answered(platform: Platform, within: float = 30) -> None:
    """Checks that a request for a page is answered, on a busy machine perhaps later."""
    async with asyncio.timeout(within):
        while await asyncio.to_thread(status, platform.url, "/nl/") != 200:  # noqa: ASYNC110 – no event tells
            await asyncio.sleep(0.1)


async def is_cut(connection: Connection, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            while await connection[0].read(1000):
                pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


async def close(connections: list[Connection]) -> None:
    for _, writer in connections:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.long
async def test_a_thousand_half_handshakes_keep_nobody_out(small: Platform) -> None:
    pair = await Beside.begin(small)
    half = [await opened(small, HALF_A_HANDSHAKE) for _ in range(1000)]
    await pair.goes_on()
    await is_answered(small)
    assert used(small, "page_connections") <= PAGES
    assert reached(small, "page_connections") >= 1000 - PAGES
    assert await is_cut(half[0], 5)
    await close(half)


async def test_connections_kept_after_their_answer_make_room_for_who_asks(small: Platform) -> None:
    kept = [await answered(small) for _ in range(3 * PAGES)]
    await is_answered(small)
    assert used(small, "page_connections") <= PAGES
    assert await is_cut(kept[0], 5)
    await close(kept)


async def test_who_never_reads_an_answer_makes_room_too(small: Platform) -> None:
    ask = b"GET /app/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    unread = []
    for _ in range(2 * PAGES):
        with suppress(ConnectionResetError):  # closed before a busy machine looked at it
            unread.append(await opened(small, ask))
    assert len(unread) >= PAGES
    await asyncio.sleep(1)  # all are answered
    await is_answered(small)
    await close(unread)
