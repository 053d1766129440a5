"""Frames about which members are connected or typing, and how far they have read."""

from typing import ClassVar, Literal

from chat.protocol.fields import At, Id16, Seq
from chat.protocol.frames import CALLER, CONSOLE, DESK, Frame, Request


class Beat(Request):
    """Answers the server's `beat` frame. This answer shows that the client is still connected."""


class CallerTyping(Request):
    """Reports that the caller is typing."""


class CallerSeen(Request):
    """Reports that the caller has read up to `seq`."""

    seq: Seq


class Typing(Request):
    """Reports that the person in this seat is typing."""

    conversation: Id16


class Seen(Request):
    """Reports that the person in this seat has read up to `seq`."""

    conversation: Id16
    seq: Seq


class BeatOut(Frame):
    """Sends, for each conversation that this socket follows, the newest `seq` that its seat may see. The
    client answers with `beat`."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    at: At
    seqs: dict[str, int]


class NoticeOut(Frame):
    """Reports that the server restarts, that the client sends too fast, or that the line takes no new
    callers."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    code: Literal["restarting", "slow_down", "line_closing"]


class TypingOut(Frame):
    """Reports that another member is typing."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str


class SeenOut(Frame):
    """Reports that another member has read up to `seq`."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str
    seq: int


class PresenceOut(Frame):
    """Reports whether another member is connected (`here`). `code` is true for a caller who left by the quick
    exit and can return only with a return code."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    member: str
    here: bool
    code: bool
