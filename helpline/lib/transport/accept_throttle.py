"""Accepts connections one at a time, and more slowly the busier the event loop is.

Twisted accepts all waiting connections at once. In a rush their handshakes would fill each iteration of the
loop, and a message needs several iterations. Connections that have to wait stay in the kernel's queue, where
they take no memory of the process.
"""

import asyncio
import time
from typing import Any

from twisted.internet import tcp

REST_RATIO = 2.0  # times as long as an iteration of the loop takes
MAX_PAUSE_SECONDS = 0.01  # so some hundred connections a second are accepted in any case

_Port: Any = tcp.Port
_take: Any = tcp.Port.doRead


def take_one(port: Any) -> None:
    """Accepts one connection and pauses the port. It replaces `Port.doRead`."""
    port.numberAccepts = 1
    _take(port)
    if port.connected:
        port.stopReading()
        loop = asyncio.get_event_loop()
        # `_rest` runs in the iteration after the next, so that it measures a whole one.
        loop.call_soon(loop.call_soon, _rest, port, time.monotonic())


def _rest(port: Any, since: float) -> None:
    pause = min(REST_RATIO * (time.monotonic() - since), MAX_PAUSE_SECONDS)
    asyncio.get_event_loop().call_later(pause, _go_on, port)


def _go_on(port: Any) -> None:
    if port.connected:
        port.startReading()


def install() -> None:
    """Throttles each port on which this process listens afterwards."""
    _Port.doRead = take_one
