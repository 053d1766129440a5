"""The queue: who waits, in which order, and who is handed to whom."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from chat import bells, invitations, joining, log, states
from chat.models import Conversation, Line, Member
from counsellors import audit, devices, duty
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound
from helpline.lib.locks import Held, impatient

MOST_AHEAD = 100


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
    first = min(conversation.rank, _smallest_rank(conversation.line_id, conversation.rank)) - 1
    won = Conversation.objects.filter(
        pk=conversation.pk, state__in=states.sources(states.Conversation.WAITING)
    ).update(state=states.Conversation.WAITING, rank=first, requeued=True, moved="", passed_over_at=None)
    if won:
        conversation.state = states.Conversation.WAITING
        invitations.withdraw_open(conversation, now=now)
        log.append(conversation, "requeued", at=now)
        joining.seat_review_again(conversation, now=now)
        _tell(conversation)


@transaction.atomic
def move_to_front(supervisor: Person, conversation: str, reason: str) -> None:
    """A supervisor's move: just before the first of an own line. Conflict for who waits no more."""
    own = Conversation.objects.filter(pk=conversation, line__work__person=supervisor, gone_at=None)
    line = own.values_list("line", flat=True).first()
    if line is None:
        raise NotFound
    # Of two moves at once the second waits, and comes before the first: they would share a rank.
    Line.objects.select_for_update(no_key=True).get(pk=line)
    waiting = _waiting(line).filter(pk=conversation)
    if not waiting.update(rank=_smallest_rank(line, 0) - 1, moved=reason):
        raise Conflict
    audit.record(supervisor, "queue_front", subject=conversation, detail=reason)
    bells.ring_on_commit(bells.Bell(bells.line(line), "queue"))


def places(line: str) -> list[tuple[str, int]]:
    """Each waiting conversation and how many callers who are here come before it. One query."""
    ahead, result = 0, []
    rows = _waiting(line).order_by("rank", "pk").values_list("pk", Exists(_caller_here()))
    for pk, here in rows:
        result.append((pk, ahead))
        ahead += here
    return result


def ahead_of(line: str, rank: int) -> int:
    """Callers who are here and come before this rank; where no wait can be foretold the counting ends."""
    return _waiting(line).filter(Exists(_caller_here()), rank__lt=rank)[:MOST_AHEAD].count()


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


def _smallest_rank(line: str, default: int) -> int:
    smallest: int | None = _waiting(line).aggregate(smallest=Min("rank"))["smallest"]
    return default if smallest is None else smallest


def _caller_here() -> QuerySet[Member]:
    return Member.objects.filter(conversation=OuterRef("pk"), role=states.Role.CALLER, here=True)


def _takeable(person: Person, line: str | None) -> list[str]:
    """The first few of the person's lines: rivals may be faster with the very first."""
    lines = person.work.filter(line__isnull=False)
    if line is not None:
        lines = lines.filter(line=line)
    callers = Conversation.objects.filter(
        Exists(_caller_here()),
        line__in=lines.values("line"),
        state=states.Conversation.WAITING,
        passed_over_at=None,
    )
    if person.languages:
        callers = callers.filter(locale__in=person.languages.split())
    return list(callers.order_by("rank", "pk").values_list("pk", flat=True)[:20])


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
