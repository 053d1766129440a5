"""A role, a line or a service is given and taken at once, or by two persons; and undone in the same way."""

from collections.abc import Callable
from datetime import datetime

import pytest

from chat.lines import staff
from chat.models import ApprovalRequest, LastProven, Line, Member, Service, Work
from chat.supervision import approval_requests, needs_approval, staff_people
from chat.supervision.held_fields import NothingChanges
from chat.supervision.leaving import LastSupervisor
from chat.supervision.staff_people import Newcomer
from counsellors.models import Duty, Person, Session
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support import admin_pages
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor, a_caller, state_of

pytestmark = pytest.mark.usefixtures("all_long_there")

type Action = Callable[..., ApprovalRequest | None]


@pytest.fixture
def ilse(db: None) -> Person:
    return admin_pages.ilse()


@pytest.fixture
def csg(db: None) -> Service:
    return Service.objects.create(slug="csg", name="CSG")


def done(
    action: Action, by: Person, to: Counsellor, what: str, now: datetime | None = None
) -> ApprovalRequest | None:
    return action(by, to.person.handle, what, now=now or clock.now())


def asked(action: Action, by: Person, to: Counsellor, what: str) -> ApprovalRequest:
    approval = done(action, by, to, what)
    assert approval is not None
    assert approval.waits
    return approval


def roles_of(who: Counsellor) -> list[str]:
    return Person.objects.get(pk=who.person.pk).roles


def places_of(who: Counsellor) -> set[str | None]:
    rows = Work.objects.filter(person=who.person)
    return {line or service for line, service in rows.values_list("line", "service")}


@pytest.mark.parametrize("role", ["supervisor", "administrator", "partner"])
def test_what_two_gave_two_take(
    ilse: Person, carla: Counsellor, floor: Counsellor, hanna: Counsellor, role: str
) -> None:
    confirms(floor, asked(needs_approval.give_role, ilse, carla, role))
    assert role in roles_of(carla)
    approval = asked(needs_approval.take_role, ilse, carla, role)
    assert role in roles_of(carla)
    confirms(hanna, approval)
    assert roles_of(carla) == ["counsellor"]


def test_a_counsellor_s_role_and_line_are_given_and_taken_at_once_and_stand_on_record(
    ilse: Person, carla: Counsellor, stopitnow: Line
) -> None:
    for action, what in (
        (needs_approval.take_role, "counsellor"),
        (needs_approval.give_role, "counsellor"),
        (needs_approval.give_line, "stopitnow"),
        (needs_approval.take_line, "helpwanted"),
    ):
        assert done(action, ilse, carla, what) is None
    assert (roles_of(carla), places_of(carla)) == (["counsellor"], {"stopitnow"})
    for recorded, what in (
        ("role_taken", "counsellor"),
        ("role_given", "counsellor"),
        ("line_given", "stopitnow"),
        ("line_taken", "helpwanted"),
    ):
        assert admin_pages.audited(recorded) == [(ilse.handle, carla.person.handle, what)]


