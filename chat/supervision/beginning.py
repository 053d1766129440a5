"""What a new line still lacks: a checklist for its supervisors, in which steps tick themselves off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Count, Q

from chat import bells, line_scope
from chat.models import Line, WeeklyHours, Work
from counsellors import audit
from counsellors.certificates import roots
from counsellors.certificates.signed_bytes import LINE
from counsellors.models import Device, Person, Role, Scope


class What(StrEnum):
    """The steps, in the order in which they are best done."""

    SUPERVISORS = "supervisors"  # a second one, who confirms what needs approval
    COUNSELLORS = "counsellors"  # somebody is invited
    DEVICES = "devices"  # a counsellor has an approved one
    SIGNING = "signing"  # a root signed who may certify keys; left out where there is no root
    REVIEW_KEY = "review_key"
    HOURS = "hours"
    NUMBERS = "numbers"  # somebody has read the numbers that callers are shown
    ALERTS = "alerts"  # an address outside is told of alerts


@dataclass(frozen=True, slots=True)
class Step:
    """`lines`: the slugs of the lines that lack the step. It is empty once the step is done."""

    what: What
    lines: list[str]


def steps(supervisor: Person) -> list[Step]:
    """Returns the steps for the supervisor's own lines. A step that this installation does not have is left
    out."""
    lines = list(line_scope.own_lines(supervisor))
    done = {
        What.SUPERVISORS: _with(lines, Role.Name.SUPERVISOR, least=2),
        What.COUNSELLORS: _with(lines, Role.Name.COUNSELLOR),
        What.DEVICES: _with(lines, Role.Name.COUNSELLOR, on_approved=True),
        What.REVIEW_KEY: {line.pk for line in lines if line.review_key is not None},
        What.HOURS: _with_hours(lines),
        What.NUMBERS: {line.pk for line in lines if line.numbers_read_at is not None},
        What.ALERTS: {line.pk for line in lines if line.alert_mail or line.alert_url},
    }
    if _has_root():
        done[What.SIGNING] = {*Scope.objects.filter(kind=LINE).values_list("slug", flat=True)}
    return [
        Step(what, [line.pk for line in lines if line.pk not in done[what]]) for what in What if what in done
    ]


@transaction.atomic
def note_numbers_read(supervisor: Person, slug: str, *, now: datetime) -> None:
    """Records that a supervisor of the line has read the numbers: only a person can tell whether they are
    right."""
    line = line_scope.own_line(supervisor, slug)
    if Line.objects.filter(pk=line.pk, numbers_read_at=None).update(numbers_read_at=now):
        audit.record(supervisor, "numbers_read", subject=slug)
    for person in line_scope.supervisors_of(slug).values_list("pk", flat=True):
        bells.ring_on_commit(bells.StaffChanged(person))


def _with(lines: Collection[Line], role: str, *, least: int = 1, on_approved: bool = False) -> set[str]:
    """Returns the lines for which at least `least` people of this role work or are invited; with
    `on_approved`, only people with an approved device count."""
    there = Q(person__is_active=True) | Q(person__came_at=None)
    rows = Work.objects.filter(there, line__in=lines, person__role_rows__name=role)
    if on_approved:
        rows = rows.filter(person__devices__state=Device.State.APPROVED)
    counted = rows.values("line").annotate(people=Count("person", distinct=True))
    return {*counted.filter(people__gte=least).values_list("line", flat=True)}


def _with_hours(lines: Collection[Line]) -> set[str]:
    """Returns the lines that have opening hours or were opened by hand."""
    weekly = WeeklyHours.objects.filter(line__in=lines).values_list("line", flat=True)
    return {*weekly, *(line.pk for line in lines if line.state == Line.State.OPEN)}


def _has_root() -> bool:
    file = roots.read_or_none()
    return file is not None and bool(file.roots)
