"""Supervisors see in the audit trail what was done to their people and lines, also by people of no line."""

from datetime import timedelta

import pytest
from django.test import Client

from chat.letters import alarms
from chat.lines import editions
from chat.models import Conversation, Line, Service, Work
from chat.supervision import approval_requests, audit_trail, needs_approval
from chat.supervision.approval_kinds import OF_EVERY_LINE
from chat.supervision.approval_requests import Kind
from counsellors import audit
from counsellors.models import Person, Role
from helpline import languages
from helpline.lib import clock
from tests.staff.test_admin_record import PERSON, person_page, post
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor, a_caller, a_line
from tests.support.domain.supervisors import a_supervisor, long_there

pytestmark = pytest.mark.django_db
type Seen = list[tuple[str, str, str, str]]


@pytest.fixture
def otto(stopitnow: Line) -> Counsellor:
    return a_supervisor("Otto", stopitnow)


@pytest.fixture
def ilse() -> Person:
    return staff.ilse()


@pytest.fixture
def admin(ilse: Person) -> Client:
    return staff.sign_in(ilse)


def seen(supervisor: Counsellor, by: str = "Ilse") -> Seen:
    """Returns what somebody did, the oldest first: who, what, to whom, and how."""
    rows = [(row, alias) for row, alias in audit_trail.trail(supervisor.person) if alias == by]
    about = audit_trail.about(supervisor.person, [row for row, _ in rows])
    return [(alias, row.action, about.get(row.pk, ""), row.detail) for row, alias in reversed(rows)]


