"""Limits the memory that one client can make a process use, and sends the close codes of servers."""

import asyncio
from collections import deque
from typing import Any

from daphne import http_protocol
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.python.failure import Failure

from helpline.lib.transport.at_once import send_now
from helpline.lib.transport.unread import Bytes

MAX_WAITING = 100  # unanswered frames; beyond them the process stops reading from the client
MAX_WAITING_BYTES = 128 * 1024  # the same limit in bytes
# A message between FRAME_BYTES and this still reaches the consumer, which closes the socket with 1009.
MAX_MESSAGE_BYTES = settings.FRAME_BYTES * 5 // 4
MAX_BODY_BYTES = 2**20  # beyond it the connection of a posted form is cut; Twisted would store any size
MAX_UNSENT_BYTES = 32 * 2**20  # that a client has not read; no conversation's log is so long
POLL_SECONDS = 0.05
CLOSE_TIMEOUT_SECONDS = 15.0  # Daphne gives the consumer of a lost connection ten seconds


class Daphne(WebSocketProtocol):  # type: ignore[misc]
    """Counts the frames of a websocket that wait between the network and the consumer."""

    waiting: Bytes
    maxMessagePayloadSize: int  # noqa: N815 – autobahn's name
    size = 0
    is_paused = False

    def applicationCreateWorked(self, application_queue: Any) -> None:  # noqa: N802 – Daphne's name
        self.sizes = deque[int]()
        # Overrides `asyncio.Queue._get`, which `get()` calls.
        self.take, application_queue._get = application_queue._get, self._taken  # noqa: SLF001
        super().applicationCreateWorked(application_queue)

    def _taken(self) -> Any:
        message = self.take()
        if message["type"] == "websocket.receive":
            self.size -= self.sizes.popleft()
            self.waiting.count(self, self.size)
        return message

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802 – Twisted's name
        super().connectionLost(reason)
        if self.size:  # frames received before are still being answered
            asyncio.get_running_loop().call_later(CLOSE_TIMEOUT_SECONDS, self.waiting.count, self, 0)

    def cut(self) -> None:
        """Drops the unanswered frames and the connection, so that their memory is free at once."""
        while self.sizes:
            self.application_queue.get_nowait()
        self.transport.abortConnection()

    def processData(self) -> Any:  # noqa: N802 – autobahn's name
        """Processes nothing while the socket is paused, because one read from the network may hold thousands
        of small frames."""
        return False if self.is_paused else super().processData()

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 – Daphne's name
        """Closes with any code. Servers need 1009, 1011 and 1012 (RFC 6455 and its IANA registry), but
        autobahn's `sendClose` allows only 1000 and 3000–4999."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code or 1000, isReply=False)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 – autobahn's names
        if self.muted:
            return
        self.sizes.append(len(payload))
        self.size += len(payload)
        super().onMessage(payload, isBinary)
        self.waiting.count(self, self.size)
        if not self.is_paused and self._has_enough():
            self.is_paused = True
            self.transport.pauseProducing()
            self._read_on()

    def _has_enough(self) -> bool:
        return self.application_queue.qsize() > MAX_WAITING or self.size > MAX_WAITING_BYTES

    def _read_on(self) -> None:
        if not self.transport.connected:
            return
        if self._has_enough():
            asyncio.get_running_loop().call_later(POLL_SECONDS, self._read_on)
        else:
            self.is_paused = False
            self.transport.resumeProducing()
            self.consumeData()

    def sendMessage(self, *args: Any, **kwargs: Any) -> None:  # noqa: N802 – autobahn's name
        """Sends without the size limit. It is meant for incoming messages, but autobahn applies it to
        outgoing ones, too, and lists are longer."""
        bound, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
        try:
            super().sendMessage(*args, **kwargs)
        finally:
            self.maxMessagePayloadSize = bound

    def serverSend(self, content: str, binary: bool = False) -> None:  # noqa: N802 – Daphne's name
        super().serverSend(content, binary)
        way = self.transport
        send_now(way)
        if len(way.dataBuffer) - way.offset + way._tempDataLen > MAX_UNSENT_BYTES:  # noqa: SLF001 – not public
            way.abortConnection()


class Request(http_protocol.WebRequest):  # type: ignore[misc]
    size = 0

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        self.size += len(data)
        if self.size > MAX_BODY_BYTES:
            self.channel.transport.abortConnection()
        else:
            super().handleContentChunk(data)
