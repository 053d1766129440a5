"""Frames with which a client asks for missing entries, and with which the server lists what a seat may do."""

from typing import ClassVar

from chat.protocol.fields import Id16, Seq
from chat.protocol.frames import CONSOLE, DESK, Frame, Ok, Request


class CallerSync(Request):
    """Asks for the entries above `since`."""

    since: Seq


class Sync(Request):
    """Asks for the entries above `since`."""

    conversation: Id16
    since: Seq


class SyncOk(Ok):
    """Answers `sync`. The entries follow, each in its own frame."""

    seq: int


class AllowedOut(Frame):
    """Lists which requests this seat may send now."""

    to: ClassVar = (CONSOLE, DESK)
    conversation: str
    allowed: list[str]


class GoneOut(Frame):
    """Reports that the conversation was deleted, or that none of its members can read it any more."""

    to: ClassVar = (CONSOLE,)
    conversation: str
