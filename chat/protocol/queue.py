"""Who waits: places for callers, sums for consoles; the next caller, and one moved to the front."""

from typing import ClassVar, Literal

from chat.protocol.fields import At, Id16, Opaque
from chat.protocol.frames import CALLER, CONSOLE, Frame, Ok, Request

type MoveReason = Literal["risk", "again", "promised", "other"]


class Next(Request):
    """Asks for the caller at the head of the queue.

    `conversation`: for this one and no other, whom the person's own lost seat left waiting.
    """

    line: Opaque | None
    conversation: Opaque | None = None


class Front(Request):
    """Moves a waiting caller to the front, for a reason that the board and the audit show."""

    conversation: Id16
    reason: MoveReason


class NextOk(Ok):
    """Answer of `next` and `takeover`: a seat. `letter`: of the conversation on its line."""

    conversation: str
    member: str
    line: str
    locale: str
    urgency: int
    letter: str


class CallerQueueOut(Frame):
    """Place in the queue; `minutes` is null or a range.

    `long`: it may take more than an hour. `served`: who came to their turn since this caller came.
    `closed`: the line takes nobody new. `until`: nobody is there; unless somebody comes, the wait ends then.
    `staffed`: a counsellor of the line is on duty, or on a break.
    """

    to: ClassVar = (CALLER,)
    ahead: int
    minutes: tuple[int, int] | None
    long: bool
    served: int
    closed: bool
    until: At | None
    staffed: bool


class QueueOut(Frame):
    """A line's queue, for its staff. `here`: who is here and can be served by this person.

    `away` of those waiting are not here; `oldest_here`: of those who are.
    """

    to: ClassVar = (CONSOLE,)
    line: str
    waiting: int
    here: int
    oldest: At | None
    urgent: int
    away: int
    oldest_here: At | None
