"""Defines the tutorial's consumer, which also stores each message in a row before passing it on."""

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from benchmarks.baselines.naive.models import Message


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.room = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"chat_{self.room}"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 – Channels names it
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        data = json.loads(text_data or "")
        await self.store(data["message"])
        await self.channel_layer.group_send(
            self.room_group_name, {"type": "chat.message", "id": data["id"], "message": data["message"]}
        )

    @database_sync_to_async
    def store(self, text: str) -> None:
        Message.objects.create(room=self.room, sender=self.channel_name[-20:], text=text)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"id": event["id"], "message": event["message"]}))
