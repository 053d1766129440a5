"""Sets risk flags on conversations. A flag is shown to the line's staff in the conversation and to the line's
supervisors."""

from datetime import datetime

from django.db import transaction

from chat import bells, line_scope, states
from chat.conversation import company
from chat.conversation.seats import Seat, require_open_seat
from chat.handoff.recipients import rings_for
from chat.models import Conversation, Member
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict, Forbidden, NotFound

ACUTE = 2


@transaction.atomic
def flag(seat: Seat, risk: int, *, now: datetime) -> None:
    """Sets the flag: 0 none, 1 raised, 2 acute. Raises Forbidden for partners. Invitations of the
    conversation that are ringing are updated to show the flag."""
    member = require_open_seat(seat)
    if member.role not in states.LINE_STAFF:
        raise Forbidden
    conversation = member.conversation
    # Setting the same flag again changes nothing: a flag that a supervisor has seen stays seen.
    changed = Conversation.objects.filter(pk=conversation.pk).exclude(risk=risk)
    if changed.update(risk=risk, risk_known_at=None) and risk == ACUTE:
        if Conversation.objects.filter(pk=conversation.pk, acute_at=None).update(acute_at=now):
            conversation.acute_at = now
        company.tick(conversation, now=now)
        if not states.is_practice(conversation.line_id):
            audit.record(member.person, "acute", subject=conversation.recorded_as)
    tell(conversation)
    for invitation in conversation.invitations.filter(state=states.Invitation.RINGING):
        for person in rings_for(invitation):
            bells.ring_on_commit(bells.InvitationChanged(person, invitation.pk))


@transaction.atomic
def acknowledge(supervisor: Person, pk: str, *, now: datetime) -> None:
    """Records that a supervisor of the line has seen the flag. Raises NotFound for another line's
    conversation, and Conflict if the conversation has ended or has no flag, or if a supervisor has already
    seen the flag."""
    conversation = Conversation.objects.filter(pk=pk, line__in=line_scope.own_lines(supervisor)).first()
    if conversation is None:
        raise NotFound
    flagged = Conversation.objects.filter(pk=pk, risk__gt=0, risk_known_at=None, state__in=states.OPEN)
    if not flagged.update(risk_known_at=now):
        raise Conflict
    audit.record(supervisor, "flag_seen", subject=conversation.recorded_as, detail=str(conversation.risk))
    tell(conversation)


def tell(conversation: Conversation) -> None:
    for person in _who_sees(conversation):
        bells.ring_on_commit(bells.RiskFlagged(person, conversation.pk))


def risk_for(person: Person, pk: str) -> tuple[int, bool] | None:
    """Returns the flag, and whether a supervisor has seen the flag. Returns None if this person may not see
    the flag."""
    conversation = Conversation.objects.filter(pk=pk).first()
    if conversation is None or person.pk not in _who_sees(conversation):
        return None
    return conversation.risk, conversation.risk_known_at is not None


def as_seen(member: Member) -> int:
    """Returns the flag as shown to this seat: always 0 for a partner."""
    return member.conversation.risk if member.role in states.LINE_STAFF else 0


def is_known(member: Member) -> bool:
    """Returns whether to show this seat that a supervisor has seen the flag. Returns False for a partner's
    seat."""
    return member.role in states.LINE_STAFF and member.conversation.risk_known_at is not None


def _who_sees(conversation: Conversation) -> set[int]:
    seated = Member.objects.present().filter(conversation=conversation, role__in=states.LINE_STAFF)
    supervisors = line_scope.supervisors_of(conversation.line_id)
    people = set(seated.exclude(person=None).values_list("person", flat=True))
    return {pk for pk in people | set(supervisors.values_list("pk", flat=True)) if pk is not None}
