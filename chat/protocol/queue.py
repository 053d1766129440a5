"""Who waits: places for callers, sums for consoles; the next caller, and one moved to the front."""

from typing import ClassVar, Literal

from chat.protocol.fields import At, Id16, Opaque
from chat.protocol.frames import CALLER, CONSOLE, Frame, Ok, Request

type MoveReason = Literal["risk", "again", "promised", "other"]


class Next(Request):
    """Asks for the caller at the head of the queue."""

    line: Opaque | None


class Front(Request):
    """Moves a waiting caller to the front, for a reason that the board and the audit show."""

    conversation: Id16
    reason: MoveReason


class NextOk(Ok):
    """Answer of `next`: a seat."""

    conversation: str
    member: str
    line: str
    locale: str
    urgency: int


class CallerQueueOut(Frame):
    """Place in the queue; `minutes` is null or a range."""

    to: ClassVar = (CALLER,)
    ahead: int
    minutes: tuple[int, int] | None


class QueueOut(Frame):
    """A line's queue, for its staff."""

    to: ClassVar = (CONSOLE,)
    line: str
    waiting: int
    oldest: At | None
    urgent: int
