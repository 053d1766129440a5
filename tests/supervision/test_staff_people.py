"""Supervisors add people to their lines and help them back in. People of other lines are not found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from pytest_django import Settings

from chat import line_scope
from chat.demo import people
from chat.models import ApprovalRequest, Line, Service, Work
from chat.supervision import (
    approval_requests,
    approvers,
    leaving,
    needs_approval,
    staff_devices,
    staff_people,
    work_and_roles,
)
from chat.supervision.staff_people import AliasTaken, BadName, NameTaken, Newcomer, NoPlace, Themselves
from counsellors import devices
from counsellors.models import Device, Person, Replacement, Role, alias_key
from counsellors.models.people import People
from counsellors.signin import entry_links
from helpline.lib import clock
from helpline.lib.errors import Conflict, Forbidden, NotFound
from tests.support.domain.cast import Counsellor, a_partner, a_point
from tests.support.domain.supervisors import long_there

pytestmark = pytest.mark.django_db
NOOR = Newcomer("noor", "Noor", ["counsellor"], lines=["helpwanted"])


@pytest.fixture
def ilse() -> Person:
    person = Person.objects.create_user("ilse", None, "Ilse")
    Role.objects.create(person=person, name=Role.Name.ADMINISTRATOR)
    return person


def invited(by: Person, newcomer: Newcomer = NOOR) -> Person:
    return staff_people.invite(by, newcomer, now=clock.now()).person


# Inviting


def test_a_counsellor_is_invited_for_an_own_line_and_is_not_there_yet(floor: Counsellor) -> None:
    made = staff_people.invite(floor.person, NOOR, now=clock.now())
    assert made.given.waits == []
    assert made.person.roles == ["counsellor"]
    assert list(line_scope.own_lines(made.person)) == [Line.objects.get(pk="helpwanted")]
    assert not made.person.is_active
    assert entry_links.find(entry_links.token_of(made.link), now=clock.now()).person == made.person


@pytest.mark.usefixtures("stopitnow")
def test_nobody_is_invited_for_another_line(floor: Counsellor) -> None:
    with pytest.raises(NotFound):
        invited(floor.person, Newcomer("noor", "Noor", ["counsellor"], lines=["helpwanted", "stopitnow"]))
    assert not Person.objects.filter(username="noor").exists()


@pytest.mark.parametrize("alias", ["Carla", "cARLA", " Carla ", "Ｃarla"])
def test_nobody_gets_the_name_of_a_colleague_also_of_one_who_left(
    floor: Counsellor, carla: Counsellor, alias: str
) -> None:
    Person.objects.filter(pk=carla.person.pk).update(is_active=False)
    with pytest.raises(AliasTaken):
        invited(floor.person, Newcomer("carla2", alias, ["counsellor"], lines=["helpwanted"]))
    with pytest.raises(IntegrityError), transaction.atomic():  # somebody was just as fast
        Person.objects.invite("carla2", alias)


def test_of_two_who_invite_one_alias_at_once_the_second_is_told_that_it_is_the_alias(
    floor: Counsellor, carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = iter([False, True])  # the colleague's row was stored after the first look
    monkeypatch.setattr(People, "is_named", lambda _all, _alias: next(asked))
    with pytest.raises(AliasTaken):
        invited(floor.person, Newcomer("carla2", "CARLA", ["counsellor"], lines=["helpwanted"]))


def test_nobody_is_stored_without_the_key_that_keeps_aliases_apart(carla: Counsellor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=carla.person.pk).update(alias_key=None)


def test_who_changes_their_name_leaves_the_old_one_to_others(carla: Counsellor) -> None:
    carla.person.alias = "Karla"
    carla.person.save(update_fields=["alias"])
    assert Person.objects.is_named("karla")
    assert not Person.objects.is_named("Carla")


def test_the_people_of_a_demo_have_each_a_name_of_their_own(settings: Settings) -> None:
    settings.DEMO_COUNSELLORS = 20
    names = [row["alias"] for row in people.made_up()]
    assert len({alias_key(name) for name in names}) == len(names)


@pytest.mark.usefixtures("stopitnow", "helpwanted")
def test_an_administrator_invites_for_every_line(ilse: Person) -> None:
    noor = invited(ilse, Newcomer("noor", "Noor", ["counsellor"], lines=["stopitnow"]))
    assert [line.pk for line in line_scope.own_lines(noor)] == ["stopitnow"]


@pytest.mark.parametrize("name", ["", "a", "Noor", "noor bakker", "noor@elders", "../noor", "x" * 41])
def test_a_sign_in_name_is_short_and_plain(floor: Counsellor, name: str) -> None:
    with pytest.raises(BadName):
        invited(floor.person, Newcomer(name, "Noor", ["counsellor"], lines=["helpwanted"]))


def test_two_people_never_share_a_sign_in_name(floor: Counsellor) -> None:
    invited(floor.person)
    with pytest.raises(NameTaken):
        invited(floor.person, replace(NOOR, alias="Noor B."))


@pytest.mark.parametrize(
    "newcomer",
    [
        Newcomer("noor", "Noor", [], lines=["helpwanted"]),
        Newcomer("noor", "Noor", ["counsellor"]),
        Newcomer("noor", "Noor", ["partner"], lines=["helpwanted"]),
        Newcomer("noor", "Noor", ["counsellor"], lines=["helpwanted"], service="csg"),
    ],
)
def test_who_works_nowhere_and_a_partner_without_a_service_are_not_invited(
    floor: Counsellor, newcomer: Newcomer
) -> None:
    Service.objects.create(slug="csg", name="CSG")
    with pytest.raises(NoPlace):
        invited(floor.person, newcomer)


def test_a_supervisor_who_is_invited_waits_for_a_second_one_where_there_is_one(
    floor: Counsellor, hanna: Counsellor
) -> None:
    long_there(floor, hanna)
    made = staff_people.invite(
        floor.person, Newcomer("noor", "Noor", ["supervisor"], lines=["helpwanted"]), now=clock.now()
    )
    assert made.given.waits == ["supervisor"]
    assert made.person.roles == []
    (approval,) = approval_requests.open_approvals(hanna.person, now=clock.now())
    approval_requests.confirm(hanna.person, approval.approval.pk, now=clock.now())
    assert Person.objects.get(pk=made.person.pk).roles == ["supervisor"]


def test_who_invites_an_administrator_alone_is_told_that_nobody_looked_along(floor: Counsellor) -> None:
    made = staff_people.invite(
        floor.person, Newcomer("noor", "Noor", ["administrator"], lines=["helpwanted"]), now=clock.now()
    )
    assert (made.given.waits, made.given.alone) == ([], ["administrator"])


def test_who_never_came_in_can_be_forgotten_and_who_did_cannot(floor: Counsellor, carla: Counsellor) -> None:
    noor = invited(floor.person)
    staff_people.cancel_invitation(floor.person, noor.handle, now=clock.now())
    assert not Person.objects.filter(pk=noor.pk).exists()
    with pytest.raises(Conflict):
        staff_people.cancel_invitation(floor.person, carla.person.handle, now=clock.now())


# Partners


def test_a_partner_whom_a_line_brought_in_is_looked_after_by_its_supervisors(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    Service.objects.create(slug="csg", name="CSG")
    gijs = invited(floor.person, Newcomer("gijs", "Gijs", ["partner"], service="csg"))
    for supervisor, theirs in ((floor, True), (hanna, True), (otto, False)):
        assert line_scope.own_people(supervisor.person).filter(pk=gijs.pk).exists() == theirs
        assert line_scope.supervisors_over(gijs).filter(pk=supervisor.person.pk).exists() == theirs


@pytest.mark.parametrize("by", ["somebody who has left", "an administrator without a line"])
def test_a_partner_whose_inviter_works_for_no_line_is_looked_after_by_every_line_s_supervisors(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor, ilse: Person, by: str
) -> None:
    """Otherwise nobody could approve his new laptop, or revoke the one that he lost."""
    Service.objects.create(slug="csg", name="CSG")
    inviter = floor.person if "left" in by else ilse
    gijs = invited(inviter, Newcomer("gijs", "Gijs", ["partner"], service="csg"))
    if "left" in by:
        leaving.leave(floor.person, by=hanna.person, now=clock.now())
    laptop = devices.register(gijs, devices.candidate(gijs, a_point(), "laptop"), now=clock.now())
    for supervisor in (hanna, otto):
        assert supervisor.person in line_scope.supervisors_over(gijs)
        assert staff_devices.find(supervisor.person, laptop.fingerprint) == laptop


def test_a_newcomer_whose_role_still_waits_is_seen_by_whoever_invited_them_and_by_nobody_else(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    """A mistyped address or an expired link would otherwise keep the alias and the name for ever."""
    long_there(floor, hanna, otto)
    Service.objects.create(slug="113", name="113", desk=True)
    gijs = invited(floor.person, Newcomer("gijs", "Gijs", ["partner"], service="113"))
    assert gijs.roles == []
    assert hanna.person in line_scope.supervisors_over(gijs)
    with pytest.raises(NotFound):
        staff_people.cancel_invitation(otto.person, gijs.handle, now=clock.now())
    staff_people.cancel_invitation(hanna.person, gijs.handle, now=clock.now())
    assert not Person.objects.filter(pk=gijs.pk).exists()


def test_whoever_left_is_no_newcomer(floor: Counsellor, hanna: Counsellor) -> None:
    noor = invited(floor.person)
    noor.is_active, noor.came_at = True, clock.now()
    noor.save()
    leaving.leave(noor, by=floor.person, now=clock.now())
    assert noor not in line_scope.own_people(hanna.person)


def test_once_the_service_has_a_supervisor_of_its_own_it_is_behind_the_wall(floor: Counsellor) -> None:
    csg = Service.objects.create(slug="csg", name="CSG")
    gijs = invited(floor.person, Newcomer("gijs", "Gijs", ["partner"], service="csg"))
    own = Person.objects.create_user("sanne", None, "Sanne")
    Role.objects.create(person=own, name=Role.Name.SUPERVISOR)
    Work.objects.create(person=own, service=csg)
    assert not line_scope.own_people(floor.person).filter(pk=gijs.pk).exists()
    assert list(line_scope.supervisors_over(gijs)) == [own]


@pytest.mark.parametrize("how", ["board", "command", "policy"])
def test_a_service_has_a_desk_once_somebody_can_sit_at_it(
    floor: Counsellor, settings: object, how: str
) -> None:
    settings.DEVICE_APPROVAL = "first" if how == "policy" else "supervisor"  # type: ignore[attr-defined]
    csg = Service.objects.create(slug="csg", name="CSG")
    gijs = invited(floor.person, Newcomer("gijs", "Gijs", ["partner"], service="csg"))
    candidate = devices.candidate(gijs, a_point(), "laptop")
    assert not Service.objects.get(pk=csg.pk).desk
    laptop = staff_devices.prove(gijs, candidate, now=clock.now())
    if how == "board":
        staff_devices.approve(floor.person, laptop.fingerprint)
    elif how == "command":
        call_command("approvedevice", "gijs", stdout=StringIO())
    assert Service.objects.get(pk=csg.pk).desk


@pytest.mark.parametrize("how", ["leaves", "loses the service", "loses the role", "loses the laptop"])
def test_without_anybody_who_can_sit_there_the_desk_is_none_and_guests_come_by_link_again(
    floor: Counsellor, how: str
) -> None:
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    gijs, hugo = a_partner("Gijs", csg), a_partner("Hugo", csg)
    ways: dict[str, Callable[[Counsellor], object]] = {
        "leaves": lambda who: leaving.leave(who.person, by=floor.person, now=clock.now()),
        "loses the service": lambda who: work_and_roles.take_service(
            who.person.handle, "csg", now=clock.now()
        ),
        "loses the role": lambda who: work_and_roles.take_role(
            who.person.handle, Role.Name.PARTNER, now=clock.now()
        ),
        "loses the laptop": lambda who: staff_devices.end(who.device.pk, floor.person, now=clock.now()),
    }
    for who, desk in ((gijs, True), (hugo, False)):
        ways[how](who)
        assert Service.objects.get(pk="csg").desk is desk


# Helping back in


def test_a_second_factor_is_replaced_by_a_supervisor_of_the_line_and_by_no_other(
    floor: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    assert staff_people.replace_second_factor(floor.person, carla.person.handle, now=clock.now())
    with pytest.raises(NotFound):
        staff_people.replace_second_factor(otto.person, carla.person.handle, now=clock.now())


def test_nobody_replaces_their_own(floor: Counsellor) -> None:
    with pytest.raises(Themselves):
        staff_people.replace_second_factor(floor.person, floor.person.handle, now=clock.now())


def test_any_supervisor_of_the_line_undoes_it_and_none_behind_the_wall(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    staff_people.replace_second_factor(floor.person, carla.person.handle, now=clock.now())
    (row,) = staff_people.fresh_replacements(hanna.person, now=clock.now())
    assert staff_people.fresh_replacements(otto.person, now=clock.now()) == []
    with pytest.raises(NotFound):
        staff_people.undo_replacement(otto.person, row.pk, now=clock.now())
    staff_people.undo_replacement(hanna.person, row.pk, now=clock.now())
    assert Replacement.objects.get().undone_by == hanna.person


def test_every_supervisor_of_the_line_is_told_at_once(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, otto: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr("chat.bells.ring_on_commit", lambda bell: told.append(getattr(bell, "person", 0)))
    staff_people.replace_second_factor(floor.person, carla.person.handle, now=clock.now())
    assert {floor.person.pk, hanna.person.pk} <= set(told)
    assert otto.person.pk not in told


def test_a_supervisor_does_not_reset_another_supervisor_s_password(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    assert staff_people.renew_link(floor.person, carla.person.handle, now=clock.now())
    with pytest.raises(Forbidden):
        staff_people.renew_link(floor.person, hanna.person.handle, now=clock.now())


def test_who_replaced_a_supervisor_s_second_factor_is_not_confirmed_by_that_account(
    floor: Counsellor, hanna: Counsellor
) -> None:
    long_there(floor, hanna)
    staff_people.replace_second_factor(floor.person, hanna.person.handle, now=clock.now())
    approval = approval_requests.ask(
        floor.person, approval_requests.Kind.RETENTION, line="helpwanted", value=720, now=clock.now()
    )
    assert approval.waits
    with pytest.raises(Conflict):
        approval_requests.confirm(hanna.person, approval.pk, now=clock.now())
    month = clock.now() + timedelta(days=31)
    long_there(floor, hanna, now=month)
    again = approval_requests.ask(
        floor.person, approval_requests.Kind.RETENTION, line="helpwanted", value=720, now=month
    )
    assert again.waits
    assert approval_requests.confirm(hanna.person, again.pk, now=month).how == "done"


# Devices of those who came by setup


def test_the_first_device_of_who_founds_the_installation_needs_nobody_s_yes(settings: object) -> None:
    settings.DEVICE_APPROVAL = "supervisor"  # type: ignore[attr-defined]
    first = Person.objects.invite("floor", "Floor")
    now = clock.now()
    entry_links.make(first, by=None, now=now)
    before = devices.register(first, devices.candidate(first, a_point(), "laptop"), now=now)
    assert before.state == Device.State.PENDING
    before.delete()
    entry_links.use_up(first, now=now)
    assert devices.register(first, devices.candidate(first, a_point(), "a"), now=now).state == "approved"
    assert devices.register(first, devices.candidate(first, a_point(), "b"), now=now).state == "pending"


def test_a_day_after_setup_the_first_device_of_a_founder_waits_like_any_other(settings: object) -> None:
    settings.DEVICE_APPROVAL = "supervisor"  # type: ignore[attr-defined]
    first, now = Person.objects.invite("floor", "Floor"), clock.now()
    entry_links.make(first, by=None, now=now)
    entry_links.use_up(first, now=now)
    late = now + timedelta(hours=25)
    made = devices.register(first, devices.candidate(first, a_point(), "laptop"), now=late)
    assert made.state == Device.State.PENDING


def test_the_first_device_of_who_was_invited_by_somebody_waits(floor: Counsellor, settings: object) -> None:
    settings.DEVICE_APPROVAL = "supervisor"  # type: ignore[attr-defined]
    noor = invited(floor.person)
    entry_links.use_up(noor, now=clock.now())
    made = devices.register(noor, devices.candidate(noor, a_point(), "laptop"), now=clock.now())
    assert made.state == Device.State.PENDING


# What one person alone does not do


def test_a_supervisor_alone_plants_no_partner_who_would_sit_in_every_line_s_conversations(
    floor: Counsellor, otto: Counsellor
) -> None:
    long_there(floor, otto)
    Service.objects.create(slug="113", name="113", desk=True)
    made = staff_people.invite(
        floor.person, Newcomer("gijs", "Gijs", ["partner"], service="113"), now=clock.now()
    )
    assert made.given.waits == ["partner"]
    assert made.person.roles == []
    (approval,) = approval_requests.open_approvals(otto.person, now=clock.now())
    assert approval.may


def invites_a_partner(floor: Counsellor) -> Person:
    """Asks for a role that waits for a second supervisor."""
    Service.objects.create(slug="113", name="113", desk=True)
    newcomer = Newcomer("gijs", "Gijs", ["partner"], lines=["helpwanted"], service="113")
    gijs = invited(floor.person, newcomer)
    assert ApprovalRequest.objects.filter(ended_at=None, subject=gijs.handle).count() == 1
    return gijs


def test_a_cancelled_invitation_takes_along_the_role_that_waited(floor: Counsellor, otto: Counsellor) -> None:
    long_there(floor, otto)
    gijs = invites_a_partner(floor)
    staff_people.cancel_invitation(floor.person, gijs.handle, now=clock.now())
    assert not ApprovalRequest.objects.filter(ended_at=None).exists()


def test_a_role_that_waits_for_somebody_who_is_gone_lapses_and_stops_no_round(
    floor: Counsellor, otto: Counsellor
) -> None:
    """A worker whose round failed on it would never purge again."""
    long_there(floor, otto)
    invites_a_partner(floor).delete()
    assert approval_requests.lapse(clock.now() + settings.APPROVAL + timedelta(minutes=1)) == 1
    assert not ApprovalRequest.objects.filter(ended_at=None).exists()


@pytest.mark.usefixtures("stopitnow")
def test_a_line_of_this_platform_is_no_partner_s_service(floor: Counsellor) -> None:
    Service.objects.create(slug="stopitnow", name="Stop it Now")
    with pytest.raises(NotFound):
        invited(floor.person, Newcomer("gijs", "Gijs", ["partner"], service="stopitnow"))


def test_a_newcomer_does_not_put_out_who_invited_them(floor: Counsellor, hanna: Counsellor) -> None:
    Person.objects.filter(pk=hanna.person.pk).update(invited_by=floor.person)
    hanna.person.refresh_from_db()
    with pytest.raises(Forbidden):
        staff_people.replace_second_factor(hanna.person, floor.person.handle, now=clock.now())
    with pytest.raises(Forbidden):
        needs_approval.revoke(hanna.person, floor.device.fingerprint, lost=True, now=clock.now())
    month = clock.now() + timedelta(days=31)
    assert staff_people.replace_second_factor(hanna.person, floor.person.handle, now=month)


def test_who_replaced_a_supervisor_s_second_factor_does_not_reset_their_password_too(
    ilse: Person, floor: Counsellor
) -> None:
    staff_people.replace_second_factor(ilse, floor.person.handle, now=clock.now())
    with pytest.raises(Forbidden):
        staff_people.renew_link(ilse, floor.person.handle, now=clock.now())


def test_who_made_a_supervisor_a_new_link_does_not_replace_their_second_factor_too(
    ilse: Person, floor: Counsellor
) -> None:
    now = clock.now()
    staff_people.renew_link(ilse, floor.person.handle, now=now)
    with pytest.raises(Forbidden):
        staff_people.replace_second_factor(ilse, floor.person.handle, now=now)
    staff_people.replace_second_factor(ilse, floor.person.handle, now=now + timedelta(days=31))


def test_the_only_supervisor_s_replaced_factor_is_seen_and_undone_by_those_of_other_lines(
    ilse: Person, floor: Counsellor, otto: Counsellor
) -> None:
    staff_people.replace_second_factor(ilse, floor.person.handle, now=clock.now())
    (row,) = staff_people.fresh_replacements(otto.person, now=clock.now())
    with pytest.raises(Themselves):
        staff_people.undo_replacement(floor.person, row.pk, now=clock.now())
    staff_people.undo_replacement(otto.person, row.pk, now=clock.now())
    assert staff_people.fresh_replacements(otto.person, now=clock.now()) == []


def test_undoing_ends_the_devices_that_came_since(floor: Counsellor, carla: Counsellor) -> None:
    staff_people.replace_second_factor(floor.person, carla.person.handle, now=clock.now())
    known = devices.candidate(carla.person, a_point(), "a thief's")
    planted = devices.register(carla.person, known, now=clock.now())
    (row,) = staff_people.fresh_replacements(floor.person, now=clock.now())
    staff_people.undo_replacement(floor.person, row.pk, now=clock.now())
    assert Device.objects.get(pk=planted.pk).state == Device.State.REVOKED
    assert Device.objects.get(pk=carla.device.pk).state == Device.State.APPROVED


def test_an_administrator_does_nothing_alone_where_there_is_a_supervisor_however_new(
    ilse: Person, floor: Counsellor, carla: Counsellor
) -> None:
    approvers.note(floor.person, now=clock.now())
    approval = approval_requests.ask(
        ilse, approval_requests.Kind.ROLE, subject=carla.person.handle, value="supervisor", now=clock.now()
    )
    assert approval.waits
    approval_requests.confirm(floor.person, approval.pk, now=clock.now())
    assert "supervisor" in carla.person.roles
