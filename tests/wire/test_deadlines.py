"""The head of a request and its body must arrive within a time, however slowly their bytes come."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.beside import Beside, reached
from tests.support.platform import Platform

HEAD, BODY = 1.0, 2.0
GENEROUS = 4.0  # seconds more, on a busy machine
HANDSHAKE = b"GET /ws/caller/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nX-Long: "
PAGE = b"GET /nl/ HTTP/1.1\r\nHost: x\r\nX-Long: "
FORM = b"POST /api/exit/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
ANSWERED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def strict() -> Iterator[Platform]:
    settings: dict[str, Any] = {"HANDSHAKE_SECONDS": HEAD, "BODY_SECONDS": BODY}
    with Platform(GRANT_SECONDS=4, CALLER_BURST=1000, CALLER_RATE=1000, **settings) as running:
        yield running


async def drip(platform: Platform, first: bytes) -> float:
    """Sends a byte every tenth of a second, until the server hangs up. Returns for how many seconds it
    listened."""
    place = urlsplit(platform.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    begun = time.monotonic()
    writer.write(first)
    hung_up = asyncio.ensure_future(reader.read())
    with suppress(ConnectionError):
        while not hung_up.done() and time.monotonic() - begun < BODY + GENEROUS:
            writer.write(b"x")
            await writer.drain()
            await asyncio.wait({hung_up}, timeout=0.1)
    hung_up.cancel()
    writer.close()
    return time.monotonic() - begun


@pytest.mark.parametrize("first", [HANDSHAKE, PAGE, b"G", ANSWERED + PAGE])
async def test_a_head_that_drips_in_is_cut_off(strict: Platform, first: bytes) -> None:
    assert HEAD * 0.9 < await drip(strict, first) < HEAD + GENEROUS
    assert reached(strict, "late_heads") >= 1


async def test_a_body_that_drips_in_is_cut_off(strict: Platform) -> None:
    assert BODY * 0.9 < await drip(strict, FORM) < BODY + GENEROUS
    assert reached(strict, "late_bodies") >= 1


@pytest.mark.long
async def test_a_hundred_who_drip_are_not_noticed_by_those_who_talk(strict: Platform) -> None:
    pair = await Beside.begin(strict)
    dripping = asyncio.gather(*(drip(strict, first) for first in [HANDSHAKE, FORM] * 50))
    await pair.goes_on()
    assert max(await dripping) < BODY + GENEROUS
