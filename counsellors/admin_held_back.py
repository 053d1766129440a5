"""What an administrator types and may not write: the page keeps it back, and the way it goes is asked for."""

from typing import Any

from django.forms import ModelForm

from counsellors import admin_record
from counsellors.admin_site import Rows
from counsellors.models import Person, Role

POWERS = frozenset({Role.Name.SUPERVISOR, Role.Name.ADMINISTRATOR})


class HeldBackRows(Rows):
    """Rows of a table that would give power: not added, not changed, not on record as written."""

    held_back: list[Any]

    def clean(self) -> None:
        super().clean()
        self.held_back = []
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms and self.gives_power(form):
                self.held_back.append(form.instance)
                form.changed_data = []
                if form.instance.pk is not None:
                    form.instance = form.instance.__class__.objects.get(pk=form.instance.pk)

    def gives_power(self, form: "ModelForm[Any]") -> bool:
        raise NotImplementedError


class RoleRows(HeldBackRows):
    def gives_power(self, form: "ModelForm[Any]") -> bool:
        return form.cleaned_data.get("name") in POWERS


def hold_back(form: "ModelForm[Any]", stored: Any, *names: str) -> None:
    """The fields stay as they are stored, in the row and in what is told of it."""
    for name in names:
        setattr(form.instance, name, getattr(stored, name))
    form.changed_data = [name for name in form.changed_data if name not in names]


def has_power(person: Person) -> bool:
    return not POWERS.isdisjoint(person.roles)


def take_powers(writer: Person, person: Person) -> list[str]:
    """Who is switched on again comes back without them: which ones, to be asked for anew."""
    taken = list(person.role_rows.filter(name__in=POWERS))
    for role in taken:
        admin_record.row_taken(writer, person, role)
        role.delete()
    return [role.name for role in taken]
