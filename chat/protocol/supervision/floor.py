"""Frames about the live view: the people on duty, the callers who wait, and the calls for help and acute
callers that were missed."""

from typing import ClassVar, Literal

from msgspec import Struct

from chat.protocol.conversation.risk import TakenStep
from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Request


class Floor(Request):
    """Subscribes this socket to the live view of the supervisor's lines, which is then sent in `floor`
    frames, or ends the subscription."""

    look: bool


class SeenMissed(Request):
    """Records that the supervisor has seen a missed call for help or a missed caller. The request is refused
    with `conflict` if a colleague has already recorded this, or if the event was more than a day ago."""

    line: Opaque
    missed: Opaque


class FloorConversation(Struct):
    """Represents a conversation on the live view, without its content. `last` is when its newest message was
    sent. `urgency` is what the caller chose at the start, and `risk` is the flag that the line's staff set.
    `here` is true if the caller is connected; otherwise `away` is when the caller disconnected. `alone` is
    the time since which neither staff nor a partner has been connected to it, or null if somebody is. `dead`
    is true if the conversation is idle and may be ended. `known` is true if a supervisor has seen the flag.
    If the conversation was flagged as acute, `steps` are the steps of the line's protocol that were taken."""

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
    alone: At | None
    dead: bool


class FloorPerson(Struct):
    """Represents a person of the line who is on duty, on a break or in a conversation. `busy` is how many of
    the person's slots are taken, on all lines, and `conversations` are those of this line."""

    id: str
    alias: str
    duty: str
    slots: int
    busy: int
    conversations: list[FloorConversation]


class FloorWaiting(Struct):
    """Represents a caller who waits. `why` is the reason for the caller's place in the queue, and `reason` is
    a supervisor's reason for moving the caller. `boost` is how many minutes were added to the caller's
    waiting time because of the urgency. `minutes` is the expected wait that the caller is shown. `urgency` is
    also 2 if a counsellor flagged the conversation as acute. `away` is when the caller disconnected, or null
    if the caller is connected."""

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
    """Counts the callers of one urgency who wait on a line (`waiting`), and how many of them are `away`.
    `oldest` is when the longest-waiting connected caller began to wait."""

    urgency: int
    waiting: int
    away: int
    oldest: At | None


class FloorMissed(Struct):
    """Represents a call for help that nobody answered (`call`), or an acute caller who left the queue
    (`left`). `since` is when the call was made or the wait began, and `at` when the call lapsed or the caller
    left, both rounded to the minute. `by` is the alias of the person who called for help, or empty. If
    another service was asked, `service` is its name and `phone` its telephone number; if the person who
    called works for another service, `of` is the name of that person's service."""

    missed: str
    kind: Literal["call", "left"]
    acute: bool
    since: At
    at: At
    by: str
    service: str
    phone: str
    of: str


class FloorLine(Struct):
    """Represents a line on the live view. `alerts` has codes: waiting, wait, urgent, nobody, pressure,
    overdue and certificates.

    `waiting` has the first hundred callers; `urgencies` counts all of them. `missed` has the newest five of
    `missed_in_all`. `unstaffed` is when the current period with nobody on duty began. It is null if somebody
    is on duty, or if the period began more than a day ago. If nobody on duty speaks the language of a
    connected caller, `unspoken` is when that caller began to wait; for several such callers, it is the
    earliest of these times. `elsewhere` are the conversations in which only a partner has a seat. `foretold`
    counts today's answered callers who had been shown an expected wait. `inside` counts how many of them were
    answered within the range that they were shown. `minutes` is the range that a new caller is shown now.
    `changes` is when the line opens or closes by its hours, if that time is known. If the line is closed and
    has no counsellors, `waiting_ends` is when the callers who still wait are sent away.

    `steered`, `most` and `reason` are the values that the request `line` last set. If a supervisor opened or
    closed the line by hand, `by_hours` is whether the line would be open by its hours, and `steered_at` and
    `steered_by` are the time and the supervisor's alias, if known. `steered_until` is when a line that was
    opened by hand follows its hours again.
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
