"""Risk flags: a counsellor marks a conversation, its colleagues and supervisors see it."""

from django.db import transaction

from chat import bells, states, walls
from chat.conversation.seats import Seat, require_open_seat
from chat.models import Conversation, Member
from counsellors.models import Person
from helpline.lib.errors import Forbidden


@transaction.atomic
def flag(seat: Seat, risk: int) -> None:
    """0 none, 1 raised, 2 acute. A partner may not."""
    member = require_open_seat(seat)
    if member.role not in states.LINE_STAFF:
        raise Forbidden
    conversation = member.conversation
    Conversation.objects.filter(pk=conversation.pk).update(risk=risk)
    for person in _who_sees(conversation):
        bells.ring_on_commit(bells.RiskFlagged(person, conversation.pk))


def risk_for(person: Person, pk: str) -> int | None:
    """The flag, for whom it is meant; None for anybody else."""
    conversation = Conversation.objects.filter(pk=pk).first()
    if conversation is None or person.pk not in _who_sees(conversation):
        return None
    return conversation.risk


def _who_sees(conversation: Conversation) -> set[int]:
    seated = Member.objects.present().filter(conversation=conversation, role__in=states.LINE_STAFF)
    supervisors = walls.supervisors_of(conversation.line_id)
    people = set(seated.exclude(person=None).values_list("person", flat=True))
    return {pk for pk in people | set(supervisors.values_list("pk", flat=True)) if pk is not None}
