"""Somebody who gets a line, a service or a role that reads is approved anew, because the device was approved
for less."""

import pytest
from pytest_django import Settings

from chat.models import Line, Service, Work
from chat.supervision import staff_devices
from counsellors import devices
from counsellors.models import Device, Person, Role, Session
from counsellors.signin import sessions
from helpline.lib import clock
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor, a_partner, a_point, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _approved_by_voice(settings: Settings) -> None:
    settings.DEVICE_APPROVAL = "supervisor"


def state_of(who: Counsellor) -> str:
    return str(Device.objects.get(pk=who.device.pk).state)


def test_an_administrator_alone_puts_a_counsellor_into_the_other_line_and_their_device_waits_there(
    carla: Counsellor, stopitnow: Line
) -> None:
    Work.objects.create(person=carla.person, line=stopitnow)
    assert state_of(carla) == "pending"


def test_a_partner_who_is_made_a_counsellor_reads_nothing_before_somebody_heard_the_words(
    carla: Counsellor,
) -> None:
    Role.objects.create(person=carla.person, name=Role.Name.PARTNER)
    assert state_of(carla) == "pending"


def test_a_partner_who_is_moved_to_another_service_waits_too(carla: Counsellor) -> None:
    Work.objects.create(person=carla.person, service=Service.objects.create(slug="113", name="113"))
    assert state_of(carla) == "pending"


def test_a_row_that_is_changed_in_place_is_a_gain_as_one_that_is_added(
    carla: Counsellor, stopitnow: Line
) -> None:
    """Otherwise its devices would stay approved by people of a line that has nothing to do with the new
    one."""
    work = carla.person.work.get()
    work.line = stopitnow
    work.save()
    assert state_of(carla) == "pending"
    assert staff.audited("approved_for_less") == [("", carla.person.handle, "")]


def test_so_is_a_partner_who_becomes_a_counsellor_in_the_same_row(helpwanted: Line) -> None:
    gijs = a_partner("Gijs", Service.objects.create(slug="csg", name="CSG"))
    role = gijs.person.role_rows.get()
    role.name = Role.Name.COUNSELLOR
    role.save()
    assert state_of(gijs) == "pending"


def test_a_row_that_is_saved_as_it_was_is_no_gain(carla: Counsellor) -> None:
    carla.person.work.get().save()
    carla.person.role_rows.get().save()
    assert state_of(carla) == "approved"


def test_a_supervisor_s_gain_takes_two_persons_and_their_device_stays(
    floor: Counsellor, stopitnow: Line
) -> None:
    Work.objects.create(person=floor.person, line=stopitnow)
    assert state_of(floor) == "approved"


def test_where_every_device_counts_none_waits(carla: Counsellor, stopitnow: Line, settings: Settings) -> None:
    settings.DEVICE_APPROVAL = "any"
    Work.objects.create(person=carla.person, line=stopitnow)
    assert state_of(carla) == "approved"


def test_the_list_of_those_that_wait_holds_a_person_s_newest_three(carla: Counsellor) -> None:
    for number in range(12):
        known = devices.candidate(carla.person, a_point(), f"laptop {number}")
        devices.register(carla.person, known, now=clock.now())
    waiting = Device.objects.filter(person=carla.person, state="pending").order_by("enrolled_at")
    assert [one.label for one in waiting] == ["laptop 9", "laptop 10", "laptop 11"]


def test_a_device_that_was_approved_before_and_waits_again_is_none_of_the_three(
    carla: Counsellor, stopitnow: Line
) -> None:
    """Her everyday laptop is the oldest of four, and holds a caller's seat."""
    taken(carla)
    for number in range(2):
        known = devices.candidate(carla.person, a_point(), f"laptop {number}")
        devices.register(carla.person, known, now=clock.now())
    Device.objects.filter(person=carla.person).update(state=Device.State.APPROVED)
    Work.objects.create(person=carla.person, line=stopitnow)
    made = devices.register(carla.person, devices.candidate(carla.person, a_point(), "new"), now=clock.now())
    assert made.label == "new"
    assert Device.objects.filter(person=carla.person, state="pending").count() == 4


def test_the_browser_of_a_revoked_device_is_signed_out(floor: Counsellor) -> None:
    carla = staff.carla()
    browser = staff.sign_in(carla)
    device = staff.proves_a_device(browser, carla)
    token = browser.cookies["sessionid"].value
    assert sessions.proven_device(token) == device
    staff_devices.end(device.pk, floor.person, now=clock.now())
    assert not Session.objects.filter(person=carla).exists()
    assert Person.objects.get(pk=carla.pk).is_active
