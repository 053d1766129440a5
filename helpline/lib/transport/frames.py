"""Limits the memory that one websocket can make a process use, and sends the close codes that only a server
may send."""

import asyncio
from typing import Any

from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.python.failure import Failure

from helpline.lib.transport.unread import Bytes, Unread

MAX_WAITING = 100  # unanswered frames; beyond them the process stops reading from the client
MAX_WAITING_BYTES = 128 * 1024  # the same limit in bytes
# A message whose size is between FRAME_BYTES and this limit still reaches the consumer, which closes the
# socket with 1009.
MAX_MESSAGE_BYTES = settings.FRAME_BYTES * 5 // 4
BUFFER_BYTES = 16 * 1024  # a client with more unsent bytes is behind; also the size of one read
POLL_SECONDS = 0.05
CLOSE_TIMEOUT_SECONDS = 15.0  # longer than the 10 s that Daphne gives a consumer to finish


class Frames(WebSocketProtocol):  # type: ignore[misc]
    """Counts the frames that wait between the network and the consumer, and the bytes that the client has not
    read."""

    waiting: Bytes
    transport: Any
    maxMessagePayloadSize: int  # noqa: N815 – autobahn's name
    size = 0
    is_paused = False

    def connectionMade(self) -> None:  # noqa: N802 – Twisted's name
        super().connectionMade()
        self.sizes: list[int] = []  # the length of each waiting frame, in bytes
        self.transport.bufferSize = BUFFER_BYTES
        self.unread = Unread(self.transport)
        self.transport.unregisterProducer()  # the producer that was registered for the HTTP request
        self.transport.registerProducer(self.unread, streaming=True)

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802 – Twisted's name
        super().connectionLost(reason)
        self.transport = None  # frees the unsent bytes: Daphne keeps this object for seconds
        if self.size:  # the consumer still answers frames that came before
            asyncio.get_running_loop().call_later(CLOSE_TIMEOUT_SECONDS, self.waiting.count, self, 0)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 – autobahn's names
        if self.muted:
            return
        self.sizes.append(len(payload))
        self.size += len(payload)
        super().onMessage(payload, isBinary)
        self.recount()
        if not self.is_paused and self._has_enough():
            self.is_paused = True
            self.transport.pauseProducing()
            self._read_on()

    def recount(self) -> None:
        """Stops counting the frames that the consumer has taken from its queue."""
        if (taken := len(self.sizes) - self.application_queue.qsize()) > 0:
            self.size -= sum(self.sizes[:taken])
            del self.sizes[:taken]
        self.waiting.count(self, self.size)

    def cut(self) -> None:
        """Drops the unanswered frames and the connection, so that their memory is free immediately. The
        consumer is still told that the connection was lost: otherwise the client's seat would count as
        present until the lease of the seat ends."""
        queue = self.application_queue
        messages = [queue.get_nowait() for _ in range(queue.qsize())]
        for message in messages:
            if message["type"] != "websocket.receive":
                queue.put_nowait(message)
        self.sizes.clear()
        self.size = 0
        self.waiting.count(self, 0)
        if self.transport is not None:
            self.transport.abortConnection()

    def _has_enough(self) -> bool:
        return len(self.sizes) > MAX_WAITING or self.size > MAX_WAITING_BYTES

    def _read_on(self) -> None:
        if self.transport is None or not self.transport.connected:
            return
        self.recount()
        if self._has_enough():
            asyncio.get_running_loop().call_later(POLL_SECONDS, self._read_on)
        else:
            self.is_paused = False
            self.transport.resumeProducing()
            self.consumeData()

    def processData(self) -> Any:  # noqa: N802 – autobahn's name
        """Processes nothing while the socket is paused, because one read from the network may hold thousands
        of small frames."""
        return False if self.is_paused else super().processData()

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 – Daphne's name
        """Closes with any code. Servers need 1009, 1011 and 1012 (RFC 6455 and its IANA registry), but
        autobahn's `sendClose` allows only 1000 and 3000–4999."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code or 1000, isReply=False)

    def sendMessage(self, *args: Any, **kwargs: Any) -> None:  # noqa: N802 – autobahn's name
        """Sends without the size limit, which is meant for incoming messages. autobahn applies it to outgoing
        ones, too, and some of our lists are longer."""
        bound, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
        try:
            super().sendMessage(*args, **kwargs)
        finally:
            self.maxMessagePayloadSize = bound

    def serverSend(self, content: str, binary: bool = False) -> None:  # noqa: N802 – Daphne's name
        super().serverSend(content, binary)
        self.unread.wrote(len(content))
