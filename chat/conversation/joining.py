"""Makes new seats, and appends a `joined` entry to the log for each of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chat import states
from chat.conversation import log
from chat.models import Conversation, Invitation, Line, Member
from counsellors.certificates import certified
from counsellors.certificates.signed_bytes import LINE, REVIEW, SERVICE
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
    """Makes a seat for this person on this device. The seat can read nothing until the caller's browser
    grants it.

    `moves`: other columns of the conversation's row to change in the same UPDATE. Raises NotCertified if the
    callers' pages list roots and this device has no certificate.
    """
    is_partner = role == states.SeatRole.PARTNER
    cert = _certificate(conversation, device, invitation if is_partner else None, now=now)
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
    _sit(conversation, member, invitation=invitation, cert=cert, now=now, moves=moves)
    if not is_partner and conversation.epoch > 0:  # before the first grant the review seat cannot have left
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
    """Makes a seat for a person who works for a service and has no account. Its alias is `name` or, if that
    is empty, the service's name."""
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
    """Adds a new review seat, with the key of the first one, if all earlier ones have left. It is called when
    staff of the line have come back. A conversation that never had a review seat gets none."""
    seats = Member.objects.filter(conversation=conversation, role=states.SeatRole.REVIEW)
    earlier = list(seats.order_by("joined_seq"))
    if earlier and all(seat.left_seq is not None for seat in earlier):
        key = bytes(earlier[0].key or b"")
        cert = review_certificate(conversation.line, key, now=now)
        if cert is not None or not certified.is_needed():
            seat = key_seat(conversation, states.SeatRole.REVIEW, key, now=now)
            _sit(conversation, seat, invitation=None, cert=cert, now=now)


def review_certificate(line: Line, key: bytes, *, now: datetime) -> certified.Frame | None:
    """Returns the certificate of the line's review key, or None. If the callers' pages list roots, a key
    without a certificate gets no seat."""
    return certified.of_key(REVIEW, LINE, line.pk, key, now=now)


def key_seat(conversation: Conversation, role: states.SeatRole, key: bytes, *, now: datetime) -> Member:
    """Returns an unsaved seat for a key of the conversation's line. It belongs to no person."""
    return Member(
        conversation=conversation,
        role=role,
        alias=conversation.line.name,
        key=key,
        joined_at=now,
        presence_since=now,
        here=False,
    )


def joined_facts(
    member: Member, invitation: Invitation | None = None, cert: certified.Frame | None = None
) -> dict[str, Any]:
    """Returns the facts of the `joined` entry."""
    return {
        "member": member.pk,
        "role": str(member.role),
        "alias": member.alias,
        "key": encoding.encode(bytes(member.key or b"")),
        "service": member.service_id,
        "invitation": invitation.pk if invitation else None,
        "cert": cert,
    }


def _certificate(
    conversation: Conversation, device: Device, invitation: Invitation | None, *, now: datetime
) -> certified.Frame | None:
    """Returns the device's certificate: for the invited service if `invitation` is given, for the line
    otherwise. A practice line needs no certificate. Raises NotCertified if a certificate is needed but
    missing."""
    if states.is_practice(conversation.line_id):
        return None
    if invitation is not None and invitation.service_id is not None:
        return certified.require(SERVICE, invitation.service_id, bytes(device.key), now=now)
    return certified.require(LINE, conversation.line_id, bytes(device.key), now=now)


def _sit(
    conversation: Conversation,
    member: Member,
    *,
    invitation: Invitation | None,
    now: datetime,
    cert: certified.Frame | None = None,
    moves: Mapping[str, object] | None = None,
) -> Member:
    facts = joined_facts(member, invitation, cert)
    entry = log.append(conversation, "joined", at=now, moves=moves, **facts)
    member.joined_seq = entry.seq
    member.save(force_insert=True)
    return member
