"""Board and live view, alerts, interventions, staff's devices, and approval requests.

It has over 300 lines, because the frames of a subject are in one module.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct, field

from chat.protocol.conversation import TakenStep
from chat.protocol.fields import At, Bytes, Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request


class Watch(Request):
    """A supervisor looks at the board, or no more."""

    board: bool


class Floor(Request):
    """A supervisor looks at the floor of their own lines, or no more. The frame `floor` follows."""

    look: bool


class Today(Request):
    """The curve of a line's day so far."""

    line: Opaque


class Rest(Request):
    """Asks a counsellor to take a break. Nobody is forced."""

    person: Opaque


class Listen(Request):
    """Asks whoever is in charge of a conversation to let the supervisor join."""

    conversation: Id16


class End(Request):
    """Ends an idle conversation."""

    conversation: Id16


class Alerting(Request):
    """When a line raises an alert."""

    line: Opaque


class SetAlerting(Request):
    """Alert when so many wait, or somebody so many minutes; null: never."""

    line: Opaque
    waiting: Annotated[int, Meta(ge=1, le=100_000)] | None
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] | None


class Beginning(Request):
    """What the first days of the supervisor's lines still lack."""


class NumbersRead(Request):
    """A supervisor read the telephone numbers that a line's callers are shown: they are right."""

    line: Opaque


class Devices(Request):
    """The devices of those who work for the supervisor's lines and services."""


class Approve(Request):
    """A supervisor compared the fingerprint by voice."""

    device: Opaque


class Revoke(Request):
    """A device is to be used no more. `lost`: at once, also another supervisor's."""

    device: Opaque
    lost: bool = False


class RevokeOk(Ok):
    """Answer of `revoke`. `waits`: another supervisor's, for which a second one has to say yes."""

    waits: bool


class Approvals(Request):
    """Asks for the approval requests that concern this supervisor."""


class ConfirmApproval(Request):
    """Confirms an approval request: it is done."""

    approval: Opaque


class DropApproval(Request):
    """Takes one's own request back, or says no to another one's."""

    approval: Opaque


class Contacts(Request):
    """Where each service of the directory gets its guests' links."""


class SetContact(Request):
    """Another contact of a service; both empty: nobody comes there by a link."""

    service: Opaque
    mail: Annotated[str, Meta(max_length=254, pattern=r"^[^\x00]*$")]
    url: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class Replacements(Request):
    """Second factors that were replaced in the last day, which can still be undone."""


class UndoReplacement(Request):
    """Restores the previous second factor: the person was not who they said."""

    replacement: Opaque


class Trail(Request):
    """The newest rows of the audit: devices, keys, reviews, holds, and what supervisors did to lines."""


class ApprovalRow(Struct):
    """What somebody asked for. `name`: of the person, the service, the role or the device's owner that it is
    about; `value`: a generation, hours, a role, `demand` or `lift`, a device's label, a service's name, or
    what a field was and is to be. `may`: this supervisor may confirm it now; `others`: who else. `until`:
    then it lapses; `rests`: nobody confirms it before. `lacking`: how many who are signed in lack what it
    asks of them.
    """

    approval: str
    kind: str
    line: str | None
    name: str
    value: str
    mail: str
    url: str
    asked: str
    own: bool
    at: At
    until: At
    rests: At | None
    may: bool
    others: list[str]
    lacking: int = 0


class ApprovalsOk(Ok):
    """Answer of `approvals`, oldest first."""

    approvals: list[ApprovalRow]


class ContactRow(Struct):
    """A service's contact, by mail or by webhook; both empty: none."""

    service: str
    name: str
    mail: str
    url: str


class ContactsOk(Ok):
    """Answer of `contacts`, by name."""

    services: list[ContactRow]


class SetContactOk(Ok):
    """Answer of `setcontact`. `waits`: a second supervisor has to say yes."""

    waits: bool


class ReplacementRow(Struct):
    """Whose second factor `by` replaced, and when."""

    replacement: str
    alias: str
    by: str
    at: At


class ReplacementsOk(Ok):
    """Answer of `replacements`, newest first."""

    rows: list[ReplacementRow]


class TrailRow(Struct):
    """A row of the audit: codes and names, no content. An empty `alias`: the system did it.

    `about`: whom, whose device, which line or which letter; empty where that is gone or another line's.
    """

    at: At
    alias: str
    action: str
    about: str
    detail: str


class TrailOk(Ok):
    """Answer of `trail`."""

    rows: list[TrailRow]


