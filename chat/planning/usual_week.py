"""Saves an existing week as a line's usual week, and adds the shifts of the usual week to other weeks."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from chat import line_scope
from chat.lines import hours, schedules
from chat.lines.hours import Schedule
from chat.models import Line
from chat.planning import places, shifts
from chat.planning.models import Place, Shift, UsualShift
from chat.planning.shifts import TooLong, When
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict


class NothingUsual(Conflict):
    """There is no usual week yet. Plan a week, and keep it as the usual one."""


class NothingPlanned(Conflict):
    """There is no shift in this week that could be kept."""


def is_there(line: Line) -> bool:
    return UsualShift.objects.filter(line=line).exists()


@transaction.atomic
def keep(supervisor: Person, slug: str, monday: date) -> int:
    """Saves this week as the line's usual week, with everybody on its shifts, even the people who are sick.
    Returns how many shifts it has. Raises NothingPlanned if it has none."""
    line = line_scope.own_line(supervisor, slug)
    found = shifts.week(supervisor, slug, monday)
    if not found:
        raise NothingPlanned
    # If this function is called twice at the same time, the second call waits for the rows that the first
    # call has locked, or finds the rows that the first call made.
    UsualShift.objects.filter(pk__in=list(_locked(line))).delete()
    for shift in found:
        when = When.of(shift)
        usual, _ = UsualShift.objects.get_or_create(
            line=line,
            weekday=when.day.weekday(),
            opens=when.opens,
            closes=when.closes,
            defaults={"wanted": shift.wanted},
        )
        usual.people.set([place.person for place in shift.places.all()])
    audit.record(supervisor, "rota", subject=slug, detail=f"{monday} kept as usual")
    return len(found)


@transaction.atomic
def fill(supervisor: Person, slug: str, monday: date) -> int:
    """Adds to this week the missing shifts of the usual week, except on days on which the line is closed.
    People who no longer work for the line, or who are on another shift at that time, are left out. Returns
    how many shifts it added. Raises NothingUsual if no usual week was saved."""
    line = line_scope.own_line(supervisor, slug)
    usual = list(UsualShift.objects.filter(line=line).order_by("weekday", "opens").prefetch_related("people"))
    if not usual:
        raise NothingUsual
    schedule = schedules.of_line(line)
    places.lock_there({person.pk for one in usual for person in one.people.all()})
    made = 0
    for one in usual:
        when = When(monday + timedelta(days=one.weekday), one.opens, one.closes)
        if _is_wanted(schedule, when):
            made += _make(line, one, when)
    audit.record(supervisor, "rota", subject=slug, detail=f"{monday} filled")
    shifts.tell(slug)
    return made


def _locked(line: Line) -> QuerySet[UsualShift, int]:
    return UsualShift.objects.select_for_update().filter(line=line).values_list("pk", flat=True)


def _is_wanted(schedule: Schedule, when: When) -> bool:
    """Returns whether the shift has a valid length, and the line opens on that day or is open when the shift
    begins. In a night in which the clock changes, the shift's length may be zero or too long."""
    try:
        starts, _ = when.span
    except TooLong:
        return False
    return bool(schedule.on(when.day).spans) or hours.is_open(schedule, starts)


def _make(line: Line, usual: UsualShift, when: When) -> bool:
    starts, ends = when.span
    shift, is_new = Shift.objects.get_or_create(
        line=line, starts_at=starts, ends_at=ends, defaults={"wanted": usual.wanted}
    )
    if is_new:
        free = [person for person in usual.people.all() if places.can_stand(person, shift)]
        Place.objects.bulk_create(Place(shift=shift, person=person) for person in free)
    return is_new
