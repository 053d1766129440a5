"""Sitting down: a new seat, told to everybody by an entry."""

from datetime import datetime

from chat import log, states
from chat.models import Conversation, Member, Service
from counsellors.models import Device, Person
from helpline.lib import encoding


def join_staff(
    conversation: Conversation,
    person: Person,
    device: Device,
    role: states.Role,
    *,
    now: datetime,
    service: Service | None = None,
    invitation: str | None = None,
) -> Member:
    """A seat for this person on this device. The caller's browser lets it in, or nobody does."""
    member = Member(
        conversation=conversation,
        role=role,
        alias=person.alias,
        person=person,
        device=device,
        service=service,
        key=bytes(device.key),
        joined_at=now,
        turned_at=now,
    )
    return _sit(conversation, member, invitation=invitation, now=now)


def seat_review(conversation: Conversation, *, now: datetime) -> Member | None:
    """The line's own seat, where the line has a review key."""
    key = conversation.line.review_key
    if key is None:
        return None
    member = Member(
        conversation=conversation,
        role=states.Role.REVIEW,
        alias=conversation.line.name,
        key=bytes(key),
        joined_at=now,
        turned_at=now,
        here=False,
    )
    return _sit(conversation, member, invitation=None, now=now)


def _sit(conversation: Conversation, member: Member, *, invitation: str | None, now: datetime) -> Member:
    entry = log.append(
        conversation,
        "joined",
        at=now,
        member=member.pk,
        role=str(member.role),
        alias=member.alias,
        key=encoding.encode(bytes(member.key or b"")),
        service=member.service_id,
        invitation=invitation,
    )
    member.joined_seq = entry.seq
    member.save(force_insert=True)
    return member
