"""Frames of the rota, and of the advice on how many counsellors each hour of a week needs."""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.lines import Clock, Day

type Wanted = Annotated[int, Meta(ge=1, le=50)]


class Rota(Request):
    """Asks for the shifts of the week that contains `monday`, and for the people who can be put on them."""

    line: Opaque
    monday: Day


class AddShift(Request):
    """Adds a shift, in local time. It ends the next day if `closes` is not later than `opens`."""

    line: Opaque
    day: Day
    opens: Clock
    closes: Clock
    wanted: Wanted


class ChangeShift(Request):
    """Changes when a shift is, or how many are wanted on it. Everybody on it stays on it."""

    shift: Opaque
    day: Day
    opens: Clock
    closes: Clock
    wanted: Wanted


class DropShift(Request):
    """Deletes a shift, and takes everybody off it."""

    shift: Opaque


class PutOn(Request):
    """Puts a counsellor of the line on a shift, even if it has as many as are wanted."""

    shift: Opaque
    person: Opaque


class TakeOff(Request):
    """Takes a person off a shift."""

    shift: Opaque
    person: Opaque


class MovePerson(Request):
    """Moves a person from a shift to the shift `onto`, or leaves them where they are if that cannot be."""

    shift: Opaque
    person: Opaque
    onto: Opaque


class KeepUsual(Request):
    """Saves this week, with the people on its shifts, as the usual one."""

    line: Opaque
    monday: Day


class FillWeek(Request):
    """Adds the shifts that the usual week has and this one lacks, except on days on which the line is
    closed."""

    line: Opaque
    monday: Day


class OnShift(Request):
    """Asks for the current shifts, and for those that begin within a day."""

    line: Opaque


class Advice(Request):
    """Asks how many counsellors each hour of a week needs, also under other assumptions.

    `people`: how many more are planned in every hour. `slots`: chats at once; null means as now. `longer`:
    how many hours later the line closes.
    """

    line: Opaque
    monday: Day
    people: Annotated[int, Meta(ge=-10, le=10)]
    slots: Annotated[int, Meta(ge=1, le=4)] | None
    longer: Annotated[int, Meta(ge=0, le=4)]


class PlaceShown(Struct):
    """A person on a shift. `state`: planned, offered or sick. `concerns`: the reasons against it."""

    person: str
    alias: str
    state: str
    concerns: list[str]


class ShiftShown(Struct):
    """A shift. `day`, `opens` and `closes` are in local time; `starts` and `ends` are instants. `elsewhere`:
    the people who cannot be put on it, because they are on a shift then that is not in this answer."""

    shift: str
    day: str
    opens: str
    closes: str
    starts: At
    ends: At
    wanted: int
    places: list[PlaceShown]
    elsewhere: list[str]


class RotaDay(Struct):
    """A day of the week. `closed`: the line does not open on it. `why`: a holiday, a reason, or empty."""

    day: str
    closed: bool
    why: str


class RotaPerson(Struct):
    """A person who can be put on a shift."""

    person: str
    alias: str


class RotaOk(Ok):
    """Answer of `rota`. `usual`: whether there is a usual week to fill in."""

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
    """The advice for an hour. `verdict`: closed, unknown, too_few, enough or plenty. `expected`: callers, on
    average. `low` to `high`: people needed. `helped`: the share of callers whom those planned answer within a
    minute."""

    day: str
    hour: int
    verdict: str
    planned: int
    expected: float | None
    low: int | None
    high: int | None
    helped: float | None


class CheckedShown(Struct):
    """The advice for the last four weeks compared with the callers who came. `foretold`, `came`: callers in
    total. `off`: the mean error of an hour. `short`: in how many of the `hours` more people were needed than
    advised."""

    hours: int
    foretold: float
    came: int
    off: float
    short: int


class LettersShown(Struct):
    """The work of letters: how many come in a week, and how many hours their answers take."""

    week: float
    hours: float


class AdviceOk(Ok):
    """Answer of `advice`. `handling`, `patience`: minutes. `slots`: chats at once. `goals`: the percentages
    of callers whom the line wants to answer within a minute and within five. `helped`: the share of the
    week's callers whom those planned answer within a minute; null where too little is known. `letters` are in
    no hour; null where none come."""

    hours: list[HourShown]
    handling: float
    patience: float
    slots: int
    goals: list[int]
    helped: float | None
    checked: CheckedShown | None
    letters: LettersShown | None


class RotaOut(Frame):
    """Tells a supervisor's console that the rota of a line changed, so that it asks for it again."""

    to: ClassVar = (CONSOLE,)
    line: str
