"""Keys of lines, reading transcripts again, holds, a line's retention, and whether the purge is overdue."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.entries import EntryFrame
from chat.protocol.fields import At, Bytes, Epoch, HoldReason, Id16, Moment, Opaque, Seq
from chat.protocol.frames import CONSOLE, Frame, Ok, Request

type Generation = Annotated[int, Meta(ge=1, le=2**31 - 1)]
type KeyUse = Literal["review", "letters"]
type ReviewReason = Literal["quality", "complaint", "safeguarding", "legal", "caller"]


def _in_utc(moment: datetime) -> datetime:
    """Returns the time in UTC. Raises ValueError, which makes a bad frame, where its year is not within 1 to
    9999 there."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


class Keys(Request):
    """Asks for the review keys, or the letters keys, of the supervisor's lines, and which devices can open
    them."""

    use: KeyUse = "review"


class MakeKey(Request):
    """Stores the next generation of a line's key of this use, sealed for the device that made it."""

    line: Opaque
    generation: Generation
    public: Bytes
    sealed: Bytes
    use: KeyUse = "review"


class MakeKeyOk(Ok):
    """Answer of `makekey`. `waits`: new conversations use the key only after a second supervisor has
    confirmed it."""

    waits: bool


class ShareKey(Request):
    """Shares a line's key: stores it sealed for another device, whose words were compared by voice. A review
    key goes to supervisors only."""

    line: Opaque
    generation: Generation
    device: Opaque
    sealed: Bytes
    use: KeyUse = "review"


class Reviews(Request):
    """Asks for the newest conversations of a line that can still be read; with `before`, for older ones.

    `person`: only those in which this person had a seat; `risk`: only those flagged at least so high;
    `minutes`: only those that lasted at least so long.
    """

    line: Opaque
    before: Moment | None
    person: Opaque = ""
    risk: Literal[0, 1, 2] = 0
    minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0

    def __post_init__(self) -> None:
        self.before = self.before and _in_utc(self.before)


class Read(Request):
    """Asks to read a transcript, for a reason that the audit keeps."""

    conversation: Id16
    reason: ReviewReason


class Allow(Request):
    """Approves another supervisor's request to read a transcript."""

    reading: Opaque


class DropReading(Request):
    """Withdraws one's own request to read, or refuses another supervisor's, before it is approved."""

    reading: Opaque


class Transcript(Request):
    """Asks for the entries above `since` of an open reading."""

    reading: Opaque
    since: Seq


class Holds(Request):
    """Asks for the holds of a line, including requests that are not confirmed yet."""

    line: Opaque


class ReviewApprovals(Request):
    """Asks for the requests to hold and to read that wait for a second supervisor, on all of the supervisor's
    lines."""


class Hold(Request):
    """Asks to keep a conversation until a given time, or for longer than an earlier hold keeps it."""

    conversation: Id16
    reason: HoldReason
    until: Moment

    def __post_init__(self) -> None:
        self.until = _in_utc(self.until)


class Confirm(Request):
    """Confirms a hold that another supervisor asked for."""

    hold: Opaque


class Drop(Request):
    """Withdraws one's own request to hold, or refuses another supervisor's, before it is confirmed."""

    hold: Opaque


class Keeping(Request):
    """Sets how many hours a line keeps conversations after their end, and whether reading one needs two
    supervisors."""

    line: Opaque
    hours: Annotated[int, Meta(ge=0, le=90 * 24)]
    two: bool


class KeepingOk(Ok):
    """Answer of `keeping`. `waits`: the longer retention, or reading alone, applies only after a second
    supervisor has confirmed it."""

    waits: bool


class Overdue(Request):
    """Asks whether the purge is overdue on the supervisor's lines."""


class KeyRow(Struct):
    """A generation of a review key. `confirmed` is null while it waits for a second supervisor.

    `share`: the private key sealed for this device, or null; `devices`: those that can open it.
    """

    generation: int
    public: Bytes
    made: At
    confirmed: At | None
    retired: At | None
    share: Bytes | None
    devices: list[str]


class KeyDevice(Struct):
    """An approved device of a supervisor of the line. `key`: its public key, for its words and for sealing a
    share."""

    id: str
    person: str
    alias: str
    label: str
    key: Bytes


class KeyLine(Struct):
    """A line's review keys, newest first. `hours`: its retention; `two`: reading needs two supervisors;
    `cases`: it keeps removal cases; `stale`: a device can open the present key that should no longer be able
    to."""

    line: str
    name: str
    hours: float
    two: bool
    cases: bool
    stale: bool
    keys: list[KeyRow]
    devices: list[KeyDevice]


class KeysOk(Ok):
    """Answer of `keys`."""

    lines: list[KeyLine]


class ReviewRow(Struct):
    """A conversation that can be read again, without its content. `until`: when it is deleted, unless it is
    `held`; `generation`: that of the review key it names.

    `people`: the aliases of those who had a staff seat; `minutes`: from the last time that somebody took it
    to its end, null before the end or if nobody came.
    """

    conversation: str
    opened: At
    ended: At | None
    state: str
    roles: list[str]
    people: list[str]
    initial: str
    risk: int
    minutes: int | None
    until: At | None
    held: At | None
    generation: int | None


class ReadingRow(Struct):
    """A reading of the last hour, or a request that waits for a second supervisor.

    `opened`, `initial` and `people` are those of the conversation; `until`: when the reading ends or the
    request lapses.
    """

    reading: str
    conversation: str
    line: str
    opened: At
    initial: str
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
    """Answer of `read`. `open`: false where a second supervisor has to approve it first."""

    reading: str
    open: bool


class SeatWrap(Struct):
    """The secret of `epoch` for a review seat, stored by the grant of epoch `grant`. A lower `epoch` is
    history."""

    member: str
    grant: Epoch
    epoch: Epoch
    wrap: Bytes


class TranscriptOk(Ok):
    """Answer of `transcript`. `share` holds the review key sealed for this device, and the review key opens
    the `wraps`. `more`: ask again, above `upto`."""

    line: str
    generation: int
    public: Bytes
    share: Bytes
    entries: list[EntryFrame]
    wraps: list[SeatWrap]
    upto: int
    more: bool


class HoldRow(Struct):
    """A hold, or a request for one while `confirmed` is null. `gone`: only the hold keeps the conversation,
    which is past its date or erased.

    `opened`, `initial` and `people` are those of the conversation; `latest`: the latest end that a hold of it
    may have.
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


class HoldsOk(Ok):
    """Answer of `holds`."""

    holds: list[HoldRow]


class ReviewApprovalsOk(Ok):
    """Answer of `reviewapprovals`. The supervisor's own requests are among them."""

    holds: list[HoldRow]
    readings: list[ReadingRow]


class HoldOk(Ok):
    """Answer of `hold` and `confirm`. `until`: the end as it was asked for, rounded down to a purge hour."""

    hold: str
    until: At


class OverdueOk(Ok):
    """Answer of `overdue`. `overdue`: how many conversations should be deleted already; `halted`: nothing is
    purged, because the clock jumped and somebody must check it."""

    overdue: int
    halted: bool


class ReviewOut(Frame):
    """Tells that a line's keys, readings, holds, retention or readable conversations changed: ask again."""

    to: ClassVar = (CONSOLE,)
    line: str
