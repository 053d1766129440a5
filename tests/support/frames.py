"""Represents frames for tests: their type, what can come instead of one, and how to wait for one."""

from collections.abc import Callable
from typing import Any

type Frame = dict[str, Any]
type Predicate = Callable[[Frame], object]


class Refused(Exception):
    """The server answered a request with an error."""

    def __init__(self, frame: Frame) -> None:
        self.code: str = frame["code"]
        self.detail: str = frame.get("detail", "")
        self.frame = frame
        super().__init__(f"{self.code}: {self.detail}")


class HandshakeRefused(Exception):
    """The server refused the websocket handshake with this HTTP status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"handshake refused with {status}")


class Disconnected(ConnectionError):
    """There is no connection, or it ended before the reply. `code` is the close code (1006: none came)."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(f"disconnected, close code {code}")


def is_entry(kind: str, **fields: object) -> Predicate:
    """A predicate for `until`: an entry of this kind with these fields."""
    return is_frame("entry", kind=kind, **fields)


def is_frame(frame_type: str, **fields: object) -> Predicate:
    """A predicate for `until`: a frame of this type with these fields."""
    wanted = {"type": frame_type, **fields}
    return lambda frame: all(name in frame and frame[name] == value for name, value in wanted.items())
