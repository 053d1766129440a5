"""Takes people who no longer work for a line off its coming shifts, so that the rota shows that these shifts
lack somebody."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from chat.models import Work
from chat.planning import shifts
from chat.planning.models import CalendarFeed, Place, RotaPreferences, UsualShift
from counsellors.models import Role


@transaction.atomic
def tidy(now: datetime) -> int:
    """Takes people who lost the line or the role off its coming shifts, and deletes what the rota stores
    about people who left. Returns how many places it deleted."""
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
    """Deletes the places. They are locked first, so that a place that a swap gives to a colleague at the same
    time is no longer among them."""
    found = list(rows.select_for_update(of=("self",)).select_related("shift").order_by("pk"))
    Place.objects.filter(pk__in=[place.pk for place in found]).delete()
    for line in sorted({place.shift.line_id for place in found}):
        shifts.tell(line)
    return len(found)
