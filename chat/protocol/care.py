"""Frames about the staff's load: how many conversations each person had, debriefs, and requests to go
home."""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

type Enough = Annotated[int, Meta(ge=1, le=1000)]


class Debrief(Request):
    """Asks for a talk with a supervisor of the line about a heavy conversation."""

    line: Opaque


class Debriefs(Request):
    """Asks which people of the supervisor's lines want to talk about a heavy conversation."""


class Debriefed(Request):
    """Records that a requested debrief has taken place."""

    debrief: Opaque


class Carried(Request):
    """Asks how many conversations each person of a line had today and in the last seven days, and how many of
    them were heavy."""

    line: Opaque


class SetLimits(Request):
    """Sets a line's limits for one person in one shift: how many conversations, and how many heavy ones. Null
    means that no limit was agreed. Limits are shown, not enforced."""

    line: Opaque
    talks: Enough | None
    heavy: Enough | None


class Handover(Request):
    """Asks everybody who is on duty or in a conversation of a line to hand over and go home."""

    line: Opaque


class DebriefRow(Struct):
    """Represents a person who wants to talk with a supervisor. `why` is `asked` if the person asked for the
    debrief, and `acute` if it follows an acute conversation."""

    debrief: str
    person: str
    alias: str
    line: str
    why: str
    asked: At


class DebriefsOk(Ok):
    """Answers `debriefs`, with the oldest row first."""

    debriefs: list[DebriefRow]


class CarriedBy(Struct):
    """Counts the conversations that a person had on a line, today and in the last seven days. `wants` is true
    if a debrief with this person is still open."""

    person: str
    alias: str
    talks_today: int
    heavy_today: int
    talks: int
    heavy: int
    wants: bool


class CarriedOk(Ok):
    """Answers `carried` and `setlimits` with a row for each of the line's counsellors, and with the line's
    limits, null if no limit was agreed."""

    most_talks: int | None
    most_heavy: int | None
    people: list[CarriedBy]


class HandoverOk(Ok):
    """Answers `handover`. `asked` is how many people were asked."""

    asked: int


class OwnLoad(Struct):
    """Holds how many conversations this person had on a line today, and the line's limits. `wants` is the
    reason for an open debrief (`asked` or `acute`), or empty."""

    line: str
    talks: int
    heavy: int
    most_talks: int | None
    most_heavy: int | None
    wants: str


class CareOut(Frame):
    """Reports to a person how many conversations they had today, after this number changed. `loads` is as in
    the answer to `prove`."""

    to: ClassVar = (CONSOLE,)
    loads: list[OwnLoad]


class DebriefsOut(Frame):
    """Reports that a debrief was requested or held on one of the supervisor's lines, so that the client sends
    `debriefs` again."""

    to: ClassVar = (CONSOLE,)


class HandoverOut(Frame):
    """Reports that the supervisor `by` asks this person to hand over their conversations on this line and go
    home."""

    to: ClassVar = (CONSOLE,)
    line: str
    by: str
