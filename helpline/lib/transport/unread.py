"""Limits how many bytes clients may leave unread: each client alone, and all clients together.

Twisted pauses a transport's producer when more bytes are unsent than fit into the buffer, and resumes the
producer when everything is sent. All bytes that are written while the producer is paused count as unread,
even those that the client has read by then.
"""

from typing import Any, Protocol

from helpline.lib import bounds

MAX_UNREAD_BYTES = 32 * 2**20  # for one client; more than any conversation's log has
# Connections are cut until no more than this share of the limit is in use. If only the excess were cut, each
# further frame would disconnect somebody.
ENOUGH_SHARE = 7 / 8


class Owner(Protocol):
    def recount(self) -> None: ...

    def cut(self) -> None: ...


class Bytes:
    """Counts bytes of one kind, by owner. Beyond the limit, the owners with the most bytes are cut off."""

    def __init__(self, bound: str, most: int) -> None:
        self.most = most
        self.bytes = 0
        self.of: dict[Owner, int] = {}
        self.reached = bounds.watch(bound, lambda: self.bytes, most)

    def count(self, owner: Owner, size: int) -> None:
        self.bytes += size - self.of.pop(owner, 0)
        if size:
            self.of[owner] = size
        if self.bytes > self.most:
            self._cut()

    def _cut(self) -> None:
        most, self.most = self.most, self.bytes  # so that `recount` does not call this method again
        for owner in tuple(self.of):
            owner.recount()
        self.most = most
        for owner in sorted(self.of, key=self.of.__getitem__, reverse=True):
            if self.bytes <= most * ENOUGH_SHARE:
                break
            self.reached()
            owner.cut()


class Unread:
    """Counts the bytes that one client leaves unread. It is the producer of the client's transport
    (IPushProducer)."""

    here: Bytes
    __slots__ = ("is_behind", "size", "transport")

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.is_behind = False
        self.size = 0

    def wrote(self, size: int) -> None:
        """Counts the bytes that were just written."""
        if self.is_behind:
            self.size += size
            self.here.count(self, self.size)
            if self.size > MAX_UNREAD_BYTES:
                self.cut()

    def pauseProducing(self) -> None:  # noqa: N802 – Twisted's name
        if not self.is_behind:
            self.is_behind = True
            self.size = self.transport.bufferSize

    def resumeProducing(self) -> None:  # noqa: N802 – Twisted's name
        self.stopProducing()
        if self.transport.disconnecting:  # Twisted closes no transport that has a paused producer
            self.transport.unregisterProducer()

    def stopProducing(self) -> None:  # noqa: N802 – Twisted's name
        self.is_behind = False
        self.size = 0
        self.here.count(self, 0)

    def recount(self) -> None:
        """Does nothing, because Twisted has reported every change already."""

    def cut(self) -> None:
        self.stopProducing()
        self.transport.abortConnection()
