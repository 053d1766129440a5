"""Frames about what happened on the supervisor's lines in the last day."""

from typing import Literal

from msgspec import Struct

from chat.protocol.fields import At
from chat.protocol.frames import Ok, Request


class LastDay(Request):
    """Asks what happened on the supervisor's lines in the last day."""


class Grave(Struct):
    """Says when, to the minute, something went wrong for an acute caller: nobody came to a call for help
    (`call`), the caller left the queue (`left`), or the last counsellor had gone (`lost`)."""

    kind: Literal["call", "left", "lost"]
    at: At


class LastDayLine(Struct):
    """Counts what happened on a line: who came, how many of them said that it is acute, how many were
    answered, gave up, or were refused because the line was full, and how often nobody came to a call for help
    or an acute caller. `longest` and `alone` are in seconds: the longest wait, and for how long the line was
    open with nobody on duty. `grave` has the newest twenty first."""

    line: str
    came: int
    acute: int
    answered: int
    gave_up: int
    refused: int
    missed: int
    longest: int
    alone: int
    grave: list[Grave]


class LastDayOk(Ok):
    """Answers `lastday`. It counts since `since`."""

    since: At
    lines: list[LastDayLine]
