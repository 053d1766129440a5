"""Opens a conversation for a caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from chat import bells, states
from chat.conversation import joining, log, presence
from chat.conversation.log import Slice
from chat.conversation.seats import Seat
from chat.figures import counters
from chat.keys import outer, slots
from chat.models import Conversation, Entry, Line, Member, Slot
from chat.queue import admission, estimates, rank
from counsellors.certificates import certified
from helpline.lib import encoding, tokens


@dataclass(frozen=True, slots=True)
class Opened:
    """Holds the data that is sent to the caller's browser when the conversation opens. The token is never
    sent again; the database stores only its hash.

    `log`: all entries that the caller may see so far. `letters`: the letters seat, None for a chat. `due`:
    the time promised for the answer if the letter is sent now.
    """

    seat: Seat
    log: Slice
    token: str
    shelf: bytes
    review: Member | None
    review_cert: certified.Frame | None
    retention: timedelta
    purge_at: datetime
    letters: Member | None = None
    letters_cert: certified.Frame | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seats:
    """Holds the unsaved first seats of a conversation, beginning with the caller's. `certs`: by member, the
    certificates of seats that belong to a key of the line."""

    members: list[Member]
    certs: Mapping[str, certified.Frame]

    @property
    def review(self) -> Member | None:
        return next((one for one in self.members if one.role == states.SeatRole.REVIEW), None)


def open_conversation(line: str, locale: str, urgency: int, *, socket: str, now: datetime) -> Opened:
    """Puts a caller into the queue. Raises UnknownLine, LineClosed or LineFull, and stores no conversation in
    these cases."""
    found = admission.find_place(line, now=now)
    slot = slots.take(outer.purge_instant(now + settings.OPEN_SPAN, found.retention))
    return _open(found, locale, urgency, slot=slot, socket=socket, now=now)


@transaction.atomic
def _open(found: Line, locale: str, urgency: int, *, slot: Slot, socket: str, now: datetime) -> Opened:
    """Writes all rows first and claims the place in the queue last, so that the line's lock is held as
    briefly as possible."""
    conversation = new_conversation(found, locale, urgency, slot=slot, now=now)
    _foretell(conversation, now=now)
    opened = store(conversation, first_seats(conversation, now=now), socket=socket, now=now)
    admission.claim_place(found, now=now)
    # The start is counted after the commit: the hour's counter is one row, and other starts would wait for it
    # while they hold the line's lock.
    transaction.on_commit(partial(counters.count_start, conversation, now=now), robust=True)
    bells.ring_on_commit(bells.QueueChanged(found.pk))
    return opened


def new_conversation(found: Line, locale: str, urgency: int, *, slot: Slot, now: datetime) -> Conversation:
    """Returns an unsaved conversation in the queue."""
    return Conversation(
        line=found,
        locale=locale,
        urgency=urgency,
        state=states.Conversation.WAITING,
        opened_at=now,
        expires_at=now + settings.OPEN_SPAN,
        purge_at=slot.hour,
        slot_file=slot.file,
        slot_number=slot.number,
        rank=rank.rank_of(found, urgency, now),
        retention=found.retention,
    )


def store(conversation: Conversation, seats: Seats, *, socket: str, now: datetime) -> Opened:
    """Stores a new conversation with its seats and first entries, and registers the socket for its caller."""
    token, shelf = tokens.new_token(), outer.new_shelf()
    conversation.token_hash = tokens.digest(token)
    conversation.shelf = outer.seal_shelf(shelf, conversation=conversation.pk, slot=conversation.slot)
    entries = _store(conversation, seats, now=now)
    caller, review = seats.members[0], seats.review
    presence.sit_down(socket, caller.pk, now=now)
    return Opened(
        seat=Seat(conversation.pk, caller.pk, states.SeatRole.CALLER, conversation.tab),
        log=log.whole(entries),
        token=token,
        shelf=shelf,
        review=review,
        review_cert=seats.certs.get(review.pk) if review else None,
        retention=conversation.retention,
        purge_at=conversation.purge_at,
    )


def _foretell(conversation: Conversation, *, now: datetime) -> None:
    """Stores the estimated wait that the caller's page will show, so that it can be compared with the actual
    wait."""
    if not estimates.can_tell(conversation.line_id, now=now):
        return
    ahead = rank.rounded(rank.ahead_of(conversation.line_id, conversation.rank))
    (told,) = estimates.ranges_for(conversation.line_id, [ahead], now=now)
    conversation.promised_low, conversation.promised_high = told or (None, None)


def first_seats(conversation: Conversation, *, now: datetime) -> Seats:
    """Returns the unsaved seat of the caller and, if the line has a review key, the review seat. If the
    callers' pages list roots, the review key also needs a certificate."""
    caller = Member(
        conversation=conversation,
        role=states.SeatRole.CALLER,
        joined_seq=1,
        joined_at=now,
        presence_since=now,
    )
    key, line = conversation.line.review_key, conversation.line
    if key is None:
        return Seats([caller], {})
    cert = joining.review_certificate(line, bytes(key), now=now)
    if cert is None and certified.is_needed():
        return Seats([caller], {})  # no browser would grant a review seat without a certificate
    review = joining.key_seat(conversation, states.SeatRole.REVIEW, bytes(key), now=now)
    return Seats([caller, review], {review.pk: cert} if cert else {})


def _store(conversation: Conversation, seats: Seats, *, now: datetime) -> list[Entry]:
    """Stores the conversation, its seats and its first entries, with one statement each. It rings no bell,
    because no socket follows the conversation yet."""
    members = seats.members
    for seq, member in enumerate(members, 1):
        member.joined_seq = seq
    conversation.last_seq = conversation.last_public_seq = len(members)
    caller, *others = members
    facts: list[tuple[str, str, dict[str, Any]]] = [("opened", caller.pk, {"line": conversation.line_id})]
    facts += [
        ("joined", "", joining.joined_facts(member, cert=seats.certs.get(member.pk))) for member in others
    ]
    conversation.save(force_insert=True)
    Member.objects.bulk_create(members)
    return Entry.objects.bulk_create(
        Entry(conversation=conversation, seq=seq, kind=kind, by=by, at=now, facts=told)
        for seq, (kind, by, told) in enumerate(facts, 1)
    )


def member_key(member: Member) -> str:
    return encoding.encode(bytes(member.key or b""))
