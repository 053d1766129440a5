"""Bringing a store back."""

import asyncio
import time

from tests.support.servers import DidNotStart, Server

DYING = 5.0


def start(server: Server) -> None:
    """Start on the same port and data; for a moment a crashed PostgreSQL's orphans still hold its memory."""
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
    """The same beside the clients."""
    await asyncio.to_thread(start, server)


def runs(server: Server) -> bool:
    return server.external is not None or server._process is not None
