"""The board and the live view, alerts, interventions, devices of the staff, and approval requests.

The module has over 300 lines, because the frames of a subject are in one module.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct, field

from chat.protocol.conversation import TakenStep
from chat.protocol.fields import At, Bytes, Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.letters import ShelfState


class Watch(Request):
    """Subscribes the supervisor to the board, or ends the subscription. `board` frames follow."""

    board: bool


class Floor(Request):
    """Subscribes the supervisor to the live view of their own lines, or ends the subscription. `floor` frames
    follow."""

    look: bool


class Today(Request):
    """Asks for the curve of a line's day so far."""

    line: Opaque


class Rest(Request):
    """Asks a counsellor to take a break, which forces nobody."""

    person: Opaque


class Listen(Request):
    """Asks whoever is in charge of a conversation to let the supervisor join."""

    conversation: Id16


class NoListen(Request):
    """Answers a supervisor, by their id, that they may not join this conversation now."""

    conversation: Id16
    supervisor: Opaque


class End(Request):
    """Ends an idle conversation."""

    conversation: Id16


class SeenMissed(Request):
    """Says that the supervisor has seen what nobody answered. `conflict`: a colleague has, or its day is
    over."""

    line: Opaque
    missed: Opaque


class Alerting(Request):
    """Asks for the thresholds at which a line raises an alert."""

    line: Opaque


class SetAlerting(Request):
    """Sets the alerts of a line: when so many callers wait, and when one has waited so many minutes. Null:
    never."""

    line: Opaque
    waiting: Annotated[int, Meta(ge=1, le=100_000)] | None
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] | None


class Beginning(Request):
    """Asks which of the first steps the supervisor's lines still lack."""


class NumbersRead(Request):
    """Records that a supervisor read the telephone numbers shown to a line's callers and found them right."""

    line: Opaque


class WordsRead(Request):
    """Records that a supervisor read the texts shown to a line's callers and found them right."""

    line: Opaque


class Devices(Request):
    """Asks for the devices of those who work for the supervisor's lines and services."""


class Approve(Request):
    """Approves a device whose fingerprint the supervisor compared by voice."""

    device: Opaque


class Revoke(Request):
    """Revokes a device. `lost`: at once, even another supervisor's, which otherwise needs approval. `differ`:
    the words that were read out were not the device's, which goes on record."""

    device: Opaque
    lost: bool = False
    differ: bool = False


class RevokeOk(Ok):
    """Answer of `revoke`. `waits`: the device is another supervisor's, and a second one has to confirm it."""

    waits: bool


class Approvals(Request):
    """Asks for the approval requests that concern this supervisor."""


class ConfirmApproval(Request):
    """Confirms an approval request, which is then carried out."""

    approval: Opaque


class DropApproval(Request):
    """Withdraws one's own approval request, or refuses another person's."""

    approval: Opaque


class Contacts(Request):
    """Asks where the links for guests of each service are sent."""


class SetContact(Request):
    """Sets the contact of a service. If both fields are empty, nobody of that service comes by a link."""

    service: Opaque
    mail: Annotated[str, Meta(max_length=254, pattern=r"^[^\x00]*$")]
    url: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class SetAlertMail(Request):
    """Sets the address that a line's alerts are mailed to. Empty: to none."""

    line: Opaque
    mail: Annotated[str, Meta(max_length=254, pattern=r"^[^\x00]*$")]


class Replacements(Request):
    """Asks for the second factors that were replaced in the last day, which can still be undone."""


class UndoReplacement(Request):
    """Restores the previous second factor, because the person was not who they said."""

    replacement: Opaque


class Trail(Request):
    """Asks for the newest rows of the audit: devices, keys, reviews, holds, and what supervisors did to
    lines."""


