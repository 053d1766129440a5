"""Load and care: how many conversations each person had, debriefs, and asking people to go home."""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

type Enough = Annotated[int, Meta(ge=1, le=1000)]


class Debrief(Request):
    """Asks for a talk with a supervisor of the line about a heavy conversation."""

    line: Opaque


class Debriefs(Request):
    """Asks which people want to talk about a heavy conversation, on the supervisor's lines."""


class Debriefed(Request):
    """Records that the person who wanted a debrief has had it."""

    debrief: Opaque


class Carried(Request):
    """Asks how many conversations each person of a line had this week, and how many of them were heavy."""

    line: Opaque


class SetLimits(Request):
    """Sets the limits for one person in one shift; null: none was agreed. They are shown, not enforced."""

    line: Opaque
    talks: Enough | None
    heavy: Enough | None


class Handover(Request):
    """Asks everybody who is on duty or in a conversation of a line to hand over and go home."""

    line: Opaque


class DebriefRow(Struct):
    """A person wants to talk with a supervisor. `why`: `asked`, or `acute` after an acute conversation."""

    debrief: str
    person: str
    alias: str
    line: str
    why: str
    asked: At


class DebriefsOk(Ok):
    """Answer of `debriefs`, with the oldest row first."""

    debriefs: list[DebriefRow]


class CarriedBy(Struct):
    """How many conversations a person had on a line, today and in the last seven days. `wants`: whether a
    debrief with this person is still open."""

    person: str
    alias: str
    talks_today: int
    heavy_today: int
    talks: int
    heavy: int
    wants: bool


class CarriedOk(Ok):
    """Answer of `carried` and `setlimits`: the line's limits, null where none was agreed, and its
    counsellors."""

    most_talks: int | None
    most_heavy: int | None
    people: list[CarriedBy]


class HandoverOk(Ok):
    """Answer of `handover`. `asked`: how many people were asked."""

    asked: int


class OwnLoad(Struct):
    """How many conversations this person had today on a line, and the limits there. `wants`: why a debrief is
    open (`asked` or `acute`), empty where none is."""

    line: str
    talks: int
    heavy: int
    most_talks: int | None
    most_heavy: int | None
    wants: str


class CareOut(Frame):
    """Tells a person their load of today after it changed. `loads` is as in the answer of `prove`."""

    to: ClassVar = (CONSOLE,)
    loads: list[OwnLoad]


class DebriefsOut(Frame):
    """Tells that a debrief was requested or held on one of the supervisor's lines: send `debriefs` again."""

    to: ClassVar = (CONSOLE,)


class HandoverOut(Frame):
    """Tells that the supervisor `by` asks this person to hand over what is open on this line and go home."""

    to: ClassVar = (CONSOLE,)
    line: str
    by: str
