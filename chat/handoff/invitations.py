"""Sends, answers and ends invitations, with one mechanism for consult, transfer and handoff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from chat import bells, states
from chat.conversation import company, joining, log, missed, risk
from chat.conversation.seats import (
    Seat,
    lock_conversation,
    require_in_charge,
    require_open_seat,
    seat_in,
)
from chat.figures import counters
from chat.handoff import link_messages, services, webhooks
from chat.handoff.recipients import rings_for
from chat.models import Conversation, Entry, Invitation, Member
from chat.states import How
from counsellors import audit, devices
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, Forbidden, NotFound

OPEN = states.INVITED


@dataclass(frozen=True, slots=True)
class To:
    """Names the addressee of an invitation: exactly one of the three is set."""

    staff: str | None = None
    line: str | None = None
    service: str | None = None


@transaction.atomic
def invite(seat: Seat, how: How, to: To, brief: str | None, *, now: datetime) -> Invitation:
    """Invites somebody on behalf of the seat in charge. Raises Conflict while another invitation is open, and
    OnlyRefer for a service that nobody can be invited from."""
    member = require_in_charge(seat)
    if member.role == states.SeatRole.PARTNER and how != How.HANDOFF:
        raise Forbidden
    if member.role == states.SeatRole.LETTERS:
        raise Forbidden  # a letter has to become a chat before somebody else can join
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
    except IntegrityError:  # the constraint lets only one of two simultaneous invitations through
        raise Conflict from None
    _tell(invitation, now=now)
    if invitation.guest and not states.is_practice(member.conversation.line_id):
        subject, detail = member.conversation.recorded_as, invitation.service_id or ""
        audit.record(member.person, "guest_invited", subject=subject, detail=detail)
    return invitation


@transaction.atomic
def consent(seat: Seat, pk: str, *, yes: bool, history: bool, now: datetime) -> None:
    """Records the caller's answer to a handoff. Raises Conflict, with the invitation's state, if it no longer
    waits for an answer."""
    member = require_open_seat(seat)
    invitation = member.conversation.invitations.filter(pk=pk, how=How.HANDOFF).first()
    if invitation is None:
        raise NotFound
    if not yes:
        _change(invitation, states.Invitation.REFUSED, now=now)
        return
    invitation.history = history
    lasts = settings.GUEST_LINK if invitation.guest else settings.HANDOFF_RING
    _change(invitation, states.Invitation.RINGING, now=now, lasts=lasts)
    if invitation.guest:
        link_messages.send(invitation, now=now)
    webhooks.notify_ringing(invitation, now=now)


@transaction.atomic
def accept(pk: str, person: Person, device: str | None, *, now: datetime) -> Member:
    """Seats the first person who accepts. Raises Conflict, with the invitation's state, for anybody else."""
    approved = devices.require_approved(person, device)
    invitation = _rung(pk, person)
    conversation = _locked(invitation)
    if invitation.member is not None and invitation.member.device_id == approved.pk:
        return invitation.member  # the same device repeats its request
    if Member.objects.present().filter(conversation=conversation, person=person).exists():
        raise Conflict(state=invitation.state)
    _change(invitation, states.Invitation.JOINED, now=now, tell=False)
    member = joining.join_staff(
        conversation, person, approved, _role_of(invitation), now=now, invitation=invitation
    )
    sit_down(invitation, member, now=now)
    if member.role == states.SeatRole.COLLEAGUE and conversation.acute_at is not None:
        company.tick(conversation, now=now)
        risk.tell(conversation)
    return member


@transaction.atomic
def decline(pk: str, person: Person, device: str | None, *, now: datetime) -> None:
    """Silences the invitation for this person. It becomes declined once everybody for whom it rings has
    declined."""
    devices.require_approved(person, device)
    invitation = _rung(pk, person)
    _locked(invitation)
    if invitation.state != states.Invitation.RINGING or _is_over(invitation, now):
        raise Conflict(state=_state_at(invitation, now))
    invitation.silenced.add(person)
    if not rings_for(invitation):
        _end_in_vain(invitation, states.Invitation.DECLINED, now=now)


