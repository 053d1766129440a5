"""Why a draft may not be stored: the refusals for what the rule in `posting_sql` does not take, in the
contract's order. A test compares the two in every state."""

from datetime import datetime

from django.conf import settings

from chat import states
from chat.conversation.drafts import Draft, Posted
from chat.conversation.posting_sql import bucket_of
from chat.conversation.seats import require_seat
from chat.models import Entry, Member
from helpline.lib import rate_limit
from helpline.lib.errors import Ended, HoldsNoMore, Replayed, SlowDown, StaleEpoch


def why_not(draft: Draft, now: datetime) -> Posted | None:
    """Raises the refusal. Returns the position where the same bytes are stored, None where nothing forbids
    it."""
    seat = require_seat(draft.seat)
    known = Entry.objects.filter(
        conversation=draft.seat.conversation, by=draft.seat.member, message=draft.message
    ).first()
    if known is not None:
        return _the_same(draft, known)
    _require_time_and_epoch(draft, seat, now)
    _require_room(draft, seat, now)
    return None


def _the_same(draft: Draft, known: Entry) -> Posted:
    if (known.kind, bytes(known.box or b"")) != (draft.kind, draft.box):
        raise Replayed
    return Posted(known.seq, known.at)


def _require_time_and_epoch(draft: Draft, seat: Member, now: datetime) -> None:
    conversation = seat.conversation
    if conversation.state not in states.OPEN or conversation.opened_at <= now - settings.OPEN_SPAN:
        raise Ended
    is_caller = seat.role == states.SeatRole.CALLER
    is_named = is_caller or (seat.granted_at is not None and seat.epoch == draft.epoch)
    if draft.epoch != conversation.epoch or not is_named:
        raise StaleEpoch(epoch=conversation.epoch)


def _require_room(draft: Draft, seat: Member, now: datetime) -> None:
    conversation = seat.conversation
    if bucket_of(seat.role).spend(seat.rate_limited_until, rate_limit.moment(now)) is None:
        raise SlowDown
    if (
        conversation.last_seq >= settings.CONVERSATION_ENTRIES
        or conversation.sealed_bytes + len(draft.box) > settings.CONVERSATION_BYTES
    ):
        raise HoldsNoMore
