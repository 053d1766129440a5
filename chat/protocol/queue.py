"""Frames about the queue: a caller's place, the counts for consoles, taking the next caller, and moving a
caller to the front."""

from typing import ClassVar, Literal

from chat.protocol.fields import At, Id16, Opaque
from chat.protocol.frames import CALLER, CONSOLE, Frame, Ok, Request
from chat.protocol.letters import Written

type MoveReason = Literal["risk", "again", "promised", "other"]


class Next(Request):
    """Asks for the caller at the head of the queue.

    With `conversation`, asks only for the caller of that conversation. That caller waits again because this
    person lost their seat in the conversation.
    """

    line: Opaque | None
    conversation: Opaque | None = None


class Front(Request):
    """Moves a waiting caller to the front. The board and the audit show the `reason`."""

    conversation: Id16
    reason: MoveReason


class NextOk(Ok):
    """Answers `next` and `takeover` with the person's new seat. `initial` is the letter that stands for the
    conversation on the staff's screens."""

    conversation: str
    member: str
    line: str
    locale: str
    urgency: int
    initial: str
    written: Written | None


class CallerQueueOut(Frame):
    """Sends a caller their place in the queue. `minutes` is the expected wait as a range, null if it is not
    known.

    `long` is true if the wait may be longer than an hour. `served` is how many callers were taken after this
    conversation was opened. `closed` is true if the line takes no new callers. `until` is when the wait ends
    if no counsellor comes, null if no end is set. `staffed` is true if a counsellor of the line who speaks
    the caller's language is on duty or on a break. `queued` is false only in the last frame to a caller who
    wrote a letter and no longer waits for a chat.
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
    """Sends a line's staff the counts of its queue. `here` is how many callers this person could take now:
    callers who are connected and whose language the person speaks.

    `away` is how many of the `waiting` callers are not connected. `oldest` is when the longest-waiting caller
    began to wait; `oldest_here` is the same time for the connected callers only.
    """

    to: ClassVar = (CONSOLE,)
    line: str
    waiting: int
    here: int
    oldest: At | None
    urgent: int
    away: int
    oldest_here: At | None
