"""Load and care: how many conversations each person had, debriefs, going home."""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

type Enough = Annotated[int, Meta(ge=1, le=1000)]


class Debrief(Request):
    """This person wants to talk with a supervisor of the line about a heavy conversation."""

    line: Opaque


class Debriefs(Request):
    """Who wants to talk, on the supervisor's lines."""


class Debriefed(Request):
    """They talked."""

    debrief: Opaque


class Carried(Request):
    """Asks how many conversations each person of a line had this week, and how many of them were heavy."""

    line: Opaque


class SetLimits(Request):
    """Sets the limits for one person in one shift; null: nothing was agreed. They are shown, not enforced."""

    line: Opaque
    talks: Enough | None
    heavy: Enough | None


class Handover(Request):
    """Asks everybody who is on duty or in a conversation of a line to hand over and go home."""

    line: Opaque


class DebriefRow(Struct):
    """Somebody wants to talk. `why`: asked, or acute."""

    debrief: str
    person: str
    alias: str
    line: str
    why: str
    asked: At


class DebriefsOk(Ok):
    """Answer of `debriefs`, the oldest first."""

    debriefs: list[DebriefRow]


class CarriedBy(Struct):
    """What somebody had on a line, today and in the last seven days. `wants`: to talk about it."""

    person: str
    alias: str
    talks_today: int
    heavy_today: int
    talks: int
    heavy: int
    wants: bool


class CarriedOk(Ok):
    """Answer of `carried` and `setlimits`."""

    most_talks: int | None
    most_heavy: int | None
    people: list[CarriedBy]


class HandoverOk(Ok):
    """Answer of `handover`: how many were asked."""

    asked: int


class OwnLoad(Struct):
    """What this person had today on a line, and the limits there. `wants`: to talk, and why; or empty."""

    line: str
    talks: int
    heavy: int
    most_talks: int | None
    most_heavy: int | None
    wants: str


class CareOut(Frame):
    """What this person had today, when it changed; as in `hello`."""

    to: ClassVar = (CONSOLE,)
    loads: list[OwnLoad]


class DebriefsOut(Frame):
    """Somebody wants to talk, or did: ask `debriefs`."""

    to: ClassVar = (CONSOLE,)


class HandoverOut(Frame):
    """A supervisor asks to hand over what is open on this line and go home."""

    to: ClassVar = (CONSOLE,)
    line: str
    by: str
