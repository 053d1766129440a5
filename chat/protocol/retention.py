"""Frames about the keys of lines, reading transcripts again, holds, a line's retention, and whether the purge
is overdue."""

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
    """Returns the time in UTC. Raises ValueError, which makes the frame invalid, if its year in UTC is not
    from 1 to 9999."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


class Keys(Request):
    """Asks for the review keys or the letters keys of the supervisor's lines, and for which devices can open
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
    """Answers `makekey`. `waits` is true if a second supervisor has to confirm the key before new
    conversations use it."""

    waits: bool


class ShareKey(Request):
    """Stores a line's key sealed for another device, whose eight words were compared by voice. A review key
    may be shared with supervisors only."""

    line: Opaque
    generation: Generation
    device: Opaque
    sealed: Bytes
    use: KeyUse = "review"


class Reviews(Request):
    """Asks for the newest conversations of a line that can still be read, or with `before` for older ones.

    They can be limited to those in which `person` had a seat, those with a `risk` flag of at least this
    level, and those that lasted at least so many `minutes`.
    """

    line: Opaque
    before: Moment | None
    person: Opaque = ""
    risk: Literal[0, 1, 2] = 0
    minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0

    def __post_init__(self) -> None:
        self.before = self.before and _in_utc(self.before)


class Read(Request):
    """Asks to read a transcript, for a reason that the audit records."""

    conversation: Id16
    reason: ReviewReason


class Allow(Request):
    """Approves another supervisor's request to read a transcript."""

    reading: Opaque


class DropReading(Request):
    """Withdraws the supervisor's own request to read, or refuses another supervisor's, before it is
    approved."""

    reading: Opaque


class Transcript(Request):
    """Asks for the entries above `since` in a reading that is open."""

    reading: Opaque
    since: Seq


class Holds(Request):
    """Asks for the holds of a line, including requests that are not confirmed yet."""

    line: Opaque


class ReviewApprovals(Request):
    """Asks for the requests to hold and to read, on all of the supervisor's lines, that wait for a second
    supervisor."""


class Hold(Request):
    """Asks to keep a conversation until the given time, or to prolong an earlier hold to that time."""

    conversation: Id16
    reason: HoldReason
    until: Moment

    def __post_init__(self) -> None:
        self.until = _in_utc(self.until)


class Confirm(Request):
    """Confirms a hold that another supervisor asked for."""

    hold: Opaque


class Drop(Request):
    """Withdraws the supervisor's own request to hold, or refuses another supervisor's, before it is
    confirmed."""

    hold: Opaque


class Keeping(Request):
    """Sets for how many hours a line keeps conversations after their end, and whether it takes two
    supervisors to read one."""

    line: Opaque
    hours: Annotated[int, Meta(ge=0, le=90 * 24)]
    two: bool


class KeepingOk(Ok):
    """Answers `keeping`. `waits` is true if a second supervisor has to confirm a longer retention, or that
    one supervisor may read alone."""

    waits: bool


class Overdue(Request):
    """Asks whether the purge is overdue on the supervisor's lines."""


class KeyRow(Struct):
    """Represents a generation of a line's key. `confirmed` is null while it waits for a second supervisor.

    `share` is the private key sealed for this device, or null; `devices` are those that can open it.
    """

    generation: int
    public: Bytes
    made: At
    confirmed: At | None
    retired: At | None
    share: Bytes | None
    devices: list[str]


class KeyDevice(Struct):
    """Represents an approved device of a supervisor of the line. `key` is its public key, from which its
    eight words are derived and for which a share is sealed."""

    id: str
    person: str
    alias: str
    label: str
    key: Bytes


class KeyLine(Struct):
    """Holds a line's keys of one use, newest first. `hours` is its retention. `two` is true if reading needs
    two supervisors, and `cases` if the line keeps removal cases. `stale` is true if a device that should no
    longer do so can open the present key. `ended` says since when the line has ended, or is null."""

    line: str
    name: str
    hours: float
    two: bool
    cases: bool
    stale: bool
    ended: At | None
    keys: list[KeyRow]
    devices: list[KeyDevice]


class KeysOk(Ok):
    """Answers `keys`."""

    lines: list[KeyLine]


class ReviewRow(Struct):
    """Represents a conversation that can be read again, without its content. `until` is when it is deleted,
    unless it is `held`; `generation` is that of the line's review key in it.

    `people` are the aliases of those who had a staff seat. `minutes` is the time from when a counsellor last
    took it to its end, null if it has not ended or nobody took it.
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
    """Represents a reading of the last hour, or a request that waits for a second supervisor.

    `opened`, `initial` and `people` are those of the conversation. `until` is when the reading ends or the
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
    """Answers `reviews`."""

    conversations: list[ReviewRow]
    readings: list[ReadingRow]


class ReadOk(Ok):
    """Answers `read`. `open` is false if a second supervisor has to approve the reading first."""

    reading: str
    open: bool


class SeatWrap(Struct):
    """Holds the secret of `epoch` for a review seat, as the grant of epoch `grant` stored it. If `epoch` is
    lower than `grant`, it is history."""

    member: str
    grant: Epoch
    epoch: Epoch
    wrap: Bytes


class TranscriptOk(Ok):
    """Answers `transcript`. `share` holds the review key sealed for this device, and the review key opens the
    `wraps`. If there are `more` entries, the client asks again with `upto` as `since`."""

    line: str
    generation: int
    public: Bytes
    share: Bytes
    entries: list[EntryFrame]
    wraps: list[SeatWrap]
    upto: int
    more: bool


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


class ReviewApprovalsOk(Ok):
    """Answers `reviewapprovals`. The supervisor's own requests are included."""

    holds: list[HoldRow]
    readings: list[ReadingRow]


class HoldOk(Ok):
    """Answers `hold` and `confirm`. `until` is the end that was asked for, rounded down to an hour at which
    keys are destroyed."""

    hold: str
    until: At


class OverdueOk(Ok):
    """Answers `overdue`. `overdue` is how many conversations should have been deleted already. `halted` is
    true if nothing is purged because the clock jumped, until an operator has checked it."""

    overdue: int
    halted: bool


class ReviewOut(Frame):
    """Reports that a line's keys, readings, holds, retention or readable conversations changed, so that the
    client asks again."""

    to: ClassVar = (CONSOLE,)
    line: str
