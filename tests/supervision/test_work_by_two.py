"""Who gets or loses a role, a line or a service: at once, or by two persons; and back by the same way."""

from collections.abc import Callable
from datetime import datetime

import pytest

from chat.models import LastProven, Line, Member, Service, Wish, Work
from chat.supervision import needs_two
from chat.supervision.held_fields import NothingChanges
from chat.supervision.leaving import LastSupervisor
from counsellors.models import Person, Session
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support import admin_pages
from tests.support.domain.cast import Counsellor, a_caller, state_of
from tests.support.domain.wishes import confirms

pytestmark = pytest.mark.usefixtures("all_long_there")

type Deed = Callable[..., Wish | None]


@pytest.fixture
def ilse(db: None) -> Person:
    return admin_pages.ilse()


@pytest.fixture
def csg(db: None) -> Service:
    return Service.objects.create(slug="csg", name="CSG")


def done(deed: Deed, by: Person, to: Counsellor, what: str, now: datetime | None = None) -> Wish | None:
    return deed(by, to.person.handle, what, now=now or clock.now())


def asked(deed: Deed, by: Person, to: Counsellor, what: str) -> Wish:
    wish = done(deed, by, to, what)
    assert wish is not None
    assert wish.waits
    return wish


def roles_of(who: Counsellor) -> list[str]:
    return Person.objects.get(pk=who.person.pk).roles


def places_of(who: Counsellor) -> set[str | None]:
    rows = Work.objects.filter(person=who.person)
    return {line or service for line, service in rows.values_list("line", "service")}


@pytest.mark.parametrize("role", ["supervisor", "administrator", "partner"])
def test_what_two_gave_two_take(
    ilse: Person, carla: Counsellor, floor: Counsellor, hanna: Counsellor, role: str
) -> None:
    confirms(floor, asked(needs_two.give_role, ilse, carla, role))
    assert role in roles_of(carla)
    wish = asked(needs_two.take_role, ilse, carla, role)
    assert role in roles_of(carla)
    confirms(hanna, wish)
    assert roles_of(carla) == ["counsellor"]


def test_a_counsellor_s_role_and_line_are_given_and_taken_at_once_and_stand_on_record(
    ilse: Person, carla: Counsellor, stopitnow: Line
) -> None:
    for deed, what in (
        (needs_two.take_role, "counsellor"),
        (needs_two.give_role, "counsellor"),
        (needs_two.give_line, "stopitnow"),
        (needs_two.take_line, "helpwanted"),
    ):
        assert done(deed, ilse, carla, what) is None
    assert (roles_of(carla), places_of(carla)) == (["counsellor"], {"stopitnow"})
    for action, what in (
        ("role_taken", "counsellor"),
        ("role_given", "counsellor"),
        ("line_given", "stopitnow"),
        ("line_taken", "helpwanted"),
    ):
        assert admin_pages.audited(action) == [(ilse.handle, carla.person.handle, what)]


def test_a_supervisor_s_line_is_given_and_taken_by_that_line_s_supervisors(
    ilse: Person, floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    confirms(otto, asked(needs_two.give_line, ilse, floor, "stopitnow"))
    assert places_of(floor) == {"helpwanted", "stopitnow"}
    wish = asked(needs_two.take_line, ilse, floor, "stopitnow")
    with pytest.raises(NotFound):
        confirms(hanna, wish)
    confirms(otto, wish)
    assert places_of(floor) == {"helpwanted"}


def test_a_service_is_given_and_taken_by_any_two_since_it_sits_in_every_line(
    ilse: Person, carla: Counsellor, otto: Counsellor, csg: Service
) -> None:
    confirms(otto, asked(needs_two.give_service, ilse, carla, "csg"))
    assert places_of(carla) == {"helpwanted", "csg"}
    confirms(otto, asked(needs_two.take_service, ilse, carla, "csg"))
    assert places_of(carla) == {"helpwanted"}


def test_a_line_s_last_supervisor_keeps_role_and_line(ilse: Person, otto: Counsellor) -> None:
    for deed, what in ((needs_two.take_role, "supervisor"), (needs_two.take_line, "stopitnow")):
        wish = asked(deed, ilse, otto, what)
        with pytest.raises(LastSupervisor):
            confirms(otto, wish)
    assert (roles_of(otto), places_of(otto)) == (["supervisor"], {"stopitnow"})


def test_who_is_taken_off_a_line_leaves_its_conversations_and_the_caller_waits_in_front(
    ilse: Person, carla: Counsellor
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    done(needs_two.take_line, ilse, carla, "helpwanted")
    assert state_of(anna) == "waiting"
    assert not Member.objects.present().filter(person=carla.person).exists()


def test_who_loses_a_role_is_signed_out(ilse: Person, carla: Counsellor) -> None:
    Session.objects.create(
        session_key="hers", person=carla.person, used_at=clock.now(), expire_date=clock.now()
    )
    done(needs_two.take_role, ilse, carla, "counsellor")
    assert not Session.objects.filter(person=carla.person).exists()


def test_a_supervisor_does_so_for_the_own_line_and_people_and_for_no_other(
    floor: Counsellor, carla: Counsellor, esra: Counsellor, csg: Service
) -> None:
    assert done(needs_two.take_line, floor.person, carla, "helpwanted") is None
    for deed, to, what in (
        (needs_two.give_line, esra, "helpwanted"),
        (needs_two.take_line, esra, "stopitnow"),
        (needs_two.take_role, esra, "counsellor"),
        (needs_two.give_service, esra, "csg"),
    ):
        with pytest.raises(NotFound):
            done(deed, floor.person, to, what)


def test_what_is_so_already_is_not_asked_for(ilse: Person, carla: Counsellor, csg: Service) -> None:
    for deed, what in (
        (needs_two.give_role, "counsellor"),
        (needs_two.take_role, "supervisor"),
        (needs_two.give_line, "helpwanted"),
        (needs_two.take_line, "stopitnow"),
        (needs_two.take_service, "csg"),
    ):
        with pytest.raises((NothingChanges, NotFound)):
            done(deed, ilse, carla, what)
    assert not Wish.objects.exists()


def test_a_line_of_this_platform_is_nobody_s_service(ilse: Person, carla: Counsellor) -> None:
    Service.objects.create(slug="helpwanted", name="Helpwanted")
    with pytest.raises(NotFound):
        done(needs_two.give_service, ilse, carla, "helpwanted")


def test_in_an_installation_without_a_second_one_it_is_done_and_the_audit_says_alone(
    floor: Counsellor, carla: Counsellor
) -> None:
    """As in its first week: nobody else counts yet."""
    LastProven.objects.exclude(person=floor.person).delete()
    wish = done(needs_two.give_role, floor.person, carla, "administrator")
    assert wish is not None
    assert not wish.waits
    assert admin_pages.audited("wish_asked")[0][2] == "role administrator alone"
