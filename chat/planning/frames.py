"""The rota of a line, and how many counsellors each hour of a week needs."""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.lines import Clock, Day

type Wanted = Annotated[int, Meta(ge=1, le=50)]


class Rota(Request):
    """The shifts that begin in the seven days from `monday` on, and who can be put on them."""

    line: Opaque
    monday: Day


class AddShift(Request):
    """In local time; it ends the next day if `closes` is not later than `opens`."""

    line: Opaque
    day: Day
    opens: Clock
    closes: Clock
    wanted: Wanted


class ChangeShift(Request):
    """Moved, made longer or shorter, or for more people. Who is on it stays on it."""

    shift: Opaque
    day: Day
    opens: Clock
    closes: Clock
    wanted: Wanted


class DropShift(Request):
    """Takes everybody off who is on it."""

    shift: Opaque


class PutOn(Request):
    """Somebody who takes callers of the line, also more than are wanted."""

    shift: Opaque
    person: Opaque


class TakeOff(Request):
    """Somebody who is on it."""

    shift: Opaque
    person: Opaque


class KeepUsual(Request):
    """This week is the usual one from now on, with who is on it."""

    line: Opaque
    monday: Day


class FillWeek(Request):
    """What the usual week has and this one has not; nothing on days on which the line is closed."""

    line: Opaque
    monday: Day


class OnShift(Request):
    """The shifts that go on now, and those that begin within a day."""

    line: Opaque


class Advice(Request):
    """How many each hour of a week needs; and what if.

    `people`: so many more in every hour. `slots`: chats at once; null: as now. `longer`: hours open.
    """

    line: Opaque
    monday: Day
    people: Annotated[int, Meta(ge=-10, le=10)]
    slots: Annotated[int, Meta(ge=1, le=4)] | None
    longer: Annotated[int, Meta(ge=0, le=4)]


class PlaceShown(Struct):
    """Who is on a shift. `state`: planned, offered, sick. `concerns`: what they had better not."""

    person: str
    alias: str
    state: str
    concerns: list[str]


class ShiftShown(Struct):
    """A shift in local time, and by the world's."""

    shift: str
    day: str
    opens: str
    closes: str
    starts: At
    ends: At
    wanted: int
    places: list[PlaceShown]


class RotaDay(Struct):
    """A day of the week. `closed`: the line is not open on it; `why`: a feast, a reason, or empty."""

    day: str
    closed: bool
    why: str


class RotaPerson(Struct):
    """Who can be put on a shift."""

    person: str
    alias: str


class RotaOk(Ok):
    """Answer of `rota`. `usual`: there is a usual week to fill in."""

    days: list[RotaDay]
    shifts: list[ShiftShown]
    people: list[RotaPerson]
    usual: bool


class KeepUsualOk(Ok):
    """Answer of `keepusual`: how many shifts were kept."""

    shifts: int


class FillWeekOk(Ok):
    """Answer of `fillweek`: how many shifts were made."""

    shifts: int


class OnShiftOk(Ok):
    """Answer of `onshift`."""

    shifts: list[ShiftShown]


class HourShown(Struct):
    """An hour. `verdict`: closed, unknown, too_few, enough, plenty. `expected`: callers, on average; `low` to
    `high`: people needed; `helped`: the share of callers helped within a minute by those planned."""

    day: str
    hour: int
    verdict: str
    planned: int
    expected: float | None
    low: int | None
    high: int | None
    helped: float | None


class CheckedShown(Struct):
    """The last four weeks' advice against who came: callers foretold and come, by how many an hour was
    wrong on average, in how many of the hours more people were needed than was advised."""

    hours: int
    foretold: float
    came: int
    off: float
    short: int


class AdviceOk(Ok):
    """Answer of `advice`. `handling`, `patience`: minutes; `slots`: chats at once. `goals`: the line's, in
    per cent helped within a minute and within five. `helped`: of the week's callers within a minute, as the
    rota stands; null where too little is known."""

    hours: list[HourShown]
    handling: float
    patience: float
    slots: int
    goals: list[int]
    helped: float | None
    checked: CheckedShown | None


class RotaOut(Frame):
    """The rota of a line changed: ask anew."""

    to: ClassVar = (CONSOLE,)
    line: str
