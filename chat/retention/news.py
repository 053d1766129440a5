"""Bells for a line's supervisors: keys, readings, holds, retention, or what can be read again, has
changed."""

from chat import bells, line_scope, states
from chat.models import Conversation, Member


def tell_of(conversation: Conversation) -> None:
    """Tells that its row in the list of what can be read again has changed. Without a review seat there is
    none."""
    seats = Member.objects.filter(conversation=conversation.pk, role=states.SeatRole.REVIEW)
    if seats.exists():
        tell_supervisors(conversation.line_id)


def tell_supervisors(line: str) -> None:
    """Tells that there is something new to ask for."""
    for person in line_scope.supervisors_of(line).values_list("pk", flat=True):
        bells.ring_on_commit(bells.ReviewChanged(person, line))
