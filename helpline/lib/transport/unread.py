"""Limits the bytes that all clients together have not read, counted as they are written and sent.

Beyond the limit, the clients with the most unread bytes are disconnected.
"""

from typing import Any, Protocol

from twisted.internet import tcp
from twisted.python.failure import Failure

from helpline.lib import bounds

# Connections are cut until this share of the limit is left. If only the excess were cut, each further frame
# would disconnect somebody.
ENOUGH_SHARE = 7 / 8

_Server: Any = tcp.Server


class Owned(Protocol):
    def cut(self) -> None: ...


class Bytes:
    """Counts bytes of one kind, by connection."""

    def __init__(self, bound: str, most: int) -> None:
        self.most = most
        self.bytes = 0
        self.of: dict[Owned, int] = {}
        self.reached = bounds.watch(bound, lambda: self.bytes, most)

    def count(self, owner: Owned, size: int) -> None:
        self.bytes += size - self.of.pop(owner, 0)
        if size:
            self.of[owner] = size
        if self.bytes > self.most:
            self._cut()

    def _cut(self) -> None:
        for owner in sorted(self.of, key=self.of.__getitem__, reverse=True):
            if self.bytes <= self.most * ENOUGH_SHARE:
                break
            self.reached()
            owner.cut()


class Connection(_Server):  # type: ignore[misc]
    """Counts a connection's unread bytes whenever it writes or sends."""

    here: Bytes

    def write(self, data: bytes) -> None:
        super().write(data)
        self._count()

    def writeSequence(self, iovec: Any) -> None:  # noqa: N802 – Twisted's name
        super().writeSequence(iovec)
        self._count()

    def doWrite(self) -> Any:  # noqa: N802 – Twisted's name
        result = super().doWrite()
        self._count()
        return result

    def cut(self) -> None:
        self.abortConnection()

    def abortConnection(self) -> None:  # noqa: N802 – Twisted's name
        super().abortConnection()
        self._forget()

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802 – Twisted's name
        super().connectionLost(reason)
        self._forget()

    def _count(self) -> None:
        if self.connected and not self._aborting:
            self.here.count(self, len(self.dataBuffer) - self.offset + self._tempDataLen)

    def _forget(self) -> None:
        """Drops the unsent bytes at once, because nobody will read them."""
        self.dataBuffer, self.offset = b"", 0
        self._tempDataBuffer.clear()
        self._tempDataLen = 0
        self.here.count(self, 0)
