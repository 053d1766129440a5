"""Connections come in one at a time; the busier the loop is, the longer the next one waits, up to a bound."""

import asyncio
import time
from typing import Any

import pytest
from twisted.internet import tcp

from helpline.lib.transport import accept_throttle

SOON = 0.05  # seconds


class Port:
    """A listening one, with a row of connections in the kernel."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.numberAccepts = 100
        self.connected = True
        self.reads = True
        self.took: list[float] = []

    def accept(self) -> None:
        for _ in range(min(self.numberAccepts, self.waiting)):
            self.waiting -= 1
            self.took.append(time.monotonic())

    def stopReading(self) -> None:  # noqa: N802 – Twisted's name
        self.reads = False

    def startReading(self) -> None:  # noqa: N802 – Twisted's name
        self.reads = True


@pytest.fixture(autouse=True)
def _accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept_throttle, "_take", Port.accept)


async def is_read(port: Port) -> None:
    async with asyncio.timeout(5):
        while not port.reads:  # noqa: ASYNC110 – as a reactor looks
            await asyncio.sleep(0)


async def test_one_comes_in_and_the_next_one_when_the_loop_has_gone_round() -> None:
    port: Any = Port(waiting=3)
    accept_throttle.take_one(port)
    assert (len(port.took), port.reads) == (1, False)
    await is_read(port)
    accept_throttle.take_one(port)
    assert len(port.took) == 2


async def test_the_next_one_waits_longer_where_the_loop_is_busy_and_never_longer_than_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port: Any = Port(waiting=2)
    loop = asyncio.get_running_loop()
    call_later, pauses = loop.call_later, []

    def noted(pause: float, *what: Any) -> asyncio.TimerHandle:
        pauses.append(pause)
        return call_later(pause, *what)

    monkeypatch.setattr(loop, "call_later", noted)
    accept_throttle.take_one(port)
    loop.call_soon(time.sleep, SOON)  # somebody inside, in the same turn
    await is_read(port)
    assert accept_throttle.MAX_PAUSE_SECONDS in pauses
    assert max(pauses) == accept_throttle.MAX_PAUSE_SECONDS


async def test_a_port_that_was_closed_is_not_opened_again() -> None:
    port: Any = Port(waiting=1)
    accept_throttle.take_one(port)
    port.connected = False
    await asyncio.sleep(SOON)
    assert not port.reads


def test_it_stands_in_for_twisted_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp.Port, "doRead", object())
    accept_throttle.install()
    assert tcp.Port.doRead is accept_throttle.take_one
