"""Holds back changes that an administrator can enter but not make alone. The page then requests approval for
them."""

from typing import Any

from django.forms import ModelForm

from counsellors.administration import record
from counsellors.models import Person
from counsellors.roles import PRIVILEGED, TAKE_TWO


def hold_back(form: "ModelForm[Any]", stored: Any, *names: str) -> None:
    """Resets the fields to their stored values, in the row and in the record of the change."""
    for name in names:
        setattr(form.instance, name, getattr(stored, name))
    form.changed_data = [name for name in form.changed_data if name not in names]


def is_privileged(person: Person) -> bool:
    return not {*PRIVILEGED}.isdisjoint(person.roles)


def take_powers(writer: Person, person: Person) -> list[str]:
    """Removes roles that need approval from somebody who is reactivated. Returns their names, so that they
    can be requested again."""
    taken = list(person.role_rows.filter(name__in=TAKE_TWO))
    for role in taken:
        record.row_taken(writer, person, role)
        role.delete()
    return [role.name for role in taken]