class Point(Struct):
    """A moment of a line's day. `longest` in seconds."""

    at: At
    waiting: int
    active: int
    on: int
    longest: int


class TodayOk(Ok):
    """Answer of `today`, oldest first."""

    points: list[Point]


class AlertingOk(Ok):
    """Answer of `alerting` and `setalerting`. `told`: a mail or webhook is set up by an administrator."""

    waiting: int | None
    minutes: int | None
    told: bool


class BeginningStep(Struct):
    """`lines`: those that lack it; none: it is done. `signing` is left out where there is no root."""

    what: Literal[
        "supervisors", "counsellors", "devices", "signing", "review_key", "hours", "numbers", "alerts"
    ]
    lines: list[str]


class BeginningOk(Ok):
    """Answer of `beginning`, in the order in which it is best done."""

    steps: list[BeginningStep]


class DeviceRow(Struct):
    """A device as its supervisor sees it; `key` is for the fingerprint. `used`: last proven."""

    id: str
    state: str
    person: str
    alias: str
    label: str
    key: Bytes
    enrolled: At
    used: At


class DevicesOk(Ok):
    """Answer of `devices`."""

    devices: list[DeviceRow]


class Pressure(Struct):
    """What entering a line costs: 0 nothing, 1 work, 2 hard work, 3 it is full. Since midnight: how many were
    asked for work, came in with it done, were refused because the line was full.
    """

    level: Literal[0, 1, 2, 3]
    asked: int
    earned: int
    refused: int


class BoardLine(Struct):
    """A line on the board; the day's figures count since midnight, local time.

    `waiting` and `oldest` count those away, too; `away` and `oldest_here` tell them apart.
    """

    line: str
    state: Literal["open", "closed"]
    waiting: int
    away: int
    oldest: At | None
    oldest_here: At | None
    urgent: int
    pressure: Pressure
    active: int
    on: int
    slots: int
    free: int
    answered: int
    within: int
    abandoned: int
    overdue: int
    break_: int = field(name="break", default=0)


class BoardOut(Frame):
    """The lines of a supervisor, at most once a second, only when something changed."""

    to: ClassVar = (CONSOLE,)
    at: At
    lines: list[BoardLine]


class FloorConversation(Struct):
    """No content. `last`: its newest message; `here`: the caller; `dead`: it may be ended;
    `known`: a supervisor has seen its flag;
    `steps`: of the line's protocol, where it was flagged as acute.
    """

    conversation: str
    letter: str
    since: At
    last: At | None
    risk: int
    known: bool
    steps: list[TakenStep]
    here: bool
    dead: bool


class FloorPerson(Struct):
    """Somebody of the line, on duty or with conversations."""

    id: str
    alias: str
    duty: str
    slots: int
    conversations: list[FloorConversation]


class FloorWaiting(Struct):
    """A caller who waits. `why` this place: requeued, moved, urgent or waited; `boost` in minutes."""

    conversation: str
    since: At
    urgency: int
    locale: str
    here: bool
    why: Literal["requeued", "moved", "urgent", "waited"]
    reason: str
    boost: int
    minutes: tuple[int, int] | None


class FloorLine(Struct):
    """A line behind its sums. `alerts`: waiting, wait, urgent, nobody, pressure, overdue, certificates.

    `waiting`: the first twenty. `elsewhere`: conversations that only a partner holds. `inside` of `foretold`:
    today's callers whose true wait fell inside the range that they were shown. `minutes`: what somebody who
    came now would be shown.
    `steered`, `most` and `reason`: as the frame `line` set them last.
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
    steered: Literal["hours", "open", "closed"] = "hours"
    most: int | None = None
    reason: str = ""


class FloorOut(Frame):
    """The floor of a supervisor's lines, at most once a second, only when something changed."""

    to: ClassVar = (CONSOLE,)
    at: At
    lines: list[FloorLine]


class StaffOut(Frame):
    """The second factor of one of the supervisor's people was replaced or restored: ask `replacements`."""

    to: ClassVar = (CONSOLE,)


class ApprovalsOut(Frame):
    """Something that takes two persons was asked for, done or dropped: ask again."""

    to: ClassVar = (CONSOLE,)


class RestOut(Frame):
    """A supervisor asks this counsellor to take a break."""

    to: ClassVar = (CONSOLE,)
    by: str


class ListenOut(Frame):
    """A supervisor asks to join: the console may send a consult to `id`."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    id: str
    alias: str
