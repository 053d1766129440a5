"""Posting: sealed bytes into the log, once."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from chat import bells, boxes, log, states
from chat.models import Conversation, Entry, Member
from chat.seats import Seat, hold
from helpline.lib import clock, pace
from helpline.lib.errors import BadFrame, Ended, Forbidden, Replayed, SlowDown, StaleEpoch


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands in the log."""

    seq: int
    at: datetime


@transaction.atomic
def post(seat: Seat, message: str, epoch: int, box: bytes, *, kind: str = "message", now: datetime) -> Posted:
    """Stores a box. The same bytes again get the same answer, whatever has happened since."""
    header = boxes.header_of(box)
    if header != boxes.Header(header.kind, seat.conversation, epoch, seat.member, message):
        raise BadFrame
    if header.kind not in boxes.kinds_for(seat.role, kind):
        raise BadFrame
    if kind == "note" and seat.role == states.Role.PARTNER:
        raise Forbidden  # notes are the line's
    member = hold(seat, lock=True)
    # Under the lock: of two tries of one id, the second finds the first.
    known = Entry.objects.filter(conversation=seat.conversation, by=seat.member, message=message).first()
    if known is not None:
        if known.kind != kind or bytes(known.box or b"") != box:
            raise Replayed
        return Posted(known.seq, known.at)
    conversation = member.conversation
    if not conversation.is_open:
        raise Ended
    named = member.is_granted and member.epoch == epoch
    if epoch != conversation.epoch or (member.is_staff and not named):
        raise StaleEpoch(epoch=conversation.epoch)
    _keep_pace(member, now)
    return _write(conversation, member, Entry(kind=kind, message=message, epoch=epoch, box=box, at=now))


def _keep_pace(member: Member, now: datetime) -> None:
    """A caller's allowance lies with the conversation: reconnecting does not refill it."""
    if member.role != states.Role.CALLER:
        return
    paced = pace.allow(
        member.conversation.paced_until, now, burst=settings.CALLER_BURST, rate=settings.CALLER_RATE
    )
    if paced is None:
        raise SlowDown
    Conversation.objects.filter(pk=member.conversation_id).update(paced_until=paced)


def _write(conversation: Conversation, member: Member, entry: Entry) -> Posted:
    entry.by = member.pk
    entry.audience = Entry.Audience.LINE if entry.kind == "note" else Entry.Audience.ALL
    log.number(conversation, entry).save(force_insert=True)
    hint = bells.Hint(
        seq=entry.seq,
        kind=entry.kind,
        by=entry.by,
        at=clock.stamp(entry.at),
        id=str(entry.message),
        epoch=int(entry.epoch or 0),
        box=bytes(entry.box or b""),
        line_only=entry.audience == Entry.Audience.LINE,
    )
    bells.ring_on_commit(bells.Bell(bells.conversation(conversation.pk), hint=hint))
    return Posted(entry.seq, entry.at)
