"""Defines the application that `daphne benchmarks.baselines.echo.asgi:application` runs."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

type Message = dict[str, Any]
type Send = Callable[[Message], Awaitable[None]]
type Receive = Callable[[], Awaitable[Message]]
type Store = Callable[[str, str], Awaitable[None]]

rooms: defaultdict[str, set[Send]] = defaultdict(set)


async def passes_on(scope: Message, receive: Receive, send: Send, store: Store | None = None) -> None:
    """Sends each message to everybody in the room of the path, after `store` has stored it, if given."""
    room = rooms[scope["path"]]
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
            room.add(send)
        elif message["type"] == "websocket.receive":
            if store is not None:
                await store(scope["path"], message["text"])
            for other in list(room):
                await other({"type": "websocket.send", "text": message["text"]})
        else:
            room.discard(send)
            return


async def application(scope: Message, receive: Receive, send: Send) -> None:
    await passes_on(scope, receive, send)