@transaction.atomic
def withdraw(pk: str, person: Person, device: str | None, *, now: datetime) -> None:
    """Withdraws an open invitation on behalf of the seat in charge."""
    found = Invitation.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    member = require_in_charge(seat_in(found.conversation_id, person, device))
    invitation = member.conversation.invitations.get(pk=pk)
    _change(invitation, states.Invitation.WITHDRAWN, now=now)


def withdraw_open(conversation: Conversation, *, now: datetime, inviter: Member | None = None) -> None:
    """Withdraws the conversation's open invitations, or those of one inviter who goes on elsewhere, when the
    caller is requeued or the conversation ends. The conversation must be locked."""
    for invitation in _open(conversation, inviter):
        _change(invitation, states.Invitation.WITHDRAWN, now=now, also_late=True)


def withdraw_of_gone(inviter: Member, *, now: datetime) -> None:
    """Withdraws what an inviter still had open who has gone without an answer, and records what rang as
    missed. The conversation must be locked."""
    for invitation in _open(inviter.conversation, inviter):
        _end_in_vain(invitation, states.Invitation.WITHDRAWN, now=now, also_late=True)


def withdraw_for_leaver(pk: str, *, now: datetime) -> None:
    """Withdraws an open invitation whose inviter or addressee leaves the organisation, and records it as
    missed if it has rung."""
    invitation = Invitation.objects.get(pk=pk)
    _locked(invitation)
    if invitation.state in OPEN:
        _end_in_vain(invitation, states.Invitation.WITHDRAWN, now=now, also_late=True)


def expire(pk: str, *, now: datetime) -> None:
    """Ends an invitation that nobody answered in time."""
    invitation = Invitation.objects.get(pk=pk)
    _locked(invitation)
    if invitation.state in OPEN and _is_over(invitation, now):
        _end_in_vain(invitation, states.Invitation.EXPIRED, now=now, also_late=True)


@transaction.atomic
def give_up(pk: str, *, now: datetime) -> None:
    """Ends an invitation whose link was used up by wrong PINs, as if nobody had answered in time."""
    invitation = Invitation.objects.get(pk=pk)
    _locked(invitation)
    if invitation.state == states.Invitation.RINGING:
        _end_in_vain(invitation, states.Invitation.EXPIRED, now=now, also_late=True)


def overdue(*, now: datetime) -> list[str]:
    late = Invitation.objects.filter(state__in=OPEN, expires_at__lte=now)
    return list(late.values_list("pk", flat=True))


def sit_down(invitation: Invitation, member: Member, *, now: datetime) -> None:
    """Links the newcomer's seat to the invitation, and tells everybody involved."""
    Invitation.objects.filter(pk=invitation.pk).update(member=member)
    invitation.member = member
    _tell(invitation, now=now)


def win(invitation: Invitation, *, now: datetime) -> None:
    """Marks the invitation as accepted; the conversation must be locked. Raises Conflict, with the
    invitation's state, if somebody else was first or its time is over."""
    _change(invitation, states.Invitation.JOINED, now=now, tell=False)


def _address(invitation: Invitation, to: To) -> None:
    """Sets the addressee. Raises BadFrame if the addressee does not fit the kind, and NotFound for a person
    for whom the invitation cannot ring."""
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


def _open(conversation: Conversation, inviter: Member | None) -> Iterable[Invitation]:
    found = conversation.invitations.filter(state__in=OPEN)
    return found if inviter is None else found.filter(inviter=inviter)


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
        raise NotFound  # the caller has not consented, so it has rung for nobody
    return found


def _locked(invitation: Invitation) -> Conversation:
    """Locks the conversation and reads the invitation again, because its state is reliable only under the
    lock."""
    conversation = lock_conversation(invitation.conversation_id)
    invitation.refresh_from_db(fields=["state", "expires_at", "member"])
    invitation.conversation = conversation
    return conversation


