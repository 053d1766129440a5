"""Takes people who no longer work for a line off its coming shifts, so that former colleagues cannot see them
there."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from chat.models import CalendarFeed, Place, RotaPreferences, UsualShift, Work
from chat.planning import places, shifts
from counsellors.models import Person, Role


def leave(person: Person, *, now: datetime) -> None:
    places.lock_there({person.pk})
    _take_off(Place.objects.filter(person=person, shift__ends_at__gt=now))
    for usual in UsualShift.objects.filter(people=person):
        usual.people.remove(person)
    RotaPreferences.objects.filter(person=person).delete()
    CalendarFeed.objects.filter(person=person).delete()


@transaction.atomic
def tidy(now: datetime) -> int:
    """Does so for those who lost a line or the role otherwise. Returns how many places are now missing."""
    still = Work.objects.filter(
        person=OuterRef("person"),
        line=OuterRef("shift__line"),
        person__is_active=True,
        person__role_rows__name=Role.Name.COUNSELLOR,
    )
    return _take_off(Place.objects.filter(~Exists(still), shift__ends_at__gt=now))


def _take_off(rows: QuerySet[Place]) -> int:
    """Locks them before they go: what a colleague got by a swap at this moment is no longer theirs."""
    found = list(rows.select_for_update(of=("self",)).select_related("shift").order_by("pk"))
    Place.objects.filter(pk__in=[place.pk for place in found]).delete()
    for line in sorted({place.shift.line_id for place in found}):
        shifts.tell(line)
    return len(found)
