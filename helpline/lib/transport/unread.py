"""Limits the bytes that clients have not read, each alone and all together.

Twisted tells a transport's producer when more than its buffer is unsent, and again when nothing is. What is
written in between counts as unread, also what the client has read of it meanwhile.
"""

from typing import Any, Protocol

from helpline.lib import bounds

MAX_UNREAD_BYTES = 32 * 2**20  # of one client; no conversation's log is so long
# Connections are cut until this share of the limit is left. If only the excess were cut, each further frame
# would disconnect somebody.
ENOUGH_SHARE = 7 / 8


class Owner(Protocol):
    def recount(self) -> None: ...

    def cut(self) -> None: ...


class Bytes:
    """Counts bytes of one kind, by owner. Beyond the limit, the owners of most bytes are cut."""

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
        most, self.most = self.most, self.bytes  # so that no count below cuts as well
        for owner in tuple(self.of):
            owner.recount()
        self.most = most
        for owner in sorted(self.of, key=self.of.__getitem__, reverse=True):
            if self.bytes <= most * ENOUGH_SHARE:
                break
            self.reached()
            owner.cut()


class Unread:
    """Counts what one client leaves unread. It is the producer of the client's transport (IPushProducer)."""

    here: Bytes
    __slots__ = ("is_behind", "size", "transport")

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.is_behind = False
        self.size = 0

    def wrote(self, size: int) -> None:
        """Runs after each write."""
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
        """Twisted has told everything already."""

    def cut(self) -> None:
        self.stopProducing()
        self.transport.abortConnection()
