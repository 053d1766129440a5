"""Frames about a line's opening hours."""

from typing import Annotated

from msgspec import Meta, Struct

from chat.protocol.fields import Opaque, Words
from chat.protocol.frames import Ok, Request

type Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM, wall clock")]

type Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="YYYY-MM-DD")]


class SpanSet(Struct, forbid_unknown_fields=True):
    """Describes a span of opening hours, from `opens` until just before `closes`. If `closes` is not later
    than `opens`, the span ends on the next day: 00:00 to 00:00 is a whole day."""

    opens: Clock
    closes: Clock


class DateSet(Struct, forbid_unknown_fields=True):
    """Holds the hours of one date, which replace those of its weekday or holiday. Without a span, the line is
    closed that day."""

    date: Day
    spans: Annotated[list[SpanSet], Meta(max_length=6)]
    reason: Words


class Hours(Request):
    """Asks for a line's opening hours, and for its hours on each day of the next four weeks."""

    line: Opaque


class SetHours(Request):
    """Previews new hours: the answer has the line's hours on each day of the next four weeks. The new hours
    are saved only with `keep`, and then refused with `conflict` if `version` is not that of the saved hours;
    an empty `version` saves over any.

    `week` has seven days, Monday first. The keys of `holidays` are names from the answer's `feasts`, or `any`
    for every holiday.
    """

    line: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool
    version: Annotated[str, Meta(max_length=16)] = ""


class SpanShown(Struct):
    """Represents a span, as `sethours` sends it."""

    opens: str
    closes: str


class DateShown(Struct):
    """Represents the hours of one date, as `sethours` sends them."""

    date: str
    spans: list[SpanShown]
    reason: str


class DayShown(Struct):
    """Represents a day of the preview. If a date or a holiday replaces the hours of the weekday, `why` is the
    reason given for the date or the name of the holiday; otherwise `why` is empty."""

    date: str
    spans: list[SpanShown]
    why: str


class HoursOk(Ok):
    """Answers `hours` and `sethours`. `version` is that of the hours in the answer. `feasts` are the possible
    keys of `holidays` besides `any`."""

    week: list[list[SpanShown]]
    holidays: dict[str, list[SpanShown]]
    dates: list[DateShown]
    feasts: list[str]
    preview: list[DayShown]
    version: str
