"""Exchanges the places of two people: one of them asks, and the other agrees."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from chat.planning import places, shifts
from chat.planning.models import Place, Shift, Swap
from chat.planning.own_rota import LOOK_AHEAD
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound


class NotFreeThen(Conflict):
    """One of you is on another shift at that time, or on this one already."""


class AskedAlready(Conflict):
    """You have asked for this already."""


def could_have(person: Person, place: Place, *, now: datetime) -> list[Place]:
    """Returns the colleagues' places on the same line that the person could have in exchange for this place.
    The list is empty after the shift of `place` has begun."""
    if place.shift.starts_at <= now:
        return []
    in_sight = Q(shift__starts_at__gt=now, shift__starts_at__lt=now + LOOK_AHEAD)
    rows = Place.objects.filter(in_sight, shift__line=place.shift.line_id, state__in=places.COMING)
    others = rows.exclude(person=person).exclude(shift=place.shift_id)
    others = others.select_related("shift__line", "person").order_by("shift__starts_at", "person__alias")
    busy = _busy({person.pk, *others.values_list("person", flat=True)}, now)
    return [other for other in others if _could_trade(place, other, busy)]


@transaction.atomic
def ask(person: Person, pk: str, wanted: str, *, now: datetime) -> Swap:
    """Asks to exchange the person's place on the shift `pk` for the place `wanted`. Raises NotFound if the
    exchange is not possible, and AskedAlready if the person has asked for this exchange before."""
    given = places.own_place(person, pk, now=now)
    other = next((one for one in could_have(person, given, now=now) if one.pk == wanted), None)
    if other is None or given.state not in places.COMING:
        raise NotFound
    swap, is_new = Swap.objects.get_or_create(given=given, wanted=other)
    if not is_new:
        raise AskedAlready
    shifts.tell(given.shift.line_id)
    return swap


def asked_of(person: Person, *, now: datetime) -> list[Swap]:
    """Returns the swaps for which colleagues have asked this person, the soonest first."""
    return _open(now, Q(wanted__person=person))


def asked_by(person: Person, *, now: datetime) -> list[Swap]:
    return _open(now, Q(given__person=person))


@transaction.atomic
def agree(person: Person, pk: str, *, now: datetime) -> None:
    """Exchanges the places, and deletes all other swaps of either place. Raises Conflict if a place has
    changed in the meantime, and NotFreeThen if one of the two people is not free."""
    asked = _own(person, pk, now)
    # If a supervisor changes the times of a shift at the same moment, the swap is deleted. Therefore the
    # shifts are locked, and the swap is read again.
    shifts.lock(asked.given.shift_id, asked.wanted.shift_id)
    swap = _own(person, pk, now)
    given, wanted = swap.given, swap.wanted
    # If two people agree to swaps of the same place at the same time, the second request waits here and then
    # finds the place changed. While the two people are locked, neither of them can leave or take another
    # shift.
    places.lock(given.person, wanted.person)
    locked = Place.objects.select_for_update(no_key=True).filter(pk__in=[given.pk, wanted.pk]).order_by("pk")
    now_by = {place.pk: place for place in locked}
    if not _unchanged(now_by.values(), (given, wanted)):
        raise Conflict
    if not _fits(given, wanted):
        raise NotFreeThen
    Swap.objects.filter(Q(given__in=now_by) | Q(wanted__in=now_by)).delete()
    for place, owner in ((given, wanted.person), (wanted, given.person)):
        Place.objects.filter(pk=place.pk).update(person=owner, state=Place.State.PLANNED, reminded=False)
    shifts.tell(given.shift.line_id)


@transaction.atomic
def refuse(person: Person, pk: str, *, now: datetime) -> None:
    """Deletes the swap: the person who was asked refuses it, or the person who asked withdraws it."""
    swap = _own(person, pk, now, either=True)
    swap.delete()
    shifts.tell(swap.given.shift.line_id)


def _own(person: Person, pk: str, now: datetime, *, either: bool = False) -> Swap:
    whose = Q(wanted__person=person) | (Q(given__person=person) if either else Q(pk__in=[]))
    swap = next(iter(_open(now, whose & Q(pk=pk))), None)
    if swap is None:
        # The same person may have answered before: a slow page is pressed twice.
        raise NotFound if Swap.objects.filter(pk=pk).exists() else Conflict
    return swap


def _open(now: datetime, which: Q) -> list[Swap]:
    rows = Swap.objects.filter(
        which,
        given__shift__starts_at__gt=now,
        wanted__shift__starts_at__gt=now,
        given__state__in=places.COMING,
        wanted__state__in=places.COMING,
    )
    related = ("given__shift__line", "given__person", "wanted__shift__line", "wanted__person")
    return list(rows.select_related(*related).order_by("wanted__shift__starts_at", "pk"))


type Busy = dict[int, list[Place]]  # by person: their places on current and future shifts of any line


def _busy(people: set[int], now: datetime) -> Busy:
    rows = Place.objects.filter(person__in=people, shift__ends_at__gt=now, shift__line__ended_at=None)
    found: Busy = {person: [] for person in people}
    for row in rows.select_related("shift"):
        found[row.person_id].append(row)
    return found


def _could_trade(given: Place, wanted: Place, busy: Busy) -> bool:
    """Returns whether the exchange seems possible. `agree` checks it again, with the rows locked."""
    return _is_free_for(wanted.shift, given, busy) and _is_free_for(given.shift, wanted, busy)


def _is_free_for(shift: Shift, own: Place, busy: Busy) -> bool:
    """Returns whether the person could give up the place `own` and be on this shift instead. Returns False
    for a person who called in sick for this shift, because that person still has a place on it."""
    return not any(
        other.shift_id == shift.pk
        or (
            other.state in places.COMING
            and other.shift.starts_at < shift.ends_at
            and shift.starts_at < other.shift.ends_at
        )
        for other in busy[own.person_id]
        if other.pk != own.pk
    )


def _unchanged(found: Iterable[Place], seen: tuple[Place, Place]) -> bool:
    as_seen = {place.pk: place.person_id for place in seen}
    return {place.pk: place.person_id for place in found if place.state in places.COMING} == as_seen


def _fits(given: Place, wanted: Place) -> bool:
    """Returns whether each of the two people could take the other's place and give up their own."""
    for person, theirs, own in (
        (given.person, wanted.shift, given),
        (wanted.person, given.shift, wanted),
    ):
        if Place.objects.filter(shift=theirs, person=person).exists():
            return False
        if not places.can_stand(person, theirs, instead_of=own.pk):
            return False
    return True
