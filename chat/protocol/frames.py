"""Server → client, entries aside."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

from chat.protocol.fields import At, Frame


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


class InvitationOut(Frame, tag="invitation"):
    """An invitation, to the inviter and to everybody it rings for, at every change.

    `conversation` is null for whom it rings; `link` and `pin` are for the inviter of a guest.
    """

    invitation: str
    conversation: str | None
    how: str
    from_: str = field(name="from")
    line: str
    locale: str
    urgency: int
    state: str
    expires: At | None
    link: str | UnsetType = UNSET
    pin: str | UnsetType = UNSET


class BoardLine(Struct):
    """A line on the board; the day's figures count since midnight, local time."""

    line: str
    state: Literal["open", "closed"]
    waiting: int
    oldest: At | None
    urgent: int
    active: int
    on: int
    slots: int
    free: int
    answered: int
    within: int
    abandoned: int
    overdue: int
    break_: int = field(name="break", default=0)


class BoardOut(Frame, tag="board"):
    """The lines of a supervisor, at most once a second, only when something changed."""

    at: At
    lines: list[BoardLine]


class Flagged(Frame, tag="flagged"):
    """A conversation's risk flag changed."""

    conversation: str
    risk: int


class DeviceOut(Frame, tag="device"):
    """A device's state."""

    id: str
    state: str
    person: str
