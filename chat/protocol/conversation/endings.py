"""Frames that end, leave or delete a conversation."""

from typing import Literal

from msgspec import UNSET, UnsetType

from chat.protocol.fields import Id16
from chat.protocol.frames import Ok, Request
from chat.protocol.retention.holds import StandingHold


class CallerLeave(Request):
    """Ends the conversation. A letter that was sent stays open; the caller can return to it only with a
    return code."""


class Erase(Request):
    """Deletes the conversation at once, for all its members."""


class Leave(Request):
    """Leaves the conversation: this person gives up their seat."""

    conversation: Id16


class Close(Request):
    """Ends the conversation. If a letter ends before its caller has seen an answer, `reason` says why;
    otherwise `reason` is null."""

    conversation: Id16
    reason: Literal["unserious", "unreadable"] | None = None


class Unserious(Request):
    """Ends the conversation as `close` does, and records that the caller was not serious. For the next hour,
    a lower load is enough for the line to ask new callers for proof of work."""

    conversation: Id16


class EraseOk(Ok):
    """Answers `erase`. `copies` is true if backups of the conversation are already unreadable; otherwise
    these backups become unreadable at `keeps.backups`. If a hold still keeps the conversation, `held` is true
    and `hold` describes the hold; otherwise both fields are left out."""

    copies: bool
    held: bool | UnsetType = UNSET
    hold: StandingHold | UnsetType = UNSET
