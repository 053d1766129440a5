"""Bells for a line's supervisors: keys, readings, holds, keeping, or what can be read again, is another."""

from chat import bells, line_scope, states
from chat.models import Conversation, Member


def tell_of(conversation: Conversation) -> None:
    """Its row among those that can be read again is another one now; without a review seat there is none."""
    seats = Member.objects.filter(conversation=conversation.pk, role=states.SeatRole.REVIEW)
    if seats.exists():
        tell_supervisors(conversation.line_id)


def tell_supervisors(line: str) -> None:
    """There is something new to ask for."""
    for person in line_scope.supervisors_of(line).values_list("pk", flat=True):
        bells.ring_on_commit(bells.ReviewChanged(person, line))
