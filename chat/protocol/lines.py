"""A line opened, throttled or closed by hand, and its opening hours."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import Opaque, Words
from chat.protocol.frames import Ok, Request

type Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM, wall clock")]
type Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="YYYY-MM-DD")]


class Line(Request):
    """A supervisor opens, throttles or closes a line, or lets its hours decide."""

    line: Opaque
    state: Literal["hours", "open", "closed"]
    most: Annotated[int, Meta(ge=0, le=100_000)] | None
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None


class SpanSet(Struct, forbid_unknown_fields=True):
    """From `opens` until just before `closes`, the next day if that is not later; 00:00 to 00:00: a day."""

    opens: Clock
    closes: Clock


class DateSet(Struct, forbid_unknown_fields=True):
    """What counts on one date instead of everything else; no span: closed."""

    date: Day
    spans: Annotated[list[SpanSet], Meta(max_length=6)]
    reason: Words


class Hours(Request):
    """A line's opening hours, and what they make of the next four weeks."""

    line: Opaque


class SetHours(Request):
    """New hours: shown as the next four weeks would be, and kept only with `keep`.

    `week`: Monday first. `holidays`: by the names in `feasts`, or `any`.
    """

    line: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool


class SpanShown(Struct):
    """As in `sethours`."""

    opens: str
    closes: str


class DateShown(Struct):
    """As in `sethours`."""

    date: str
    spans: list[SpanShown]
    reason: str


class DayShown(Struct):
    """A day of the preview; `why` its hours are not the weekday's: a reason or a feast."""

    date: str
    spans: list[SpanShown]
    why: str


class HoursOk(Ok):
    """Answer of `hours` and `sethours`. `feasts`: the names that `holidays` may have, `any` apart."""

    week: list[list[SpanShown]]
    holidays: dict[str, list[SpanShown]]
    dates: list[DateShown]
    feasts: list[str]
    preview: list[DayShown]
