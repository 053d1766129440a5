"""The seats of somebody who signs out end at once: their caller waits for no lease."""

from collections.abc import Callable

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from chat.conversation import presence
from chat.lines import staff as on_the_line
from chat.models import Member
from chat.supervision import staff_devices
from counsellors import devices, duty
from counsellors.models import Device, Person, Role
from counsellors.signin import replacements, sessions
from helpline.lib import clock
from tests.support import admin_pages as staff
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_point, kinds, state_of, taken
from tests.support.domain.fixtures import Rung

type Ends = Callable[[Person], object]


def a_browser(person: Person, device: Device) -> Client:
    """Returns a browser in which the person has signed in and this device was proven."""
    client = Client()
    client.force_login(person)
    sessions.note_proven(client.cookies["sessionid"].value, device)
    return client


def another(person: Person) -> Device:
    return staff_devices.prove(person, devices.candidate(person, a_point(), "telefoon"), now=clock.now())


@pytest.fixture
def anna(carla: Counsellor) -> Caller:
    """Makes Anna talk with Carla, whose console is connected."""
    presence.arrive("console", device=carla.device.pk, now=clock.now())
    return taken(carla)[0]


def test_who_signs_out_leaves_at_once_and_the_caller_is_first_again(
    anna: Caller, carla: Counsellor, daan: Counsellor, every_bell: Rung
) -> None:
    bilal, browser = a_caller(), a_browser(carla.person, carla.device)
    rung = every_bell(lambda: browser.post("/logout/"))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert state_of(anna) == "waiting"
    assert duty.of(carla.person).state == "off"  # type: ignore[union-attr]
    assert {"OwnDutyChanged", "AccessChanged", "QueueChanged"} <= {type(bell).__name__ for bell in rung}
    assert [daan.takes_next().conversation for _ in "12"] == [anna.conversation, bilal.conversation]


def test_the_console_may_be_closed_already_when_its_person_signs_out(
    anna: Caller, carla: Counsellor, every_bell: Rung
) -> None:
    browser = a_browser(carla.person, carla.device)
    presence.depart("console", now=clock.now())
    every_bell(lambda: browser.post("/logout/"))
    assert state_of(anna) == "waiting"


def test_a_colleague_who_is_still_there_keeps_the_caller(
    anna: Caller, carla: Counsellor, daan: Counsellor, every_bell: Rung
) -> None:
    bilal = a_caller()
    assert daan.takes_next().conversation == bilal.conversation
    bilal.grants()
    every_bell(lambda: a_browser(carla.person, carla.device).post("/logout/"))
    assert (state_of(anna), state_of(bilal)) == ("waiting", "active")


def test_another_console_of_the_same_person_that_is_connected_is_no_end(
    anna: Caller, carla: Counsellor, every_bell: Rung
) -> None:
    laptop, phone = a_browser(carla.person, carla.device), another(carla.person)
    Device.objects.filter(pk=phone.pk).update(state=Device.State.APPROVED)
    a_browser(carla.person, phone)
    presence.arrive("phone", device=phone.pk, now=clock.now())
    every_bell(lambda: laptop.post("/logout/"))
    assert state_of(anna) == "active", "Carla can take Anna over on the telephone"
    assert duty.of(carla.person).state == "on"  # type: ignore[union-attr]


def test_a_partner_s_seat_ends_at_once_since_no_other_console_can_take_it_over(
    anna: Caller, carla: Counsellor, every_bell: Rung
) -> None:
    Member.objects.filter(device=carla.device).update(role="partner")
    laptop, phone = a_browser(carla.person, carla.device), another(carla.person)
    Device.objects.filter(pk=phone.pk).update(state=Device.State.APPROVED)
    a_browser(carla.person, phone)
    presence.arrive("phone", device=phone.pk, now=clock.now())
    every_bell(lambda: laptop.post("/logout/"))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]


@pytest.mark.parametrize("state", [Device.State.PENDING, Device.State.APPROVED])
def test_another_device_that_is_not_approved_or_not_connected_keeps_nobody(
    anna: Caller, carla: Counsellor, every_bell: Rung, state: str
) -> None:
    laptop, phone = a_browser(carla.person, carla.device), another(carla.person)
    Device.objects.filter(pk=phone.pk).update(state=state)
    a_browser(carla.person, phone)
    if state == Device.State.PENDING:
        presence.arrive("phone", device=phone.pk, now=clock.now())
    every_bell(lambda: laptop.post("/logout/"))
    assert state_of(anna) == "waiting"


def test_signing_out_on_the_telephone_leaves_what_the_laptop_holds(
    anna: Caller, carla: Counsellor, every_bell: Rung
) -> None:
    a_browser(carla.person, carla.device)
    phone = another(carla.person)
    every_bell(lambda: a_browser(carla.person, phone).post("/logout/"))
    assert state_of(anna) == "active"
    assert duty.of(carla.person).state == "on"  # type: ignore[union-attr]


def loses_the_role(person: Person) -> None:
    person.role_rows.get().delete()


def is_deactivated(person: Person) -> None:
    person.is_active = False
    person.save(update_fields=["is_active"])


def has_the_second_factor_replaced(person: Person) -> None:
    replacements.begin(person, by=staff.floor(), now=clock.now())


@pytest.mark.parametrize("ends", [loses_the_role, is_deactivated, has_the_second_factor_replaced])
def test_a_session_that_somebody_else_ends_is_an_end(
    anna: Caller, carla: Counsellor, every_bell: Rung, ends: Ends
) -> None:
    every_bell(lambda: ends(carla.person))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]


def test_whoever_loses_the_device_is_off_duty_at_once_too(
    anna: Caller, carla: Counsellor, floor: Counsellor, every_bell: Rung
) -> None:
    a_browser(carla.person, carla.device)
    every_bell(lambda: staff_devices.end(carla.device.pk, floor.person, now=clock.now()))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert duty.of(carla.person).state == "off"  # type: ignore[union-attr]


def changes_the_password(person: Person) -> None:
    person.set_password("een nieuwe lange zin")
    person.save()


def gains_a_role(person: Person) -> None:
    Role.objects.create(person=person, name=Role.Name.SUPERVISOR)


@pytest.mark.parametrize("goes_on", [changes_the_password, gains_a_role])
def test_who_signs_in_again_after_a_change_finds_the_conversation_as_after_a_lost_connection(
    anna: Caller, carla: Counsellor, every_bell: Rung, goes_on: Ends
) -> None:
    browser = a_browser(carla.person, carla.device)
    every_bell(lambda: goes_on(carla.person))
    assert SESSION_KEY not in browser.session, "the session has ended"
    assert state_of(anna) == "active"


def test_a_seat_that_cannot_end_now_is_left_to_its_lease(
    anna: Caller, carla: Counsellor, every_bell: Rung, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = a_browser(carla.person, carla.device)

    def fails(_person: int) -> None:
        raise RuntimeError

    monkeypatch.setattr(on_the_line, "end_duty", fails)
    every_bell(lambda: browser.post("/logout/"))
    assert SESSION_KEY not in browser.session
    assert state_of(anna) == "active"
