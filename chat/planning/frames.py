"""Declares the frames about the rota, and about the advice on how many counsellors each hour of a week
needs."""

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
    """Changes the time of a shift, or how many people are wanted on it. Everybody on it stays on it."""

    shift: Opaque
    day: Day
    opens: Clock
    closes: Clock
    wanted: Wanted


class DropShift(Request):
    """Deletes a shift, and takes everybody off it."""

    shift: Opaque


class PutOn(Request):
    """Puts a counsellor of the line on a shift, even if the shift already has as many people as are
    wanted."""

    shift: Opaque
    person: Opaque


class TakeOff(Request):
    """Takes a person off a shift."""

    shift: Opaque
    person: Opaque


class MovePerson(Request):
    """Moves a person from a shift to the shift `onto`. If they cannot be put on that shift, they stay on the
    first one."""

    shift: Opaque
    person: Opaque
    onto: Opaque


class KeepUsual(Request):
    """Saves this week, with the people on its shifts, as the line's usual week."""

    line: Opaque
    monday: Day


class FillWeek(Request):
    """Adds to this week the missing shifts of the usual week, except on days on which the line is closed."""

    line: Opaque
    monday: Day


class OnShift(Request):
    """Asks for the current shifts, and for those that begin within a day."""

    line: Opaque


class Advice(Request):
    """Asks how many counsellors each hour of a week needs, optionally under other assumptions.

    `people` is added to the number of counsellors planned in every hour. `slots` is how many chats a
    counsellor has at once; null means the measured number. `longer` is how many hours later the line closes.
    """

    line: Opaque
    monday: Day
    people: Annotated[int, Meta(ge=-10, le=10)]
    slots: Annotated[int, Meta(ge=1, le=4)] | None
    longer: Annotated[int, Meta(ge=0, le=4)]


class PlaceShown(Struct):
    """Represents a person on a shift. `state` is planned, offered or sick. `concerns` are reasons against
    having the person on this shift."""

    person: str
    alias: str
    state: str
    concerns: list[str]


class ShiftShown(Struct):
    """Represents a shift. `day`, `opens` and `closes` are in local time; `starts` and `ends` are instants.
    `elsewhere` are the people who cannot be put on this shift, because at that time they are on a shift that
    is not in this response."""

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
    """Represents a day of the week. `closed` is true if the line does not open on that day. If other hours
    replace the weekday's usual hours, `why` is the name of the holiday or the reason; otherwise it is
    empty."""

    day: str
    closed: bool
    why: str


class RotaPerson(Struct):
    """Represents a person who can be put on a shift."""

    person: str
    alias: str


class RotaOk(Ok):
    """Answers `rota`. `usual` is true if the line has a usual week, whose shifts can be added to this
    week."""

    days: list[RotaDay]
    shifts: list[ShiftShown]
    people: list[RotaPerson]
    usual: bool


class KeepUsualOk(Ok):
    """Answers `keepusual` with how many shifts were saved."""

    shifts: int


class FillWeekOk(Ok):
    """Answers `fillweek` with how many shifts were added."""

    shifts: int


class OnShiftOk(Ok):
    """Answers `onshift`."""

    shifts: list[ShiftShown]


class HourShown(Struct):
    """Holds the advice for an hour. `verdict` is closed, unknown, too_few, enough or plenty. `expected` is
    the mean number of callers. The hour needs `low` to `high` people. `helped` is the share of callers whom
    the planned counsellors answer within a minute."""

    day: str
    hour: int
    verdict: str
    planned: int
    expected: float | None
    low: int | None
    high: int | None
    helped: float | None


class CheckedShown(Struct):
    """Compares the callers who came in the last four weeks with the advice that would have been given for
    these weeks. `foretold` and `came` are the expected and the actual number of callers. `off` is the mean
    error of the expected number for one hour. `hours` is how many open hours were compared, and `short` is
    how many of these hours needed more people than advised."""

    hours: int
    foretold: float
    came: int
    off: float
    short: int


class LettersShown(Struct):
    """Holds the work of answering letters: how many letters come in a week, and how many hours their answers
    take."""

    week: float
    hours: float


class AdviceOk(Ok):
    """Answers `advice`. `handling` and `patience` are means in minutes, and `slots` is how many chats a
    counsellor has at once. `goals` are the percentages of callers whom the line wants to answer within a
    minute and within five. `helped` is the share of the week's callers whom the planned counsellors answer
    within a minute, null if too little is known. `letters` is the work of answering letters, which `hours`
    does not include; it is null if no letters come."""

    hours: list[HourShown]
    handling: float
    patience: float
    slots: int
    goals: list[int]
    helped: float | None
    checked: CheckedShown | None
    letters: LettersShown | None


class RotaOut(Frame):
    """Reports to a supervisor's console that the rota of a line changed, so that the console asks for it
    again."""

    to: ClassVar = (CONSOLE,)
    line: str
