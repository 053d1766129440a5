"""Counts how many conversations, and how many heavy ones, each person had per day, and stores the limits that
were agreed for each line.

A shift is counted as a local day, on the assumption that no shift runs through midnight.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from chat import bells, line_scope, states
from chat.models import Carried, Line, Member
from counsellors import audit
from counsellors.models import Person, Role

WEEK = timedelta(days=7)
RETENTION = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Limits:
    """Holds the limits for one person in one shift. None means that no limit was agreed."""

    talks: int | None
    heavy: int | None


@dataclass(frozen=True, slots=True)
class Load:
    """Holds how many conversations, and how many heavy ones, a person had on a line today and in the last
    seven days."""

    person: Person
    line: Line
    talks_today: int
    heavy_today: int
    talks: int
    heavy: int


def carry(person: Person, line: str, *, now: datetime, talks: int = 0, heavy: int = 0) -> None:
    """Adds to the person's counts for today in one statement, so that two simultaneous calls both count.
    Practice is not counted."""
    if states.is_practice(line):
        return
    table = connection.ops.quote_name(Carried._meta.db_table)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (person_id, line_id, day, talks, heavy) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608 – no input
            f" ON CONFLICT (line_id, person_id, day) DO UPDATE SET talks = {table}.talks + EXCLUDED.talks,"
            f" heavy = {table}.heavy + EXCLUDED.heavy",
            [person.pk, line, connection.ops.adapt_datefield_value(_today(now)), talks, heavy],
        )
    bells.ring_on_commit(bells.CareChanged(person.pk))


def count_talk(member: Member, *, now: datetime) -> None:
    """Adds a conversation to the person's counts when the work of their seat is over. Until then, `_load`
    counts the seat itself, so that a request `next` neither writes to the row of counts nor waits for that
    row's lock.

    Only granted seats count. If a person moves to another device, or comes back to the same caller, the
    conversation is not counted again.
    """
    let_in = member.granted_at is not None
    if let_in and member.role in states.LINE_STAFF and member.person is not None:
        earlier = _counted_before(member.conversation_id, member.person_id).exclude(pk=member.pk)
        if not earlier.exists():
            carry(member.person, member.conversation.line_id, now=now, talks=1)


def own(person: Person, *, now: datetime) -> list[Load]:
    """Returns this person's load on each line that they work for."""
    return [_load(person, line, now=now) for line in line_scope.own_lines(person).offered()]


def of_line(supervisor: Person, slug: str, *, now: datetime) -> tuple[Limits, list[Load]]:
    """Returns the limits of a line and the load of each of its counsellors, sorted by alias. Raises NotFound
    for a line that is not the supervisor's."""
    line = line_scope.own_line(supervisor, slug)
    people = Person.objects.filter(
        is_active=True, work__line=line, role_rows__name=Role.Name.COUNSELLOR
    ).order_by("alias", "pk")
    return limits(line), [_load(person, line, now=now) for person in people]


def limits(line: Line) -> Limits:
    return Limits(line.most_talks, line.most_heavy)


@transaction.atomic
def set_limits(supervisor: Person, slug: str, wanted: Limits) -> Limits:
    """Sets the limits. They are shown as advice and never enforced, so nobody is taken out of a
    conversation."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    Line.objects.filter(pk=line.pk).update(most_talks=wanted.talks, most_heavy=wanted.heavy)
    told = f"talks {wanted.talks or 'any'} heavy {wanted.heavy or 'any'}"
    audit.record(supervisor, "limits", subject=slug, detail=told)
    people = Person.objects.filter(work__line=line, role_rows__name=Role.Name.COUNSELLOR)
    for person in people.values_list("pk", flat=True):
        bells.ring_on_commit(bells.CareChanged(person))
    return wanted


def forget_old(now: datetime) -> int:
    deleted, _ = Carried.objects.filter(day__lt=_today(now) - RETENTION).delete()
    return deleted


def _load(person: Person, line: Line, *, now: datetime) -> Load:
    today = Q(day=_today(now))
    rows = Carried.objects.filter(person=person, line=line, day__gt=_today(now) - WEEK)
    sums = rows.aggregate(
        talks_today=Sum("talks", filter=today, default=0),
        heavy_today=Sum("heavy", filter=today, default=0),
        talks=Sum("talks", default=0),
        heavy=Sum("heavy", default=0),
    )
    still = (
        Member.objects.present()
        .filter(
            person=person,
            role__in=states.LINE_STAFF,
            granted_at__isnull=False,
            conversation__line=line,
            conversation__state__in=states.OPEN,
        )
        .exclude(Exists(_counted_before(OuterRef("conversation"), OuterRef("person"))))
        .count()
    )
    sums["talks_today"] += still
    sums["talks"] += still
    return Load(person=person, line=line, **sums)


def _counted_before(conversation: Any, person: Any) -> QuerySet[Member]:
    """Returns the granted seats that this person had in the conversation and has left."""
    return Member.objects.filter(
        conversation=conversation,
        person=person,
        role__in=states.LINE_STAFF,
        granted_at__isnull=False,
        left_seq__isnull=False,
    )


def _today(now: datetime) -> date:
    return timezone.localtime(now).date()
