"""Calculates the sums that the board shows for a line, from the current rows and from today's counters."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, Q, Sum
from django.utils import timezone

from chat import states
from chat.figures import counters
from chat.letters import shelf
from chat.letters.shelf import Shelf
from chat.lines import open_now, schedules, staff
from chat.models import Conversation, Figure, Line, Member
from chat.queue import rank, signs
from chat.retention import purge
from counsellors.models import Duty

TODAY = (
    counters.ANSWERED,
    counters.WITHIN,
    counters.ABANDONED,
    counters.ASKED,
    counters.EARNED,
    counters.REFUSED,
    counters.LETTERS,
)


@dataclass(frozen=True, slots=True)
class Pressure:
    """Holds how much proof of work starting a conversation requires now (`level`), and counts today's
    attempts to start one: how many were asked for proof of work (`asked`), how many delivered it (`earned`),
    and how many found no free place (`refused`)."""

    level: int
    asked: int
    earned: int
    refused: int


@dataclass(frozen=True, slots=True)
class LineBoard:
    """Holds the current sums of a line, and its counters since midnight, local time."""

    line: str
    open: bool
    waiting: int
    away: int
    oldest: datetime | None
    oldest_here: datetime | None
    urgent: int
    urgent_away: int
    pressure: Pressure
    active: int
    on: int
    on_break: int
    slots: int
    free: int
    answered: int
    within: int
    abandoned: int
    overdue: int
    letters: Shelf
    letters_answered: int
    letters_in_time: int
    letters_expired: int


def boards(slugs: Collection[str], *, now: datetime) -> list[LineBoard]:
    lines = Line.objects.filter(pk__in=slugs).prefetch_related(*schedules.PARTS).order_by("pk")
    return [board(line, now=now) for line in lines]


def board(line: Line, *, now: datetime) -> LineBoard:
    waiting = Q(state=states.Conversation.WAITING)
    here, away = waiting & Q(Exists(rank.caller_here())), waiting & ~Q(Exists(rank.caller_here()))
    sums = Conversation.objects.filter(line=line, state__in=states.OPEN).aggregate(
        waiting=Count("pk", filter=waiting),
        away=Count("pk", filter=away),
        oldest=Min(rank.SINCE, filter=waiting),
        oldest_here=Min(rank.SINCE, filter=here),
        urgent=Count("pk", filter=waiting & rank.ACUTE),
        urgent_away=Count("pk", filter=away & rank.ACUTE),
        active=Count("pk", filter=~waiting & Q(written="")),
    )
    on, on_break, slots, busy = _duties(line)
    day = _today(line, now)
    return LineBoard(
        line=line.pk,
        open=open_now.opening(line, now=now).open,
        **sums,
        pressure=Pressure(
            level=signs.level_of(line.pk, now=now),
            asked=day.get(counters.ASKED, 0),
            earned=day.get(counters.EARNED, 0),
            refused=day.get(counters.REFUSED, 0),
        ),
        on=on,
        on_break=on_break,
        slots=slots,
        free=max(0, slots - busy),
        answered=day.get(counters.ANSWERED, 0),
        within=day.get(counters.WITHIN, 0),
        abandoned=day.get(counters.ABANDONED, 0),
        overdue=purge.overdue(now, line=line.pk),
        letters=shelf.of(line.pk, now=now),
        letters_answered=day.get(f"{counters.LETTERS} answered", 0),
        letters_in_time=day.get(f"{counters.LETTERS} in_time", 0),
        letters_expired=line.letters_expired,
    )


def _duties(line: Line) -> tuple[int, int, int, int]:
    """Returns how many people are on duty, how many are on a break, how many slots those on duty have, and
    how many seats in open conversations those on duty hold."""
    there = [row.person.duty for row in staff.counsellors_there([line])]
    on = [duty for duty in there if duty.state == Duty.State.ON]
    seats = Member.objects.present().filter(conversation__state__in=states.OPEN)
    busy = seats.filter(person__in=[duty.person_id for duty in on]).count()
    return len(on), len(there) - len(on), sum(duty.slots for duty in on), busy


def _today(line: Line, now: datetime) -> Counter[str]:
    """Returns today's sums. Under a counter's name it returns the counter's total, and under `name key` the
    sum for one of the counter's keys."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Figure.objects.filter(line=line, hour__gte=midnight, name__in=TODAY)
    found: Counter[str] = Counter()
    for name, key, value in rows.values_list("name", "key").annotate(Sum("value")).order_by():
        found.update({name: value, f"{name} {key}": value})
    return found
