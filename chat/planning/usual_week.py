"""A line's usual week: kept once as a week stands, and filled in for any other week."""

from datetime import date, timedelta

from django.db import transaction

from chat import walls
from chat.lines import schedules
from chat.models import Line, Place, Shift, UsualShift
from chat.planning import places, shifts
from chat.planning.shifts import When
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
    """As this week stands, with who is on it, sick or not; how many shifts."""
    line = walls.own_line(supervisor, slug, lock=True)
    found = shifts.week(supervisor, slug, monday)
    if not found:
        raise NothingPlanned
    UsualShift.objects.filter(line=line).delete()
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
    """What the usual week has and this one has not yet; nothing on a day on which the line is closed, as on
    a holiday. Who has left, or is on another shift then, is not put on. How many shifts were made."""
    line = walls.own_line(supervisor, slug, lock=True)
    usual = UsualShift.objects.filter(line=line).order_by("weekday", "opens").prefetch_related("people")
    if not usual:
        raise NothingUsual
    schedule = schedules.of_line(line)
    made = 0
    for one in usual:
        day = monday + timedelta(days=one.weekday)
        if schedule.on(day).spans:
            made += _make(line, one, When(day, one.opens, one.closes))
    audit.record(supervisor, "rota", subject=slug, detail=f"{monday} filled")
    shifts.tell(slug)
    return made


def _make(line: Line, usual: UsualShift, when: When) -> bool:
    starts, ends = when.span
    shift, is_new = Shift.objects.get_or_create(
        line=line, starts_at=starts, ends_at=ends, defaults={"wanted": usual.wanted}
    )
    if is_new:
        free = [person for person in usual.people.all() if places.can_stand(person, shift)]
        Place.objects.bulk_create(Place(shift=shift, person=person) for person in free)
    return is_new
