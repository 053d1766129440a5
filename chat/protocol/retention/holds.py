"""Frames about holds, which keep a conversation beyond the line's retention."""

from typing import ClassVar

from msgspec import Struct

from chat.protocol.fields import At, HoldReason, Id16, Moment, Opaque, in_utc
from chat.protocol.frames import CALLER, Frame, Ok, Request


class Holds(Request):
    """Asks for the holds of a line, including requests that are not confirmed yet."""

    line: Opaque


class Hold(Request):
    """Asks to keep a conversation until the given time, or to extend an earlier hold to that time."""

    conversation: Id16
    reason: HoldReason
    until: Moment

    def __post_init__(self) -> None:
        self.until = in_utc(self.until)


class Confirm(Request):
    """Confirms a hold that another supervisor asked for."""

    hold: Opaque


class Drop(Request):
    """Ends a request for a hold before it is confirmed: the supervisor withdraws their own request, or
    refuses that of a colleague."""

    hold: Opaque


class HoldRow(Struct):
    """Represents a hold; while `confirmed` is null, it is only a request for a hold. `gone` is true if only
    the hold still keeps the conversation, because the conversation's deletion date has passed or the caller
    erased the conversation.

    `opened`, `initial` and `people` describe the conversation. `latest` is the latest possible end of a hold.
    At `lapses` the conversation and any open request are deleted, unless a new or longer hold is confirmed
    before then.
    """

    hold: str
    conversation: str
    line: str
    opened: At
    initial: str
    people: list[str]
    reason: str
    until: At
    asked: str
    own: bool
    confirmed: str | None
    gone: bool
    latest: At
    lapses: At


class HoldsOk(Ok):
    """Answers `holds`."""

    holds: list[HoldRow]


class HoldOk(Ok):
    """Answers `hold` and `confirm`. `until` is the requested end, rounded down to an hour at which keys are
    destroyed."""

    hold: str
    until: At


class StandingHold(Struct):
    """Describes a confirmed hold: two supervisors decided that the line keeps the conversation until `until`,
    even if the caller erases it."""

    reason: HoldReason
    until: At


class HeldOut(Frame):
    """Reports to the caller that the line now holds the conversation, or holds it for longer (see
    `StandingHold`)."""

    to: ClassVar = (CALLER,)
    reason: HoldReason
    until: At
