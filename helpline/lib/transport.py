"""What Daphne's transport lacks: close codes for servers, and a bound on what one client makes it keep."""

import asyncio

from daphne import http_protocol
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

MAX_WAITING = 100  # frames that are not answered yet: then the client's next ones stay in the network
MAX_BODY = 2**20  # bytes of a posted form: Twisted would keep any number, in a file
MAX_UNSENT = 32 * 2**20  # bytes for a client that does not read them: no log is so long
LOOK_AGAIN = 0.05  # seconds


class Daphne(WebSocketProtocol):  # type: ignore[misc]
    is_paused = False

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 – Daphne's name
        """RFC 6455 gives 1009, 1011 and 1012 to servers; autobahn's `sendClose` allows 1000 and 3000–4999."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code or 1000, isReply=False)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 – autobahn's names
        super().onMessage(payload, isBinary)
        if not self.is_paused and self.application_queue.qsize() > MAX_WAITING:
            self.is_paused = True
            self.transport.pauseProducing()
            self._read_on()

    def _read_on(self) -> None:
        if not self.transport.connected:
            return
        if self.application_queue.qsize() > MAX_WAITING:
            asyncio.get_running_loop().call_later(LOOK_AGAIN, self._read_on)
        else:
            self.is_paused = False
            self.transport.resumeProducing()

    def serverSend(self, content: str, binary: bool = False) -> None:  # noqa: N802 – Daphne's name
        super().serverSend(content, binary)
        way = self.transport
        if len(way.dataBuffer) - way.offset + way._tempDataLen > MAX_UNSENT:  # noqa: SLF001 – no other tells
            way.abortConnection()


class Request(http_protocol.WebRequest):  # type: ignore[misc]
    size = 0

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        self.size += len(data)
        if self.size > MAX_BODY:
            self.channel.transport.abortConnection()
        else:
            super().handleContentChunk(data)


def install() -> None:
    WebSocketFactory.protocol = Daphne
    http_protocol.WebRequest = Request
