"""Reads the data of a conversation that is sent to one socket, after checking the socket's seat."""

from dataclasses import dataclass, field
from datetime import datetime

from chat import states
from chat.conversation import acute, log, presence
from chat.conversation.log import Slice
from chat.conversation.presence import People
from chat.conversation.seats import Seat, allowed_among, own_member, present, require_seat, seat_in
from chat.figures import feedback
from chat.letters import moves
from chat.models import AcuteStep, KeyShare, Letter, Member
from counsellors.models import Person
from helpline.lib import clock

CHANGES_PEOPLE = frozenset(("joined", "left", "requeued", "granted", "ended", "invited"))


@dataclass(frozen=True, slots=True)
class News:
    """Holds new entries (`part`) and, if these change who is present or what the seat may do, the new
    `people` and `allowed`. `changed`: whether `people` and `allowed` still have to be sent with a later
    slice. `ticket`: lets a caller whose conversation has ended give feedback a single time.
    """

    part: Slice
    changed: bool = False
    people: People | None = None
    allowed: list[str] | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """Holds a seat and everything that its console shows first. `due` and `share` are set only for a
    letter."""

    seat: Seat
    member: Member
    news: News
    due: datetime | None = None
    share: KeyShare | None = None
    steps: list[AcuteStep] = field(default_factory=list)


def news(
    seat: Seat, seq: int, *, prev: int | None, changed: bool = False, with_allowed: bool = False
) -> News:
    """Returns the entries above `seq` as News. `changed`: whether entries of the slice before this one
    changed who is present or what the seat may do."""
    member = require_seat(seat, also_after_left=True)
    part = log.since_of(member, seq, prev=prev)
    changed = changed or any(one.entry.kind in CHANGES_PEOPLE for one in part.entries)
    if not changed or part.is_full or part.over:
        return News(part, changed)
    members = present(seat.conversation)
    allowed = allowed_among(member, members) if with_allowed else None
    people = presence.among(members, member.pk, member.conversation)
    is_caller = member.role == states.SeatRole.CALLER
    ticket = feedback.ticket(member.conversation, now=clock.now()) if is_caller else None
    return News(part, people=people, allowed=allowed, ticket=ticket)


def open_seat(seat: Seat, since: int) -> Opened:
    return _opened(seat, require_seat(seat), since)


def open_own(conversation: str, person: Person, device: str | None, since: int) -> Opened:
    """Opens this person's seat. Raises NotFound if the person has no seat in the conversation, and Conflict
    if another device holds the seat."""
    own = own_member(conversation, person, device)
    if own is None:  # the conversation may be a letter that the person took
        return open_seat(seat_in(conversation, person, device), since)
    return _opened(Seat(conversation, own.pk, own.role), own, since)


def _opened(seat: Seat, member: Member, since: int) -> Opened:
    members = present(member.conversation_id)
    people = presence.among(members, member.pk, member.conversation)
    allowed = allowed_among(member, members)
    first = News(log.since_of(member, since), people=people, allowed=allowed)
    is_told = member.conversation.acute_at is not None and member.role in states.LINE_STAFF
    steps = acute.taken_in([member.conversation_id])[member.conversation_id] if is_told else []
    if seat.role != states.SeatRole.LETTERS:
        return Opened(seat, member, first, steps=steps)
    letter = Letter.objects.get(pk=member.conversation_id)
    return Opened(seat, member, first, letter.due_at, moves.share_for(member, letter.device_id), steps)
