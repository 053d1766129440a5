"""Changes places on shifts: a supervisor assigns them; people take them, offer them to colleagues, or call in
sick."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from chat import line_scope
from chat.models import Line
from chat.planning import shifts
from chat.planning.models import Place, Shift, Swap
from counsellors import audit
from counsellors.models import Person, Role
from helpline.lib.errors import Conflict, NotFound

COMING = (Place.State.PLANNED, Place.State.OFFERED)


class Full(Conflict):
    """No place is left on this shift. Somebody else was faster."""


class Over(Conflict):
    """This shift is over."""


class OnAnother(Conflict):
    """This person is already on another shift at that time."""


class OnItAlready(Conflict):
    """This person is already on this shift."""


def people_for(line: Line) -> QuerySet[Person]:
    """Returns the people who can be put on a shift of the line: its counsellors, sorted by alias."""
    rows = Person.objects.filter(is_active=True, work__line=line, role_rows__name=Role.Name.COUNSELLOR)
    return rows.order_by("alias", "pk").distinct()


def lines_taken_by(person: Person) -> QuerySet[Line]:
    """Returns the lines on which this person works as a counsellor; none for a person without that role."""
    if Role.Name.COUNSELLOR not in person.roles:
        return Line.objects.none()
    return line_scope.own_lines(person).offered()


@transaction.atomic
def put_on(supervisor: Person, pk: str, handle: str, *, now: datetime) -> None:
    """Puts a person on a shift, even if the shift already has as many people as are wanted. Raises NotFound
    for somebody who is not a counsellor of the line."""
    shift = shifts.own_shift(supervisor, pk, lock=True)
    person = people_for(shift.line).filter(handle=handle).first()
    if person is None:
        raise NotFound
    _add(person, shift, now=now)
    audit.record(supervisor, "rota", subject=person.handle, detail=f"{shift.line_id} put on")


@transaction.atomic
def take_off(supervisor: Person, pk: str, handle: str) -> None:
    shift = shifts.own_shift(supervisor, pk, lock=True)
    # The place is locked first: a swap at the same time may give it to a colleague, and the colleague must
    # then stay on the shift.
    place = Place.objects.select_for_update(of=("self",)).filter(shift=shift, person__handle=handle).first()
    if place is None:
        raise NotFound
    place.delete()
    audit.record(supervisor, "rota", subject=handle, detail=f"{shift.line_id} taken off")
    shifts.tell(shift.line_id)


@transaction.atomic
def move(supervisor: Person, pk: str, handle: str, onto: str, *, now: datetime) -> None:
    """Moves a person from a shift to the shift `onto`. If they cannot be put on that shift, they stay on the
    first one. Raises NotFound if they are not on the first shift, if they called in sick for it (that place
    must stay, because it records the sick call), or if they are not a counsellor of the second shift's
    line."""
    shifts.lock(pk, onto)  # always in the same order, so that two opposite moves do not deadlock
    before, after = shifts.own_shift(supervisor, pk), shifts.own_shift(supervisor, onto)
    # The place is locked, as in `take_off`: a swap may give it to a colleague at the same time.
    rows = Place.objects.select_for_update(of=("self",))
    place = rows.filter(shift=before, person__handle=handle, state__in=COMING).first()
    person = people_for(after.line).filter(handle=handle).first()
    if place is None or person is None:
        raise NotFound
    if before == after:
        raise OnItAlready
    place.delete()
    _add(person, after, now=now)
    if before.line_id != after.line_id:
        shifts.tell(before.line_id)
    audit.record(supervisor, "rota", subject=handle, detail=f"{after.line_id} moved")


@transaction.atomic
def take(person: Person, pk: str, *, now: datetime) -> None:
    """Gives the person a free place on the shift or, if there is none, a place that a colleague offers.
    Raises Full if there is neither."""
    shift = shifts.own_shift(person, pk, lock=True)
    if not people_for(shift.line).filter(pk=person.pk).exists():
        raise NotFound
    if coming(shift) < shift.wanted:
        _add(person, shift, now=now)
    else:
        _take_over(person, shift, now=now)


def offer(person: Person, pk: str, *, now: datetime) -> None:
    """Offers the person's place to their colleagues. The person keeps it until a colleague takes it."""
    _turn(person, pk, Place.State.PLANNED, Place.State.OFFERED, now=now)


def keep(person: Person, pk: str, *, now: datetime) -> None:
    """Withdraws the person's offer of their place."""
    _turn(person, pk, Place.State.OFFERED, Place.State.PLANNED, now=now)


