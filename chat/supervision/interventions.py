"""Implements a supervisor's actions on the live view: asking somebody to take a break, to hand over or to let
the supervisor join, and ending an idle conversation.

Each of these requests rings a bell and writes a row in the audit; a refusal only rings a bell.
Nobody is forced to comply. If a bell is lost, the supervisor has to ask again.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from chat import bells, line_scope, states
from chat.conversation import endings, idle
from chat.conversation.seats import Seat, in_charge, present, require_in_charge
from chat.handoff.recipients import rings_for
from chat.lines import staff
from chat.models import Member
from counsellors import audit
from counsellors.models import Duty, Person, Role
from helpline.lib.errors import Conflict, Forbidden, NotFound


@transaction.atomic
def ask_for_rest(supervisor: Person, handle: str) -> None:
    """Asks a counsellor of the supervisor's lines to take a break. Raises Conflict if the counsellor is not
    on duty."""
    lines = line_scope.own_lines(supervisor)
    counsellors = Person.objects.filter(role_rows__name=Role.Name.COUNSELLOR, is_active=True)
    person = counsellors.filter(handle=handle, work__line__in=lines).first()
    if person is None:
        raise NotFound
    if not Duty.objects.filter(person=person, state=Duty.State.ON).exists():
        raise Conflict
    audit.record(supervisor, "rest", subject=handle, detail="asked")
    bells.ring_on_commit(bells.RestAsked(person.pk, supervisor.handle))


@transaction.atomic
def ask_to_hand_over(supervisor: Person, slug: str) -> int:
    """Asks the line's staff to hand over their conversations and stop working: everybody who is on duty or on
    a break, or who has a seat in an open conversation of the line.

    Returns how many people were asked; the supervisor is not among them.
    """
    line = line_scope.own_line(supervisor, slug)
    there = Q(pk__in=staff.counsellors_there([line]).values("person"))
    seats = Member.objects.present().filter(
        conversation__line=line, conversation__state__in=states.OPEN, role__in=states.LINE_STAFF
    )
    there |= Q(pk__in=seats.exclude(person=None).values("person"))
    people = list(Person.objects.filter(there, is_active=True).exclude(pk=supervisor.pk).order_by("pk"))
    audit.record(supervisor, "handover", subject=slug, detail=f"{len(people)} people")
    for person in people:
        bells.ring_on_commit(bells.HandoverAsked(person.pk, slug, supervisor.handle))
    return len(people)


@transaction.atomic
def ask_to_listen(supervisor: Person, conversation: str) -> None:
    """Asks the counsellor in charge to invite the supervisor to a consult, in which the supervisor can read
    and write. The caller sees that the supervisor joins, and the caller's browser grants the seat.

    Raises Conflict if nobody is in charge, if another service is, or if the supervisor already has a seat or
    an invitation. An open invitation to somebody else does not matter: it is withdrawn if the counsellor
    agrees.
    """
    row = line_scope.lock_own_open_conversation(supervisor, conversation)
    members = present(row.pk)
    leader = in_charge(members)
    if leader is None or leader.person_id is None or leader.role not in states.LINE_STAFF:
        raise Conflict
    if any(member.person_id == supervisor.pk for member in members):
        raise Conflict
    invited = row.invitations.filter(state__in=states.INVITED)
    if any(supervisor.pk in rings_for(invitation) for invitation in invited):
        raise Conflict
    audit.record(supervisor, "listen", subject=row.recorded_as, detail="asked")
    bells.ring_on_commit(bells.ListenAsked(leader.person_id, supervisor.handle, row.pk))


@transaction.atomic
def refuse_to_listen(seat: Seat, handle: str) -> None:
    """Notifies a supervisor that the counsellor in charge does not let them join now; nothing is recorded.
    Raises NotFound if `handle` does not belong to a supervisor who could have asked."""
    member = require_in_charge(seat)
    if member.role not in states.LINE_STAFF or member.person is None:
        raise Forbidden
    supervisor = asker(handle)
    line = member.conversation.line_id
    if supervisor is None or not line_scope.own_lines(supervisor).filter(pk=line).exists():
        raise NotFound
    bells.ring_on_commit(bells.ListenRefused(supervisor.pk, member.person.handle, member.conversation_id))


@transaction.atomic
def end_idle(supervisor: Person, conversation: str, *, now: datetime) -> None:
    """Ends an idle conversation. Raises Conflict for a conversation that is not idle, for a letter, and for a
    caller who still waits, because the queue has its own deadlines."""
    row = line_scope.lock_own_open_conversation(supervisor, conversation)
    if row.state != states.Conversation.ACTIVE or row.written:
        raise Conflict
    members = present(row.pk)
    if not idle.is_idle(idle.last_message(row.pk), members, now=now):
        raise Conflict
    here = any(member.here for member in members if member.role == states.SeatRole.CALLER)
    endings.end(row, "silent", now=now, idle=here)
    audit.record(supervisor, "end", subject=row.recorded_as, detail="silent")


def asker(handle: str) -> Person | None:
    """Returns the supervisor with this handle, who made the request, or None if that person is no longer a
    supervisor."""
    supervisors = Person.objects.filter(role_rows__name=Role.Name.SUPERVISOR, is_active=True)
    return supervisors.filter(handle=handle).first()


def leads(person: Person, device: str | None, conversation: str) -> bool:
    """Returns whether the conversation's seat in charge belongs to this person and device. Only that console
    shows the request to listen."""
    leader = in_charge(present(conversation))
    return leader is not None and (leader.person_id, leader.device_id) == (person.pk, device)


def alias_of(handle: str) -> str:
    return Person.objects.values_list("alias", flat=True).get(handle=handle)
