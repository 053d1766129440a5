"""The wire contract, version 1: one Struct per frame in each direction. docs/asyncapi.yaml is made from here.

Unknown fields are refused. Bytes travel as canonical base64url without padding.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from helpline.lib import encoding
from helpline.lib.errors import Refusal

SUBPROTOCOL = "helpline.v1"

# The last character of a canonical text carries spare bits that must be zero.
type Ref = Annotated[str, Meta(max_length=36)]
type Id16 = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{21}[AQgw]$", max_length=22, description="16 bytes")]
type Id8 = Annotated[
    str, Meta(pattern="^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$", max_length=11, description="8 bytes")
]
type Opaque = Annotated[str, Meta(max_length=64)]
type Bytes = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]*$", description="base64url")]
type Seq = Annotated[int, Meta(ge=0, le=2**31 - 1)]
type Epoch = Annotated[int, Meta(ge=0, le=2**31 - 1)]
type Urgency = Literal[0, 1, 2]
type Locale = Literal["nl", "en"]
type At = Annotated[str, Meta(description="ISO 8601, UTC, Z")]


class Request(Struct, forbid_unknown_fields=True, tag_field="type", kw_only=True):
    """A client's frame: answered by exactly one `ok` or `error` with its `ref`."""

    ref: Ref


# Caller → server


class Start(Request, tag="start"):
    """Opens a conversation."""

    line: Opaque
    locale: Locale
    urgency: Urgency


class Resume(Request, tag="resume"):
    """Comes back to a conversation, in this or a newer tab."""

    conversation: Id16
    token: Opaque
    since: Seq


class CallerSync(Request, tag="sync"):
    """Asks for the entries above `since`."""

    since: Seq


class WrapFor(Struct, forbid_unknown_fields=True):
    """The new epoch's secret for one member."""

    member: Id8
    wrap: Bytes


class HistoryFor(Struct, forbid_unknown_fields=True):
    """An earlier epoch's secret for one member."""

    epoch: Epoch
    member: Id8
    wrap: Bytes


class Grant(Request, tag="grant"):
    """Makes a new epoch and lets in those who are present."""

    epoch: Epoch
    wraps: list[WrapFor]
    history: list[HistoryFor]


class CallerPost(Request, tag="post"):
    """A sealed message."""

    id: Id16
    epoch: Epoch
    box: Bytes


class CallerTyping(Request, tag="typing"):
    """The caller is typing."""


class CallerSeen(Request, tag="seen"):
    """Read up to `seq`."""

    seq: Seq


class CallerLeave(Request, tag="leave"):
    """Ends the conversation."""


class Beat(Request, tag="beat"):
    """Answers a beat: still here."""


type CallerRequest = (
    Start | Resume | CallerSync | Grant | CallerPost | CallerTyping | CallerSeen | CallerLeave | Beat
)

# Console → server


class Hello(Request, tag="hello"):
    """Opens a console."""

    device: Opaque | None


class Enrol(Request, tag="enrol"):
    """Registers this browser's public key."""

    key: Bytes
    label: Annotated[str, Meta(max_length=80)]


class DutyChange(Request, tag="duty"):
    """On, break or off, with so many conversations at once."""

    state: Literal["on", "break", "off"]
    slots: Annotated[int, Meta(ge=0, le=4)]


class Next(Request, tag="next"):
    """Asks for the caller at the head of the queue."""

    line: Opaque | None


class Open(Request, tag="open"):
    """Follows a conversation from `since` on."""

    conversation: Id16
    since: Seq


class Sync(Request, tag="sync"):
    """Asks for the entries above `since`."""

    conversation: Id16
    since: Seq


class Post(Request, tag="post"):
    """A sealed message."""

    conversation: Id16
    id: Id16
    epoch: Epoch
    box: Bytes


class Typing(Request, tag="typing"):
    """This seat is typing."""

    conversation: Id16


class Seen(Request, tag="seen"):
    """Read up to `seq`."""

    conversation: Id16
    seq: Seq


