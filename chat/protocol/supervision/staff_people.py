"""Frames about the telephone numbers and the second factors of the staff."""

from typing import ClassVar

from msgspec import Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request


class Phones(Request):
    """Asks for the people of the supervisor's lines who gave a telephone number."""


class Phone(Struct):
    """Represents a person of a line, with the telephone number that this person gave. `counsels` is whether
    the person can take callers on that line."""

    line: str
    id: str
    alias: str
    phone: str
    counsels: bool


class PhonesOk(Ok):
    """Answers `phones`."""

    phones: list[Phone]


class Replacements(Request):
    """Asks for the second factors that were replaced in the last day. These replacements can still be
    undone."""


class UndoReplacement(Request):
    """Restores the previous second factor, for example because an impostor had asked for the new one."""

    replacement: Opaque


class ReplacementRow(Struct):
    """Represents a second factor that was replaced. `alias` is the owner of the factor, and `by` is the
    person who replaced the factor."""

    replacement: str
    alias: str
    by: str
    at: At


class ReplacementsOk(Ok):
    """Answers `replacements`, with the newest replacement first."""

    rows: list[ReplacementRow]


class StaffOut(Frame):
    """Reports that the second factor of a person on one of the supervisor's lines was replaced or restored,
    so that the client sends `replacements` again."""

    to: ClassVar = (CONSOLE,)
