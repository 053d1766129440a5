"""What an administrator types and may not write: the page keeps it back, and the way it goes is asked for."""

from typing import Any

from django.forms import ModelForm

from counsellors import admin_record
from counsellors.models import Person
from counsellors.roles import PRIVILEGED, TAKE_TWO


def hold_back(form: "ModelForm[Any]", stored: Any, *names: str) -> None:
    """The fields stay as they are stored, in the row and in what is told of it."""
    for name in names:
        setattr(form.instance, name, getattr(stored, name))
    form.changed_data = [name for name in form.changed_data if name not in names]


def is_privileged(person: Person) -> bool:
    return not {*PRIVILEGED}.isdisjoint(person.roles)


def take_powers(writer: Person, person: Person) -> list[str]:
    """Who is switched on again comes back without what takes two: which roles, to be asked for anew."""
    taken = list(person.role_rows.filter(name__in=TAKE_TWO))
    for role in taken:
        admin_record.row_taken(writer, person, role)
        role.delete()
    return [role.name for role in taken]
