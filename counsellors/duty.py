"""Stores whether people are on duty, on a break or off duty. This is a lease: each frame of the person's
console renews it, and without frames it ends."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from counsellors.models import Duty, Person
from helpline.lib.errors import Conflict


def of(person: Person) -> Duty | None:
    return Duty.objects.filter(person=person).first()


def change(person: Person, state: str, slots: int, *, now: datetime) -> Duty:
    duty, _ = Duty.objects.update_or_create(
        person=person, defaults={"state": state, "slots": slots, "renewed_at": now}
    )
    return duty


def renew(people: Collection[int], *, now: datetime) -> None:
    Duty.objects.filter(person__in=people).exclude(state=Duty.State.OFF).update(renewed_at=now)


def require_on_duty(person: Person, *, now: datetime) -> None:
    """Raises Conflict unless the person is on duty.

    The UPDATE makes two `next` requests of one person wait for each other, so that the two requests cannot
    both take the last slot.
    """
    if not Duty.objects.filter(person=person, state=Duty.State.ON).update(renewed_at=now):
        raise Conflict


def end(person: int) -> None:
    Duty.objects.filter(person=person).update(state=Duty.State.OFF)


def expire(*, now: datetime) -> list[int]:
    """Ends the duty of people whose consoles have sent no frame for STAFF_LEASE. Returns their primary keys.

    The UPDATE repeats the condition, so that somebody whose console has sent a frame in the meantime stays on
    duty. The primary key of such a person is returned, too.
    """
    silent = Duty.objects.exclude(state=Duty.State.OFF).filter(renewed_at__lte=now - settings.STAFF_LEASE)
    people = list(silent.values_list("person", flat=True))
    if people:
        silent.filter(person__in=people).update(state=Duty.State.OFF)
    return people
