"""Review keys, reading again, holds, a line's retention, and whether the purge is overdue."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.entries import EntryFrame
from chat.protocol.fields import At, Bytes, Epoch, HoldReason, Id16, Moment, Opaque, Seq
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

type Generation = Annotated[int, Meta(ge=1, le=2**31 - 1)]
type ReviewReason = Literal["quality", "complaint", "safeguarding", "legal", "caller"]


def _in_utc(moment: datetime) -> datetime:
    """A ValueError, which is a bad frame, for what is within the years 1 to 9999 in its own zone only."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


class Keys(Request):
    """The review keys of the supervisor's lines, and who can open them."""


class MakeKey(Request):
    """The next generation of a line's review key, sealed for the device that made it."""

    line: Opaque
    generation: Generation
    public: Bytes
    sealed: Bytes


class MakeKeyOk(Ok):
    """Answer of `makekey`. `waits`: it counts once a second supervisor said yes."""

    waits: bool


class ShareKey(Request):
    """A review key, sealed for another supervisor's device, whose words were compared by voice."""

    line: Opaque
    generation: Generation
    device: Opaque
    sealed: Bytes


class Reviews(Request):
    """The newest conversations of a line that can still be read; with `before`, older ones.

    Only those in which `person` had a seat, flagged at least as `risk`, in which `minutes` were talked.
    """

    line: Opaque
    before: Moment | None
    person: Opaque = ""
    risk: Literal[0, 1, 2] = 0
    minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0

    def __post_init__(self) -> None:
        self.before = self.before and _in_utc(self.before)


class Read(Request):
    """Wants to read a transcript, for a reason that the audit keeps."""

    conversation: Id16
    reason: ReviewReason


class Allow(Request):
    """A second supervisor says yes to a reading."""

    reading: Opaque


class DropReading(Request):
    """Takes one's own request to read back, or says no to another one's, before it is allowed."""

    reading: Opaque


class Transcript(Request):
    """The entries above `since` of an open reading."""

    reading: Opaque
    since: Seq


class Holds(Request):
    """The holds of a line, open requests among them."""

    line: Opaque


class ReviewApprovals(Request):
    """What waits for a second supervisor, on all lines of one's own: requests to hold, and to read."""


class Hold(Request):
    """Wants to keep a conversation until a moment, or longer than it is kept already."""

    conversation: Id16
    reason: HoldReason
    until: Moment

    def __post_init__(self) -> None:
        self.until = _in_utc(self.until)


class Confirm(Request):
    """A second supervisor confirms a hold."""

    hold: Opaque


class Drop(Request):
    """Takes one's own request back, or says no to another one's, before it is confirmed."""

    hold: Opaque


class Keeping(Request):
    """How long a line keeps conversations after their end, and whether reading needs two."""

    line: Opaque
    hours: Annotated[int, Meta(ge=0, le=90 * 24)]
    two: bool


class KeepingOk(Ok):
    """Answer of `keeping`. `waits`: longer, or reading alone, once a second supervisor said yes."""

    waits: bool


class Overdue(Request):
    """Asks whether the purge is overdue."""


class KeyRow(Struct):
    """A generation; `confirmed` is null while it waits for a second supervisor.

    `share`: the private half sealed for this device, or null; `devices`: who can open it.
    """

    generation: int
    public: Bytes
    made: At
    confirmed: At | None
    retired: At | None
    share: Bytes | None
    devices: list[str]


class KeyDevice(Struct):
    """An approved device of a supervisor of the line; `key` is for the words, and to seal for."""

    id: str
    person: str
    alias: str
    label: str
    key: Bytes


class KeyLine(Struct):
    """A line's keys, newest first. `stale`: somebody has the present one who should not any more."""

    line: str
    name: str
    hours: float
    two: bool
    stale: bool
    keys: list[KeyRow]
    devices: list[KeyDevice]


class KeysOk(Ok):
    """Answer of `keys`."""

    lines: list[KeyLine]


class ReviewRow(Struct):
    """A conversation without content. `until`: when it is gone here; `generation`: of the key it names.

    `people`: aliases of those with a staff seat; `minutes`: of talk, null before it ended or if nobody came.
    """

    conversation: str
    opened: At
    ended: At | None
    state: str
    roles: list[str]
    people: list[str]
    letter: str
    risk: int
    minutes: int | None
    until: At | None
    held: At | None
    generation: int | None


class ReadingRow(Struct):
    """A reading of the last hour, or a request that waits for a second supervisor.

    `opened`, `letter`, `people`: of the conversation, as its row has them; `until`: the reading, or the
    request, lapses then.
    """

    reading: str
    conversation: str
    line: str
    opened: At
    letter: str
    people: list[str]
    alias: str
    own: bool
    reason: str
    at: At
    until: At
    open: bool


class ReviewsOk(Ok):
    """Answer of `reviews`."""

    conversations: list[ReviewRow]
    readings: list[ReadingRow]


class ReadOk(Ok):
    """Answer of `read`. Not `open`: a second supervisor has to say yes first."""

    reading: str
    open: bool


class SeatWrap(Struct):
    """A secret of `epoch` for a review seat; below `grant` it is history."""

    member: str
    grant: Epoch
    epoch: Epoch
    wrap: Bytes


class TranscriptOk(Ok):
    """Answer of `transcript`. `share` opens the review key, and that the wraps. With `more`, ask on."""

    line: str
    generation: int
    public: Bytes
    share: Bytes
    entries: list[EntryFrame]
    wraps: list[SeatWrap]
    upto: int
    more: bool


class HoldRow(Struct):
    """A hold; open while `confirmed` is null. `gone`: nobody but the hold sees the conversation any more.

    `opened`, `letter`, `people`: as the conversation's row has them; `latest`: no hold of it ends later.
    """

    hold: str
    conversation: str
    line: str
    opened: At
    letter: str
    people: list[str]
    reason: str
    until: At
    asked: str
    own: bool
    confirmed: str | None
    gone: bool
    latest: At


class HoldsOk(Ok):
    """Answer of `holds`."""

    holds: list[HoldRow]


class ReviewApprovalsOk(Ok):
    """Answer of `reviewapprovals`: one's own among them."""

    holds: list[HoldRow]
    readings: list[ReadingRow]


class HoldOk(Ok):
    """Answer of `hold` and `confirm`; `until` is on a purge hour."""

    hold: str
    until: At


class OverdueOk(Ok):
    """Answer of `overdue`. `halted`: the clock jumped, and somebody must look."""

    overdue: int
    halted: bool


class ReviewOut(Frame):
    """Something about a line's keys, readings, holds, retention, or what can be read again: ask again."""

    to: ClassVar = (CONSOLE,)
    line: str
