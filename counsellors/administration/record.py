"""Records an administrator's writes in the audit chain: one row for each field that changed.

The old and new value are recorded for names that the organisation chooses, and for fields of a harmless type
(a number, a date, a choice, a role, the host of a URL). For any other field (a password, a secret, a mail
address, free text) the row says only that the field changed, until somebody adds the field to NAMES.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.forms import BaseInlineFormSet, BaseModelForm

from counsellors import audit
from counsellors.models import Person, Role

NAMES = frozenset({"username", "alias", "languages", "name", "phone"})
TELLING = (
    models.BooleanField,
    models.DateField,
    models.DurationField,
    models.ForeignKey,
    models.IntegerField,
    models.SlugField,
    models.TimeField,
)
MAX_CHARACTERS = 60


def form_saved(actor: Person, form: "BaseModelForm[Any]", formsets: Iterable[Any], *, add: bool) -> None:
    """Records, in the same transaction, the changes that a form and its inline tables wrote."""
    owner = form.instance
    _put(actor, "admin_added" if add else "admin_changed", owner, _kind(owner), _by_form(form, add=add))
    for formset in formsets:
        _rows_saved(actor, owner, formset)


def row_taken(actor: Person, owner: Person, role: Role) -> None:
    """Records, in the same transaction as the page's other writes, that a role was removed."""
    audit.record(actor, "admin_deleted", subject=owner.handle, detail=f"role {role.pk} name: {role.name} → ")


def acted(actor: Person, action: str, rows: Iterable[models.Model]) -> None:
    """Records an action on the selected rows of a list, with one audit row for each of them."""
    for row in rows:
        audit.record(actor, "admin_action", subject=_id(row), detail=f"{_kind(row)} {action}")


def _rows_saved(actor: Person, owner: models.Model, formset: "BaseInlineFormSet[Any, Any, Any]") -> None:
    meta, of_owner = _meta(formset.model), formset.fk.name
    for form in formset.initial_forms:
        what = f"{meta.model_name} {form[meta.pk.name].value()}"
        if form in formset.deleted_forms:
            _put(actor, "admin_deleted", owner, what, _gone(form, without=of_owner))
        else:
            _put(actor, "admin_changed", owner, what, _by_form(form, add=False, without=of_owner))
    for form in formset.extra_forms:
        if form.has_changed() and form not in formset.deleted_forms:
            row = form.instance
            _put(
                actor,
                "admin_added",
                owner,
                f"{meta.model_name} {row.pk}",
                _by_form(form, add=True, without=of_owner),
            )


type Changes = Iterator[tuple["models.Field[Any, Any]", Any, Any]]


def _put(actor: Person, action: str, owner: models.Model, what: str, changes: Changes) -> None:
    for field, old, new in changes:
        detail = f"{what} {field.name}"
        if isinstance(field, (*TELLING, models.URLField)) or field.choices or field.name in NAMES:
            detail += f": {_shown(field, old)} → {_shown(field, new)}"
        audit.record(actor, action, subject=_id(owner), detail=detail)


def _by_form(form: "BaseModelForm[Any]", *, add: bool, without: str = "") -> Changes:
    """Yields each changed field with its old and new value, including fields that nobody filled in, such as a
    generated secret."""
    for field in _fields(form.instance, without):
        if field.name in form.fields:
            old = field.get_default() if add else form.initial.get(field.name)
            new = field.value_from_object(form.instance)
            if old != new:
                yield field, old, new


def _gone(form: "BaseModelForm[Any]", *, without: str) -> Changes:
    """Yields the fields of a deleted row with their stored values. It does not use the instance, because that
    holds the values that were typed into the form."""
    for field in _fields(form.instance, without):
        value = form.initial.get(field.name)
        if field.name in form.fields and value != field.get_default():
            yield field, value, None


def _fields(row: models.Model, without: str = "") -> Iterator["models.Field[Any, Any]"]:
    for field in _meta(row).concrete_fields:
        if field.name != without and not isinstance(field, models.AutoField):
            yield field


def _shown(field: "models.Field[Any, Any]", value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return _span(value)
    text = urlsplit(str(value)).hostname or "" if isinstance(field, models.URLField) else str(value)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"


def _span(value: timedelta) -> str:
    """Formats a duration in the largest unit that gives a whole number; the units are the same in every
    language."""
    whole = int(value.total_seconds())
    for seconds, unit in ((3600, "h"), (60, "min")):
        if whole % seconds == 0:
            return f"{whole // seconds} {unit}"
    return f"{value.total_seconds():g} s"


def _meta(of: Any) -> Any:
    return of._meta  # noqa: SLF001 – `_meta` is public in Django


def _kind(row: models.Model) -> str:
    return str(_meta(row).model_name)


def _id(row: models.Model) -> str:
    """Returns a person's handle, or another row's primary key, such as the slug of a line or service."""
    return row.handle if isinstance(row, Person) else str(row.pk)
