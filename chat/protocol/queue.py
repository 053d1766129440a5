"""The queue: places for callers, sums for consoles, the next caller, and moving one to the front."""

from typing import ClassVar, Literal

from chat.protocol.fields import At, Id16, Opaque
from chat.protocol.frames import CALLER, CONSOLE, Frame, Ok, Request
from chat.protocol.letters import Written

type MoveReason = Literal["risk", "again", "promised", "other"]


class Next(Request):
    """Asks for the caller at the head of the queue.

    `conversation`: asks for this caller and no other, who waits because this person's own seat was lost.
    """

    line: Opaque | None
    conversation: Opaque | None = None


class Front(Request):
    """Moves a waiting caller to the front, for a reason that the board and the audit show."""

    conversation: Id16
    reason: MoveReason


class NextOk(Ok):
    """Answer of `next` and `takeover`: the person's new seat. `initial`: the name of the conversation on its
    line."""

    conversation: str
    member: str
    line: str
    locale: str
    urgency: int
    initial: str
    written: Written | None


class CallerQueueOut(Frame):
    """Tells a caller their place in the queue. `minutes`: the expected wait as a range, null where it is not
    known.

    `long`: it may take more than an hour. `served`: how many callers were taken since this one came.
    `closed`: the line takes nobody new. `until`: when the wait ends unless somebody of the staff comes, null
    where no end is set. `staffed`: a counsellor of the line is on duty or on a break. `queued`: false in the
    last frame to the caller of a letter, who no longer waits.
    """

    to: ClassVar = (CALLER,)
    ahead: int
    minutes: tuple[int, int] | None
    long: bool
    served: int
    closed: bool
    until: At | None
    staffed: bool
    queued: bool = True


class QueueOut(Frame):
    """Tells a line's staff the sums of its queue. `here`: how many callers this person can be given now, who
    are connected, in a language that they speak.

    `away`: how many of those `waiting` are not connected. `oldest`: since when the longest-waiting caller
    waits; `oldest_here`: the same among those connected.
    """

    to: ClassVar = (CONSOLE,)
    line: str
    waiting: int
    here: int
    oldest: At | None
    urgent: int
    away: int
    oldest_here: At | None
