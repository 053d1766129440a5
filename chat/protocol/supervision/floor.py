"""Frames about the live view: who is on duty, who waits, and what nobody answered."""

from typing import ClassVar, Literal

from msgspec import Struct

from chat.protocol.conversation.risk import TakenStep
from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Request


class Floor(Request):
    """Subscribes the supervisor to the live view of their own lines, whose `floor` frames follow, or ends the
    subscription."""

    look: bool


class SeenMissed(Request):
    """Records that the supervisor has seen a call or caller that nobody answered. Refused with `conflict` if
    a colleague saw it first, or if it is more than a day old."""

    line: Opaque
    missed: Opaque


class FloorConversation(Struct):
    """Represents a conversation on the live view, without its content. `last` is when its newest message was
    sent. `urgency` is what its caller said at the start, `risk` what the line's staff flagged. `here` is true
    if its caller is connected; `away` is since when the caller is not. `dead` is true if it is idle and may
    be ended. `known` is true if a supervisor has seen its flag. `steps` are those taken of the line's
    protocol, if it was flagged as acute."""

    conversation: str
    initial: str
    since: At
    last: At | None
    risk: int
    urgency: int
    known: bool
    steps: list[TakenStep]
    here: bool
    away: At | None
    dead: bool


class FloorPerson(Struct):
    """Represents a person of the line who is on duty, on a break or in a conversation."""

    id: str
    alias: str
    duty: str
    slots: int
    conversations: list[FloorConversation]


class FloorWaiting(Struct):
    """Represents a caller who waits. `why` is the reason for this place in the queue, `boost` is by how many
    minutes urgency put the caller ahead, and `minutes` is the expected wait that the caller is shown.
    `urgency` is 2 also if a counsellor flagged the conversation as acute. `away` is since when the caller is
    not connected."""

    conversation: str
    since: At
    urgency: int
    locale: str
    here: bool
    away: At | None
    why: Literal["requeued", "moved", "urgent", "waited"]
    reason: str
    boost: int
    minutes: tuple[int, int] | None


class FloorUrgency(Struct):
    """Counts the callers who wait on a line with this urgency, and how many of them are `away`. `oldest` is
    since when the longest-waiting caller who is connected has waited."""

    urgency: int
    waiting: int
    away: int
    oldest: At | None


class FloorMissed(Struct):
    """Represents what nobody answered: a `call` for help, or an acute caller who `left` the queue. `since` is
    when the call was made or the wait began, and `at` when the call lapsed or the caller left, both rounded
    to the minute. `by` is the alias of the person who called, or empty."""

    missed: str
    kind: Literal["call", "left"]
    acute: bool
    since: At
    at: At
    by: str


class FloorLine(Struct):
    """Represents a line on the live view. `alerts` are waiting, wait, urgent, nobody, pressure, overdue and
    certificates.

    `waiting` has the first hundred callers; `urgencies` counts them all. `missed` has the newest five of
    `missed_in_all`. `unstaffed` is since when nobody is on duty, null if somebody is or if it is longer than
    a day; `unspoken` is since when the longest-waiting connected caller waits whose language nobody on duty
    speaks. `elsewhere` are the conversations in which only a partner has a seat. `foretold` is how many of
    the callers answered today had been shown a range for their wait, and `inside` how many of them waited as
    long as it said. `minutes` is the range that a caller who came now would be shown. `changes` is when the
    line opens or closes by its hours, if that is known. `waiting_ends` is when the callers who still wait are
    sent away, on a closed line without counsellors. `by_hours` says whether the hours would have the line
    open, if a supervisor decided by hand. `steered`, `most` and `reason` are as the request `line` last set
    them. If it is open or closed by hand, `steered_at` and `steered_by` say since when and by whom, if that
    is known; `steered_until` is when an open one follows its hours again.
    """

    line: str
    alerts: list[str]
    ringing: int
    flagged: int
    minutes: tuple[int, int] | None
    inside: int
    foretold: int
    people: list[FloorPerson]
    elsewhere: list[FloorConversation]
    waiting: list[FloorWaiting]
    urgencies: list[FloorUrgency]
    missed: list[FloorMissed]
    missed_in_all: int
    unstaffed: At | None
    unspoken: At | None
    changes: At | None
    waiting_ends: At | None
    by_hours: bool | None
    steered: Literal["hours", "open", "closed"] = "hours"
    steered_at: At | None = None
    steered_by: str = ""
    steered_until: At | None = None
    most: int | None = None
    reason: str = ""


class FloorOut(Frame):
    """Sends the live view of a supervisor's lines after a change, at most once a second."""

    to: ClassVar = (CONSOLE,)
    at: At
    lines: list[FloorLine]
