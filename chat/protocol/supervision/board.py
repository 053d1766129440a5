"""Frames about the board: each line's figures of today, and the samples for a curve of the day."""

from typing import ClassVar, Literal

from msgspec import Struct, field

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.letters import ShelfState


class Watch(Request):
    """Subscribes this socket to the board, which is then sent in `board` frames, or ends the subscription."""

    board: bool


class Today(Request):
    """Asks for today's samples of a line. The board draws a curve from these samples."""

    line: Opaque


class Point(Struct):
    """Holds a sample of a line's day. `longest` is the longest wait, in seconds."""

    at: At
    waiting: int
    active: int
    on: int
    longest: int


class TodayOk(Ok):
    """Answers `today`, with the oldest sample first."""

    points: list[Point]


class Pressure(Struct):
    """Describes what a new caller has to do to get a place in a line's queue. `level` is 0 for nothing, 1 for
    proof of work, 2 for harder proof of work, and 3 if the line is full. The other fields count since
    midnight: how often proof of work was required (`asked`), how many callers got a place by doing it
    (`earned`), and how many were `refused` because the line was full."""

    level: Literal[0, 1, 2, 3]
    asked: int
    earned: int
    refused: int


class BoardLine(Struct):
    """Represents a line on the board. The figures of today count from midnight, local time.

    `waiting`, `oldest` and `urgent` include callers who are away. `away` and `urgent_away` count only callers
    who are away. `oldest_here` is about the connected callers only. `letters_answered` counts today's answers
    to letters, and `letters_in_time` how many of them were sent within the promised time. `letters_expired`
    is how many letters have ended without an answer since a supervisor last sent `ackletters`.
    """

    line: str
    state: Literal["open", "closed"]
    waiting: int
    away: int
    oldest: At | None
    oldest_here: At | None
    urgent: int
    urgent_away: int
    pressure: Pressure
    active: int
    on: int
    slots: int
    free: int
    answered: int
    within: int
    abandoned: int
    overdue: int
    letters: ShelfState
    letters_answered: int
    letters_in_time: int
    letters_expired: int
    break_: int = field(name="break", default=0)


class BoardOut(Frame):
    """Sends the board of a supervisor's lines after a change, at most once a second."""

    to: ClassVar = (CONSOLE,)
    at: At
    lines: list[BoardLine]
