"""Sitting down: a new seat, told to everybody by an entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chat import states
from chat.conversation import log
from chat.models import Conversation, Invitation, Member
from counsellors.models import Device, Person
from helpline.lib import encoding


def join_staff(
    conversation: Conversation,
    person: Person,
    device: Device,
    role: states.SeatRole,
    *,
    now: datetime,
    invitation: Invitation | None = None,
    moves: Mapping[str, object] | None = None,
) -> Member:
    """A seat for this person on this device. The caller's browser lets it in, or nobody does.

    `moves`: what else of the conversation's row changes with it.
    """
    is_partner = role == states.SeatRole.PARTNER
    member = Member(
        conversation=conversation,
        role=role,
        alias=person.alias,
        person=person,
        device=device,
        service=invitation.service if invitation and is_partner else None,
        history=not is_partner or bool(invitation and invitation.history),
        key=bytes(device.key),
        joined_at=now,
        presence_since=now,
    )
    _sit(conversation, member, invitation=invitation, now=now, moves=moves)
    if not is_partner and conversation.epoch > 0:  # before the first grant the review seat has left nobody
        seat_review_again(conversation, now=now)
    return member


def join_guest(
    conversation: Conversation,
    invitation: Invitation,
    key: bytes,
    resume_hash: bytes,
    *,
    name: str = "",
    now: datetime,
) -> Member:
    """A seat for a worker of a service without accounts, by the name they give or the service's."""
    member = Member(
        conversation=conversation,
        role=states.SeatRole.PARTNER,
        alias=(name or invitation.target)[:40],
        service=invitation.service,
        history=bool(invitation.history),
        key=key,
        resume_hash=resume_hash,
        joined_at=now,
        presence_since=now,
    )
    return _sit(conversation, member, invitation=invitation, now=now)


def seat_review_again(conversation: Conversation, *, now: datetime) -> None:
    """The line is back: so is its review seat, as a new member with the key that `start` named."""
    seats = Member.objects.filter(conversation=conversation, role=states.SeatRole.REVIEW)
    earlier = list(seats.order_by("joined_seq"))
    if earlier and all(seat.left_seq is not None for seat in earlier):
        review = review_seat(conversation, bytes(earlier[0].key or b""), now=now)
        _sit(conversation, review, invitation=None, now=now)


def review_seat(conversation: Conversation, key: bytes, *, now: datetime) -> Member:
    """The line's own seat, not stored yet."""
    return Member(
        conversation=conversation,
        role=states.SeatRole.REVIEW,
        alias=conversation.line.name,
        key=key,
        joined_at=now,
        presence_since=now,
        here=False,
    )


def joined_facts(member: Member, invitation: Invitation | None = None) -> dict[str, Any]:
    """What the entry tells of who sat down."""
    return {
        "member": member.pk,
        "role": str(member.role),
        "alias": member.alias,
        "key": encoding.encode(bytes(member.key or b"")),
        "service": member.service_id,
        "invitation": invitation.pk if invitation else None,
    }


def _sit(
    conversation: Conversation,
    member: Member,
    *,
    invitation: Invitation | None,
    now: datetime,
    moves: Mapping[str, object] | None = None,
) -> Member:
    facts = joined_facts(member, invitation)
    entry = log.append(conversation, "joined", at=now, moves=moves, **facts)
    member.joined_seq = entry.seq
    member.save(force_insert=True)
    return member
