"""Rings a line's supervisors when its keys, readings, holds or retention change, or what they can read
again."""

from chat import bells, line_scope, states
from chat.models import Conversation, Member


def tell_of(conversation: Conversation) -> None:
    """Tells the supervisors that the conversation's row in the list of readable ones has changed. Without a
    review seat it has no such row."""
    seats = Member.objects.filter(conversation=conversation.pk, role=states.SeatRole.REVIEW)
    if seats.exists():
        tell_supervisors(conversation.line_id)


def tell_supervisors(line: str) -> None:
    """Tells the line's supervisors to fetch what changed."""
    for person in line_scope.supervisors_of(line).values_list("pk", flat=True):
        bells.ring_on_commit(bells.ReviewChanged(person, line))