class ApprovalRow(Struct):
    """An approval request. `name`: the person, service, role or owner of the device that it is about;
    `value`: a generation, hours, a role, `demand` or `lift`, a device's label, a service's name, or what a
    field was and is to be. `may`: this supervisor may confirm it now; `others`: the aliases of those who may,
    too. `until`: when it lapses; `rests`: until when nobody may confirm it, or null. `lacking`: how many who
    work now lack what it demands of them."""

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
    """The contact of a service, by mail or by webhook. If both are empty, it has none."""

    service: str
    name: str
    mail: str
    url: str


class AlertMailRow(Struct):
    """Where a line's alerts are mailed to. Empty: to none."""

    line: str
    mail: str


class ContactsOk(Ok):
    """Answer of `contacts`: services sorted by name, and the supervisor's lines."""

    services: list[ContactRow]
    alerts: list[AlertMailRow]


class SetContactOk(Ok):
    """Answer of `setcontact`. `waits`: a second supervisor has to confirm it."""

    waits: bool


class SetAlertMailOk(Ok):
    """Answer of `setalertmail`. `waits`: a second supervisor has to confirm it."""

    waits: bool


class ReplacementRow(Struct):
    """A replaced second factor. `alias`: whose it was; `by`: who replaced it."""

    replacement: str
    alias: str
    by: str
    at: At


class ReplacementsOk(Ok):
    """Answer of `replacements`, with the newest first."""

    rows: list[ReplacementRow]


class TrailRow(Struct):
    """A row of the audit, with codes and names but no content. `alias` is empty where the system acted.

    `about`: the person, the device's owner, the line or the conversation that it is about; empty where that
    is gone or belongs to another line.
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
    """A sample of a line's day. `longest`: the longest wait, in seconds."""

    at: At
    waiting: int
    active: int
    on: int
    longest: int


class TodayOk(Ok):
    """Answer of `today`, with the oldest point first."""

    points: list[Point]


class AlertingOk(Ok):
    """Answer of `alerting` and `setalerting`. `told`: an administrator has set up a mail address or webhook
    that is told of alerts."""

    waiting: int | None
    minutes: int | None
    told: bool


class BeginningStep(Struct):
    """One of the first steps. `lines`: those that lack it; where there are none, it is done. `waits`: those
    of them for which somebody else has to go on. Left out are `signing` where there is no root, `letters_key`
    where no line takes letters, and `backup` where none is made here."""

    what: Literal[
        "supervisors",
        "counsellors",
        "devices",
        "signing",
        "review_key",
        "hours",
        "words",
        "numbers",
        "alerts",
        "letters_key",
        "backup",
    ]
    lines: list[str]
    waits: list[str]


class BeginningOk(Ok):
    """Answer of `beginning`. The steps are in the order in which they are best done."""

    steps: list[BeginningStep]


class DeviceRow(Struct):
    """A device as its supervisor sees it. `key`: for its fingerprint; `used`: when it was last proven."""

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
    """What a place on a line costs: `level` 0 nothing, 1 work, 2 hard work, 3 the line is full. The rest
    counts since midnight: how often work was `asked` for, how many `earned` a place by it, and how many were
    `refused` because the line was full."""

    level: Literal[0, 1, 2, 3]
    asked: int
    earned: int
    refused: int


class BoardLine(Struct):
    """A line on the board. The day's figures count since midnight, local time.

    `waiting`, `oldest` and `urgent` include callers who are away; `away` and `urgent_away` are how many these
    are, and `oldest_here` leaves them out. `letters_answered`: today, and of them those as
    promised; `letters_expired`: how many ended unanswered since a supervisor last acknowledged it.
    """

    line: str
    state: Literal["open", "closed"]
    waiting: int
    away: int
    oldest: At | None
    oldest_here: At | None
    urgent: int
    urgent_away: int
    pressure: Pressure
    active: int
    on: int
    slots: int
    free: int
    answered: int
    within: int
    abandoned: int
    overdue: int
    letters: ShelfState
    letters_answered: int
    letters_in_time: int
    letters_expired: int
    break_: int = field(name="break", default=0)


