"""Somebody who gives a fresh second factor adds a passkey, signs in with it, and ends every session by
removing it."""

import pytest
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from counsellors.models import Passkey, Person, Session
from counsellors.signin import passkeys
from counsellors.signin.accounts import person_of_session
from helpline.lib import clock
from tests.support import admin_pages as staff
from tests.support import passkeys as own
from tests.support.authenticator import Authenticator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still(time_machine: TimeMachineFixture) -> None:
    """Stops the clock, so that the codes of now and of half a minute later stay the same during a test."""
    time_machine.move_to(clock.now(), tick=False)


def test_who_adds_a_passkey_signs_in_with_it_instead_of_a_code() -> None:
    carla, phone = staff.carla(), Authenticator()
    client = own.sign_in_by_code(carla)
    added = own.add_by_page(client, phone, code=staff.code_of(carla, 1))
    assert added.headers["Location"] == "/account/passkeys/"
    assert "mijn telefoon" in client.get("/account/passkeys/").content.decode()
    other = own.half_signed_in(carla)
    assert "Inloggen met een passkey" in other.get("/login/code/").content.decode()
    assert own.give_passkey(other, phone).headers["Location"] == "/console/"
    assert other.get("/console/").status_code == 200
    assert person_of_session(other.cookies["sessionid"].value) == carla


def test_a_passkey_that_does_not_count_signs_in_again_and_again() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla, counts=False)
    assert all(own.check(carla, phone).accepted for _ in range(3))


def test_a_second_passkey_is_added_with_the_first() -> None:
    carla = staff.carla()
    phone, key = own.phone_of(carla), Authenticator()
    client = own.sign_in_by_passkey(carla, phone)
    own.add_by_page(client, key, answer=own.signed(client, phone))
    assert own.check(carla, key).accepted


def test_adding_and_removing_are_on_record() -> None:
    carla = staff.carla()
    own.phone_of(carla)
    number = Passkey.objects.get().pk
    passkeys.remove(carla, number)
    assert staff.audited("passkey_added") == [(carla.handle, str(number), "")]
    assert staff.audited("passkey_removed") == [(carla.handle, str(number), "")]


def test_removing_one_ends_the_sessions_elsewhere_and_goes_on_here() -> None:
    carla = staff.carla()
    own.phone_of(carla)
    here, elsewhere = own.sign_in_by_code(carla), own.sign_in_by_code(carla, staff.recovery_code(carla))
    number = Passkey.objects.get().pk
    removed = here.post(f"/account/passkeys/{number}/remove/", {"code": staff.code_of(carla, 1)})
    assert removed.headers["Location"] == "/account/passkeys/"
    assert not Passkey.objects.exists()
    assert here.get("/console/").status_code == 200
    assert elsewhere.get("/console/").headers["Location"] == "/login/"


def test_who_removes_a_passkey_by_that_passkey_signs_in_anew() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    client = own.sign_in_by_passkey(carla, phone)
    number = Passkey.objects.get().pk
    client.post(f"/account/passkeys/{number}/remove/", {"answer": own.signed(client, phone)})
    assert not Passkey.objects.exists()
    assert client.get("/account/passkeys/").headers["Location"] == "/login/"


def test_an_eleventh_is_refused() -> None:
    carla = staff.carla()
    for _ in range(passkeys.MAX_PASSKEYS):
        own.phone_of(carla)
    with pytest.raises(passkeys.NotAdded):
        own.phone_of(carla)
    client = own.sign_in_by_code(carla)
    assert "Je hebt er tien" in client.get("/account/passkeys/").content.decode()


def test_without_a_name_none_is_begun() -> None:
    carla = staff.carla()
    client = own.sign_in_by_code(carla)
    begun = client.post("/account/passkeys/begin/", {"label": " ", "code": staff.code_of(carla, 1)})
    assert (begun.status_code, "naam" in begun.json()["problem"]) == (400, True)


def test_who_has_no_passkey_is_offered_none() -> None:
    client = own.half_signed_in(staff.carla())
    assert "passkey" not in client.get("/login/code/").content.decode()


@pytest.mark.parametrize("address", ["/account/passkeys/", "/login/passkey/ask/", "/account/passkeys/ask/"])
def test_who_is_not_signed_in_is_sent_to_the_first_step(address: str) -> None:
    client = own.browser()
    answer = client.post(address) if "ask" in address else client.get(address)
    assert answer.headers["Location"] == "/login/"


@pytest.mark.parametrize(
    "origins",
    [
        ["http://127.0.0.1:8000"],
        ["https://127.0.0.1"],
        ["https://[::1]:8000"],
        ["http://hulp.example"],
        ["https://elders.example"],
    ],
)
def test_where_passkeys_cannot_be_nothing_of_them_is_shown(settings: Settings, origins: list[str]) -> None:
    carla = staff.carla()
    own.phone_of(carla)
    settings.ORIGINS = origins
    host = origins[0].partition("://")[2] if "elders" not in origins[0] else own.HOST
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"host": host})
    staff.give_password(client, "carla")
    assert "passkey" not in client.get("/login/code/").content.decode()
    assert client.post("/login/passkey/ask/").status_code == 404
    staff.give_code(client, staff.code_of(carla))
    assert client.get("/account/passkeys/").status_code == 404


def test_on_this_computer_they_need_no_tls(settings: Settings) -> None:
    settings.ORIGINS = ["http://localhost:8000"]
    settings.ALLOWED_HOSTS = ["localhost"]
    client = Client(headers={"host": "localhost:8000"})
    carla = staff.carla()
    staff.give_password(client, "carla")
    staff.give_code(client, staff.code_of(carla))
    assert client.get("/account/passkeys/").status_code == 200


def test_a_passkey_of_another_site_is_not_offered(settings: Settings) -> None:
    carla = staff.carla()
    own.phone_of(carla)
    settings.ORIGINS = ["https://hulp.example", "https://team.example"]
    settings.ALLOWED_HOSTS = ["team.example"]
    client = Client(SERVER_NAME="team.example")
    staff.give_password(client, "carla")
    assert "passkey" not in client.get("/login/code/").content.decode()


def test_sessions_of_others_stay_when_somebody_removes_a_passkey() -> None:
    carla, floor = staff.carla(), staff.floor()
    own.phone_of(carla)
    staff.sign_in(floor)
    passkeys.remove(carla, Passkey.objects.get().pk)
    assert [row.person for row in Session.objects.all()] == [floor]
    assert Person.objects.count() == 2
