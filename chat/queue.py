"""The queue: who waits, in which order, and who is handed to whom."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from chat import bells, invitations, joining, log, states
from chat.models import Conversation, Line, Member
from counsellors import devices, duty
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound
from helpline.lib.locks import Held, impatient


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


@transaction.atomic
def take_next(person: Person, device: str | None, line: str | None, *, now: datetime) -> Member:
    """The first caller who is here and whom this person may serve, with a seat for the person.

    Conflict off duty, without a free slot or an approved device; NotFound when nobody is there to take.
    """
    approved = devices.require_approved(person, device)
    slots = duty.hold_on_duty(person, now=now)
    if _conversations_of(person) >= slots:
        raise Conflict
    for candidate in _takeable(person, line):
        if _claim(candidate, now=now):
            # Read again: what was written up to the claim belongs to the log that the seat continues.
            conversation = Conversation.objects.select_related("line").get(pk=candidate)
            _tell(conversation)
            return joining.join_staff(conversation, person, approved, states.Role.COUNSELLOR, now=now)
    raise NotFound


def requeue(conversation: Conversation, *, now: datetime) -> None:
    """Nobody of the staff is left: back to the front, just before the line's first."""
    smallest = _waiting(conversation.line_id).aggregate(smallest=Min("rank"))["smallest"]
    first = min(conversation.rank, smallest if smallest is not None else conversation.rank) - 1
    won = Conversation.objects.filter(
        pk=conversation.pk, state__in=states.sources(states.Conversation.WAITING)
    ).update(state=states.Conversation.WAITING, rank=first, requeued=True, passed_over_at=None)
    if won:
        conversation.state = states.Conversation.WAITING
        invitations.withdraw_open(conversation, now=now)
        log.append(conversation, "requeued", at=now)
        joining.seat_review_again(conversation, now=now)
        _tell(conversation)


def places(line: str) -> list[tuple[str, int]]:
    """Each waiting conversation and how many callers who are here come before it. One query."""
    ahead, result = 0, []
    rows = _waiting(line).order_by("rank", "pk").values_list("pk", Exists(_caller_here()))
    for pk, here in rows:
        result.append((pk, ahead))
        ahead += here
    return result


def load(line: str) -> Load:
    sums = _waiting(line).aggregate(
        waiting=Count("pk"), oldest=Min("opened_at"), urgent=Count("pk", filter=Q(urgency=2))
    )
    return Load(line, sums["waiting"], sums["oldest"], sums["urgent"])


def rounded(ahead: int) -> int:
    """The number shown: exact to ten, then up to the next five, so that nobody is promised too little."""
    return ahead if ahead <= 10 else -(-ahead // 5) * 5


def _waiting(line: str) -> QuerySet[Conversation]:
    return Conversation.objects.filter(line=line, state=states.Conversation.WAITING)


def _caller_here() -> QuerySet[Member]:
    return Member.objects.filter(conversation=OuterRef("pk"), role=states.Role.CALLER, here=True)


def _takeable(person: Person, line: str | None) -> list[str]:
    """The first few of the person's lines: rivals may be faster with the very first."""
    lines = person.work.filter(line__isnull=False)
    if line is not None:
        lines = lines.filter(line=line)
    return list(
        Conversation.objects.filter(
            Exists(_caller_here()),
            line__in=lines.values("line"),
            state=states.Conversation.WAITING,
            passed_over_at=None,
        )
        .order_by("rank", "pk")
        .values_list("pk", flat=True)[:20]
    )


def _claim(conversation: str, *, now: datetime) -> bool:
    """Of any number of rivals one gets True; a caller who left in between is claimed by nobody.

    False also when the row is held by somebody slow: no counsellor waits for that.
    """
    free = Conversation.objects.filter(
        Exists(_caller_here()), pk=conversation, state=states.Conversation.WAITING, passed_over_at=None
    )
    try:
        with impatient():
            return bool(free.update(state=states.Conversation.ACTIVE, active_at=now))
    except Held:
        return False


def _conversations_of(person: Person) -> int:
    seats = Member.objects.present().filter(person=person, conversation__state__in=states.OPEN)
    return seats.values("conversation").distinct().count()


def _tell(conversation: Conversation) -> None:
    bells.ring_on_commit(bells.Bell(bells.line(conversation.line_id), "queue"))
