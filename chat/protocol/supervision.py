"""Frames about the board and the live view, alerts, interventions, devices of the staff, and approval
requests.

The module has over 300 lines, because the frames of a subject are in one module.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct, field

from chat.protocol.conversation import TakenStep
from chat.protocol.fields import At, Bytes, Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.letters import ShelfState


class Watch(Request):
    """Subscribes the supervisor to the board, whose `board` frames follow, or ends the subscription."""

    board: bool


class Floor(Request):
    """Subscribes the supervisor to the live view of their own lines, whose `floor` frames follow, or ends the
    subscription."""

    look: bool


class Today(Request):
    """Asks for the samples of a line's day so far, from which the board draws a curve."""

    line: Opaque


class Rest(Request):
    """Asks a counsellor to take a break, without forcing them to."""

    person: Opaque


class Listen(Request):
    """Asks the person in charge of a conversation to let the supervisor join."""

    conversation: Id16


class NoListen(Request):
    """Answers a supervisor, named by their id, that they may not join this conversation now."""

    conversation: Id16
    supervisor: Opaque


class End(Request):
    """Ends an idle conversation."""

    conversation: Id16


class SeenMissed(Request):
    """Records that the supervisor has seen a call or caller that nobody answered. Refused with `conflict` if
    a colleague saw it first, or if it is more than a day old."""

    line: Opaque
    missed: Opaque


class Alerting(Request):
    """Asks for the thresholds at which a line raises an alert."""

    line: Opaque


class SetAlerting(Request):
    """Sets the alerts of a line: one when so many callers wait, and one when a caller has waited so many
    minutes. Null means never."""

    line: Opaque
    waiting: Annotated[int, Meta(ge=1, le=100_000)] | None
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] | None


class Beginning(Request):
    """Asks which of the first steps of setting up a line the supervisor's lines still lack."""


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
    """Revokes a device. `lost` revokes it at once, even another supervisor's, for which approval is needed
    otherwise. `differ` records that the words that were read out were not those of the device."""

    device: Opaque
    lost: bool = False
    differ: bool = False


class RevokeOk(Ok):
    """Answers `revoke`. `waits` is true if the device is another supervisor's, so that a second supervisor
    has to confirm it."""

    waits: bool


class Approvals(Request):
    """Asks for the approval requests that concern this supervisor."""


class ConfirmApproval(Request):
    """Confirms an approval request, which is then carried out."""

    approval: Opaque


class DropApproval(Request):
    """Withdraws the supervisor's own approval request, or refuses another person's."""

    approval: Opaque


class Contacts(Request):
    """Asks for the address of each service to which the links for its guests are sent."""


class SetContact(Request):
    """Sets the contact of a service. If both fields are empty, nobody of that service can be invited by a
    link."""

    service: Opaque
    mail: Annotated[str, Meta(max_length=254, pattern=r"^[^\x00]*$")]
    url: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class SetAlertMail(Request):
    """Sets the address to which a line's alerts are mailed. If it is empty, none are mailed."""

    line: Opaque
    mail: Annotated[str, Meta(max_length=254, pattern=r"^[^\x00]*$")]


class LastDay(Request):
    """Asks what happened on the supervisor's lines in the last day."""


class Phones(Request):
    """Asks whom the supervisor can call: the people of their lines who gave a telephone number."""


class Replacements(Request):
    """Asks for the second factors that were replaced in the last day, which can still be undone."""


class UndoReplacement(Request):
    """Restores the previous second factor, because the person who asked for a new one was an impostor."""

    replacement: Opaque


class Trail(Request):
    """Asks for the newest rows of the audit about devices, keys, reviews, holds, and what supervisors did to
    lines."""


class ApprovalRow(Struct):
    """Represents an approval request. `name` is the person, service, role or owner of the device that it is
    about. `value` is a generation, hours, a role, `demand` or `lift`, a device's label, a service's name, or
    the old and new value of a field. `may` is whether this supervisor may confirm it now; `others` are the
    aliases of all others who may. `until` is when it lapses. `rests` is the time before which nobody may
    confirm it, or null. `lacking` is how many who work now do not have what the request would require of
    them."""

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
    """Answers `approvals`, with the oldest first."""

    approvals: list[ApprovalRow]


class ContactRow(Struct):
    """Holds the contact of a service, by mail or by webhook. If both are empty, it has none."""

    service: str
    name: str
    mail: str
    url: str


class AlertMailRow(Struct):
    """Holds the address to which a line's alerts are mailed. If it is empty, none are mailed."""

    line: str
    mail: str


class ContactsOk(Ok):
    """Answers `contacts` with the services, sorted by name, and the address for alerts of each of the
    supervisor's lines."""

    services: list[ContactRow]
    alerts: list[AlertMailRow]


class SetContactOk(Ok):
    """Answers `setcontact`. `waits` is true if a second supervisor has to confirm it."""

    waits: bool


class SetAlertMailOk(Ok):
    """Answers `setalertmail`. `waits` is true if a second supervisor has to confirm it."""

    waits: bool


class ReplacementRow(Struct):
    """Represents a second factor that was replaced. `alias` is whose it was, and `by` who replaced it."""

    replacement: str
    alias: str
    by: str
    at: At


class ReplacementsOk(Ok):
    """Answers `replacements`, with the newest first."""

    rows: list[ReplacementRow]


