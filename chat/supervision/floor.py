"""Builds the live view, which shows the conversations behind the board's sums: who talks with whom, who
waits, and the reason for each place in the queue. It contains no text of any message.

The view is built each second while a supervisor has it open. The number of queries does not depend on the
number of conversations.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Literal

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from chat import states
from chat.conversation import acute, idle, initials
from chat.figures import counters
from chat.lines import open_now, schedules, staff
from chat.models import AcuteStep, Conversation, Figure, Invitation, Line, Member, Missed, Sample
from chat.queue import estimates, rank
from chat.supervision import alerts, missed
from counsellors.models import Duty, Person

MAX_WAITING_SHOWN = 100  # per line; the board shows the total
UNSTAFFED_WITHIN = timedelta(days=1)  # if nobody has been on duty for longer than this, no time is shown

type Minutes = tuple[int, int] | None
type Why = Literal["requeued", "moved", "urgent", "waited"]


@dataclass(frozen=True, slots=True)
class ActiveConversation:
    """Describes a conversation that a member of the line's staff or a partner took. `urgency`: what the
    caller chose at the start; `here`: whether the caller is connected; `away`: when the caller disconnected;
    `alone`: the time since which neither staff nor a partner has been connected to it, or None if somebody
    is; `dead`: whether the conversation is idle; `known`: whether a supervisor has seen the risk flag."""

    conversation: str
    initial: str
    since: datetime
    last: datetime | None
    risk: int
    urgency: int
    here: bool
    dead: bool
    known: bool = False
    away: datetime | None = None
    alone: datetime | None = None
    steps: tuple[AcuteStep, ...] = ()


@dataclass(slots=True)
class Worker:
    """Describes somebody who works on the line and is on duty, on a break, or in conversations."""

    person: Person
    duty: str
    slots: int
    talks: list[ActiveConversation] = field(default_factory=list)
    busy: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Describes a waiting caller. `since`: when they came or were last requeued; `why`: the reason for their
    place in the queue; `reason`: a supervisor's reason for moving them; `boost`: by how many minutes their
    urgency moves them forward."""

    conversation: str
    since: datetime
    urgency: int
    locale: str
    here: bool
    away: datetime | None
    why: Why
    reason: str
    boost: int
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class Urgency:
    """Counts the callers of one urgency who wait on a line. `oldest` is when the longest-waiting connected
    caller began to wait."""

    urgency: int
    waiting: int
    away: int
    oldest: datetime | None


@dataclass(slots=True)
class FloorLine:
    """Holds a line's live view. `elsewhere`: the conversations in which the only staff are partners.
    `foretold`: how many of today's answered callers had been shown an estimate; `inside`: for how many of
    these callers the estimate was right. `unstaffed`: the time since which nobody has been on duty.
    `unspoken`: if nobody on duty speaks the language of one or more connected callers in the list, when the
    first of these callers began to wait. `changes`: when the line next opens or closes by its hours.
    `waiting_ends`: when callers who still wait must leave the queue. `by_hours`: if a supervisor opened or
    closed the line by hand, whether it would be open by its hours; otherwise None."""

    line: Line
    alerts: list[str]
    ringing: int = 0
    flagged: int = 0
    minutes: Minutes = None
    inside: int = 0
    foretold: int = 0
    people: list[Worker] = field(default_factory=list)
    elsewhere: list[ActiveConversation] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    urgencies: list[Urgency] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    missed_in_all: int = 0
    unstaffed: datetime | None = None
    unspoken: datetime | None = None
    changes: datetime | None = None
    waiting_ends: datetime | None = None
    by_hours: bool | None = None


def floors(slugs: Collection[str], *, now: datetime) -> list[FloorLine]:
    rows = Line.objects.filter(pk__in=slugs).select_related("steered_by")
    lines = list(rows.prefetch_related(*schedules.PARTS).order_by("pk"))
    raised = alerts.codes(lines, now=now)
    made = {line.pk: FloorLine(line, raised[line.pk]) for line in lines}
    _count(made, now=now)
    _seat(made, now=now)
    _unstaffed(made, now=now)
    for one in made.values():
        _queue_up(one, now=now)
        one.changes = open_now.next_change(one.line, now=now)
        one.waiting_ends = open_now.waiting_ends(one.line, now=now)
        one.by_hours = open_now.by_hours(one.line, now=now)
    _miss(made, now=now)
    return list(made.values())


