"""Frames about holds."""

from typing import ClassVar

from msgspec import Struct

from chat.protocol.fields import At, HoldReason, Id16, Moment, Opaque, in_utc
from chat.protocol.frames import CALLER, Frame, Ok, Request


class Holds(Request):
    """Asks for the holds of a line, including requests that are not confirmed yet."""

    line: Opaque


class Hold(Request):
    """Asks to keep a conversation until the given time, or to prolong an earlier hold to that time."""

    conversation: Id16
    reason: HoldReason
    until: Moment

    def __post_init__(self) -> None:
        self.until = in_utc(self.until)


class Confirm(Request):
    """Confirms a hold that another supervisor asked for."""

    hold: Opaque


class Drop(Request):
    """Withdraws the supervisor's own request to hold, or refuses another supervisor's, before it is
    confirmed."""

    hold: Opaque


class HoldRow(Struct):
    """Represents a hold, or a request for one while `confirmed` is null. `gone` is true if the conversation
    is past its date or erased, so that only the hold keeps it.

    `opened`, `initial` and `people` are those of the conversation. `latest` is the latest time until which it
    may be held. `lapses` is when the conversation is deleted otherwise, and an open request with it.
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
    """Answers `hold` and `confirm`. `until` is the end that was asked for, rounded down to an hour at which
    keys are destroyed."""

    hold: str
    until: At


class StandingHold(Struct):
    """Describes a hold: two supervisors keep the conversation for the line up to `until`, even if the caller
    erases it."""

    reason: HoldReason
    until: At


class HeldOut(Frame):
    """Reports to the caller that the line now holds the conversation, or holds it for longer (see
    `StandingHold`)."""

    to: ClassVar = (CALLER,)
    reason: HoldReason
    until: At
