"""An administrator proposes what takes two persons: no page, table or list of the admin writes it alone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client

from chat.models import ApprovalRequest, LastProven, Line, Work
from chat.supervision import approvers
from counsellors.models import Person, Role
from tests.staff.test_admin_record import LINE as LINES
from tests.staff.test_admin_record import (
    PERSON,
    line_page,
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
    """Floor counts as a second one."""
    long_there(floor)


def waits() -> list[tuple[str, object]]:
    return list(ApprovalRequest.objects.filter(ended_at=None).values_list("kind", "value"))


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
def test_a_longer_retention_waits_and_the_field_stays_as_it_was(ilse: Client) -> None:
    post(ilse, f"{LINES}helpwanted/change/", line_page(retention="720", reason="vakantie"))
    line = Line.objects.get(pk="helpwanted")
    assert (line.retention, line.reason) == (timedelta(days=1), "vakantie")
    assert waits() == [("retention", 720.0)]
    assert [detail for _, _, detail in staff.audited("admin_changed")] == [
        "line state: open → hours",
        "line reason",
    ]
    assert "een langere bewaartermijn" in told(ilse, LINES)


@pytest.mark.usefixtures("_supervised")
def test_a_line_is_not_made_anew_under_its_name_to_keep_longer_and_to_be_read_alone(
    ilse: Client, helpwanted: Line
) -> None:
    Line.objects.update(review_needs_two=True)
    assert ilse.post(f"{LINES}helpwanted/delete/", {"post": "yes"}).status_code == 403
    fields = {"action": "delete_selected", "_selected_action": "helpwanted", "post": "yes"}
    assert "Verwijder" not in told(ilse, LINES)
    ilse.post(LINES, fields)
    helpwanted.refresh_from_db()
    assert helpwanted.review_needs_two
    assert LastProven.objects.filter(line=helpwanted).exists()


def test_a_new_line_begins_with_the_usual_retention_and_a_longer_one_is_asked_for(
    ilse: Client, helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvers, "exist", lambda *_, **__: True)
    post(ilse, f"{LINES}add/", line_page(slug="again", retention="2160"))
    assert Line.objects.get(pk="again").retention == settings.RETENTION
    (approval,) = ApprovalRequest.objects.all()
    assert (approval.kind, approval.line_id, approval.value, approval.waits) == (
        "retention",
        "again",
        2160.0,
        True,
    )
    assert "line retention: 90" not in "".join(detail for _, _, detail in staff.audited("admin_added"))


def test_a_line_is_not_copied_under_another_slug(ilse: Client, helpwanted: Line) -> None:
    post(ilse, f"{LINES}helpwanted/change/", line_page(slug="again"))
    assert [*Line.objects.values_list("pk", flat=True)] == ["helpwanted"]


@pytest.mark.usefixtures("_supervised")
def test_two_to_read_is_switched_on_at_once_and_off_with_a_supervisor(ilse: Client) -> None:
    post(ilse, f"{LINES}helpwanted/change/", line_page(review_needs_two="on"))
    assert Line.objects.get(pk="helpwanted").review_needs_two
    post(ilse, f"{LINES}helpwanted/change/", line_page())
    assert Line.objects.get(pk="helpwanted").review_needs_two
    assert waits() == [("read_alone", "")]


def test_where_there_is_no_supervisor_it_is_done_at_once_and_the_page_says_so(
    ilse: Client, helpwanted: Line
) -> None:
    post(ilse, f"{LINES}helpwanted/change/", line_page(retention="720"))
    helpwanted.refresh_from_db()
    assert helpwanted.retention == timedelta(days=30)
    assert "geen tweede supervisor" in told(ilse, LINES)
    assert staff.audited("approval_asked")[0][2] == "retention 720 alone"


@pytest.mark.usefixtures("_supervised")
def test_the_admin_writes_no_role_and_no_work_whatever_rows_are_sent_to_it(
    ilse: Client, carla: Counsellor, stopitnow: Line
) -> None:
    """Neither one more, nor another one in its place, nor one that goes."""
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
    """Roles, work, keys, approval requests and who was proven have no page; no list is edited in place."""
    registered = {model._meta.label for model in admin.site._registry}
    hidden = {"counsellors.Role", "chat.Work", "chat.ApprovalRequest", "chat.LastProven", "chat.LineKey"}
    assert registered & hidden == set()
    assert all(not page.list_editable for page in admin.site._registry.values())
    assert not admin.site._registry[Person].inlines