def _role_of(invitation: Invitation) -> states.SeatRole:
    if invitation.how == How.CONSULT:
        return states.SeatRole.COLLEAGUE
    return (
        states.SeatRole.PARTNER
        if invitation.how == How.HANDOFF and not invitation.is_way_back
        else states.SeatRole.COUNSELLOR
    )


def _is_over(invitation: Invitation, now: datetime) -> bool:
    return invitation.expires_at is not None and now >= invitation.expires_at


def _state_at(invitation: Invitation, now: datetime) -> str:
    """Returns the state at `now`: an open invitation whose time is over has expired, even if the worker is
    late."""
    over = invitation.state in OPEN and _is_over(invitation, now)
    return states.Invitation.EXPIRED if over else invitation.state


def _change(
    invitation: Invitation,
    state: states.Invitation,
    *,
    now: datetime,
    lasts: timedelta | None = None,
    also_late: bool = False,
    tell: bool = True,
) -> None:
    """Makes one transition of `states.INVITATION`. Raises Conflict, with the invitation's state, if the
    transition is not allowed or, unless `also_late`, the invitation's time is over."""
    expires_at = now + lasts if lasts else None
    row = Invitation.objects.filter(pk=invitation.pk, state__in=states.invitation_sources(state))
    if not also_late:
        row = row.filter(expires_at__gt=now)
    if not row.update(state=state, since=now, expires_at=expires_at, history=invitation.history):
        invitation.refresh_from_db(fields=["state", "expires_at"])
        raise Conflict(state=str(_state_at(invitation, now)))
    counters.count_invitation(invitation, state, waited=now - invitation.since, now=now)
    invitation.state, invitation.since, invitation.expires_at = state, now, expires_at
    if tell:
        _tell(invitation, now=now)


def _end_in_vain(
    invitation: Invitation, state: states.Invitation, *, now: datetime, also_late: bool = False
) -> None:
    """Ends an invitation that nobody accepted, and records it as missed if it has rung. While the caller has
    not consented, it has not rung."""
    rang, since = invitation.state == states.Invitation.RINGING, invitation.since
    _change(invitation, state, now=now, also_late=also_late)
    if rang:
        missed.note_call(invitation, since=since, now=now)


def _tell(invitation: Invitation, *, now: datetime) -> None:
    """Appends a log entry for the change of state, and rings a bell for the inviter and everybody for whom
    the invitation rings."""
    handoff = invitation.how == How.HANDOFF
    log.append(
        invitation.conversation,
        "invited",
        by=invitation.inviter_id,
        at=now,
        audience=Entry.Audience.ALL if handoff else Entry.Audience.LINE,
        invitation=invitation.pk,
        how=str(invitation.how),
        to={"name": invitation.target, "service": invitation.service_id, "guest": invitation.guest},
        brief=invitation.brief,
        history=invitation.history,
        state=str(invitation.state),
    )
    ring(invitation, _everybody(invitation))


def ring(invitation: Invitation, people: Iterable[int]) -> None:
    for person in people:
        bells.ring_on_commit(bells.InvitationChanged(person, invitation.pk))


def ring_inviter(invitation: Invitation) -> None:
    """Tells the inviter alone that something they see has changed."""
    if invitation.inviter.person_id is not None:
        ring(invitation, [invitation.inviter.person_id])


def _everybody(invitation: Invitation) -> set[int]:
    """Returns the inviter, the person who accepted, and those for whom the invitation rings. Before the
    caller's consent it rings for nobody."""
    has_rung = invitation.how != How.HANDOFF or invitation.history is not None
    people = rings_for(invitation) if has_rung else set()
    if invitation.member is not None and invitation.member.person_id is not None:
        people.add(invitation.member.person_id)
    if invitation.inviter.person_id is not None:
        people.add(invitation.inviter.person_id)
    return people
