"""Risk flags: a counsellor marks a conversation, its colleagues and supervisors see it."""

from django.db import transaction

from chat import bells, states
from chat.models import Conversation, Member
from chat.seats import Seat, hold_open
from counsellors.models import Person, Role
from helpline.lib.errors import Forbidden


@transaction.atomic
def flag(seat: Seat, risk: int) -> None:
    """0 none, 1 raised, 2 acute. A partner may not."""
    member = hold_open(seat)
    if member.role not in states.LINE_STAFF:
        raise Forbidden
    conversation = member.conversation
    Conversation.objects.filter(pk=conversation.pk).update(risk=risk)
    for person in _who_sees(conversation):
        bells.ring_on_commit(bells.Bell(bells.person(person), "flagged", by=conversation.pk))


def risk_for(person: Person, pk: str) -> int | None:
    """The flag, for whom it is meant; None for anybody else."""
    conversation = Conversation.objects.filter(pk=pk).first()
    if conversation is None or person.pk not in _who_sees(conversation):
        return None
    return conversation.risk


def _who_sees(conversation: Conversation) -> set[int]:
    seated = Member.objects.present().filter(conversation=conversation, role__in=states.LINE_STAFF)
    supervisors = Person.objects.filter(
        work__line=conversation.line_id, role_rows__name=Role.Name.SUPERVISOR, is_active=True
    )
    people = set(seated.exclude(person=None).values_list("person", flat=True))
    return {pk for pk in people | set(supervisors.values_list("pk", flat=True)) if pk is not None}
