"""If a role needs a passkey, nobody works in it without one; adding one is all that they may do."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from chat.models import ApprovalRequest
from counsellors.models import Authenticator as App
from counsellors.models import PasskeyDemand, Person, Role
from counsellors.signin import accounts, demands
from helpline.lib import clock
from tests.support import admin_pages as staff
from tests.support import passkeys as own
from tests.support.authenticator import Authenticator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still(time_machine: TimeMachineFixture) -> None:
    """Stops the clock, so that the codes of now and of half a minute later stay the same during a test."""
    time_machine.move_to(clock.now(), tick=False)


ROLES = {
    "counsellor": (staff.carla, "/console/"),
    "supervisor": (staff.floor, "/board/"),
    "partner": (staff.gijs, "/desk/"),
    "administrator": (staff.ilse, "/people/"),
}
PAGE = "/account/passkeys/"
DEMAND = "/account/passkeys/demand/"


def by_socket(client: Client) -> Person | None:
    """Returns the person whom the sockets take this browser for."""
    return accounts.person_of_session(client.cookies["sessionid"].value)


@pytest.mark.parametrize("role", ROLES)
def test_without_a_passkey_there_is_one_page_and_no_socket(role: str) -> None:
    makes, work = ROLES[role]
    person = makes()
    PasskeyDemand.objects.create(role=role)
    client = own.sign_in_by_code(person)
    assert client.get(work).headers["Location"] == PAGE
    assert client.get("/login/").headers["Location"] == work, "and from there to the page"
    assert "Voor jouw rol is een passkey nodig" in client.get(PAGE).content.decode()
    assert by_socket(client) is None


@pytest.mark.parametrize("role", ROLES)
def test_who_adds_one_goes_on_at_once(role: str) -> None:
    makes, work = ROLES[role]
    person = makes()
    PasskeyDemand.objects.create(role=role)
    client = own.sign_in_by_code(person)
    own.add_by_page(client, Authenticator(), code=staff.code_of(person, 1))
    assert client.get(work).status_code == 200
    assert by_socket(client) == person


def test_who_has_one_must_use_it() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    PasskeyDemand.objects.create(role="counsellor")
    for code in (staff.code_of(carla), staff.recovery_code(carla)):
        client = own.sign_in_by_code(carla, code)
        assert client.get("/console/").headers["Location"] == PAGE
        assert "Ga verder met je passkey" in client.get(PAGE).content.decode()
        assert by_socket(client) is None
    assert own.sign_in_by_passkey(carla, phone).get("/console/").status_code == 200


def test_who_came_by_a_code_goes_on_by_the_passkey(time_machine: TimeMachineFixture) -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    PasskeyDemand.objects.create(role="counsellor")
    client = own.sign_in_by_code(carla)
    wrong = client.post(f"{PAGE}use/", {"answer": own.signed(client, Authenticator())})
    assert "niet aangenomen" in wrong.content.decode()
    assert by_socket(client) is None
    time_machine.shift(2)  # a wrong one costs a second
    used = client.post(f"{PAGE}use/", {"answer": own.signed(client, phone)})
    assert used.headers["Location"] == "/console/"
    assert by_socket(client) == carla


def test_who_lost_it_adds_another_by_recovery_codes() -> None:
    carla = staff.carla()
    own.phone_of(carla)
    PasskeyDemand.objects.create(role="counsellor")
    client = own.sign_in_by_code(carla, staff.recovery_code(carla))
    own.add_by_page(client, Authenticator(), code=staff.recovery_code(carla, 1))
    assert client.get("/console/").status_code == 200


def test_another_role_is_left_alone() -> None:
    PasskeyDemand.objects.create(role="supervisor")
    carla = staff.carla()
    client = own.sign_in_by_code(carla)
    assert client.get("/console/").status_code == 200
    assert by_socket(client) == carla


def test_a_demand_takes_nobody_off_their_work_and_holds_from_the_next_sign_in() -> None:
    carla, floor = staff.carla(), staff.floor()
    works = own.sign_in_by_code(carla)
    demands.demand(floor, "counsellor")
    assert by_socket(works) == carla, "whoever is with a caller stays"
    assert works.get("/console/").status_code == 200
    assert "vanaf de volgende keer dat je inlogt" in works.get(PAGE).content.decode()
    again = own.sign_in_by_code(carla, staff.recovery_code(carla))
    assert by_socket(again) is None
    assert again.get("/console/").headers["Location"] == PAGE
    demands.lift(floor, "counsellor")
    assert by_socket(again) == carla, "lifting it counts at once"


def test_a_demand_says_on_record_of_which_role_and_who() -> None:
    floor = staff.floor()
    for _ in range(2):
        demands.demand(floor, "counsellor")
    for _ in range(2):
        demands.lift(floor, "counsellor")
    assert staff.audited("passkey_demanded") == [(floor.handle, "counsellor", "counsellor")]
    assert staff.audited("passkey_demand_lifted") == [(floor.handle, "counsellor", "counsellor")]


def test_a_page_asks_on_a_proven_device_and_says_how_many_at_work_have_none() -> None:
    carla, floor = staff.carla(), staff.floor()
    own.sign_in_by_passkey(carla, own.phone_of(carla))
    own.sign_in_by_code(a_second_counsellor())
    board = own.sign_in_by_code(floor)
    assert board.post(DEMAND, {"role": "counsellor"}).headers["Location"] == "/join/"
    assert not ApprovalRequest.objects.exists(), "password and code on a strange machine ask for nothing"
    staff.proves_a_device(board, floor)
    page = board.get(DEMAND).content.decode()
    assert "Dit geldt voor alle lijnen" in page
    assert "Nu ingelogd: 2. Zonder passkey: 1." in page
    board.post(DEMAND, {"role": ["counsellor", "king"]})
    assert [approval.subject for approval in ApprovalRequest.objects.all()] == ["counsellor"]
    ApprovalRequest.objects.update(ended_at=None, how="")  # as if a second person had to confirm it
    assert "Gevraagd: een passkey is nodig." in board.get(DEMAND).content.decode()


def a_second_counsellor() -> Person:
    esra = Person.objects.create_user("esra", staff.PASSWORD, "Esra")
    Role.objects.create(person=esra, name="counsellor")
    App.of(esra)
    return esra


def test_only_a_supervisor_demands_and_one_who_is_not_held_back() -> None:
    carla, floor = staff.carla(), staff.floor()
    counsels = own.sign_in_by_code(carla)
    assert DEMAND not in counsels.get(PAGE).content.decode()
    assert counsels.post(DEMAND, {"role": "partner"}).status_code == 404
    assert staff.audited("wall") == [(carla.handle, "", "passkeys")]
    assert DEMAND in own.sign_in_by_code(floor).get(PAGE).content.decode()
    PasskeyDemand.objects.create(role="supervisor")
    held_back = own.sign_in_by_code(floor, staff.recovery_code(floor))
    assert DEMAND not in held_back.get(PAGE).content.decode()
    assert held_back.post(DEMAND, {}).headers["Location"] == PAGE
    assert PasskeyDemand.objects.get().role == "supervisor"


def test_where_no_passkey_can_be_none_is_demanded(settings: Settings) -> None:
    carla = staff.carla()
    PasskeyDemand.objects.create(role="counsellor")
    settings.ORIGINS = ["http://127.0.0.1:8000"]
    assert staff.sign_in(carla).get("/console/").status_code == 200


def test_hundreds_of_sockets_are_held_back_in_the_query_that_looks_at_them(
    django_assert_num_queries: Any,
) -> None:
    people = [staff.carla(), staff.floor(), staff.gijs()]
    PasskeyDemand.objects.create(role="counsellor")
    tokens = [own.sign_in_by_code(one).cookies["sessionid"].value for one in people]
    with django_assert_num_queries(1):
        assert len(accounts.all_signed_in(tokens)) == 2


def test_the_page_tells_the_browser_what_to_make_for_whom() -> None:
    carla = staff.carla()
    client = own.sign_in_by_code(carla)
    options = json.loads(own.begin(client, code=staff.code_of(carla, 1)).content)
    assert options["rp"] == {"name": "Helpline", "id": own.HOST}
    assert options["user"]["name"] == "carla"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