def _count(made: dict[str, FloorLine], *, now: datetime) -> None:
    """Fills in the fields that hold one number per line."""
    open_ones = Conversation.objects.filter(line__in=made, state__in=states.OPEN, risk__gt=0)
    for line, flagged in open_ones.values_list("line").annotate(Count("pk")).order_by():
        made[line].flagged = flagged
    ringing = Invitation.objects.filter(
        conversation__line__in=made,
        how=states.How.HANDOFF,
        state=states.Invitation.RINGING,
        expires_at__gt=now,
    )
    for line, rings in ringing.values_list("conversation__line").annotate(Count("pk")).order_by():
        made[line].ringing = rings
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    names = (counters.FORETOLD, counters.INSIDE)
    today = Figure.objects.filter(line__in=made, hour__gte=midnight, name__in=names)
    for line, name, value in today.values_list("line", "name").annotate(Sum("value")).order_by():
        setattr(made[line], "inside" if name == counters.INSIDE else "foretold", value)


def _unstaffed(made: dict[str, FloorLine], *, now: datetime) -> None:
    """Sets the time since which a line has had nobody on duty. This is the time of the newest sample within
    UNSTAFFED_WITHIN in which somebody was on duty or the line was closed."""
    alone = [
        slug for slug, one in made.items() if not any(worker.duty == Duty.State.ON for worker in one.people)
    ]
    if not alone:
        return
    rows = Sample.objects.filter(line__in=alone, at__gt=now - UNSTAFFED_WITHIN).values("line")
    for row in rows.annotate(staffed=Max("at", filter=Q(on__gt=0) | Q(open=False))).order_by():
        made[row["line"]].unstaffed = row["staffed"]


def _miss(made: dict[str, FloorLine], *, now: datetime) -> None:
    for slug, rows in missed.newest(made, now=now).items():
        made[slug].missed = rows
        made[slug].missed_in_all = rows[0].of_line  # type: ignore[attr-defined]


def _seat(made: dict[str, FloorLine], *, now: datetime) -> None:
    """Lists each conversation under each member of the line's staff who has a seat in it or, if only partners
    have one, under `elsewhere`."""
    workers: defaultdict[str, dict[int, Worker]] = defaultdict(dict)
    for there in staff.counsellors_there([one.line for one in made.values()]):
        workers[str(there.line_id)][there.person_id] = _worker(there.person)
    active = Conversation.objects.filter(line__in=made, state=states.Conversation.ACTIVE, written="")
    rows = list(idle.with_last_message(active).order_by("active_at", "pk"))
    seats = _seats(rows)
    steps = acute.taken_in([row.pk for row in rows if row.acute_at is not None])
    for row in rows:
        present, own = seats[row.pk], workers[row.line_id]
        if not present:
            continue  # the conversation was erased after the rows were read
        talk = _talk(row, present, steps.get(row.pk, []), now=now)
        people = [member.person for member in present if member.person and member.role in states.LINE_STAFF]
        for person in people:
            own.setdefault(person.pk, _worker(person)).talks.append(talk)
        if not people and any(member.role == states.SeatRole.PARTNER for member in present):
            made[row.line_id].elsewhere.append(talk)
    _count_seats([worker for found in workers.values() for worker in found.values()])
    for slug, found in workers.items():
        made[slug].people = sorted(found.values(), key=lambda worker: worker.person.alias)


def _count_seats(workers: Collection[Worker]) -> None:
    """Sets each person's `busy`: a seat on another line takes one of their slots, too."""
    seats = Member.objects.present().filter(conversation__state__in=states.OPEN)
    rows = seats.filter(person__in={worker.person.pk for worker in workers})
    busy = dict(rows.values_list("person").annotate(Count("pk")).order_by())
    for worker in workers:
        worker.busy = busy.get(worker.person.pk, 0)


def _worker(person: Person) -> Worker:
    duty: Duty | None = getattr(person, "duty", None)
    return Worker(person, duty.state if duty else Duty.State.OFF, duty.slots if duty else 0)


