"""A consumer that is ended from outside leaves nothing in its process."""

import asyncio
import contextlib
from typing import Any

import pytest

from chat.consumers import heartbeats
from chat.consumers.caller import CallerConsumer


class Busy(CallerConsumer):
    """Stands for a consumer that is busy with a frame, or fails at it."""

    def __init__(self, error: Exception | None) -> None:
        super().__init__()
        self.error, self.departures = error, 0

    async def dispatch(self, _message: dict[str, Any]) -> None:
        heartbeats.add(self)
        if self.error is not None:
            raise self.error
        await asyncio.sleep(3600)

    async def departed(self) -> None:
        self.departures += 1


async def visits(consumer: Busy) -> asyncio.Task[None]:
    async def receive() -> dict[str, str]:
        return {"type": "websocket.receive"}

    async def send(_message: dict[str, Any]) -> None: ...

    visit = asyncio.create_task(consumer({"type": "websocket"}, receive, send))
    await asyncio.sleep(0)
    return visit


@pytest.mark.parametrize("error", [None, KeyError("a fault of ours")])
async def test_whoever_is_cancelled_or_fails_is_rung_and_counted_no_more(error: Exception | None) -> None:
    """Daphne cancels a consumer that is still busy ten seconds after its client has gone."""
    consumer = Busy(error)
    visit = await visits(consumer)
    visit.cancel()
    with contextlib.suppress(asyncio.CancelledError, KeyError):
        await visit
    await asyncio.sleep(0)
    assert consumer not in heartbeats.consumers()
    assert (consumer.closed, consumer.departures) == (True, 1)
