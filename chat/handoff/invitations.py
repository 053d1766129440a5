"""Sends and answers invitations, with one mechanism for consult, transfer and handoff."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from chat import bells, states
from chat.conversation import company, joining, risk
from chat.conversation.seats import Seat, require_in_charge, require_open_seat, seat_in
from chat.handoff import invitation_states, link_messages, services, webhooks
from chat.handoff.recipients import rings_for
from chat.models import Entry, Invitation, Member
from chat.states import How
from counsellors import audit, devices
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class To:
    """Identifies the addressee of an invitation. Exactly one of the three fields is set."""

    staff: str | None = None
    line: str | None = None
    service: str | None = None


@transaction.atomic
def invite(seat: Seat, how: How, to: To, brief: str | None, *, now: datetime) -> Invitation:
    """Invites somebody on behalf of the seat in charge. Raises Conflict while another invitation is open, and
    OnlyRefer for a service from which nobody can be invited."""
    member = require_in_charge(seat)
    if member.role == states.SeatRole.PARTNER and how != How.HANDOFF:
        raise Forbidden
    if member.role == states.SeatRole.LETTERS:
        raise Forbidden  # a letter has to become a chat before somebody else can join
    invitation_states.end_overdue(member.conversation, now=now)
    invitation = Invitation(conversation=member.conversation, how=how, inviter=member, brief=brief, since=now)
    _address(invitation, to)
    if brief is not None and not _is_own_brief(member, brief):
        raise NotFound
    asks_first = how == How.HANDOFF
    invitation.state = states.Invitation.ASKED if asks_first else states.Invitation.RINGING
    invitation.expires_at = now + (settings.CONSENT if asks_first else settings.RING)
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:  # of two simultaneous invitations, the constraint accepts only one
        raise Conflict from None
    invitation_states.tell_everybody(invitation, now=now)
    if invitation.guest and not states.is_practice(member.conversation.line_id):
        subject, detail = member.conversation.recorded_as, invitation.service_id or ""
        audit.record(member.person, "guest_invited", subject=subject, detail=detail)
    return invitation


@transaction.atomic
def consent(seat: Seat, pk: str, *, yes: bool, history: bool, now: datetime) -> None:
    """Records the caller's answer to a handoff. Raises Conflict, with the invitation's state, if the
    invitation no longer waits for an answer."""
    member = require_open_seat(seat)
    invitation = member.conversation.invitations.filter(pk=pk, how=How.HANDOFF).first()
    if invitation is None:
        raise NotFound
    if not yes:
        invitation_states.change(invitation, states.Invitation.REFUSED, now=now)
        return
    invitation.history = history
    lasts = settings.GUEST_LINK if invitation.guest else settings.HANDOFF_RING
    invitation_states.change(invitation, states.Invitation.RINGING, now=now, lasts=lasts)
    if invitation.guest:
        link_messages.send(invitation, now=now)
    webhooks.notify_ringing(invitation, now=now)


@transaction.atomic
def accept(pk: str, person: Person, device: str | None, *, now: datetime) -> Member:
    """Gives a seat to the first person who accepts. Raises Conflict, with the invitation's state, for
    everybody who accepts later."""
    approved = devices.require_approved(person, device)
    invitation = _rung(pk, person)
    conversation = invitation_states.locked(invitation)
    if invitation.member is not None and invitation.member.device_id == approved.pk:
        return invitation.member  # the same device repeats its request
    if Member.objects.present().filter(conversation=conversation, person=person).exists():
        raise Conflict(state=invitation.state)
    invitation_states.win(invitation, now=now)
    member = joining.join_staff(
        conversation, person, approved, _role_of(invitation), now=now, invitation=invitation
    )
    invitation_states.sit_down(invitation, member, now=now)
    if member.role == states.SeatRole.COLLEAGUE and conversation.acute_at is not None:
        company.tick(conversation, now=now)
        risk.tell(conversation)
    return member


@transaction.atomic
def decline(pk: str, person: Person, device: str | None, *, now: datetime) -> None:
    """Silences the invitation for this person, on all their consoles. When everybody for whom it rings has
    declined, the state of the invitation becomes declined."""
    devices.require_approved(person, device)
    invitation = _rung(pk, person)
    invitation_states.locked(invitation)
    if invitation.state != states.Invitation.RINGING or invitation_states.is_over(invitation, now):
        raise Conflict(state=invitation_states.state_at(invitation, now))
    invitation.silenced.add(person)
    bells.ring_on_commit(bells.InvitationChanged(person.pk, pk))
    if not rings_for(invitation):
        invitation_states.end_unaccepted(invitation, states.Invitation.DECLINED, now=now)


@transaction.atomic
def withdraw(pk: str, person: Person, device: str | None, *, now: datetime) -> None:
    """Withdraws an open invitation on behalf of the seat in charge."""
    found = Invitation.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    member = require_in_charge(seat_in(found.conversation_id, person, device))
    invitation = member.conversation.invitations.get(pk=pk)
    invitation_states.change(invitation, states.Invitation.WITHDRAWN, now=now)


def _address(invitation: Invitation, to: To) -> None:
    """Sets the addressee. Raises BadFrame if the addressee does not fit the kind of invitation, and NotFound
    for a person for whom the invitation cannot ring."""
    conversation = invitation.conversation
    if invitation.how == How.HANDOFF:
        services.address(invitation, to.service)
        return
    if to.line is not None:
        if to.line != conversation.line_id:
            raise BadFrame
        invitation.line = conversation.line
    elif to.staff is not None:
        invitation.person = Person.objects.filter(handle=to.staff, is_active=True).first()
    else:
        raise BadFrame
    if not rings_for(invitation) and invitation.line is None:
        raise NotFound


def _is_own_brief(member: Member, brief: str) -> bool:
    return Entry.objects.filter(
        conversation=member.conversation_id, by=member.pk, message=brief, kind="message"
    ).exists()


def _rung(pk: str, person: Person) -> Invitation:
    """Returns the invitation. Raises NotFound if it neither rings nor has rung for this person."""
    invitation = Invitation.objects.select_related("conversation", "service", "line", "person").filter(pk=pk)
    found = invitation.first()
    if found is None or person.pk not in rings_for(found, also_silenced=True):
        raise NotFound
    if found.how == How.HANDOFF and found.history is None:
        raise NotFound  # before the caller's consent, the invitation rings for nobody
    return found


def _role_of(invitation: Invitation) -> states.SeatRole:
    if invitation.how == How.CONSULT:
        return states.SeatRole.COLLEAGUE
    return (
        states.SeatRole.PARTNER
        if invitation.how == How.HANDOFF and not invitation.is_way_back
        else states.SeatRole.COUNSELLOR
    )