class BoardOut(Frame):
    """Tells the board of a supervisor's lines after a change, at most once a second."""

    to: ClassVar = (CONSOLE,)
    at: At
    lines: list[BoardLine]


class FloorConversation(Struct):
    """A conversation on the live view, without content. `last`: when its newest message was sent; `here`: its
    caller is connected; `dead`: it is idle and may be ended; `known`: a supervisor has seen its flag;
    `steps`: those taken of the line's protocol, if it was flagged as acute."""

    conversation: str
    initial: str
    since: At
    last: At | None
    risk: int
    known: bool
    steps: list[TakenStep]
    here: bool
    dead: bool


class FloorPerson(Struct):
    """A person of the line who is on duty, on a break or in a conversation."""

    id: str
    alias: str
    duty: str
    slots: int
    conversations: list[FloorConversation]


class FloorWaiting(Struct):
    """A caller who waits. `why`: the reason for this place in the queue; `boost`: by how many minutes urgency
    put the caller ahead; `minutes`: the expected wait that the caller is shown."""

    conversation: str
    since: At
    urgency: int
    locale: str
    here: bool
    why: Literal["requeued", "moved", "urgent", "waited"]
    reason: str
    boost: int
    minutes: tuple[int, int] | None


class FloorUrgency(Struct):
    """How many wait on a line with this urgency, how many of them are `away`, and since when the
    longest-waiting one waits who is here."""

    urgency: int
    waiting: int
    away: int
    oldest: At | None


class FloorMissed(Struct):
    """What nobody answered: a `call` for help, or an acute caller who `left` the queue. `since`: it rang, or
    they waited; `at`: nobody came, or they had left; `by`: the alias of who called, or empty. Times are
    rounded to the minute."""

    missed: str
    kind: Literal["call", "left"]
    acute: bool
    since: At
    at: At
    by: str


class FloorLine(Struct):
    """A line on the live view. `alerts`: waiting, wait, urgent, nobody, pressure, overdue, certificates.

    `waiting`: the first hundred callers; `urgencies` counts them all. `missed`: the newest five of
    `missed_in_all`. `unstaffed`: since when nobody is on duty, null if somebody is or if it is longer than a
    day; `alerting`: since when the line raises alerts. `elsewhere`: conversations that only a partner
    holds. `inside` of `foretold`: how many of today's callers who were shown a range waited as long as it
    said. `minutes`: the range that a caller who came now would be shown. `changes`: when the line opens or
    closes by its hours, if that is known; `waiting_ends`: when those are sent away who still wait on a closed
    line without counsellors. `steered`, `most` and `reason`: as the request `line` last set them.
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
    alerting: At | None
    changes: At | None
    waiting_ends: At | None
    steered: Literal["hours", "open", "closed"] = "hours"
    most: int | None = None
    reason: str = ""


class FloorOut(Frame):
    """Tells the live view of a supervisor's lines after a change, at most once a second."""

    to: ClassVar = (CONSOLE,)
    at: At
    lines: list[FloorLine]


class StaffOut(Frame):
    """Tells that the second factor of one of the supervisor's people was replaced or restored: ask
    `replacements`."""

    to: ClassVar = (CONSOLE,)


class ApprovalsOut(Frame):
    """Tells that an approval request was made, confirmed or dropped: ask `approvals`."""

    to: ClassVar = (CONSOLE,)


class RestOut(Frame):
    """Tells a counsellor that the supervisor `by` asks them to take a break."""

    to: ClassVar = (CONSOLE,)
    by: str


class NoListenOut(Frame):
    """Tells a supervisor who asked to join that whoever leads the conversation says no for now."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    alias: str


class ListenOut(Frame):
    """Tells that a supervisor asks to join: the console may send an `invite` for a consult to `id`."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    id: str
    alias: str
