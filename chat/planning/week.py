"""Collects the data with which a supervisor plans a week: shifts with the people on them, closed days, the
people who can be put on shifts, and concerns (concerns.py)."""

from dataclasses import dataclass
from datetime import date

from chat import line_scope
from chat.lines import schedules
from chat.lines.hours import DAY
from chat.planning import concerns, places, shifts, usual_week
from chat.planning.concerns import Concern
from chat.planning.models import Place, Shift
from counsellors.models import Person


@dataclass(frozen=True, slots=True)
class Day:
    """Represents a day of the week. `closed` is true if the line does not open on that day. If other hours
    replace the weekday's usual hours, `why` is the name of the holiday or the reason; otherwise it is ""."""

    date: date
    closed: bool
    why: str


@dataclass(frozen=True, slots=True)
class Week:
    """Represents a week of a line. `concerns` maps the key of a place to the concerns about it. `elsewhere`
    maps the key of a shift to the handles of the people who at that time are on a shift of another line or
    week. `usual` is true if the line has a usual week."""

    days: list[Day]
    shifts: list[Shift]
    concerns: dict[str, list[Concern]]
    elsewhere: dict[str, list[str]]
    people: list[Person]
    usual: bool


def of(supervisor: Person, slug: str, day: date) -> Week:
    """Returns the week that contains this day. Raises NotFound for a line that is not the supervisor's."""
    line = line_scope.own_line(supervisor, slug)
    monday = shifts.monday_of(day)
    schedule = schedules.of_line(line)
    found = shifts.week(supervisor, slug, monday)
    week = [schedule.on(monday + ahead * DAY) for ahead in range(7)]
    people = list(places.people_for(line))
    return Week(
        days=[Day(one.date, not one.spans, one.why) for one in week],
        shifts=found,
        concerns=concerns.of_shifts(line, found),
        elsewhere=_elsewhere(people, found),
        people=people,
        usual=usual_week.is_there(line),
    )


def _elsewhere(people: list[Person], planned: list[Shift]) -> dict[str, list[str]]:
    """Returns, by the key of each planned shift, the handles of the people who at that time are on a shift of
    another line or week. The result does not reveal which shift that is. One query is made, however many
    people and shifts there are."""
    if not planned:
        return {}
    rows = Place.objects.filter(
        person__in=people,
        state__in=places.COMING,
        shift__line__ended_at=None,
        shift__ends_at__gt=planned[0].starts_at,
        shift__starts_at__lt=max(shift.ends_at for shift in planned),
    ).exclude(shift__in=planned)
    taken = list(rows.values_list("person__handle", "shift__starts_at", "shift__ends_at"))
    return {
        shift.pk: sorted(
            {who for who, starts, ends in taken if starts < shift.ends_at and ends > shift.starts_at}
        )
        for shift in planned
    }
