"""Somebody leaves: the shifts to come lack them, and nobody reads where they worked from their address."""

from datetime import datetime

from chat.models import CalendarFeed, Place, PlanningWishes, UsualShift
from chat.planning import shifts
from counsellors.models import Person


def leave(person: Person, *, now: datetime) -> None:
    coming = Place.objects.filter(person=person, shift__ends_at__gt=now)
    lines = sorted(set(coming.values_list("shift__line", flat=True)))
    coming.delete()
    for usual in UsualShift.objects.filter(people=person):
        usual.people.remove(person)
    PlanningWishes.objects.filter(person=person).delete()
    CalendarFeed.objects.filter(person=person).delete()
    for line in lines:
        shifts.tell(line)
