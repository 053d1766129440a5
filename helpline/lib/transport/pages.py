"""Limits connections that are not websockets: their number, the size of a body, the time for each request's
head and body, and the bytes of responses that clients leave unread.

If there are too many, the connection that has waited longest for a request is closed. So a client that sends
a head byte by byte (Slowloris), or keeps an idle connection, loses its place to a client with a request.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.python.failure import Failure
from twisted.web import http

from helpline.lib import bounds
from helpline.lib.transport.unread import Unread

_HTTPChannel: Any = http.HTTPChannel
MAX_BODY_BYTES = 2**20  # the connection of a larger body is cut; Twisted itself has no limit


class Pages:
    """Holds the open connections and, in `waiting`, those without a request, the longest-waiting first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.open: set[Any] = set()
        self.waiting: dict[Any, None] = {}
        self.full = bounds.watch("page_connections", lambda: len(self.open), most)

    def enter(self, connection: Any) -> bool:
        if len(self.open) >= self.most:
            self.full()
            if not self.waiting:
                return False
            oldest = next(iter(self.waiting))
            self.leave(oldest)
            oldest.abortConnection()
        self.open.add(connection)
        self.waiting[connection] = None
        return True

    def work(self, connection: Any) -> None:
        self.waiting.pop(connection, None)

    def rest(self, connection: Any) -> None:
        if connection in self.open:
            self.waiting[connection] = None

    def leave(self, connection: Any) -> None:
        self.open.discard(connection)
        self.waiting.pop(connection, None)


class Request(WebRequest):  # type: ignore[misc]
    size = 0

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        self.size += len(data)
        if self.size > MAX_BODY_BYTES:
            self.channel.transport.abortConnection()
        else:
            super().handleContentChunk(data)


class Channel(_HTTPChannel):  # type: ignore[misc]
    """Limits the time for the whole request. Twisted's own timeout restarts with each byte, so one byte at a
    time would hold a connection for ever."""

    here: Pages
    deadline: asyncio.TimerHandle | None = None
    is_answering = False
    late_heads = staticmethod(bounds.counted("late_heads"))
    late_bodies = staticmethod(bounds.counted("late_bodies"))

    def connectionMade(self) -> None:  # noqa: N802 – Twisted's name
        super().connectionMade()
        self.requestFactory = Request  # replaces the class that Daphne's factory has just set
        self.unread = Unread(self.transport)
        if self.here.enter(self.transport):
            self._within(settings.HANDSHAKE.total_seconds(), self.late_heads)
        else:
            self.transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        if self.deadline is None and not self.is_answering:
            self._within(settings.HANDSHAKE.total_seconds(), self.late_heads)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:  # noqa: N802 – Twisted's name
        super().allHeadersReceived()
        self._within(settings.BODY.total_seconds(), self.late_bodies)

    def allContentReceived(self) -> None:  # noqa: N802 – Twisted's name
        self._in_time()
        self.is_answering = True
        self.here.work(self.transport)
        super().allContentReceived()

    def requestDone(self, request: Any) -> None:  # noqa: N802 – Twisted's name
        self.is_answering = False
        super().requestDone(request)
        if not self.is_answering:  # a pipelined request may have begun already
            self.here.rest(self.transport)

    def write(self, data: bytes) -> None:
        super().write(data)
        self.unread.wrote(len(data))

    def writeSequence(self, iovec: Sequence[bytes]) -> None:  # noqa: N802 – Twisted's name
        super().writeSequence(iovec)
        self.unread.wrote(sum(map(len, iovec)))

    def pauseProducing(self) -> None:  # noqa: N802 – Twisted's name
        super().pauseProducing()
        self.unread.pauseProducing()

    def resumeProducing(self) -> None:  # noqa: N802 – Twisted's name
        super().resumeProducing()
        self.unread.resumeProducing()

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802 – Twisted's name
        self._in_time()
        self.unread.stopProducing()
        self.here.leave(self.transport)
        super().connectionLost(reason)

    def _within(self, seconds: float, late: Any) -> None:
        self._in_time()
        self.deadline = asyncio.get_event_loop().call_later(seconds, self._cut, late)

    def _in_time(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def _cut(self, late: Any) -> None:
        late()
        self.transport.abortConnection()


def no_more(connection: Any) -> None:
    """Removes a connection that has become a websocket."""
    Channel.here.leave(connection)