class Leave(Request, tag="leave"):
    """This seat leaves."""

    conversation: Id16


class Close(Request, tag="close"):
    """Ends the conversation."""

    conversation: Id16


type ConsoleRequest = (
    Hello | Enrol | DutyChange | Next | Open | Sync | Post | Typing | Seen | Leave | Close | Beat
)

# Server → client


class Frame(Struct, tag_field="type", kw_only=True):
    """A server's frame."""


class Ok(Frame, tag="ok"):
    """The one reply of a request that succeeded; each request's own fields stand beside `ref`."""

    ref: str


class Error(Frame, tag="error"):
    """The one reply of a request that was refused. `ref` is null when it could not be read."""

    ref: str | None
    code: str
    detail: str
    epoch: int | UnsetType = UNSET
    members: list[str] | UnsetType = UNSET
    opens: At | None | UnsetType = UNSET
    state: str | UnsetType = UNSET


class BeatOut(Frame, tag="beat"):
    """For each conversation that the socket follows, the newest `seq` that its seat may see."""

    at: At
    seqs: dict[str, int]


class CallerQueue(Frame, tag="queue"):
    """Place in the queue; `minutes` is null or a range."""

    ahead: int
    minutes: tuple[int, int] | None


class LineQueue(Frame, tag="queue"):
    """A line's queue, for its staff."""

    line: str
    waiting: int
    oldest: At | None
    urgent: int


class TypingOut(Frame, tag="typing"):
    """Somebody else is typing."""

    conversation: str
    by: str


class SeenOut(Frame, tag="seen"):
    """Somebody else has read up to `seq`."""

    conversation: str
    by: str
    seq: int


class Presence(Frame, tag="presence"):
    """Somebody else is here, or away."""

    conversation: str
    member: str
    here: bool


class Notice(Frame, tag="notice"):
    """Something about the connection or the line."""

    code: Literal["restarting", "slow_down", "line_closing"]


class Allowed(Frame, tag="allowed"):
    """The requests that this seat may send now."""

    conversation: str
    allowed: list[str]


class Gone(Frame, tag="gone"):
    """The conversation is gone."""

    conversation: str


class DeviceOut(Frame, tag="device"):
    """A device's state."""

    id: str
    state: str
    person: str


class Entry(Struct, tag_field="kind", kw_only=True):
    """A line of the log. `prev` is the last earlier entry that this seat may see, 0 for none."""

    type: Literal["entry"] = "entry"
    conversation: str
    seq: int
    prev: int
    by: str | None
    at: At


class Opened(Entry, tag="opened"):
    """The conversation began; `by` is the caller's member."""

    line: str


class Joined(Entry, tag="joined"):
    """Somebody sat down."""

    member: str
    role: Literal["counsellor", "colleague", "partner", "review"]
    alias: str
    key: Bytes
    service: str | None
    invitation: str | None


class HistoryWrap(Struct):
    """An earlier epoch's secret for this seat."""

    epoch: int
    wrap: Bytes


class Granted(Entry, tag="granted"):
    """A new epoch. `wrap` and `history` are there for a member it names; `wrap` is null once deleted."""

    epoch: int
    members: list[str]
    wrap: Bytes | None | UnsetType = UNSET
    history: list[HistoryWrap] | UnsetType = UNSET


class Message(Entry, tag="message"):
    """Something was said."""

    id: str
    epoch: int
    box: Bytes


class Note(Entry, tag="note"):
    """A note of the line's staff."""

    id: str
    epoch: int
    box: Bytes


class Left(Entry, tag="left"):
    """Somebody got up."""

    member: str
    reason: Literal["left", "released", "lost", "transferred", "handed_off"]


class Requeued(Entry, tag="requeued"):
    """Nobody of the staff is left; first in the queue."""


class Ended(Entry, tag="ended"):
    """The conversation ended."""

    reason: Literal["caller", "counsellor", "silent", "abandoned", "expired", "line_closed"]


