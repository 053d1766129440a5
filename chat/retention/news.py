"""Rings a bell for a line's supervisors when the line's keys, readings, holds or retention change, or when
the list of conversations that the supervisors can read again changes."""

from chat import bells, line_scope, states
from chat.models import Conversation, Member


def tell_of(conversation: Conversation) -> None:
    """Rings a bell for the supervisors, because the conversation's row in their list of readable
    conversations has changed. Does nothing for a conversation without a review seat, because it is not in
    that list."""
    seats = Member.objects.filter(conversation=conversation.pk, role=states.SeatRole.REVIEW)
    if seats.exists():
        tell_supervisors(conversation.line_id)


def tell_supervisors(line: str) -> None:
    """Rings a bell for the line's supervisors. Their pages then fetch the changes."""
    for person in line_scope.supervisors_of(line).values_list("pk", flat=True):
        bells.ring_on_commit(bells.ReviewChanged(person, line))
