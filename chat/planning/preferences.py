"""A person's preferences for the rota. Whoever plans sees them as a hint; they forbid nothing."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from chat import line_scope
from chat.planning import shifts
from chat.planning.models import RotaPreferences
from counsellors.models import Person
from helpline.lib.errors import BadFrame

MAX_HOURS_PER_WEEK = 60


class NoSuchPreference(BadFrame):
    """That is no number of hours a week, or no weekday."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """`rather_not`: weekdays, Monday is 0. `mail`: where to remind; empty: nowhere."""

    most_hours: int | None = None
    no_two_lates: bool = False
    rest_after_heavy: bool = False
    rather_not: tuple[int, ...] = ()
    mail: str = ""

    @property
    def most(self) -> timedelta | None:
        return None if self.most_hours is None else timedelta(hours=self.most_hours)


def of(person: Person) -> Preferences:
    return shown(RotaPreferences.objects.filter(person=person).first())


def shown(row: RotaPreferences | None) -> Preferences:
    if row is None:
        return Preferences()
    return Preferences(
        most_hours=row.most_hours,
        no_two_lates=row.no_two_lates,
        rest_after_heavy=row.rest_after_heavy,
        rather_not=tuple(row.rather_not),
        mail=row.mail,
    )


@transaction.atomic
def store(person: Person, wanted: Preferences) -> None:
    hours = wanted.most_hours
    if (hours is not None and not 1 <= hours <= MAX_HOURS_PER_WEEK) or not set(wanted.rather_not) <= set(
        range(7)
    ):
        raise NoSuchPreference
    RotaPreferences.objects.update_or_create(
        person=person,
        defaults={
            "most_hours": hours,
            "no_two_lates": wanted.no_two_lates,
            "rest_after_heavy": wanted.rest_after_heavy,
            "rather_not": sorted(set(wanted.rather_not)),
            "mail": wanted.mail,
        },
    )
    for line in line_scope.own_lines(person):
        shifts.tell(line.pk)
