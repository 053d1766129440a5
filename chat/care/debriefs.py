"""Stores requests for a debrief, a talk after a heavy conversation. A line's supervisors see a request until
the debrief has been held."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from chat import bells, line_scope, states
from chat.figures import counters
from chat.models import Debrief
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound

RETENTION = timedelta(weeks=8)


@transaction.atomic
def ask(person: Person, line: str, *, now: datetime) -> None:
    """Requests a debrief for this person, unless one is open already. Raises NotFound for a line where the
    person does not work."""
    line_scope.own_line(person, line)
    want([person.pk], line, Debrief.Why.ASKED, now=now)


def want(people: Iterable[int], line: str, why: Debrief.Why, *, now: datetime) -> None:
    """Requests a debrief for each of these people, unless one is open. Of two simultaneous requests only one
    is stored."""
    if states.is_practice(line):
        return
    people = sorted(set(people))
    rows = [Debrief(person_id=pk, line_id=line, why=why, asked_at=now) for pk in people]
    Debrief.objects.bulk_create(rows, ignore_conflicts=True)
    made = Debrief.objects.filter(pk__in=[row.pk for row in rows]).count()
    if made:
        counters.count_of_month({(counters.DEBRIEF, why): made}, line, now=now)
    _tell(line, people=[row.person_id for row in rows])


def wanted(supervisor: Person) -> list[Debrief]:
    """Returns the open debriefs of the supervisor's lines, oldest first, except debriefs for the
    supervisor."""
    rows = Debrief.objects.filter(
        held_at=None, line__in=line_scope.own_lines(supervisor), person__is_active=True
    )
    return list(rows.exclude(person=supervisor).select_related("person").order_by("asked_at", "pk"))


def why_wanted(person: Person, line: str) -> str:
    """Returns why the open debrief was requested, a value of `Debrief.Why`, or "" if none is open."""
    open_one = Debrief.objects.filter(person=person, line=line, held_at=None)
    return open_one.values_list("why", flat=True).first() or ""


@transaction.atomic
def hold(supervisor: Person, pk: str, *, now: datetime) -> None:
    """Records that a debrief was held. Raises NotFound for the supervisor's own debrief and for a debrief of
    a line that is not theirs, and Conflict if it was already held."""
    lines = line_scope.own_lines(supervisor)
    row = Debrief.objects.filter(pk=pk, line__in=lines).exclude(person=supervisor).first()
    if row is None:
        raise NotFound
    if not Debrief.objects.filter(pk=pk, held_at=None).update(held_at=now, held_by=supervisor):
        raise Conflict
    audit.record(supervisor, "debriefed", subject=row.person.handle, detail=row.why)
    counters.count_of_month({(counters.DEBRIEF, "held"): 1}, row.line_id, now=now)
    _tell(row.line_id, people=[row.person_id])


def forget_old(now: datetime) -> int:
    """Deletes debriefs that were held more than RETENTION ago, and all debriefs of people who have left.
    Other open debriefs are kept until they have been held."""
    deleted, _ = Debrief.objects.filter(held_at__lt=now - RETENTION).delete()
    gone, _ = Debrief.objects.filter(person__is_active=False).delete()
    return deleted + gone


def _tell(line: str, *, people: Iterable[int]) -> None:
    for person in people:
        bells.ring_on_commit(bells.CareChanged(person))
    for supervisor in line_scope.supervisors_of(line):
        bells.ring_on_commit(bells.DebriefsChanged(supervisor.pk))
