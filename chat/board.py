"""The supervisors' live view: sums of a line, made from rows and from today's counters."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from chat import figures, lines, purge, states
from chat.models import Conversation, Figure, Line, Member
from counsellors.models import Duty, Role


@dataclass(frozen=True, slots=True)
class LineBoard:
    """A line as it is now, and its day since midnight, local time."""

    line: str
    open: bool
    waiting: int
    oldest: datetime | None
    urgent: int
    active: int
    on: int
    on_break: int
    slots: int
    free: int
    answered: int
    within: int
    abandoned: int
    overdue: int


def boards(slugs: Collection[str], *, now: datetime) -> list[LineBoard]:
    return [board(line, now=now) for line in Line.objects.filter(pk__in=slugs).order_by("pk")]


def board(line: Line, *, now: datetime) -> LineBoard:
    waiting = Q(state=states.Conversation.WAITING)
    sums = Conversation.objects.filter(line=line, state__in=states.OPEN).aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("opened_at", filter=waiting),
        urgent=Count("pk", filter=waiting & Q(urgency=2)),
        active=Count("pk", filter=~waiting),
    )
    on, on_break, slots, held = _duties(line)
    day = _today(line, now)
    return LineBoard(
        line=line.pk,
        open=lines.opening(line, now=now).open,
        **sums,
        on=on,
        on_break=on_break,
        slots=slots,
        free=max(0, slots - held),
        answered=day.get(figures.ANSWERED, 0),
        within=day.get(figures.WITHIN, 0),
        abandoned=day.get(figures.ABANDONED, 0),
        overdue=purge.overdue(now, line=line.pk),
    )


def _duties(line: Line) -> tuple[int, int, int, int]:
    """On duty, on a break, slots of those on duty, and conversations that they hold."""
    counsellors = Duty.objects.filter(
        person__work__line=line, person__role_rows__name=Role.Name.COUNSELLOR, person__is_active=True
    )
    on = counsellors.filter(state=Duty.State.ON)
    held = Member.objects.present().filter(
        person__in=on.values("person"), conversation__state__in=states.OPEN
    )
    return (
        on.count(),
        counsellors.filter(state=Duty.State.BREAK).count(),
        on.aggregate(slots=Sum("slots"))["slots"] or 0,
        held.count(),
    )


def _today(line: Line, now: datetime) -> dict[str, int]:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    names = (figures.ANSWERED, figures.WITHIN, figures.ABANDONED)
    rows = Figure.objects.filter(line=line, hour__gte=midnight, name__in=names)
    return dict(rows.values_list("name").annotate(Sum("value")).order_by())
