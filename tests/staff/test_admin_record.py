"""Whatever an administrator writes is in the audit: who, what, from what to what."""

import pytest
from django.contrib import admin
from django.db.models import QuerySet
from django.test import Client

from counsellors import audit
from counsellors.administration.site import OnRecord
from counsellors.models import AuditRow, Person
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
PERSON = "/admin/counsellors/person/"


@pytest.fixture
def ilse() -> Client:
    return staff.sign_in(staff.ilse())


@pytest.fixture
def carla() -> Person:
    return staff.carla()


@pytest.fixture
def greet(monkeypatch: pytest.MonkeyPatch) -> str:
    """Is an action of a list, because there is none yet."""

    def greet(_page: object, _request: object, people: QuerySet[Person]) -> None:
        people.update(languages="en")

    monkeypatch.setattr(admin.site._registry[Person], "actions", (greet,))
    return greet.__name__


def rows(action: str) -> list[tuple[str, str]]:
    """Returns subject and detail of each row of this action. All are Ilse's, and the chain is complete."""
    assert audit.check().broken is None
    found = staff.audited(action)
    assert {actor for actor, _, _ in found} <= {Person.objects.get(username="ilse").handle}
    return [(subject, detail) for _, subject, detail in found]


def all_details() -> str:
    return "\n".join(AuditRow.objects.values_list("detail", flat=True))


def table(prefix: str, *, initial: int = 0, **row: str) -> dict[str, str]:
    numbers = {"TOTAL_FORMS": "1", "INITIAL_FORMS": str(initial), "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "9"}
    return {f"{prefix}-{name}": value for name, value in numbers.items()} | {
        f"{prefix}-0-{name}": value for name, value in row.items()
    }


def person_page(carla: Person, **typed: str) -> dict[str, str]:
    return {"username": carla.username, "alias": carla.alias, "is_active": "on", "languages": ""} | typed


def post(client: Client, path: str, fields: dict[str, str]) -> None:
    answer = client.post(path, fields)
    assert answer.status_code == 302, answer.content.decode()


def test_who_is_made_inactive_is_on_record(ilse: Client, carla: Person) -> None:
    fields = person_page(carla)
    del fields["is_active"]
    post(ilse, f"{PERSON}{carla.pk}/change/", fields)
    assert rows("admin_changed") == [(carla.handle, "person is_active: True → False")]


def test_a_page_that_is_saved_as_it_was_leaves_no_row(ilse: Client, carla: Person) -> None:
    post(ilse, f"{PERSON}{carla.pk}/change/", person_page(carla))
    assert rows("admin_changed") == []


def test_an_action_of_a_list_is_on_record(ilse: Client, carla: Person, greet: str) -> None:
    ilse.post(PERSON, {"action": greet, "_selected_action": str(carla.pk)})
    assert rows("admin_action") == [(carla.handle, "person greet")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["change", "action"])
def test_a_write_of_which_the_row_cannot_be_written_does_not_happen(
    ilse: Client, carla: Person, greet: str, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    typed: dict[str, tuple[str, dict[str, str]]] = {
        "change": (f"{PERSON}{carla.pk}/change/", person_page(carla, alias="Karla")),
        "action": (PERSON, {"action": greet, "_selected_action": str(carla.pk)}),
    }

    def full(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(OSError):  # noqa: PT011
        ilse.post(*typed[action])
    carla.refresh_from_db()
    assert carla.alias == "Carla"
    assert not carla.languages


def test_every_page_of_the_admin_goes_by_the_record() -> None:
    """A page, an action or a hook that bypasses it would write something that is not recorded."""
    for page in admin.site._registry.values():
        kind = type(page)
        assert isinstance(page, OnRecord), f"{kind.__name__}: derive it from OnRecord"
        for hook in ("construct_change_message", "has_delete_permission", "get_actions", "response_action"):
            own = [base.__name__ for base in kind.__mro__ if hook in vars(base)]
            expected = "ModelAdmin" if hook == "response_action" else "OnRecord"
            assert own[0] == expected, f"{kind.__name__}.{hook} goes around the record"
        views = {"changeform_view", "delete_view", "changelist_view", "save_formset", "save_related"}
        ours = [base for base in kind.__mro__ if base.__module__.startswith(("chat.", "counsellors."))]
        assert [name for base in ours for name in vars(base) if name in views | {"get_urls"}] == []
