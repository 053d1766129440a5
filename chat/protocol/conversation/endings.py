"""Frames that end, leave or delete a conversation."""

from typing import Literal

from msgspec import UNSET, UnsetType

from chat.protocol.fields import Id16
from chat.protocol.frames import Ok, Request
from chat.protocol.retention.holds import StandingHold


class CallerLeave(Request):
    """Ends the conversation."""


class Erase(Request):
    """Deletes the conversation at once, for everybody in it."""


class Leave(Request):
    """Leaves the conversation: this person gives up their seat."""

    conversation: Id16


class Close(Request):
    """Ends the conversation. `reason` is why a letter ends before its caller has seen an answer."""

    conversation: Id16
    reason: Literal["unserious", "unreadable"] | None = None


class Unserious(Request):
    """Ends the conversation as `close` does, and reports that the caller was not serious. For the next hour
    the line asks new callers for proof of work sooner."""

    conversation: Id16


class EraseOk(Ok):
    """Answers `erase`. `copies` is whether backups of the conversation are unreadable already; if not, they
    become so at the time that `keeps` named as `backups`. `held` is true if only the `hold` still keeps the
    conversation, and is otherwise left out."""

    copies: bool
    held: bool | UnsetType = UNSET
    hold: StandingHold | UnsetType = UNSET
