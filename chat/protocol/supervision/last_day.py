"""Frames about the last day on the supervisor's lines: counts of callers, and what went wrong for acute
callers."""

from typing import Literal

from msgspec import Struct

from chat.protocol.fields import At
from chat.protocol.frames import Ok, Request


class LastDay(Request):
    """Asks for the counts and events of the last day on the supervisor's lines."""


class Grave(Struct):
    """Says when, to the minute, something went wrong for an acute caller: nobody answered a call for help
    (`call`), the caller left the queue (`left`), or no counsellor was left in the conversation (`lost`)."""

    kind: Literal["call", "left", "lost"]
    at: At


class LastDayLine(Struct):
    """Counts the callers of a line: how many came, how many of these said that the situation was acute, and
    how many were answered, gave up, or were refused because the line was full. `missed` counts the calls for
    help that nobody answered and the acute callers who left the queue. `longest` is the longest wait, and
    `alone` is the total time in which the line was open with nobody on duty, both in seconds. `grave` has the
    newest twenty events, newest first."""

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
    """Answers `lastday` with the figures since `since`."""

    since: At
    lines: list[LastDayLine]
