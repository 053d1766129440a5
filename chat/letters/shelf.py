"""Counts a line's unanswered letters, for its staff."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from chat import states
from chat.letters.alarms import ACUTE
from chat.models import Letter
from chat.states import Written


@dataclass(frozen=True, slots=True)
class Shelf:
    """Holds how many letters of a line are new, how many of these are acute, how many are taken and how many
    are overdue. `due` is the earliest promised time."""

    line: str
    new: int
    acute: int
    taken: int
    overdue: int
    due: datetime | None


def of(line: str, *, now: datetime) -> Shelf:
    """Returns the counts of a line. A letter whose caller also waits to talk is counted in the queue
    instead."""
    rows = Letter.objects.filter(
        conversation__line=line,
        conversation__state=states.Conversation.ACTIVE,
        conversation__written__in=states.UNANSWERED,
    )
    new = Q(conversation__written=Written.NEW)
    sums = rows.aggregate(
        new=Count("pk", filter=new),
        acute=Count("pk", filter=new & Q(conversation__urgency=ACUTE)),
        taken=Count("pk", filter=Q(conversation__written=Written.TAKEN)),
        overdue=Count("pk", filter=Q(due_at__lte=now)),
        due=Min("due_at"),
    )
    return Shelf(line, **sums)
