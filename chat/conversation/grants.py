"""Grants: the caller's browser makes a new epoch and hands its secret to those who are present."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat import states
from chat.conversation import boxes, departures, log
from chat.conversation.seats import Seat, present, require_open_seat
from chat.figures import counters
from chat.models import Conversation, Member, Wrap
from chat.retention import keys
from helpline.lib.errors import BadFrame, Conflict


@dataclass(frozen=True, slots=True)
class Share:
    """A secret for one member: that of `epoch`, sealed in the browser for the member's key."""

    member: str
    epoch: int
    wrap: bytes


@transaction.atomic
def grant(seat: Seat, epoch: int, wraps: Sequence[Share], history: Sequence[Share], *, now: datetime) -> int:
    """Opens `epoch`, the present one + 1. Conflict, with the present epoch and members, for anything else.

    `wraps` names exactly the members now present, the caller aside; `history` only some of them.
    """
    if any(len(share.wrap) != boxes.WRAP_BYTES for share in (*wraps, *history)):
        raise BadFrame
    caller = require_open_seat(seat)
    conversation = caller.conversation
    others = [member for member in present(seat.conversation) if member.pk != caller.pk]
    members = {member.pk for member in others if not member.is_overdue(now)}
    # A seat past its time is about to leave: it is let in no more, even if the worker is late.
    if len(members) < len(others) or not _fits(conversation.epoch, epoch, members, wraps, history):
        raise Conflict(epoch=conversation.epoch, members=sorted(members))
    # Of two grants of one epoch the second waited for the lock of `require_open_seat`, and does not fit.
    Conversation.objects.filter(pk=conversation.pk).update(epoch=epoch)
    conversation.epoch = epoch
    reviews = {member.pk for member in others if member.role == states.SeatRole.REVIEW}
    _store(conversation, epoch, [*wraps, *history], reviews)
    Member.objects.filter(pk__in=members).update(epoch=epoch)
    newcomers = [member for member in others if member.granted_at is None]
    Member.objects.filter(pk__in=[member.pk for member in newcomers]).update(granted_at=now)
    staff = [member for member in newcomers if member.is_staff]
    if staff and Conversation.objects.filter(pk=conversation.pk, answered=False).update(answered=True):
        counters.count_answer(conversation, staff[0], now=now)
    log.append(conversation, "granted", by=caller.pk, at=now, epoch=epoch, members=sorted(members))
    for newcomer in newcomers:
        newcomer.granted_at, newcomer.conversation = now, conversation
        departures.move(newcomer, now=now)
    return epoch


def _fits(
    present_epoch: int, epoch: int, members: set[str], wraps: Sequence[Share], history: Sequence[Share]
) -> bool:
    named = [share.member for share in wraps]
    pairs = [(share.member, share.epoch) for share in history]
    return (
        epoch == present_epoch + 1
        and len(named) == len(members)
        and set(named) == members
        and len(set(pairs)) == len(pairs)
        and all(share.member in members and share.epoch < epoch for share in history)
    )


def _store(conversation: Conversation, grant: int, shares: Sequence[Share], reviews: set[str]) -> None:
    """Under the key of D; those of the review seat, which alone may be held, under that of a hold's end."""
    Wrap.objects.bulk_create(
        Wrap(
            conversation=conversation,
            member_id=share.member,
            grant=grant,
            epoch=share.epoch,
            sealed=keys.seal_wrap(
                share.wrap,
                conversation=conversation.pk,
                epoch=share.epoch,
                member=share.member,
                purge_at=conversation.review_until if share.member in reviews else conversation.purge_at,
            ),
        )
        for share in shares
    )
