"""Runs a consumer without a network: frames go in as text, and what is written comes out."""

import asyncio
import json
from typing import Any

from chat.consumers.base import Consumer
from chat.consumers.caller import CallerConsumer
from chat.consumers.console import ConsoleConsumer
from chat.consumers.desk import DeskConsumer
from chat.conversation.seats import Seat
from counsellors.models import Device, Person
from tests.support.frames import Frame


class Heard:
    """Holds what a consumer wrote."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer
        self.frames: list[Frame] = []
        consumer.base_send = self._send  # type: ignore[assignment]

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            self.frames.append(json.loads(message["text"]))

    def asks(self, name: str, /, **fields: Any) -> str:
        """Returns the error's code, or "ok". It opens the socket, whatever was asked."""
        self.frames.clear()
        self.consumer.after_reply.clear()
        text = json.dumps({"type": name, "ref": "r", **fields})
        asyncio.run(self.consumer.receive({"type": "websocket.receive", "text": text}))
        reply = next(frame for frame in self.frames if frame["type"] in {"ok", "error"})
        return str(reply.get("code", "ok"))


def a_console(person: Person, device: Device | None) -> Heard:
    """Returns a console that was greeted."""
    consumer = ConsoleConsumer()
    consumer.person = Person.objects.prefetch_related("role_rows").get(pk=person.pk)
    consumer.device = device
    consumer.cards, consumer.opened = {}, True
    return Heard(consumer)


def a_desk(seat: Seat) -> Heard:
    consumer = DeskConsumer()
    consumer.own_seat, consumer.opened = seat, True
    return Heard(consumer)


def a_page(seat: Seat | None) -> Heard:
    """Returns a caller's socket; without a seat it has not started yet."""
    consumer = CallerConsumer()
    if seat is not None:
        consumer.seat, consumer.line, consumer.opened = seat, "helpwanted", True
    return Heard(consumer)
