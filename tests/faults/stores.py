"""Brings a store back."""

import asyncio
import contextlib
import json
import time

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.support.servers import DidNotStart, Server
from tests.support.wire import SUBPROTOCOL

DYING = 5.0
SERVES_AGAIN = 15.0
START = {"type": "start", "ref": "1", "line": "helpwanted", "locale": "nl", "urgency": 0}


def start(server: Server) -> None:
    """Starts it on the same port and data. For a moment a crashed PostgreSQL's orphans still hold its
    memory."""
    deadline = time.monotonic() + DYING
    while True:
        try:
            server.start()
        except DidNotStart:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


async def bring_back(server: Server) -> None:
    """Does the same while clients are connected."""
    await asyncio.to_thread(start, server)


def runs(server: Server) -> bool:
    return server.external is not None or server._process is not None


def wait_until_it_serves(process: str, origin: str) -> None:
    """Waits until a caller gets in or finds the line full, which shows that the pool of connections works
    again."""
    address = process.replace("http", "ws", 1) + "/ws/caller/"
    until = time.monotonic() + SERVES_AGAIN
    while True:
        with (
            contextlib.suppress(OSError, WebSocketException),
            connect(address, origin=Origin(origin), subprotocols=[Subprotocol(SUBPROTOCOL)]) as socket,
        ):
            socket.send(json.dumps(START))
            if json.loads(socket.recv(SERVES_AGAIN)).get("code") != "try_again":
                return
        assert time.monotonic() < until, f"{process} does not serve"
        time.sleep(0.1)
