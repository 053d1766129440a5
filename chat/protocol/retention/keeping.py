"""Frames about a line's retention, and whether the purge is overdue."""

from typing import Annotated, ClassVar

from msgspec import Meta

from chat.protocol.fields import Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request


class Keeping(Request):
    """Sets for how many hours a line keeps conversations after their end, and whether reading a transcript
    needs two supervisors (`two`)."""

    line: Opaque
    hours: Annotated[int, Meta(ge=0, le=90 * 24)]
    two: bool


class KeepingOk(Ok):
    """Answers `keeping`. `waits` is true if a second supervisor has to confirm the change: a longer
    retention, or the permission for one supervisor to read alone."""

    waits: bool


class Overdue(Request):
    """Asks whether the purge is overdue on the supervisor's lines."""


class OverdueOk(Ok):
    """Answers `overdue`. `overdue` is how many conversations should have been deleted already. `halted` is
    true if nothing is purged because the server's clock may be wrong; an operator then has to check the
    clock."""

    overdue: int
    halted: bool


class ReviewOut(Frame):
    """Reports that a line's keys, readings, holds, retention or readable conversations changed, so that the
    client requests them again."""

    to: ClassVar = (CONSOLE,)
    line: str