@transaction.atomic
def call_in_sick(person: Person, pk: str, *, now: datetime) -> None:
    """Marks the person sick for this shift, and deletes all swaps that involve their place."""
    place = own_place(person, pk, now=now)
    # If a swap at the same time gives the place to a colleague, the colleague must not be marked sick.
    own = Place.objects.filter(pk=place.pk, person=person, state__in=COMING)
    if not own.update(state=Place.State.SICK):
        raise Conflict
    Swap.objects.filter(given=place).delete()
    Swap.objects.filter(wanted=place).delete()
    audit.record(person, "sick", subject=place.shift.line_id)
    shifts.tell(place.shift.line_id)


@transaction.atomic
def well_again(person: Person, pk: str, *, now: datetime) -> None:
    """Withdraws the person's sick call for this shift. Raises OnAnother if they have taken another shift at
    that time after the sick call."""
    shifts.lock(own_place(person, pk, now=now).shift_id)  # a supervisor may be changing its times
    shift = own_place(person, pk, now=now).shift
    lock(person)
    if _is_elsewhere(person, shift):
        raise OnAnother
    _turn(person, pk, Place.State.SICK, Place.State.PLANNED, now=now)


def lock(*people: Person) -> None:
    """Locks these people. If two simultaneous requests put the same person on shifts, the second request
    waits for this lock, and then sees the changes of the first. Raises NotFound if one of the people has
    left."""
    found = Person.objects.select_for_update(no_key=True).filter(pk__in={one.pk for one in people})
    if not all(found.order_by("pk").values_list("is_active", flat=True)):
        raise NotFound


def lock_there(people: Collection[int]) -> None:
    """Locks these people as `lock` does, but accepts people who have left."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values("pk"))


def are_free(shift: Shift) -> bool:
    """Locks the people on the shift who are not sick, and returns whether none of them is on another shift at
    that time."""
    coming = Place.objects.filter(shift=shift, state__in=COMING).select_related("person")
    people = [place.person for place in coming.order_by("person")]
    lock_there({person.pk for person in people})
    return not any(_is_elsewhere(person, shift) for person in people)


def coming(shift: Shift) -> int:
    """Returns how many people are on the shift and not sick."""
    return Place.objects.filter(shift=shift, state__in=COMING).count()


def own_place(person: Person, pk: str, *, now: datetime) -> Place:
    """Returns the person's place on a shift. Raises NotFound if they have none, and Over if the shift has
    ended."""
    place = Place.objects.filter(shift=pk, person=person).select_related("shift").first()
    if place is None:
        raise NotFound
    if place.shift.ends_at <= now:
        raise Over
    return place


def can_stand(person: Person, shift: Shift, *, instead_of: str = "") -> bool:
    """Returns whether the person is a counsellor of the line, and on no other shift of any line at that time.
    The person's place with the key `instead_of` is ignored, because they would give it up."""
    return people_for(shift.line).filter(pk=person.pk).exists() and not _is_elsewhere(
        person, shift, instead_of
    )


@transaction.atomic
def _turn(person: Person, pk: str, before: Place.State, after: Place.State, *, now: datetime) -> None:
    place = own_place(person, pk, now=now)
    # A colleague may take the place at the same time: then the place is no longer this person's.
    if not Place.objects.filter(pk=place.pk, person=person, state=before).update(state=after):
        raise Conflict
    shifts.tell(place.shift.line_id)


def _add(person: Person, shift: Shift, *, now: datetime) -> None:
    _require_free(person, shift, now=now)
    Place.objects.create(shift=shift, person=person)
    shifts.tell(shift.line_id)


def _take_over(person: Person, shift: Shift, *, now: datetime) -> None:
    """Gives the person a place that a colleague offers. Raises Full if no place is offered, or if the offer
    has just been withdrawn."""
    _require_free(person, shift, now=now)
    offered = Place.objects.filter(shift=shift, state=Place.State.OFFERED).order_by("pk").first()
    same = Place.objects.filter(pk=offered.pk if offered else "", state=Place.State.OFFERED)
    # The person who offers the place may withdraw the offer at the same time: then the UPDATE finds no row.
    if not same.update(person=person, state=Place.State.PLANNED, reminded=False):
        raise Full
    Swap.objects.filter(Q(given=offered) | Q(wanted=offered)).delete()
    shifts.tell(shift.line_id)


def _require_free(person: Person, shift: Shift, *, now: datetime) -> None:
    if shift.ends_at <= now:
        raise Over
    lock(person)
    if Place.objects.filter(shift=shift, person=person).exists():
        raise OnItAlready
    if _is_elsewhere(person, shift):
        raise OnAnother


def _is_elsewhere(person: Person, shift: Shift, instead_of: str = "") -> bool:
    others = Place.objects.filter(person=person, state__in=COMING, shift__line__ended_at=None)
    others = others.exclude(shift=shift).exclude(pk=instead_of)
    return others.filter(shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at).exists()
