"""Caller → server."""

from msgspec import Struct

from chat.protocol.fields import Bytes, Epoch, Id8, Id16, Locale, Opaque, Request, Seq, Urgency


class Beat(Request, tag="beat"):
    """Answers a beat: still here."""


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


class Consent(Request, tag="consent"):
    """The answer to the card: whether another service may join, and read what was said before."""

    invitation: Opaque
    yes: bool
    history: bool


class CallerTyping(Request, tag="typing"):
    """The caller is typing."""


class CallerSeen(Request, tag="seen"):
    """Read up to `seq`."""

    seq: Seq


class Erase(Request, tag="erase"):
    """Deletes the conversation at once, for everybody."""


class CallerLeave(Request, tag="leave"):
    """Ends the conversation."""


type CallerRequest = (
    Start
    | Resume
    | CallerSync
    | Grant
    | CallerPost
    | Consent
    | CallerTyping
    | CallerSeen
    | CallerLeave
    | Erase
    | Beat
)
