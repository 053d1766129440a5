"""Every field of every form of the admin is in docs/permissions.md, with who may write it there, and each row
is played. A field without a row fails: first say whether one person may change it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client, RequestFactory

from chat.models import ApprovalRequest
from counsellors.models import Person, Role
from counsellors.signin import accounts
from tests.staff.test_admin_record import post
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor
from tests.support.domain.supervisors import long_there

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parents[2] / "docs" / "permissions.md"
MAY, READ, NOT_THERE = "may", "read", "–"
HEADS = ("Fields of the admin", "Rows of the admin")

# For each field that can be typed: another value of it, and for those that wait, one that nobody alone should
# choose.
ANOTHER: dict[str, dict[str, Any]] = {
    "person": {"username": "else", "alias": "Else", "languages": "nl", "is_active": ""},
}  # fmt: skip


def table(head: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Returns the table, by form and field, or by form alone."""
    text = TABLE.read_text().split(f"## {head}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    keys = 2 if head == HEADS[0] else 1
    return {(row[0], row[1] if keys == 2 else ""): tuple(row[keys:]) for row in cells}


def forms() -> Iterator[tuple[str, Any, bool]]:
    """Returns each page, and each table in a page, by its model, and whether it is a table."""
    for model, page in admin.site._registry.items():
        yield model._meta.model_name or "", page, False
        for inline in page.inlines:
            yield f"{model._meta.model_name} {inline.model._meta.model_name}", inline(model, admin.site), True


def fields_of(form: Any) -> list[str]:
    """Returns the fields of the model, whether the form shows them or not."""
    meta = form.model._meta
    return [
        one.name
        for one in (*meta.concrete_fields, *meta.many_to_many)
        if not isinstance(one, models.AutoField)
    ]


def standing(form: Any, request: Any, obj: Any, name: str, *, is_table: bool) -> str:
    may = form.has_change_permission(request) if obj else form.has_add_permission(request, None)
    if may:
        made = form.get_formset(request).form if is_table else form.get_form(request, obj, change=bool(obj))
        if name in made.base_fields:
            return MAY
    if name not in form.get_fields(request, obj) or (obj is None and not may):
        return NOT_THERE
    return READ


@pytest.fixture
def request_(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Returns a request of an administrator."""
    return _of(staff.ilse(), monkeypatch)


def _of(person: Person, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(accounts, "signed_in", lambda _request: person)
    request = RequestFactory().get("/")
    request.user = person
    return request


def test_each_field_of_each_form_is_as_its_row_says(request_: Any) -> None:
    found = {}
    for name, form, is_table in forms():
        there = next(iter(admin.site._registry)) if is_table else form.model()
        for field in fields_of(form):
            found[name, field] = tuple(
                standing(form, request_, obj, field, is_table=is_table) for obj in (None, there)
            )
    rows = {
        key: tuple(MAY if "waits" in cell else cell for cell in row[:2])
        for key, row in table(HEADS[0]).items()
    }
    assert {key: row for key, row in found.items() if rows.get(key) != row} == {}, "put it into the table"
    assert rows.keys() == found.keys()


def test_rows_are_added_changed_and_deleted_as_the_table_says(request_: Any) -> None:
    found = {}
    for name, form, _ in forms():
        has = (
            form.has_add_permission(request_, None),
            form.has_change_permission(request_),
            form.has_delete_permission(request_),
        )
        found[name, ""] = tuple(MAY if may else NOT_THERE for may in has)
    assert found == table(HEADS[1])


@pytest.mark.parametrize("role", [role for role in Role.Name if role != Role.Name.ADMINISTRATOR])
def test_whoever_is_no_administrator_sees_and_writes_nothing_there(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person.objects.create_user("somebody", None, "Somebody")
    Role.objects.create(person=person, name=role)
    request = _of(person, monkeypatch)
    for _, form, _ in forms():
        assert not form.has_module_permission(request)
        assert not form.has_view_permission(request)
        assert not form.has_add_permission(request, None)
        assert not form.has_change_permission(request)
        assert not form.has_delete_permission(request)


# Each row is played


@pytest.fixture
def ilse(floor: Counsellor, otto: Counsellor) -> Client:
    """Returns the administrator. Floor and Otto count as second persons."""
    long_there(floor, otto)
    return staff.sign_in(staff.ilse())


@pytest.fixture
def there(floor: Counsellor) -> dict[str, models.Model]:
    """Makes a row of each kind, whose values all differ from ANOTHER."""
    return {"person": floor.person}


def typed(form: str, row: models.Model) -> dict[str, str]:
    """Returns the form's present values."""
    assert isinstance(row, Person)
    return {"username": row.username, "alias": row.alias, "languages": "", "is_active": "on"}


def sent(fields: dict[str, Any]) -> dict[str, str]:
    """Returns the values as a browser sends them: a text has one input for each language."""
    inputs: dict[str, str] = {}
    for name, value in fields.items():
        each = {f"{name}_{one}": text for one, text in value.items()} if isinstance(value, dict) else {}
        inputs |= each or {name: value}
    return inputs


def cells(form: str, column: int) -> dict[str, str]:
    return {field: row[column] for (name, field), row in table(HEADS[0]).items() if name == form}


def page(form: str) -> str:
    return f"/admin/counsellors/{form}/"


def values(row: models.Model, names: list[str]) -> dict[str, Any]:
    fresh = type(row)._default_manager.get(pk=row.pk)
    return {name: getattr(fresh, name) for name in names}


@pytest.mark.parametrize("form", sorted(ANOTHER))
def test_what_one_may_is_written_at_once_and_what_waits_is_kept_back(
    ilse: Client, there: dict[str, models.Model], form: str
) -> None:
    row, another, stand = there[form], ANOTHER[form], cells(form, 1)
    waits = [name for name, cell in stand.items() if "waits" in cell]
    may = [name for name, cell in stand.items() if cell == MAY]
    assert {*waits, *may} == another.keys(), "a field can be typed of which this test knows no other value"
    path, as_it_is = f"{page(form)}{row.pk}/change/", typed(form, row)

    before = values(row, may)
    post(ilse, path, as_it_is | sent({name: another[name] for name in may}))
    after = values(row, may)
    assert [name for name in may if before[name] == after[name]] == []
    assert not ApprovalRequest.objects.exists()

    now = as_it_is | sent({name: another[name] for name in may})
    for name in waits:
        ApprovalRequest.objects.all().delete()
        stored = values(row, waits)
        filled = now | {name: another[name]}
        post(ilse, path, {field: value for field, value in filled.items() if value or field != name})
        assert values(row, waits) == stored
        assert ApprovalRequest.objects.filter(ended_at=None).count() == 1, (
            f"nobody is asked for {form}.{name}"
        )


@pytest.mark.parametrize("form", sorted(ANOTHER))
def test_what_cannot_be_typed_is_not_written_by_who_sends_it_all_the_same(
    ilse: Client, there: dict[str, models.Model], form: str
) -> None:
    row, stand = there[form], cells(form, 1)
    names = [name for name, cell in stand.items() if cell in {READ, NOT_THERE}]
    before = values(row, names)
    sent = {name: "1" for name in stand if name in names}
    post(ilse, f"{page(form)}{row.pk}/change/", typed(form, row) | sent)
    assert values(row, names) == before
    assert not ApprovalRequest.objects.exists()
