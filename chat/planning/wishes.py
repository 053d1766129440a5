"""What somebody wishes of the rota. It is shown to whoever plans, as what to think of; it forbids nothing."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from chat import walls
from chat.models import PlanningWishes
from chat.planning import shifts
from counsellors.models import Person
from helpline.lib.errors import BadFrame

MOST_HOURS = 60


class NoSuchWish(BadFrame):
    """That is no number of hours a week, or no weekday."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """`rather_not`: weekdays, Monday is 0. `mail`: where to remind; empty: nowhere."""

    most_hours: int | None = None
    no_two_lates: bool = False
    rest_after_heavy: bool = False
    rather_not: tuple[int, ...] = ()
    mail: str = ""

    @property
    def most(self) -> timedelta | None:
        return None if self.most_hours is None else timedelta(hours=self.most_hours)


def of(person: Person) -> Wishes:
    return shown(PlanningWishes.objects.filter(person=person).first())


def shown(row: PlanningWishes | None) -> Wishes:
    if row is None:
        return Wishes()
    return Wishes(
        most_hours=row.most_hours,
        no_two_lates=row.no_two_lates,
        rest_after_heavy=row.rest_after_heavy,
        rather_not=tuple(row.rather_not),
        mail=row.mail,
    )


@transaction.atomic
def wish(person: Person, wanted: Wishes) -> None:
    hours = wanted.most_hours
    if (hours is not None and not 1 <= hours <= MOST_HOURS) or not set(wanted.rather_not) <= set(range(7)):
        raise NoSuchWish
    PlanningWishes.objects.update_or_create(
        person=person,
        defaults={
            "most_hours": hours,
            "no_two_lates": wanted.no_two_lates,
            "rest_after_heavy": wanted.rest_after_heavy,
            "rather_not": sorted(set(wanted.rather_not)),
            "mail": wanted.mail,
        },
    )
    for line in walls.own_lines(person):
        shifts.tell(line.pk)