type EntryFrame = Opened | Joined | Granted | Message | Note | Left | Requeued | Ended
ENTRIES: dict[str, type[Entry]] = {
    "opened": Opened,
    "joined": Joined,
    "granted": Granted,
    "message": Message,
    "note": Note,
    "left": Left,
    "requeued": Requeued,
    "ended": Ended,
}

# Parts of replies


class Named(Struct):
    """A member with its key."""

    member: str
    key: Bytes


class Started(Ok, tag="ok"):
    """Answer of `start`."""

    conversation: str
    member: str
    token: str
    shelf: Bytes
    epoch: int
    review: Named | None


class ResumedOk(Ok, tag="ok"):
    """Answer of `resume`."""

    member: str
    state: str
    epoch: int
    seq: int
    shelf: Bytes | None


class SyncedOk(Ok, tag="ok"):
    """Answer of `sync`; the entries follow."""

    seq: int


class GrantedOk(Ok, tag="ok"):
    """Answer of `grant`."""

    epoch: int


class PostedOk(Ok, tag="ok"):
    """Answer of `post`: it is on disk."""

    seq: int
    at: At


class Me(Struct):
    """The person who signed in."""

    id: str
    alias: str
    roles: list[str]
    lines: list[str]
    service: str | None


class DeviceState(Struct):
    """This socket's device."""

    id: str
    state: str


class DutyState(Struct):
    """A person's duty."""

    state: str
    slots: int


class LineState(Struct):
    """A line of this person."""

    line: str
    name: str
    open: bool


class Colleague(Struct):
    """Somebody of the same line."""

    id: str
    alias: str
    line: str
    duty: str


class ServiceCard(Struct):
    """An entry of the referral directory; `open` is null where its hours are not known."""

    service: str
    name: str
    desk: bool
    open: bool | None


class Held(Struct):
    """A conversation in which this person has a seat."""

    conversation: str
    line: str
    locale: str
    urgency: int
    member: str
    state: str
    seq: int
    epoch: int


class HelloOk(Ok, tag="ok"):
    """Answer of `hello`."""

    me: Me
    device: DeviceState | None
    duty: DutyState
    lines: list[LineState]
    queue: list[LineQueue]
    colleagues: list[Colleague]
    services: list[ServiceCard]
    conversations: list[Held]
    invitations: list[str]
    codes: dict[str, list[str]]


class EnrolOk(Ok, tag="ok"):
    """Answer of `enrol`."""

    device: DeviceState


class DutyOk(Ok, tag="ok"):
    """Answer of `duty`."""

    duty: DutyState


class NextOk(Ok, tag="ok"):
    """Answer of `next`: a seat."""

    conversation: str
    member: str
    line: str
    locale: str
    urgency: int


class OpenOk(Ok, tag="ok"):
    """Answer of `open`; entries, presence and seen follow."""

    member: str
    line: str
    locale: str
    urgency: int
    state: str
    epoch: int
    seq: int
    allowed: list[str]


class _WithRef(Struct):
    ref: Ref


_encode = msgspec.json.Encoder().encode
_read_ref = msgspec.json.Decoder(_WithRef).decode
read_caller = msgspec.json.Decoder[CallerRequest](CallerRequest).decode
read_console = msgspec.json.Decoder[ConsoleRequest](ConsoleRequest).decode


def write(frame: Struct) -> str:
    return _encode(frame).decode()


def ref_of(text: str) -> str | None:
    """The `ref` of a frame that is otherwise not understood."""
    try:
        return _read_ref(text).ref
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return None


def refusal(ref: str | None, error: Refusal) -> Error:
    facts = {name: value for name, value in error.facts.items() if name in Error.__struct_fields__}
    return Error(ref=ref, code=error.code, detail=error.detail, **facts)  # type: ignore[arg-type]


def wire_bytes(text: str, size: int | None = None) -> bytes:
    """The bytes of a field; BadFrame when it is not canonical or not of that size."""
    return encoding.decode(text, size)
