"""Gives seats to guests: people who work for a service and have no account. They join with a one-time link
and a PIN. The PIN is read out to them by telephone.

Each step writes an audit row, so that bringing a stranger into a child's conversation leaves a trace.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from chat import states
from chat.conversation import joining, presence
from chat.conversation.seats import Seat, lock_conversation
from chat.handoff import invitation_states
from chat.models import Invitation, Line, Member
from counsellors import audit
from counsellors.devices import require_point
from counsellors.models import Device, Person
from helpline.lib import guest_links, tokens
from helpline.lib.errors import NotFound, Refusal

MAX_PIN_TRIES = 5


@dataclass(frozen=True, slots=True)
class Seated:
    """Holds a guest's seat, and the token for returning to this seat after a lost connection. The guest must
    still have the same key."""

    seat: Seat
    resume: str


def sit(token: str, given_pin: str, key: bytes, *, name: str = "", socket: str, now: datetime) -> Seated:
    """Gives a seat to the first guest who uses a valid link with the right PIN. Raises NotFound in all other
    cases."""
    require_point(key)
    if Device.objects.filter(key=key).exists():
        raise NotFound  # a staff device's key must not take a guest's seat
    invitation = _by_token(token)
    if not _spend_a_try(invitation):
        # The process may have ended between the last try and this.
        invitation_states.give_up(invitation.pk, now=now)
        raise NotFound
    if not guest_links.is_pin(invitation.pk, given_pin):
        _record("guest_wrong_pin", invitation)
        invitation_states.ring_inviter(invitation)
        if not Invitation.objects.filter(pk=invitation.pk, pin_tries__lt=MAX_PIN_TRIES).exists():
            # The link no longer works, so nobody should wait for the guest.
            invitation_states.give_up(invitation.pk, now=now)
        raise NotFound
    return _sit(invitation, key, name.strip(), socket=socket, now=now)


def find_again(token: str, key: bytes) -> Seated:
    """Returns the seat of a guest who reconnects. Raises NotFound if the seat has left, or if `key` is not
    the seat's key. The guest still has to prove possession of the key."""
    digest = tokens.digest(token)
    member = Member.objects.present().filter(resume_hash=digest).first()
    if member is None or not hmac.compare_digest(bytes(member.key or b""), key):
        raise NotFound
    return Seated(Seat(member.conversation_id, member.pk, member.role), token)


def practice_link(line: Line, person: Person) -> str:
    """Returns the link of the newest ringing invitation on a practice line. Invitations of the person's own
    exercise come first, because several people may practise there; a trainer has no seat. Raises NotFound for
    any other line, or if none rings."""
    ringing = Invitation.objects.filter(conversation__line=line, guest=True, state=states.Invitation.RINGING)
    own = Member.objects.present().filter(conversation=OuterRef("conversation"), person=person)
    found = ringing.order_by(Exists(own).desc(), "-since").first() if line.is_practice else None
    if found is None:
        raise NotFound
    return guest_links.address(found.pk)


@transaction.atomic
def _sit(invitation: Invitation, key: bytes, name: str, *, socket: str, now: datetime) -> Seated:
    conversation = lock_conversation(invitation.conversation_id)
    invitation.refresh_from_db()
    invitation.conversation = conversation
    if not conversation.is_open:
        raise NotFound
    try:
        invitation_states.win(invitation, now=now)
    except Refusal:
        raise NotFound from None  # the link has expired or was used: the same response as for a wrong link
    token = tokens.new_token()
    member = joining.join_guest(conversation, invitation, key, tokens.digest(token), name=name, now=now)
    invitation_states.sit_down(invitation, member, now=now)
    presence.arrive(socket, member=member.pk, now=now)
    _record("guest_seated", invitation)
    return Seated(Seat(conversation.pk, member.pk, member.role), token)


def _by_token(token: str) -> Invitation:
    invitation = Invitation.objects.filter(pk=guest_links.invitation_of(token), guest=True).first()
    if invitation is None:
        raise NotFound
    return invitation


@transaction.atomic
def _spend_a_try(invitation: Invitation) -> bool:
    """Counts a try before the PIN is compared; returns False if all tries were already used up. Each count is
    one UPDATE, so that parallel guesses cannot get more than MAX_PIN_TRIES tries."""
    row = Invitation.objects.filter(pk=invitation.pk)
    if row.filter(pin_tries=0).update(pin_tries=1):
        _record("guest_opened", invitation)
        return True
    return bool(row.filter(pin_tries__lt=MAX_PIN_TRIES).update(pin_tries=F("pin_tries") + 1))


def _record(action: str, invitation: Invitation) -> None:
    conversation = invitation.conversation
    if states.is_practice(conversation.line_id):
        return
    audit.record(None, action, subject=conversation.recorded_as, detail=invitation.service_id or "")
