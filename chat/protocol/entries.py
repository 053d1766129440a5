"""The entries of a log, as one seat gets them."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from chat.protocol.fields import At, Bytes


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


class InvitedTo(Struct):
    """Whom an invitation is for."""

    name: str
    service: str | None


class Invited(Entry, tag="invited"):
    """An invitation changed its state. `history` is null until the caller has answered."""

    invitation: str
    how: Literal["consult", "transfer", "handoff"]
    to: InvitedTo
    brief: str | None
    history: bool | None
    state: Literal["asked", "ringing", "joined", "refused", "declined", "expired", "withdrawn"]


class Left(Entry, tag="left"):
    """Somebody got up."""

    member: str
    reason: Literal["left", "released", "lost", "transferred", "handed_off"]


class Referred(Entry, tag="referred"):
    """The caller was given a service's contact details."""

    service: str


class Requeued(Entry, tag="requeued"):
    """Nobody of the staff is left; first in the queue."""


class Ended(Entry, tag="ended"):
    """The conversation ended."""

    reason: Literal["caller", "counsellor", "silent", "abandoned", "expired", "line_closed"]


type EntryFrame = Opened | Joined | Granted | Message | Note | Invited | Left | Referred | Requeued | Ended
ENTRIES: dict[str, type[Entry]] = {
    "opened": Opened,
    "joined": Joined,
    "granted": Granted,
    "message": Message,
    "note": Note,
    "invited": Invited,
    "left": Left,
    "referred": Referred,
    "requeued": Requeued,
    "ended": Ended,
}