def _seats(conversations: Sequence[Conversation]) -> dict[str, list[Member]]:
    seats: defaultdict[str, list[Member]] = defaultdict(list)
    present = Member.objects.present().filter(conversation__in=conversations)
    for member in present.select_related("person__duty"):
        seats[member.conversation_id].append(member)
    return seats


def _talk(
    row: Conversation, present: list[Member], steps: list[AcuteStep], *, now: datetime
) -> ActiveConversation:
    last: datetime | None = row.last_message  # type: ignore[attr-defined]
    callers = [member for member in present if member.role == states.SeatRole.CALLER]
    helpers = [member for member in present if member not in callers and member.role not in states.KEYS]
    left = [member.presence_since for member in helpers if not member.here]
    return ActiveConversation(
        conversation=row.pk,
        initial=initials.name(row.initial),
        since=row.active_at or row.opened_at,
        last=last,
        risk=row.risk,
        urgency=row.urgency,
        here=any(member.here for member in callers),
        away=next((member.presence_since for member in callers if not member.here), None),
        alone=max(left) if left and len(left) == len(helpers) else None,
        dead=idle.is_idle(last, present, now=now),
        known=row.risk_known_at is not None,
        steps=tuple(steps),
    )


def _queue_up(one: FloorLine, *, now: datetime) -> None:
    """Lists the first MAX_WAITING_SHOWN waiting callers in order, each with the estimate of their wait."""
    caller = Member.objects.filter(conversation=OuterRef("pk"), role=states.SeatRole.CALLER)
    here, away = rank.caller_here(), Subquery(caller.filter(here=False).values("presence_since")[:1])
    everybody = Conversation.objects.filter(line=one.line, state=states.Conversation.WAITING)
    rows = list(
        everybody.annotate(here=Exists(here), away=away, acute=rank.URGENCY).order_by("rank", "pk")[
            :MAX_WAITING_SHOWN
        ]
    )
    aheads = list(accumulate((row.here for row in rows), initial=0))
    aheads[-1] = everybody.filter(Exists(here)).count()  # the last number is for a caller who comes now
    one.urgencies = _urgencies(everybody) if rows else []
    *ranges, one.minutes = estimates.ranges_for(one.line.pk, aheads, now=now)
    one.waiting = [_waiting(row, told) for row, told in zip(rows, ranges, strict=True)]
    on_duty = [worker.person for worker in one.people if worker.duty == Duty.State.ON]
    unspoken = (
        caller.since for caller in one.waiting if caller.here and not staff.is_spoken(caller.locale, on_duty)
    )
    one.unspoken = min(unspoken, default=None)


def _urgencies(everybody: QuerySet[Conversation]) -> list[Urgency]:
    """Counts all waiting callers by urgency, the most urgent first."""
    here = Q(Exists(rank.caller_here()))
    rows = (
        everybody.annotate(acute=rank.URGENCY)
        .values_list("acute")
        .annotate(waiting=Count("pk"), away=Count("pk", filter=~here), oldest=Min(rank.SINCE, filter=here))
    )
    return [Urgency(*row) for row in rows.order_by("-acute")]


def _waiting(row: Conversation, told: Minutes) -> Waiting:
    why = _why(row)
    return Waiting(
        conversation=row.pk,
        since=row.requeued_at or row.opened_at,
        urgency=row.acute,  # type: ignore[attr-defined]
        locale=row.locale,
        here=row.here,  # type: ignore[attr-defined]
        away=row.away,  # type: ignore[attr-defined]
        why=why,
        reason=row.moved,
        boost=_boost(row) if why == "urgent" else 0,
        minutes=told,
    )


def _why(row: Conversation) -> Why:
    """Returns why a caller has this place: a supervisor moved them, they lost their counsellor, they are
    urgent, or none of these. If several reasons apply, the first in this order is returned."""
    if row.moved:
        return "moved"
    if row.requeued:
        return "requeued"
    return "urgent" if _boost(row) else "waited"


def _boost(row: Conversation) -> int:
    """Returns by how many minutes urgency moves the caller forward. It is calculated from the rank, because
    the line's setting may have changed after the caller came."""
    return round((row.opened_at.timestamp() - row.rank / 1_000_000) / 60)
