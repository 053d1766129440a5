"""Stores a person's preferences for the rota. Supervisors see these preferences while they plan, and may
still assign shifts that do not match them."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from chat import line_scope, outbox
from chat.planning import shifts
from chat.planning.models import RotaPreferences
from counsellors.models import Person
from helpline.lib.errors import BadFrame

MAX_HOURS_PER_WEEK = 60


class NoSuchPreference(BadFrame):
    """This is not a number of hours a week, or not a weekday."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Holds a person's preferences. `rather_not` are weekdays on which they would rather not work; Monday is
    0. `mail` is the address for reminders; if it is empty, no reminders are sent."""

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
    outbox.readdress_mail_to_staff(of(person).mail, wanted.mail)
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
