"""Frames with which a caller opens a conversation, and with which the staff subscribe a socket to one."""

from typing import Annotated

from msgspec import Meta, Struct

from chat.protocol.conversation.risk import TakenStep
from chat.protocol.entries import Cert
from chat.protocol.fields import At, Bytes, Id16, Locale, Opaque, Seq, Urgency
from chat.protocol.frames import Ok, Request
from chat.protocol.letters import LetterShare, LettersSeat, Written


class Start(Request):
    """Opens a conversation.

    `work` is an altcha payload that solves an earlier `challenge`. The server ignores `pad`, whose length
    hides the length of the line's name. With `letter`, the conversation is a letter. `ticket` comes from a
    practice page; without it, a request for a practice line is refused as if there were no such line.
    """

    line: Opaque
    locale: Locale
    urgency: Urgency
    work: Annotated[str, Meta(max_length=4096)] = ""
    pad: Opaque = ""
    letter: bool = False
    ticket: Annotated[str, Meta(max_length=200)] = ""


class Takeover(Request):
    """Moves this person's seat from another device to this one."""

    conversation: Id16


class Open(Request):
    """Subscribes this socket to a conversation, and asks for its entries above `since`."""

    conversation: Id16
    since: Seq


class ReviewSeat(Struct):
    """Represents the line's review seat in this conversation, with its key. `cert` is null if the
    organisation certifies no keys."""

    member: str
    key: Bytes
    cert: Cert | None = None


class Keeps(Struct):
    """Holds for how many seconds a conversation is kept after its end: `answered` if the caller's browser
    gave a member of the staff access to the conversation, otherwise `unanswered`. Backups of the conversation
    can be read until `backups`."""

    answered: int
    unanswered: int
    backups: At


class StartOk(Ok):
    """Answers `start`."""

    conversation: str
    member: str
    token: str
    shelf: Bytes
    epoch: int
    review: ReviewSeat | None
    letters: LettersSeat | None
    written: Written | None
    keeps: Keeps


class OpenOk(Ok):
    """Answers `open`. Entries, presence and read marks follow in separate frames.

    `initial` is the initial (A, B, …) by which the staff's screens name the conversation. `risk` is the risk
    flag, always 0 for a partner; `known` is whether a supervisor has seen the flag. `read` is the last entry
    that this seat has read, and `wrapped` is whether the conversation's wrap-up form was sent. If the
    conversation was flagged as acute, `steps` are the steps of the line's protocol that were taken.
    `written`, `due` and `share` are set only for a conversation that is a letter.
    """

    member: str
    line: str
    locale: str
    urgency: int
    state: str
    epoch: int
    seq: int
    allowed: list[str]
    initial: str
    risk: int
    known: bool
    steps: list[TakenStep]
    read: int
    wrapped: bool
    written: Written | None
    due: At | None
    share: LetterShare | None
