"""Console → server, and the desk of a guest, which sends a part of it."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.caller import Beat
from chat.protocol.fields import Bytes, Epoch, Id16, Opaque, Request, Seq
from chat.protocol.floor import (
    AlertingAsked,
    AlertingSet,
    EndedDead,
    FloorAsked,
    HoursAsked,
    HoursSet,
    ListenAsked,
    MovedToFront,
    RestAsked,
    TodayAsked,
)
from chat.protocol.supervisor import (
    HoldConfirmed,
    HoldDropped,
    HoldsAsked,
    HoldWished,
    KeepingSet,
    KeyMade,
    KeysAsked,
    KeyShared,
    OverdueAsked,
    ReadAllowed,
    ReadAsked,
    ReviewsAsked,
    TrailAsked,
    TranscriptAsked,
)


class Hello(Request, tag="hello"):
    """Opens a console."""

    device: Opaque | None


class Enrol(Request, tag="enrol"):
    """Registers this browser's public key."""

    key: Bytes
    label: Annotated[str, Meta(max_length=80, pattern=r"^[^\x00]*$")]


class Devices(Request, tag="devices"):
    """The devices of those who work for the supervisor's lines and services."""


class Approve(Request, tag="approve"):
    """A supervisor compared the fingerprint by voice."""

    device: Opaque


class Revoke(Request, tag="revoke"):
    """A device is to be used no more."""

    device: Opaque


class DutyChange(Request, tag="duty"):
    """On, break or off, with so many conversations at once."""

    state: Literal["on", "break", "off"]
    slots: Annotated[int, Meta(ge=0, le=4)]


class Next(Request, tag="next"):
    """Asks for the caller at the head of the queue."""

    line: Opaque | None


class Takeover(Request, tag="takeover"):
    """Moves this person's seat from another device to this one."""

    conversation: Id16


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


class NotePost(Request, tag="note"):
    """A sealed note for the line's staff."""

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


class Invitee(Struct, forbid_unknown_fields=True):
    """Exactly one of the three."""

    staff: Opaque | UnsetType = UNSET
    line: Opaque | UnsetType = UNSET
    service: Opaque | UnsetType = UNSET


class Invite(Request, tag="invite"):
    """Asks a colleague, the line or another service to join."""

    conversation: Id16
    how: Literal["consult", "transfer", "handoff"]
    to: Invitee
    brief: Id16 | None


class Withdraw(Request, tag="withdraw"):
    """Takes an open invitation back."""

    invitation: Opaque


class Answer(Request, tag="answer"):
    """Says yes or no to an invitation that rings."""

    invitation: Opaque
    yes: bool


class Refer(Request, tag="refer"):
    """Gives the caller a service's contact details."""

    conversation: Id16
    service: Opaque


class Flag(Request, tag="flag"):
    """Marks a risk: 0 none, 1 raised, 2 acute."""

    conversation: Id16
    risk: Literal[0, 1, 2]


class WrapUp(Request, tag="wrapup"):
    """The coded form after a conversation."""

    conversation: Id16
    codes: dict[str, str]


class Watch(Request, tag="watch"):
    """A supervisor looks at the board, or no more."""

    board: bool


class Steer(Request, tag="line"):
    """A supervisor opens, throttles or closes a line, or lets its hours decide."""

    line: Opaque
    state: Literal["hours", "open", "closed"]
    most: Annotated[int, Meta(ge=0, le=100_000)] | None
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None


class Leave(Request, tag="leave"):
    """This seat leaves."""

    conversation: Id16


class Close(Request, tag="close"):
    """Ends the conversation."""

    conversation: Id16


class Desk(Request, tag="desk"):
    """Opens the desk of a guest: by link and PIN once, afterwards by the resume token."""

    token: Opaque
    pin: Annotated[str, Meta(max_length=6)] | None
    key: Bytes


type ConsoleRequest = (
    Hello
    | Enrol
    | Devices
    | Approve
    | Revoke
    | DutyChange
    | Next
    | Takeover
    | Open
    | Sync
    | Post
    | NotePost
    | Typing
    | Seen
    | Invite
    | Withdraw
    | Answer
    | Refer
    | Flag
    | WrapUp
    | Watch
    | Steer
    | Leave
    | Close
    | KeysAsked
    | KeyMade
    | KeyShared
    | ReviewsAsked
    | ReadAsked
    | ReadAllowed
    | TranscriptAsked
    | HoldsAsked
    | HoldWished
    | HoldConfirmed
    | HoldDropped
    | KeepingSet
    | OverdueAsked
    | TrailAsked
    | FloorAsked
    | MovedToFront
    | RestAsked
    | ListenAsked
    | EndedDead
    | TodayAsked
    | HoursAsked
    | HoursSet
    | AlertingAsked
    | AlertingSet
    | Beat
)
type DeskRequest = Desk | Open | Sync | Post | Typing | Seen | Leave | Close | Beat