def test_a_supervisor_s_line_is_given_and_taken_by_that_line_s_supervisors(
    ilse: Person, floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    confirms(otto, asked(needs_approval.give_line, ilse, floor, "stopitnow"))
    assert places_of(floor) == {"helpwanted", "stopitnow"}
    approval = asked(needs_approval.take_line, ilse, floor, "stopitnow")
    with pytest.raises(NotFound):
        confirms(hanna, approval)
    confirms(otto, approval)
    assert places_of(floor) == {"helpwanted"}


def test_a_service_is_given_and_taken_by_any_two_since_it_sits_in_every_line(
    ilse: Person, carla: Counsellor, otto: Counsellor, csg: Service
) -> None:
    confirms(otto, asked(needs_approval.give_service, ilse, carla, "csg"))
    assert places_of(carla) == {"helpwanted", "csg"}
    confirms(otto, asked(needs_approval.take_service, ilse, carla, "csg"))
    assert places_of(carla) == {"helpwanted"}


@pytest.mark.parametrize("then", ["refused", "taken"])
def test_who_is_no_partner_works_for_no_service(
    ilse: Person, helpwanted: Line, floor: Counsellor, otto: Counsellor, csg: Service, then: str
) -> None:
    now = clock.now()
    newcomer = Newcomer("gijs", "Gijs", ["counsellor", "partner"], ["helpwanted"], "csg")
    person = staff_people.invite(ilse, newcomer, now=now).person
    (shown,) = approval_requests.open_approvals(otto.person, now=now)
    assert (shown.about.name, shown.about.value) == ("Gijs · CSG", "partner")
    Service.objects.update(desk=True)
    Person.objects.filter(pk=person.pk).update(is_active=True)  # Gijs has come in meanwhile
    Duty.objects.create(person=person, state="on", renewed_at=now)
    assert staff.desks_there() == [], "nobody has said yes to this partner"
    if then == "refused":
        approval_requests.drop(otto.person, shown.approval.pk, now=now)
    else:
        confirms(otto, shown.approval)

        assert staff.desks_there() == ["csg"]
        approval = needs_approval.take_role(ilse, person.handle, "partner", now=now)
        assert approval is not None
        confirms(otto, approval)
    assert [str(work.line or work.service) for work in Work.objects.filter(person=person)] == ["Helpwanted"]


def test_nobody_is_invited_as_supervisor_and_partner_at_once(
    ilse: Person, helpwanted: Line, csg: Service
) -> None:
    newcomer = Newcomer("gijs", "Gijs", ["supervisor", "partner"], ["helpwanted"], "csg")
    with pytest.raises(staff_people.TwoRoles):
        staff_people.invite(ilse, newcomer, now=clock.now())
    assert not Person.objects.filter(username="gijs").exists()


@pytest.mark.parametrize("kind", ["leave", "take_role", "take_line", "revoke_device"])
def test_who_is_to_lose_something_does_not_refuse_it(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor, helpwanted: Line, kind: str
) -> None:
    of = {
        "leave": {"subject": floor.person.handle},
        "take_role": {"subject": floor.person.handle, "value": "supervisor"},
        "take_line": {"subject": floor.person.handle, "line": helpwanted.pk},
        "revoke_device": {"subject": floor.device.pk},
    }[kind]
    now = clock.now()
    approval = approval_requests.ask(hanna.person, kind, **of, now=now)
    with pytest.raises(Conflict):
        approval_requests.drop(floor.person, approval.pk, now=now)
    [seen] = approval_requests.open_approvals(floor.person, now=now)
    assert not seen.may_drop, "Floor sees it, without a button"
    approval_requests.drop(hanna.person, approval.pk, now=now)


def test_a_line_s_last_supervisor_keeps_role_and_line(ilse: Person, otto: Counsellor) -> None:
    for action, what in ((needs_approval.take_role, "supervisor"), (needs_approval.take_line, "stopitnow")):
        approval = asked(action, ilse, otto, what)
        with pytest.raises(LastSupervisor):
            confirms(otto, approval)
    assert (roles_of(otto), places_of(otto)) == (["supervisor"], {"stopitnow"})


def test_who_is_taken_off_a_line_leaves_its_conversations_and_the_caller_waits_in_front(
    ilse: Person, carla: Counsellor
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    done(needs_approval.take_line, ilse, carla, "helpwanted")
    assert state_of(anna) == "waiting"
    assert not Member.objects.present().filter(person=carla.person).exists()


def test_who_loses_a_role_is_signed_out(ilse: Person, carla: Counsellor) -> None:
    Session.objects.create(
        session_key="hers", person=carla.person, used_at=clock.now(), expire_date=clock.now()
    )
    done(needs_approval.take_role, ilse, carla, "counsellor")
    assert not Session.objects.filter(person=carla.person).exists()


def test_a_supervisor_does_so_for_the_own_line_and_people_and_for_no_other(
    floor: Counsellor, carla: Counsellor, esra: Counsellor, csg: Service
) -> None:
    assert done(needs_approval.take_line, floor.person, carla, "helpwanted") is None
    for action, to, what in (
        (needs_approval.give_line, esra, "helpwanted"),
        (needs_approval.take_line, esra, "stopitnow"),
        (needs_approval.take_role, esra, "counsellor"),
        (needs_approval.give_service, esra, "csg"),
    ):
        with pytest.raises(NotFound):
            done(action, floor.person, to, what)


def test_what_is_so_already_is_not_asked_for(ilse: Person, carla: Counsellor, csg: Service) -> None:
    for action, what in (
        (needs_approval.give_role, "counsellor"),
        (needs_approval.take_role, "supervisor"),
        (needs_approval.give_line, "helpwanted"),
        (needs_approval.take_line, "stopitnow"),
        (needs_approval.take_service, "csg"),
    ):
        with pytest.raises((NothingChanges, NotFound)):
            done(action, ilse, carla, what)
    assert not ApprovalRequest.objects.exists()


def test_a_line_of_this_platform_is_nobody_s_service(ilse: Person, carla: Counsellor) -> None:
    Service.objects.create(slug="helpwanted", name="Helpwanted")
    with pytest.raises(NotFound):
        done(needs_approval.give_service, ilse, carla, "helpwanted")


def test_in_an_installation_without_a_second_one_it_is_done_and_the_audit_says_alone(
    floor: Counsellor, carla: Counsellor
) -> None:
    """This is an installation in its first week, in which nobody else counts yet."""
    LastProven.objects.exclude(person=floor.person).delete()
    approval = done(needs_approval.give_role, floor.person, carla, "administrator")
    assert approval is not None
    assert not approval.waits
    assert admin_pages.audited("approval_asked")[0][2] == "role administrator alone"
