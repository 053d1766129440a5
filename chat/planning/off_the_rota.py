"""Removes people who no longer work for a line from its current and future shifts, so that the rota shows
these shifts as short of people."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from chat.models import Work
from chat.planning import shifts
from chat.planning.models import CalendarFeed, Place, RotaPreferences, UsualShift
from counsellors import audit
from counsellors.models import Role


@transaction.atomic
def tidy(now: datetime) -> int:
    """Removes people who no longer work for a line, or are no longer counsellors, from its current and future
    shifts. Also deletes the preferences, the calendar feeds and the places in usual weeks of people who left.
    Returns how many places on shifts it deleted."""
    UsualShift.people.through.objects.filter(person__is_active=False).delete()
    RotaPreferences.objects.filter(person__is_active=False).delete()
    CalendarFeed.objects.filter(person__is_active=False).delete()
    still = Work.objects.filter(
        person=OuterRef("person"),
        line=OuterRef("shift__line"),
        person__is_active=True,
        person__role_rows__name=Role.Name.COUNSELLOR,
    )
    return _take_off(Place.objects.filter(~Exists(still), shift__ends_at__gt=now))


def _take_off(rows: QuerySet[Place]) -> int:
    """Locks the places and deletes them. If a simultaneous swap has given a place to a colleague, that place
    no longer matches `rows` when it is locked, so it is not deleted. The trail names the days, because a role
    that was taken by mistake does not bring them back."""
    locked = rows.select_for_update(of=("self",))
    found = list(locked.select_related("shift", "person").order_by("shift__starts_at", "pk"))
    Place.objects.filter(pk__in=[place.pk for place in found]).delete()
    days: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for place in found:
        days[place.shift.line_id, place.person.handle].append(f"{shifts.When.of(place.shift).day}")
    for (line, handle), theirs in sorted(days.items()):
        audit.record(None, "off_rota", subject=handle, detail=f"{line} {' '.join(theirs)}")
    for line in sorted({line for line, _ in days}):
        shifts.tell(line)
    return len(found)