class TrailRow(Struct):
    """Represents a row of the audit, with codes and names but no content. `alias` is empty if the system
    acted.

    `about` is the person, the device's owner, the line or the conversation that the row is about. It is empty
    if that no longer exists or belongs to another line.
    """

    at: At
    alias: str
    action: str
    about: str
    detail: str


class TrailOk(Ok):
    """Answers `trail`."""

    rows: list[TrailRow]


class Grave(Struct):
    """Says when, to the minute, something went wrong for an acute caller: nobody came to a call for help
    (`call`), the caller left the queue (`left`), or the last counsellor had gone (`lost`)."""

    kind: Literal["call", "left", "lost"]
    at: At


class LastDayLine(Struct):
    """Counts what happened on a line: who came, how many of them said that it is acute, how many were
    answered, gave up, or were refused because the line was full, and how often nobody came to a call for help
    or an acute caller. `longest` and `alone` are in seconds: the longest wait, and for how long the line was
    open with nobody on duty. `grave` has the newest twenty first."""

    line: str
    came: int
    acute: int
    answered: int
    gave_up: int
    refused: int
    missed: int
    longest: int
    alone: int
    grave: list[Grave]


class LastDayOk(Ok):
    """Answers `lastday`. It counts since `since`."""

    since: At
    lines: list[LastDayLine]


class Phone(Struct):
    """Represents a person of a line and the number that they gave. `counsels` is whether the person can take
    callers there."""

    line: str
    id: str
    alias: str
    phone: str
    counsels: bool


class PhonesOk(Ok):
    """Answers `phones`."""

    phones: list[Phone]


class Point(Struct):
    """Holds a sample of a line's day. `longest` is the longest wait, in seconds."""

    at: At
    waiting: int
    active: int
    on: int
    longest: int


class TodayOk(Ok):
    """Answers `today`, with the oldest sample first."""

    points: list[Point]


class AlertingOk(Ok):
    """Answers `alerting` and `setalerting`. `told` is true if an administrator has set up a mail address or
    webhook to which alerts are sent."""

    waiting: int | None
    minutes: int | None
    told: bool


class BeginningStep(Struct):
    """Represents one of the first steps. `lines` are those that lack it; if there are none, it is done.
    `waits` are those of them for which somebody else has to do the next part. `signing` is left out if there
    is no root, `letters_key` if no line takes letters, and `backup` if this installation makes none."""

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
    """Answers `beginning`, with the steps in the order in which they are best done."""

    steps: list[BeginningStep]


class DeviceRow(Struct):
    """Represents a device of the staff. The fingerprint is derived from `key`; `used` is when the device last
    proved that it has its key."""

    id: str
    state: str
    person: str
    alias: str
    label: str
    key: Bytes
    enrolled: At
    used: At


class DevicesOk(Ok):
    """Answers `devices`."""

    devices: list[DeviceRow]


class Pressure(Struct):
    """Describes what a place in a line's queue costs. `level` is 0 for nothing, 1 for proof of work, 2 for
    hard work, and 3 if the line is full. The other fields count since midnight: how often work was `asked`
    for, how many callers `earned` a place by it, and how many were `refused` because the line was full."""

    level: Literal[0, 1, 2, 3]
    asked: int
    earned: int
    refused: int


class BoardLine(Struct):
    """Represents a line on the board. The day's figures count since midnight, local time.

    `waiting`, `oldest` and `urgent` include callers who are away. `away` and `urgent_away` count those, and
    `oldest_here` leaves them out. `letters_answered` counts today's answers, and `letters_in_time` those of
    them within the time promised. `letters_expired` is how many letters have ended unanswered since a
    supervisor last acknowledged it.
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
    """Sends the board of a supervisor's lines after a change, at most once a second."""

    to: ClassVar = (CONSOLE,)
    at: At
    lines: list[BoardLine]


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
    a day; `alerting` is since when the line raises alerts. `elsewhere` are the conversations in which only a
    partner has a seat. `foretold` is how many of the callers answered today had been shown a range for their
    wait, and `inside` how many of them waited as long as it said. `minutes` is the range that a caller who
    came now would be shown. `changes` is when the line opens or closes by its hours, if that is known.
    `waiting_ends` is when the callers who still wait are sent away, on a closed line without counsellors.
    `by_hours` says whether the hours would have the line open, if a supervisor decided by hand. `steered`,
    `most` and `reason` are as the request `line` last set them. If it is open or closed by hand,
    `steered_at` and `steered_by` say since when and by whom, if that is known; `steered_until` is when an
    open one follows its hours again.
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


class StaffOut(Frame):
    """Reports that the second factor of one of the supervisor's people was replaced or restored, so that the
    client sends `replacements` again."""

    to: ClassVar = (CONSOLE,)


class ApprovalsOut(Frame):
    """Reports that an approval request was made, confirmed or dropped, so that the client sends `approvals`
    again."""

    to: ClassVar = (CONSOLE,)


class RestOut(Frame):
    """Reports to a counsellor that the supervisor `by` asks them to take a break."""

    to: ClassVar = (CONSOLE,)
    by: str


class NoListenOut(Frame):
    """Reports to a supervisor who asked to join that the person in charge of the conversation refuses for
    now."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    alias: str


class ListenOut(Frame):
    """Reports that a supervisor asks to join. The console may then send an `invite` that asks `id` for a
    consult."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    id: str
    alias: str
