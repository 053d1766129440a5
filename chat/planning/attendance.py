"""Lists, for the board, who should be on shift now and whose shift begins within a day."""

from datetime import datetime, timedelta

from django.db.models import Prefetch

from chat import line_scope
from chat.planning.models import Place, Shift
from counsellors.models import Person

LOOK_AHEAD = timedelta(hours=24)


def now_and_soon(supervisor: Person, slug: str, *, now: datetime) -> list[Shift]:
    """Returns the current shifts and those that begin within a day, with the people on them. Raises NotFound
    for a line that is not the supervisor's."""
    rows = Shift.objects.filter(
        line=line_scope.own_line(supervisor, slug), ends_at__gt=now, starts_at__lte=now + LOOK_AHEAD
    )
    on_them = Place.objects.select_related("person").order_by("person__alias", "pk")
    return list(rows.order_by("starts_at", "pk").prefetch_related(Prefetch("places", on_them)))
