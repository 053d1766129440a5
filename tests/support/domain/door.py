"""A door without a network: frames go in as text, and what is written comes out."""

import asyncio
import json
from typing import Any

from chat.consumers.base import Door
from chat.consumers.caller import CallerDoor
from chat.consumers.console import ConsoleDoor
from chat.consumers.desk import DeskDoor
from chat.conversation.seats import Seat
from counsellors.models import Device, Person
from tests.support.frames import Frame


class Heard:
    """What a door wrote."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.frames: list[Frame] = []
        door.base_send = self._send  # type: ignore[assignment]

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            self.frames.append(json.loads(message["text"]))

    def asks(self, name: str, /, **fields: Any) -> str:
        """The error's code, or "ok"; the socket is opened whatever was asked."""
        self.frames.clear()
        self.door.after_reply.clear()
        text = json.dumps({"type": name, "ref": "r", **fields})
        asyncio.run(self.door.receive({"type": "websocket.receive", "text": text}))
        reply = next(frame for frame in self.frames if frame["type"] in {"ok", "error"})
        return str(reply.get("code", "ok"))


def a_console(person: Person, device: Device | None) -> Heard:
    """Greeted."""
    door = ConsoleDoor()
    door.person = Person.objects.prefetch_related("role_rows").get(pk=person.pk)
    door.device = device
    door.cards, door.opened = {}, True
    return Heard(door)


def a_desk(seat: Seat) -> Heard:
    door = DeskDoor()
    door.own_seat, door.opened = seat, True
    return Heard(door)


def a_page(seat: Seat | None) -> Heard:
    """A caller's; without a seat it has not started yet."""
    door = CallerDoor()
    if seat is not None:
        door.seat, door.line, door.opened = seat, "helpwanted", True
    return Heard(door)
