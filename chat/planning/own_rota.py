"""Returns the part of the rota that a person on it sees: their own shifts, and shifts that they could
take."""

from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from chat import line_scope
from chat.planning import places
from chat.planning.models import Place, Shift
from counsellors.models import Person

LOOK_AHEAD = timedelta(weeks=8)


def coming(person: Person, *, now: datetime) -> list[Place]:
    """Returns the person's places on shifts that have not ended, the soonest first. Shifts of a line that has
    ended are left out; they are back if the line is."""
    in_sight = Q(shift__ends_at__gt=now, shift__starts_at__lt=now + LOOK_AHEAD)
    rows = Place.objects.filter(in_sight, person=person, shift__line__ended_at=None)
    return list(rows.select_related("shift__line").order_by("shift__starts_at", "shift"))


def could_take(person: Person, *, now: datetime) -> list[Shift]:
    """Returns the shifts on the person's lines that lack people or have a place on offer, and that overlap
    none of the person's own shifts."""
    mine = [own for own in coming(person, now=now) if own.state in places.COMING]
    rows = (
        _in_sight(person, now)
        .filter(starts_at__gt=now, line__in=places.lines_taken_by(person))
        .exclude(places__in=Place.objects.filter(person=person))
    )
    free = [shift for shift in rows if lacking(shift) or _offered(shift)]
    return [shift for shift in free if not any(_overlap(shift, own.shift) for own in mine)]


def one(person: Person, pk: str, *, now: datetime) -> Shift | None:
    """Returns a shift of one of the person's lines, with the people on it. Returns None if the shift has
    ended, begins too far ahead, or belongs to another line."""
    return _in_sight(person, now).filter(pk=pk).first()


def lacking(shift: Shift) -> int:
    """Returns how many more people the shift needs."""
    coming = sum(place.state in places.COMING for place in shift.places.all())
    return max(0, shift.wanted - coming)


def _overlap(one: Shift, other: Shift) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _offered(shift: Shift) -> bool:
    return any(place.state == Place.State.OFFERED for place in shift.places.all())


def _in_sight(person: Person, now: datetime) -> QuerySet[Shift]:
    in_time = Q(ends_at__gt=now, starts_at__lt=now + LOOK_AHEAD)
    rows = Shift.objects.filter(in_time, line__in=line_scope.own_lines(person).offered()).select_related(
        "line"
    )
    on_them = Place.objects.select_related("person").order_by("person__alias", "pk")
    return rows.order_by("starts_at", "pk").prefetch_related(Prefetch("places", on_them))
