"""Holds back an administrator's changes that need a second person's approval. After saving the other changes,
the page requests this approval."""

from typing import Any

from django.forms import ModelForm

from counsellors.administration import record
from counsellors.models import Person
from counsellors.roles import PRIVILEGED, TAKE_TWO


def hold_back(form: "ModelForm[Any]", stored: Any, *names: str) -> None:
    """Sets these fields of the form's row back to their stored values, and removes them from the form's
    changed fields, so that the audit does not record them as changed."""
    for name in names:
        setattr(form.instance, name, getattr(stored, name))
    form.changed_data = [name for name in form.changed_data if name not in names]


def is_privileged(person: Person) -> bool:
    return not {*PRIVILEGED}.isdisjoint(person.roles)


def take_powers(writer: Person, person: Person) -> list[str]:
    """Removes the roles that need approval from a person who is being reactivated. Returns the names of these
    roles, so that the page can request them again."""
    taken = list(person.role_rows.filter(name__in=TAKE_TWO))
    for role in taken:
        record.row_taken(writer, person, role)
        role.delete()
    return [role.name for role in taken]