def test_an_administrator_who_switches_a_counsellor_off_is_seen_by_the_line_and_by_no_other(
    admin: Client, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    fields = person_page(carla.person)
    del fields["is_active"]
    post(admin, f"{PERSON}{carla.person.pk}/change/", fields)
    assert seen(floor) == [
        ("Ilse", "revoked", "Carla · Carla's laptop", ""),
        ("Ilse", "admin_changed", "Carla", "person is_active: True → False"),
    ]
    assert seen(otto) == []


def test_an_administrator_who_changes_a_line_is_seen_by_it_and_by_no_other(
    ilse: Person, floor: Counsellor, otto: Counsellor
) -> None:
    needs_approval.set_field(ilse, Kind.LINE_PHONE, "helpwanted", "020-1", now=clock.now())
    assert [(by, action, about) for by, action, about, _ in seen(floor)] == [
        ("Ilse", "approval_asked", "Helpwanted"),
    ]
    assert seen(otto) == []


def test_a_colleague_who_is_taken_off_the_line_does_not_vanish_unseen(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    needs_approval.take_line(ilse, carla.person.handle, "helpwanted", now=clock.now())
    assert not Work.objects.filter(person=carla.person).exists()
    assert [(action, detail) for _, action, _, detail in seen(floor)] == [("line_taken", "helpwanted")]
    assert seen(otto) == []


def test_what_a_colleague_does_about_words_and_letters_is_seen_by_the_line_and_by_no_other(
    helpwanted: Line, floor: Counsellor, otto: Counsellor
) -> None:
    editions.change(floor.person, "helpwanted", None, since=None, now=clock.now())
    Line.objects.filter(pk="helpwanted").update(letters_expired=3)
    alarms.acknowledge(floor.person, "helpwanted")
    assert [row for row in seen(floor, by="Floor") if row[1] != "enrolled"] == [
        ("Floor", "wording", "Helpwanted", "now"),
        ("Floor", "letters_expired", "Helpwanted", "3"),
    ]
    assert seen(otto, by="Floor") == []


def test_what_a_colleague_does_on_another_line_is_seen_there_alone(
    floor: Counsellor, otto: Counsellor
) -> None:
    """Floor works for both lines."""
    Work.objects.create(person=floor.person, line_id="stopitnow")
    now = clock.now()
    editions.change(floor.person, "helpwanted", None, since=None, now=now)
    a_caller()
    numbers = dict(Conversation.objects.values_list("line", "recorded_as"))
    audit.record(floor.person, "hold_asked", subject=numbers["helpwanted"], detail="danger")
    needs_approval.set_field(floor.person, Kind.LINE_PHONE, "helpwanted", "020-1", now=now)
    assert [row for row in seen(otto, by="Floor") if row[1] != "enrolled"] == []
    editions.change(floor.person, "stopitnow", None, since=None, now=now)
    assert [action for _, action, _, _ in seen(otto, by="Floor") if action != "enrolled"] == ["wording"]


@pytest.mark.parametrize("kind", OF_EVERY_LINE)
def test_what_concerns_every_line_stands_in_every_line_s_record(
    ilse: Person, floor: Counsellor, otto: Counsellor, kind: str
) -> None:
    audit.record(ilse, "approval_asked", subject="csg", detail=f"{kind} alone")
    for supervisor in (floor, otto):
        assert [(action, detail) for _, action, _, detail in seen(supervisor)] == [
            ("approval_asked", f"{kind} alone")
        ]


def test_a_passkey_that_is_demanded_stands_in_every_line_s_record(
    floor: Counsellor, otto: Counsellor
) -> None:
    long_there(floor, otto)
    (approval,) = needs_approval.demand_passkeys(otto.person, {"counsellor"}, now=clock.now())
    approval_requests.confirm(floor.person, approval.pk, now=clock.now())
    rows = [("approval_asked", "passkey counsellor demand")]
    assert [(action, detail) for _, action, _, detail in seen(floor, "Otto")] == rows
    rows = [("passkey_demanded", "counsellor"), ("approval_confirmed", "passkey counsellor demand")]
    assert [(action, detail) for _, action, _, detail in seen(otto, "Floor")] == rows


@pytest.mark.parametrize(
    "action",
    ["person_invited", "entry_link_made", "second_factor_replaced", "second_factor_put_back", "admin_action"],
)
def test_whoever_does_it_what_is_done_to_a_counsellor_is_seen_by_the_line_and_by_no_other(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor, action: str
) -> None:
    audit.record(ilse, action, subject=carla.person.handle)
    assert seen(floor) == [("Ilse", action, "Carla", "")]
    assert seen(otto) == []


@pytest.mark.parametrize("action", audit_trail.TO_THEMSELVES)
def test_what_somebody_signs_in_by_is_seen_when_it_becomes_another(
    carla: Counsellor, floor: Counsellor, otto: Counsellor, action: str
) -> None:
    audit.record(carla.person, action, detail="own")
    assert ("Carla", action, "", "own") in seen(floor, by="Carla")
    assert seen(otto, by="Carla") == []


def test_who_leaves_the_organisation_is_seen_to_go(
    ilse: Person, carla: Counsellor, floor: Counsellor
) -> None:
    needs_approval.let_leave(ilse, carla.person.handle, now=clock.now())
    assert ("Ilse", "left") in [(by, action) for by, action, _, _ in seen(floor)]


def test_a_supervisor_who_was_sent_away_is_named_to_the_others_of_the_line(
    ilse: Person, floor: Counsellor, helpwanted: Line
) -> None:
    hanna = a_supervisor("Hanna", helpwanted)
    long_there(hanna, now=clock.now() - timedelta(days=2))
    Work.objects.filter(person=hanna.person).delete()
    audit.record(ilse, "left", subject=hanna.person.handle)
    assert seen(floor) == [("Ilse", "left", "Hanna", "")]


def test_what_an_administrator_asks_for_that_concerns_no_line_is_seen_by_every_supervisor(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    long_there(floor, otto)
    Service.objects.create(slug="csg", name="CSG")
    approval_requests.ask(
        ilse, Kind.CONTACT, subject="csg", value={"mail": "m@example.org", "url": ""}, now=clock.now()
    )
    approval_requests.ask(
        ilse, Kind.ROLE, subject=carla.person.handle, value=Role.Name.ADMINISTRATOR, now=clock.now()
    )
    for supervisor in (floor, otto):
        assert seen(supervisor) == [
            ("Ilse", "approval_asked", "CSG", "contact"),
            ("Ilse", "approval_asked", "Carla", "role administrator"),
        ]


def test_a_request_of_another_line_is_not_seen(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    long_there(floor, otto)
    approval_requests.ask(ilse, Kind.ROLE, subject=carla.person.handle, value="supervisor", now=clock.now())
    approval_requests.ask(ilse, Kind.RETENTION, line="helpwanted", value=720, now=clock.now())
    assert [detail for _, _, _, detail in seen(floor)] == ["role supervisor", "retention 720"]
    assert seen(otto) == []


def test_a_line_that_nobody_supervises_keeps_longer_before_every_supervisor_s_eyes(
    ilse: Person, floor: Counsellor
) -> None:
    a_line("again")
    approval_requests.ask(ilse, Kind.RETENTION, line="again", value=2160, now=clock.now())
    rows = seen(floor)
    assert ("Ilse", "approval_asked", "Again", "retention 2160 alone") in rows, "by its name"
    assert ("Ilse", "line", "Again", "keeps 2160") in rows


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_action_of_the_trail_has_words(language: str) -> None:
    words = languages.texts("board", language)
    assert [action for action in audit_trail.TRAIL if f"board.trail.{action}" not in words] == []
