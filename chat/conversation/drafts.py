"""What a seat asks to store. A Draft always has the agreed form."""

from dataclasses import dataclass
from datetime import datetime

from chat import states
from chat.conversation import boxes
from chat.conversation.seats import Seat
from helpline.lib.errors import BadFrame, Forbidden


@dataclass(frozen=True, slots=True)
class Draft:
    """A box that a seat asks to store. Raises BadFrame unless it is of this seat, conversation, epoch and id,
    and of a kind that the seat may send; Forbidden for a partner's note."""

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
            raise Forbidden  # notes are the line's

    @property
    def key(self) -> tuple[str, str, str]:
        """Returns what identifies it: the same key is stored once."""
        return self.seat.conversation, self.seat.member, self.message


@dataclass(frozen=True, slots=True)
class Posted:
    """The position of a message in the log."""

    seq: int
    at: datetime
