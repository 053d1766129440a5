"""A consumer that is ended from outside leaves nothing in its process."""

import asyncio
import contextlib
from typing import Any, ClassVar

import pytest

from chat import bells, protocol
from chat.bells import ringing
from chat.consumers import heartbeats
from chat.consumers.caller import CallerConsumer
from chat.requests.conversation import opening


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


class Opening:
    """Stands for a console that is reading a conversation."""

    followings: ClassVar[dict[str, object]] = {}

    def ring(self, _bell: bells.Bell) -> None: ...

    async def open_seat(self, *_: object) -> None:
        await asyncio.sleep(3600)


async def test_a_console_that_goes_while_it_opens_a_conversation_is_rung_by_it_no_more() -> None:
    asked = protocol.Open(ref="1", conversation="A" * 22, since=0)
    console: Any = Opening()
    visit = asyncio.create_task(opening.open_(console, asked))
    await asyncio.sleep(0)
    topic = bells.conversation(asked.conversation)
    assert topic in ringing._listeners
    visit.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await visit
    assert topic not in ringing._listeners
