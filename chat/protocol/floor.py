"""What a supervisor sees of the people behind the board's sums, and does about it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Frame, Id16, Opaque, Request
from chat.protocol.frames import Ok

type Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM, wall clock")]
type Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="YYYY-MM-DD")]
type Words = Annotated[str, Meta(max_length=120, pattern=r"^[^\x00]*$")]
type MoveReason = Literal["risk", "again", "promised", "other"]


class FloorAsked(Request, tag="floor"):
    """A supervisor looks at the floor of the own lines, or no more. The frame `floor` follows."""

    look: bool


class MovedToFront(Request, tag="front"):
    """Moves a waiting caller to the front, for a reason that the board and the audit show."""

    conversation: Id16
    reason: MoveReason


class RestAsked(Request, tag="rest"):
    """Asks a counsellor to take a break. Nothing is forced."""

    person: Opaque


class ListenAsked(Request, tag="listen"):
    """Asks whoever is in charge of a conversation to let the supervisor join."""

    conversation: Id16


class EndedDead(Request, tag="end"):
    """Ends a conversation in which nobody says anything any more."""

    conversation: Id16


class TodayAsked(Request, tag="today"):
    """The curve of a line's day so far."""

    line: Opaque


class SpanSet(Struct, forbid_unknown_fields=True):
    """From `opens` until just before `closes`, the next day if that is not later; 00:00 to 00:00: a day."""

    opens: Clock
    closes: Clock


class DateSet(Struct, forbid_unknown_fields=True):
    """What counts on one date instead of everything else; no span: closed."""

    date: Day
    spans: Annotated[list[SpanSet], Meta(max_length=6)]
    reason: Words


class HoursAsked(Request, tag="hours"):
    """A line's opening hours, and what they make of the next four weeks."""

    line: Opaque


class HoursSet(Request, tag="sethours"):
    """New hours: shown as the next four weeks would be, and kept only with `keep`.

    `week`: Monday first. `holidays`: by the names in `feasts`, or `any`.
    """

    line: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool


class AlertingAsked(Request, tag="alerting"):
    """When a line raises an alert."""

    line: Opaque


class AlertingSet(Request, tag="setalerting"):
    """Alert when so many wait, or somebody so many minutes; null: never."""

    line: Opaque
    waiting: Annotated[int, Meta(ge=1, le=100_000)] | None
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] | None


class FloorConversation(Struct):
    """No content. `last`: its newest message; `here`: the caller; `dead`: it may be ended."""

    conversation: str
    since: At
    last: At | None
    risk: int
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
    opened: At
    urgency: int
    locale: str
    here: bool
    why: Literal["requeued", "moved", "urgent", "waited"]
    reason: str
    boost: int
    minutes: tuple[int, int] | None


class FloorLine(Struct):
    """A line behind its sums. `alerts`: waiting, wait, nobody, overdue. `waiting`: the first twenty.

    `elsewhere`: conversations that only a partner holds. `inside` of `foretold`: today's callers whose true
    wait fell inside the range that they were shown. `minutes`: what somebody who came now would be shown.
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


class FloorOut(Frame, tag="floor"):
    """The floor of a supervisor's lines, at most once a second, only when something changed."""

    at: At
    lines: list[FloorLine]


class RestOut(Frame, tag="rest"):
    """A supervisor asks this counsellor to take a break."""

    by: str


class ListenOut(Frame, tag="listen"):
    """A supervisor asks to join: the console may send a consult to `id`."""

    conversation: str
    id: str
    alias: str


class Point(Struct):
    """A moment of a line's day. `longest` in seconds."""

    at: At
    waiting: int
    active: int
    on: int
    longest: int


class TodayOk(Ok, tag="ok"):
    """Answer of `today`, oldest first."""

    points: list[Point]


class SpanShown(Struct):
    """As in `sethours`."""

    opens: str
    closes: str


class DateShown(Struct):
    """As in `sethours`."""

    date: str
    spans: list[SpanShown]
    reason: str


class DayShown(Struct):
    """A day of the preview; `why` its hours are not the weekday's: a reason or a feast."""

    date: str
    spans: list[SpanShown]
    why: str


class HoursOk(Ok, tag="ok"):
    """Answer of `hours` and `sethours`. `feasts`: the names that `holidays` may have, `any` apart."""

    week: list[list[SpanShown]]
    holidays: dict[str, list[SpanShown]]
    dates: list[DateShown]
    feasts: list[str]
    preview: list[DayShown]


class AlertingOk(Ok, tag="ok"):
    """Answer of `alerting` and `setalerting`. `told`: a mail or webhook is set up by an administrator."""

    waiting: int | None
    minutes: int | None
    told: bool
