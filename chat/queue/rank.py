"""Rank: who waits on a line, in which order, and how many come before somebody."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from chat import states
from chat.models import Conversation, Line, Member

MAX_AHEAD = 100


@dataclass(frozen=True, slots=True)
class Load:
    """What a line's staff see of its queue."""

    line: str
    waiting: int
    oldest: datetime | None
    urgent: int


def rank_of(line: Line, urgency: int, joined_at: datetime) -> int:
    """The place of somebody who joins now, in microseconds: the boost counts as time already waited."""
    boost = {0: 0.0, 1: line.boost_soon.total_seconds(), 2: line.boost_acute.total_seconds()}[urgency]
    return int((joined_at.timestamp() - boost) * 1_000_000)


def waiting(line: str) -> QuerySet[Conversation]:
    """Everybody who waits on a line, here or away."""
    return Conversation.objects.filter(line=line, state=states.Conversation.WAITING)


def places(line: str) -> list[tuple[str, int]]:
    """Each waiting conversation and how many callers who are here come before it. One query."""
    ahead, result = 0, []
    rows = waiting(line).order_by("rank", "pk").values_list("pk", Exists(caller_here()))
    for pk, here in rows:
        result.append((pk, ahead))
        ahead += here
    return result


def ahead_of(line: str, rank: int) -> int:
    """Callers who are here and come before this rank; where no wait can be foretold the counting ends."""
    return waiting(line).filter(Exists(caller_here()), rank__lt=rank)[:MAX_AHEAD].count()


def load(line: str) -> Load:
    sums = waiting(line).aggregate(
        waiting=Count("pk"), oldest=Min("opened_at"), urgent=Count("pk", filter=Q(urgency=2))
    )
    return Load(line, sums["waiting"], sums["oldest"], sums["urgent"])


def rounded(ahead: int) -> int:
    """The number shown: exact to ten, then up to the next five, so that nobody is promised too little."""
    return ahead if ahead <= 10 else -(-ahead // 5) * 5


def smallest(line: str, default: int) -> int:
    """The rank of the line's first, or `default` where nobody waits."""
    found: int | None = waiting(line).aggregate(smallest=Min("rank"))["smallest"]
    return default if found is None else found


def caller_here() -> QuerySet[Member]:
    """Of a row of conversations: its caller, if here."""
    return Member.objects.filter(conversation=OuterRef("pk"), role=states.SeatRole.CALLER, here=True)
