"""Defines drafts, the boxes that seats ask to store. Creating a Draft checks the box's header."""

from dataclasses import dataclass
from datetime import datetime

from chat import states
from chat.conversation import boxes
from chat.conversation.seats import Seat
from helpline.lib.errors import BadFrame, Forbidden


@dataclass(frozen=True, slots=True)
class Draft:
    """Represents a box that a seat asks to store. Raises BadFrame if its header names another seat,
    conversation, epoch or id, or a kind that the seat may not send. Raises Forbidden for a partner's note."""

    seat: Seat
    message: str
    epoch: int
    box: bytes
    kind: str = "message"

    def __post_init__(self) -> None:
        seat, header = self.seat, boxes.header_of(self.box)
        if header != boxes.Header(header.kind, seat.conversation, self.epoch, seat.member, self.message):
            raise BadFrame
        if header.kind not in boxes.kinds_for(seat.role, self.kind):
            raise BadFrame
        if self.kind == "note" and seat.role == states.SeatRole.PARTNER:
            raise Forbidden  # only the line's staff may write notes

    @property
    def is_case(self) -> bool:
        """Returns whether the box holds items of a removal case."""
        return boxes.header_of(self.box).kind == boxes.CASE

    @property
    def key(self) -> tuple[str, str, str]:
        """Returns the key that identifies the draft. Of several drafts with the same key, only one is
        stored."""
        return self.seat.conversation, self.seat.member, self.message


@dataclass(frozen=True, slots=True)
class Posted:
    """Holds the number of a stored message in the log, and the time when it was stored."""

    seq: int
    at: datetime
