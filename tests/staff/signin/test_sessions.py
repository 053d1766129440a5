"""A session is one person's, begins with the code, and ends at once when their access ends. The console's
socket calls `person_of_session` every three seconds; None closes it."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsellors.models import Device, Person, Session
from counsellors.signin import second_factor, sessions
from counsellors.signin.accounts import all_signed_in, person_of_session
from helpline.lib import clock
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db


def test_a_session_of_both_factors_names_its_person_with_the_roles() -> None:
    carla = staff.carla()
    found = person_of_session(_key(staff.sign_in(carla)))
    assert found == carla
    assert found.roles == ["counsellor"]


@pytest.mark.parametrize("key", [None, "", "x", "0" * 32, "../../etc/passwd"])
def test_no_session_and_an_unknown_one_name_nobody(key: str | None) -> None:
    staff.sign_in(staff.carla())
    assert person_of_session(key) is None
    assert Session.objects.count() == 1


def test_the_password_step_names_nobody() -> None:
    staff.carla()
    client = Client()
    staff.give_password(client, "carla")
    assert person_of_session(_key(client)) is None


def test_a_session_of_ours_bears_the_server_s_mark_and_a_made_up_one_does_not() -> None:
    client = staff.sign_in(staff.carla())
    assert sessions.is_ours(_key(client))
    client.get("/console/")
    assert sessions.is_ours(_key(client))
    made_up = f"{_key(client)[:-1]}{'A' if _key(client)[-1] != 'A' else 'B'}"
    assert not any(map(sessions.is_ours, ("", "x", "0" * 32, "A" * 43, made_up)))


def test_a_sign_in_without_the_second_factor_names_nobody() -> None:
    client = Client()
    client.force_login(staff.carla())
    assert person_of_session(_key(client)) is None
    assert client.get("/console/").headers["Location"] == "/login/"


def test_signing_out_ends_the_session_in_the_database() -> None:
    carla = staff.carla()
    client = staff.sign_in(carla)
    key = _key(client)
    assert client.get("/logout/").status_code == 200
    assert person_of_session(key) == carla
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert person_of_session(key) is None
    assert not Session.objects.exists()
    assert staff.audited("signed_out") == [(carla.handle, "", "")]


def test_a_new_password_ends_every_session() -> None:
    carla = staff.carla()
    key = _key(staff.sign_in(carla))
    carla.set_password("a new long sentence")
    carla.save()
    assert person_of_session(key) is None


def test_deactivation_ends_every_session_and_activation_does_not_bring_a_socket_back_by_itself() -> None:
    key = _key(staff.sign_in(staff.carla()))
    Person.objects.update(is_active=False)
    assert person_of_session(key) is None


def test_deleting_or_unconfirming_the_second_factor_ends_the_session() -> None:
    key = _key(staff.sign_in(staff.carla()))
    TOTPDevice.objects.update(confirmed=False)
    assert person_of_session(key) is None
    TOTPDevice.objects.all().delete()
    assert person_of_session(key) is None


def test_a_session_by_recovery_code_ends_with_the_recovery_codes() -> None:
    carla = staff.carla()
    client = Client()
    staff.give_password(client, "carla")
    staff.give_code(client, staff.recovery_code(carla))
    assert person_of_session(_key(client)) == carla
    StaticDevice.objects.all().delete()
    assert person_of_session(_key(client)) is None


def test_the_second_factor_of_somebody_else_does_not_count() -> None:
    client = staff.sign_in(staff.carla())
    TOTPDevice.objects.update(user=staff.noor())
    assert person_of_session(_key(client)) is None


def test_a_session_planted_before_the_sign_in_is_worth_nothing_after_it() -> None:
    carla = staff.carla()
    client = Client()
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    staff.give_password(client, "carla")
    half = _key(client)
    staff.give_code(client, staff.code_of(carla))
    keys = [planted.session_key, half, _key(client)]
    assert len(set(keys)) == 3
    assert [person_of_session(key) for key in keys] == [None, None, carla]
    assert "planted" not in client.session
    assert Session.objects.count() == 1


def test_no_other_site_sends_the_cookie_along_and_no_script_reads_it() -> None:
    cookie = staff.sign_in(staff.carla()).cookies["sessionid"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Strict", True)


def test_setting_up_a_second_factor_is_a_step_with_a_token_of_its_own() -> None:
    noor = staff.noor()
    second_factor.new_recovery_codes(noor)
    client = Client()
    staff.give_password(client, "noor")
    client.get("/login/setup/")
    half = _key(client)
    client.post("/login/setup/", {"code": staff.code_of(noor)})
    assert person_of_session(_key(client)) == noor
    fixed = Client()
    fixed.cookies[settings.SESSION_COOKIE_NAME] = half
    assert fixed.get("/login/setup/").headers["Location"] == "/login/"
    assert fixed.get("/console/").headers["Location"] == "/login/"
    assert Session.objects.count() == 1


def test_signing_in_as_another_ends_the_session_before() -> None:
    client = staff.sign_in(staff.carla())
    before = _key(client)
    floor = staff.floor()
    staff.give_password(client, "floor")
    assert person_of_session(before) is None
    staff.give_code(client, staff.code_of(floor))
    assert person_of_session(_key(client)) == floor


def test_who_is_signed_in_is_led_from_the_form_to_the_own_page() -> None:
    assert staff.sign_in(staff.gijs()).get("/login/").headers["Location"] == "/desk/"


def test_forms_from_another_site_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    staff.carla()
    for page in ("/login/", "/login/code/", "/login/setup/", "/logout/"):
        assert client.post(page, {"username": "carla", "password": staff.PASSWORD}).status_code == 403


def test_many_sessions_are_checked_in_one_query_with_roles_and_devices() -> None:
    carla, gijs = staff.carla(), staff.gijs()
    keys = [_key(staff.sign_in(person)) for person in (carla, gijs)]
    for number, state in enumerate(("approved", "pending", "revoked")):
        Device.objects.create(
            id=f"of-carla-{number}", person=carla, key=bytes([number]), fingerprint=str(number),
            state=state, enrolled_at=clock.now(), used_at=clock.now(),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        found = all_signed_in(keys)
        roles = [one.person.roles for one in found.values()]
    assert len(queries) == 1
    assert {key: one.person for key, one in found.items()} == {keys[0]: carla, keys[1]: gijs}
    assert sorted(roles) == [["counsellor"], ["partner"]]
    own = {device: state for device, state in found[keys[0]].devices.items() if device.startswith("of-carla")}
    assert own == {"of-carla-0": "approved", "of-carla-1": "pending"}


def _key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value
