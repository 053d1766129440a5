"""Guests: a worker of a service without accounts, by a one-time link and a PIN read out by phone."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F

from chat import states
from chat.conversation import joining, presence
from chat.conversation.seats import Seat, lock_conversation
from chat.handoff import invitations
from chat.models import Invitation, Member
from counsellors.devices import require_point
from helpline.lib import encoding, tokens
from helpline.lib.errors import BadFrame, NotFound, Refusal

MAX_TRIES = 5
PIN_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Seated:
    """A guest's seat, and the token that opens it again after a drop, with the same key."""

    seat: Seat
    resume: str


def link_token(invitation: Invitation) -> str:
    """All after `#` of the link. Derived, so that no table holds what opens the door."""
    return encoding.encode(encoding.decode(invitation.pk) + _derive(invitation.pk, b"link")[:16])


def pin(invitation: Invitation) -> str:
    number = int.from_bytes(_derive(invitation.pk, b"pin")[:8]) % 10**PIN_DIGITS
    return f"{number:0{PIN_DIGITS}}"


def has_link(invitation: Invitation) -> bool:
    """It rings at nobody's console: the link is how it is answered."""
    service = invitation.service
    ringing = invitation.state == states.Invitation.RINGING
    return bool(ringing and service and not service.desk and not service.is_a_line)


def sit(token: str, given_pin: str, key: bytes, *, socket: str, now: datetime) -> Seated:
    """The first use of the link in time, with the right PIN. NotFound for all else."""
    require_point(key)
    invitation = _by_token(token)
    if not _spend_a_try(invitation) or not hmac.compare_digest(given_pin.encode(), pin(invitation).encode()):
        raise NotFound
    return _sit(invitation, key, socket=socket, now=now)


def find_again(token: str, key: bytes) -> Seated:
    """The seat of who comes back after a drop, until it has left; the key is yet to be proven."""
    digest = tokens.digest(token)
    member = Member.objects.present().filter(resume_hash=digest).first()
    if member is None or not hmac.compare_digest(bytes(member.key or b""), key):
        raise NotFound
    return Seated(Seat(member.conversation_id, member.pk, member.role), token)


@transaction.atomic
def _sit(invitation: Invitation, key: bytes, *, socket: str, now: datetime) -> Seated:
    conversation = lock_conversation(invitation.conversation_id)
    invitation.refresh_from_db()
    invitation.conversation = conversation
    if not has_link(invitation) or not conversation.is_open:
        raise NotFound
    try:
        invitations.win(invitation, now=now)
    except Refusal:
        raise NotFound from None  # late, or used: the same answer as for a wrong link
    token = tokens.new_token()
    member = joining.join_guest(conversation, invitation, key, tokens.digest(token), now=now)
    invitations.sit_down(invitation, member, now=now)
    presence.arrive(socket, member=member.pk, now=now)
    return Seated(Seat(conversation.pk, member.pk, member.role), token)


def _by_token(token: str) -> Invitation:
    try:
        pk = encoding.encode(encoding.decode(token, 32)[:16])
    except BadFrame:
        raise NotFound from None
    invitation = Invitation.objects.filter(pk=pk).first()
    if invitation is None or not hmac.compare_digest(token, link_token(invitation)):
        raise NotFound
    return invitation


def _spend_a_try(invitation: Invitation) -> bool:
    """Counted before the PIN is compared, in a statement of its own: parallel guesses get no sixth try."""
    row = Invitation.objects.filter(pk=invitation.pk, pin_tries__lt=MAX_TRIES)
    return bool(row.update(pin_tries=F("pin_tries") + 1))


def _derive(pk: str, purpose: bytes) -> bytes:
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, b"helpline guest " + purpose + b" " + pk.encode(), sha256).digest()
