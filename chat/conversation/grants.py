"""Implements grants: the caller's browser makes a new epoch and sends the epoch's secret to the members who
are present."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce

from chat import bells, states
from chat.conversation import boxes, departures, log
from chat.conversation.seats import Seat, lock_for_caller
from chat.figures import counters
from chat.keys import outer
from chat.letters import waiting
from chat.models import Conversation, Member, Wrap
from helpline.lib import rate_limit
from helpline.lib.errors import BadFrame, Conflict, SlowDown
from helpline.lib.rate_limit import TokenBucket


@dataclass(frozen=True, slots=True)
class Share:
    """Holds the secret of `epoch` for one member. The caller's browser sealed it for the member's key."""

    member: str
    epoch: int
    wrap: bytes


@transaction.atomic
def grant(seat: Seat, epoch: int, wraps: Sequence[Share], history: Sequence[Share], *, now: datetime) -> int:
    """Opens `epoch` and returns it. `epoch` must be the current epoch + 1. `wraps` must have one share for
    each member who is present, except the caller. `history` may have shares of earlier epochs, for these
    members only. Raises Conflict, with the current epoch and members, if one of these conditions is not met.

    Raises SlowDown if the conversation exceeds its rate of grants, because each grant stores at least one
    wrap for everybody present.
    """
    if any(len(share.wrap) != boxes.WRAP_BYTES for share in (*wraps, *history)):
        raise BadFrame
    conversation, present = lock_for_caller(seat)
    others = [member for member in present if member.pk != seat.member]
    members = {member.pk for member in others if not member.is_overdue(now)}
    # A seat that was not granted in time is not granted later, even if the worker has not removed it yet. Of
    # two simultaneous grants of one epoch, the second waited for the conversation's lock and is refused here.
    if len(members) < len(others) or not _fits(conversation.epoch, epoch, members, wraps, history):
        raise Conflict(epoch=conversation.epoch, members=sorted(members))
    newcomers = [member for member in others if member.granted_at is None]
    staff = [member for member in newcomers if member.is_staff]
    is_answer = bool(staff) and not conversation.answered
    moves = {
        "epoch": epoch,
        "answered": conversation.answered or is_answer,
        "grants_limited_until": _limited_until(conversation, now),
    }
    log.append(
        conversation, "granted", by=seat.member, at=now, moves=moves, epoch=epoch, members=sorted(members)
    )
    reviews = {member.pk for member in others if member.role == states.SeatRole.REVIEW}
    _store(conversation, epoch, [*wraps, *history], reviews)
    first = Coalesce("granted_at", Value(now, output_field=DateTimeField()))
    Member.objects.filter(pk__in=members).update(epoch=epoch, granted_at=first)
    _let_in(conversation, others, newcomers, now=now)
    is_letter = bool(conversation.written and staff)
    since = waiting.become_chat(conversation, now=now) if is_letter else conversation.opened_at
    if is_answer:  # last, because all first grants of the line lock the same counters
        counters.count_answer(conversation, staff[0], since=since, now=now)
    return epoch


def _let_in(
    conversation: Conversation, others: Sequence[Member], newcomers: Sequence[Member], *, now: datetime
) -> None:
    """Notifies the newcomers that their load has changed, and completes transfers: a granted newcomer
    replaces the inviter."""
    _tell_what_they_carry(newcomers)
    if sum(member.is_staff for member in others) > 1:  # in a transfer the inviter is still present
        for newcomer in newcomers:
            newcomer.granted_at, newcomer.conversation = now, conversation
            departures.move(newcomer, now=now)
    if any(newcomer.role == states.SeatRole.PARTNER for newcomer in newcomers):
        # The line's staff may have gone between the partner's yes and this grant.
        departures.let_review_leave(conversation, now=now)


def _limited_until(conversation: Conversation, now: datetime) -> int:
    """Returns the state of the conversation's rate limit after one more grant. Raises SlowDown if the limit
    does not allow that grant."""
    bucket = TokenBucket(settings.GRANT_BURST, settings.GRANT_RATE)
    until = bucket.spend(conversation.grants_limited_until, rate_limit.moment(now))
    if until is None:
        raise SlowDown
    return until


def _tell_what_they_carry(newcomers: Sequence[Member]) -> None:
    """Notifies newcomers who are staff of the line that their load has changed, because a granted seat counts
    towards the load."""
    for newcomer in newcomers:
        if newcomer.role in states.LINE_STAFF and newcomer.person_id is not None:
            bells.ring_on_commit(bells.CareChanged(newcomer.person_id))


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
    """Seals and stores the shares. If there is a hold, the shares of the review seat are sealed under the
    hold's key. All other shares are sealed under the conversation's key."""
    Wrap.objects.bulk_create(
        Wrap(
            conversation=conversation,
            member_id=share.member,
            grant=grant,
            epoch=share.epoch,
            sealed=outer.seal_wrap(
                share.wrap,
                conversation=conversation.pk,
                epoch=share.epoch,
                member=share.member,
                slot=conversation.review_slot if share.member in reviews else conversation.slot,
            ),
        )
        for share in shares
    )
