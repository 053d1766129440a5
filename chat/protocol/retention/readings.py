"""Frames with which supervisors read the transcripts of earlier conversations."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.entries import EntryFrame
from chat.protocol.fields import At, Bytes, Epoch, Id16, Moment, Opaque, Seq, in_utc
from chat.protocol.frames import Ok, Request

type ReviewReason = Literal["quality", "complaint", "safeguarding", "legal", "caller"]


class Reviews(Request):
    """Asks for the newest conversations of a line that can still be read. With `before`, asks only for
    conversations that were opened before that time.

    The other fields limit the answer to conversations in which `person` had a seat, whose risk flag is at
    least `risk`, and which lasted at least `minutes` minutes.
    """

    line: Opaque
    before: Moment | None
    person: Opaque = ""
    risk: Literal[0, 1, 2] = 0
    minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0

    def __post_init__(self) -> None:
        self.before = self.before and in_utc(self.before)


class Read(Request):
    """Asks to read a transcript, for a reason that the audit records."""

    conversation: Id16
    reason: ReviewReason


class Allow(Request):
    """Approves another supervisor's request to read a transcript."""

    reading: Opaque


class DropReading(Request):
    """Ends a request to read that is not approved yet: the supervisor withdraws their own request, or refuses
    that of a colleague."""

    reading: Opaque


class Transcript(Request):
    """Asks for those entries of a transcript that are above `since`. The supervisor's reading of it must be
    open."""

    reading: Opaque
    since: Seq


class ReviewRow(Struct):
    """Describes a conversation that supervisors can still read, without its content. `until` is when the
    conversation is deleted, unless a hold keeps it until `held`. `generation` is the generation of the line's
    review key that can open it.

    `people` are the aliases of those who had a staff seat. `minutes` is how long the conversation lasted
    after a counsellor last took the caller. It is null if nobody took the caller or the conversation has not
    ended.
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
    """Represents a reading that was requested in the last hour. If `open` is false, it waits for a second
    supervisor.

    `opened`, `initial` and `people` describe the conversation. `until` is when the reading ends or the
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
    """Holds the secret of epoch `epoch`, sealed for a review seat. The secret was stored with the grant that
    opened epoch `grant`. If `epoch` is lower than `grant`, the grant also gave the seat access to earlier
    messages."""

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
