"""Determines who waits on a line, in which order, and how many callers are ahead of a given one."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from chat import states
from chat.models import Conversation, Line, Member

MAX_AHEAD = 100
REQUEUED_FIRST = 10**16  # microseconds, about 300 years: no boost is that long
# A caller whom a counsellor flagged as acute stays acute after losing that counsellor.
ACUTE = Q(urgency=2) | Q(risk=2)
URGENCY = Case(When(ACUTE, then=Value(2)), default=F("urgency"), output_field=PositiveSmallIntegerField())
SINCE = Coalesce("requeued_at", "opened_at")  # the time before a requeue does not count as waiting


@dataclass(frozen=True, slots=True)
class Load:
    """Describes a line's queue as its staff see it. `here`: how many callers `next` can take, by language.
    `oldest`: when the longest-waiting caller began to wait. `oldest_here`: the same for connected callers
    only."""

    line: str
    waiting: int
    here: Mapping[str, int]
    oldest: datetime | None
    urgent: int
    away: int
    oldest_here: datetime | None


def rank_of(line: Line, urgency: int, joined_at: datetime) -> int:
    """Returns the rank of a caller who joins the queue at `joined_at`, in microseconds: the boost counts as
    time already waited."""
    boost = {0: 0.0, 1: line.boost_soon.total_seconds(), 2: line.boost_acute.total_seconds()}[urgency]
    return int((joined_at.timestamp() - boost) * 1_000_000)


def at(moment: datetime) -> int:
    """Returns the rank of a caller who joins at this moment without a boost, in microseconds."""
    return int(moment.timestamp() * 1_000_000)


def of_requeued(line: str, now: datetime) -> int:
    """Returns the rank of a caller who loses their staff now: before all new callers, but behind callers who
    lost theirs earlier.

    Callers who lose their staff at the same moment get different ranks.
    """
    # Hardly any other callers have a rank below zero, so the query reads few rows even if the queue is long.
    last = waiting(line).filter(rank__lt=0, moved="").aggregate(last=Max("rank"))["last"]
    place = at(now) - REQUEUED_FIRST
    return place if last is None else max(place, last + 1)


def waiting(line: str) -> QuerySet[Conversation]:
    """Returns the conversations of all callers who wait on a line, connected or away."""
    return Conversation.objects.filter(line=line, state=states.Conversation.WAITING)


def here(line: str) -> int:
    """Returns how many callers wait on a line and are connected. The query starts from connected seats,
    because after a flood thousands of waiting callers are away."""
    waits = waiting(line).filter(pk=OuterRef("conversation"))
    callers = Member.objects.present().filter(role=states.SeatRole.CALLER, here=True)
    return callers.filter(_of_each(waits)).count()


def more_than(line: str, most: int) -> bool:
    """Returns whether more than `most` callers wait on a line and are connected. The connected ones are
    counted only if more than `most` wait at all."""
    return waiting(line).count() > most and here(line) > most


def places(line: str) -> list[tuple[str, int, str]]:
    """Returns, in queue order, the key of each waiting conversation, how many connected callers are ahead of
    it, and its language. It makes one query."""
    ahead, result = 0, []
    rows = waiting(line).order_by("rank", "pk").values_list("pk", Exists(caller_here()), "locale")
    for pk, here, locale in rows:
        result.append((pk, ahead, locale))
        ahead += here
    return result


def served_since(line: str) -> dict[str, int]:
    """Returns, by key of the waiting conversation, how many callers were taken since its caller came,
    rounded down. The caller of a letter came to the queue when they asked for a chat."""
    rows = waiting(line).annotate(came_at=Coalesce("letter__chat_at", "opened_at"))
    came = dict(rows.values_list("pk", "came_at"))
    if not came:
        return {}
    served = Conversation.objects.filter(line=line, active_at__gte=min(came.values()))
    stayed = served.exclude(state=states.Conversation.WAITING).values_list("active_at", flat=True)
    turns = sorted(at for at in stayed if at)
    return {pk: _rounded_down(len(turns) - bisect_left(turns, at)) for pk, at in came.items()}


def ahead_of(line: str, rank: int) -> int:
    """Returns how many connected callers come before this rank. It stops counting at MAX_AHEAD, because no
    wait is estimated for so many."""
    return waiting(line).filter(caller_is_here(), rank__lt=rank)[:MAX_AHEAD].count()


def load(line: str) -> Load:
    present = Q(Exists(caller_here()))
    there = present & Q(passed_over_at=None)
    rows = waiting(line).values_list("locale").order_by()
    sums = list(
        rows.annotate(
            waiting=Count("pk"),
            here=Count("pk", filter=there),
            oldest=Min(SINCE),
            urgent=Count("pk", filter=ACUTE),
            away=Count("pk", filter=~present),
            oldest_here=Min(SINCE, filter=present),
        )
    )
    return Load(
        line,
        waiting=sum(row[1] for row in sums),
        here={language: here for language, _, here, *_ in sums},
        oldest=min((row[3] for row in sums), default=None),
        urgent=sum(row[4] for row in sums),
        away=sum(row[5] for row in sums),
        oldest_here=min((row[6] for row in sums if row[6]), default=None),
    )


def rounded(ahead: int) -> int:
    """Rounds the number for display: exact up to ten, then up to the next multiple of five, so that nobody is
    shown too small a number."""
    return ahead if ahead <= 10 else -(-ahead // 5) * 5


def _rounded_down(served: int) -> int:
    """Rounds numbers above ten down to multiples of five, so that a long queue is not sent a message for each
    caller who is taken."""
    return served if served <= 10 else served // 5 * 5


def smallest(line: str, default: int) -> int:
    """Returns the smallest rank on the line, or `default` if nobody waits."""
    found: int | None = waiting(line).aggregate(smallest=Min("rank"))["smallest"]
    return default if found is None else found


def caller_here() -> QuerySet[Member]:
    """Returns a subquery for a row of Conversation: the caller's seat, if the caller is connected."""
    return Member.objects.filter(conversation=OuterRef("pk"), role=states.SeatRole.CALLER, here=True)


def caller_is_here() -> Case:
    """Returns the condition that the caller of the conversation is connected."""
    return _of_each(caller_here())


def _of_each(rows: QuerySet[Any]) -> Case:
    """Returns the condition that `rows` are not empty, evaluated separately for each row of the outer query.

    PostgreSQL may turn a plain EXISTS into a join. While the queue grows faster than the statistics are
    updated, the cost of that join would be quadratic in the length of the queue.
    """
    return Case(When(Exists(rows), then=Value(True)), default=Value(False))
