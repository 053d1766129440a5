"""Frames about the first steps of setting up a line."""

from typing import Literal

from msgspec import Struct

from chat.protocol.fields import Opaque
from chat.protocol.frames import Ok, Request


class Beginning(Request):
    """Asks which of the first steps of setting up a line are still to be done for the supervisor's lines."""


class NumbersRead(Request):
    """Records that a supervisor read the telephone numbers shown to a line's callers and found them
    correct."""

    line: Opaque


class WordsRead(Request):
    """Records that a supervisor read the texts shown to a line's callers and found them correct."""

    line: Opaque


class BeginningStep(Struct):
    """Represents one of the first steps. `lines` are the lines for which the step is still to be done; if the
    list is empty, the step is complete. `waits` lists the lines among `lines` for which somebody else has to
    do the next part of the step. The step `signing` is left out if there is no root, `letters_key` if no line
    takes letters, and `backup` if this installation makes no backups."""

    what: Literal[
        "supervisors",
        "counsellors",
        "devices",
        "signing",
        "review_key",
        "hours",
        "words",
        "numbers",
        "alerts",
        "letters_key",
        "backup",
    ]
    lines: list[str]
    waits: list[str]


class BeginningOk(Ok):
    """Answers `beginning`, with the steps in the recommended order."""

    steps: list[BeginningStep]
