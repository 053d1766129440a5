"""An administrator proposes what needs two persons: no page, table or list of the admin writes it alone."""

import pytest
from django.contrib import admin
from django.test import Client

from chat.models import ApprovalRequest, Line, Work
from counsellors.models import Person, Role
from tests.staff.test_admin_record import (
    PERSON,
    person_page,
    post,
    table,
)
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor
from tests.support.domain.supervisors import long_there

pytestmark = pytest.mark.django_db


@pytest.fixture
def ilse() -> Client:
    return staff.sign_in(staff.ilse())


@pytest.fixture
def _supervised(floor: Counsellor) -> None:
    """Makes Floor count as a second person."""
    long_there(floor)


def told(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def roles_of(person: Person) -> list[str]:
    return sorted(Role.objects.filter(person=person).values_list("name", flat=True))


def kept_rows(prefix: str, person: Person, rows: list[dict[str, str]], initial: int) -> dict[str, str]:
    fields = table(prefix, initial=initial)
    fields[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    for number, row in enumerate(rows):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
        fields[f"{prefix}-{number}-person"] = str(person.pk)
    return fields


@pytest.mark.usefixtures("_supervised")
def test_the_admin_writes_no_role_and_no_work_whatever_rows_are_sent_to_it(
    ilse: Client, carla: Counsellor, stopitnow: Line
) -> None:
    """It adds none, replaces none and deletes none."""
    person = carla.person
    work, role = person.work.get(), person.role_rows.get()
    kept_role, kept_work = {"id": str(role.pk), "name": role.name}, {"id": str(work.pk), "line": "helpwanted"}
    sent = [
        ([kept_role, {"name": "supervisor"}], [kept_work, {"line": "stopitnow"}]),
        ([kept_role | {"name": "partner"}], [kept_work | {"line": "stopitnow"}]),
        ([kept_role | {"DELETE": "on"}], [kept_work | {"DELETE": "on"}]),
    ]
    for roles, lines in sent:
        tables = kept_rows("role_rows", person, roles, 1) | kept_rows("work", person, lines, 1)
        post(ilse, f"{PERSON}{person.pk}/change/", person_page(person) | tables)
        assert roles_of(person) == ["counsellor"]
        assert list(Work.objects.filter(person=person).values_list("line", flat=True)) == ["helpwanted"]
    assert not ApprovalRequest.objects.exists()
    assert "Helpwanted" in told(ilse, f"{PERSON}{person.pk}/change/"), "they can be read"


def test_what_would_give_power_stands_on_no_other_page_of_the_admin() -> None:
    """Roles, work, keys, approval requests and proofs have no page, and no list can be edited in place."""
    registered = {model._meta.label for model in admin.site._registry}
    hidden = {"counsellors.Role", "chat.Work", "chat.ApprovalRequest", "chat.LastProven", "chat.LineKey"}
    assert registered & hidden == set()
    assert all(not page.list_editable for page in admin.site._registry.values())
    assert not admin.site._registry[Person].inlines
