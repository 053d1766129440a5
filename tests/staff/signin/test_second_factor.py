"""A code works once, also if it is sent twice at the same moment; wrong codes cost growing time."""

import functools
import re
import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from time_machine import TimeMachineFixture

from counsellors.models import Authenticator
from counsellors.signin import locks, second_factor
from helpline.lib import clock
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db


def test_a_code_works_once() -> None:
    carla = staff.carla()
    code = staff.code_of(carla)
    assert _sign_in_with(code) == HTTPStatus.FOUND
    assert _sign_in_with(code) == HTTPStatus.OK


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    carla = staff.carla()
    code = staff.recovery_code(carla)
    assert _sign_in_with(f" {code.upper()} ") == HTTPStatus.FOUND
    assert _sign_in_with(code) == HTTPStatus.OK
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES - 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_one_code_sent_eight_times_at_once_opens_one_session(kind: str) -> None:
    carla = staff.carla()
    code = staff.code_of(carla) if kind == "code" else staff.recovery_code(carla)
    clients = [Client() for _ in range(8)]
    for client in clients:
        staff.give_password(client, "carla")
    sendings = [functools.partial(staff.give_code, client, code) for client in clients]
    answers = [answer.status_code for answer in _at_once(sendings)]
    assert sorted(answers) == [HTTPStatus.OK] * 7 + [HTTPStatus.FOUND]


@pytest.mark.django_db(transaction=True)
def test_of_eight_guesses_sent_at_once_one_is_tried() -> None:
    carla = staff.carla()
    _at_once([functools.partial(second_factor.check, carla, "000000") for _ in range(8)])
    assert locks.guesses(locks.CODES, carla.handle).so_far()[0] == 1


def test_a_code_of_somebody_else_is_refused() -> None:
    staff.carla()
    floor = staff.floor()
    assert _sign_in_with(staff.code_of(floor)) == HTTPStatus.OK
    assert _sign_in_with(staff.recovery_code(floor)) == HTTPStatus.OK


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "\0" * 6, "x" * 500, "-1", "1e5"])
def test_what_is_no_code_is_refused_with_the_form(typed: str) -> None:
    staff.carla()
    assert _sign_in_with(typed) == HTTPStatus.OK


def test_after_twenty_wrong_codes_even_the_right_one_must_wait_and_the_page_says_so(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(clock.now(), tick=False)
    carla = staff.carla()
    client = Client()
    staff.give_password(client, "carla")
    for _ in range(20):
        assert staff.give_code(client, "000000").status_code == HTTPStatus.OK
    assert staff.give_code(client, staff.code_of(carla)).status_code == HTTPStatus.OK
    assert len(staff.audited("code_refused")) == 21


def test_each_wrong_code_doubles_the_wait(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(clock.now())
    carla = staff.carla()
    waits = []
    for _ in range(6):
        waits.append(round(second_factor.check(carla, "000000").wait.total_seconds()))
        time_machine.shift(waits[-1] + 1)
    assert waits == [1, 2, 4, 8, 16, 32]
    assert second_factor.check(carla, staff.code_of(carla)).accepted


def test_a_locked_phone_does_not_lock_the_recovery_codes() -> None:
    carla = staff.carla()
    second_factor.check(carla, "000000")
    assert _sign_in_with(staff.recovery_code(carla)) == HTTPStatus.FOUND


def test_the_wait_is_told_in_seconds() -> None:
    carla = staff.carla()
    for _ in range(6):
        locks.guesses(locks.CODES, carla.handle).count()
    client = Client()
    staff.give_password(client, "carla")
    assert "32 seconden" in staff.give_code(client, "000000").content.decode()


def test_who_has_no_second_factor_sets_one_up_and_sees_eight_recovery_codes_once() -> None:
    noor = staff.noor()
    client = Client()
    assert staff.give_password(client, "noor").headers["Location"] == "/login/setup/"
    page = client.get("/login/setup/").content.decode()
    assert 'src="data:image/svg+xml' in page
    assert second_factor.secret_text(Authenticator.objects.get()) in page
    shown = client.post("/login/setup/", {"code": staff.code_of(noor)}).content.decode()
    assert len(set(re.findall("\\b[a-z2-7]{4}-[a-z2-7]{4}\\b", shown.partition("<main")[2]))) == 8
    assert StaticToken.objects.count() == 8
    assert client.get("/console/").status_code == HTTPStatus.OK
    assert staff.audited("second_factor_set") == [(noor.handle, "", "")]
    assert client.get("/login/setup/").headers["Location"] == "/login/"


def test_who_scanned_a_code_and_came_back_too_late_hears_that_only_the_new_one_works() -> None:
    staff.noor()
    said = []
    for _ in range(2):
        client = Client()
        staff.give_password(client, "noor")
        said.append("Verwijder die dan uit de app" in client.get("/login/setup/").content.decode())
    said.append("Verwijder die dan uit de app" in client.get("/login/setup/").content.decode())
    assert said == [False, True, True]


def test_the_code_that_set_it_up_does_not_sign_in_again() -> None:
    noor = staff.noor()
    client = Client()
    staff.give_password(client, "noor")
    client.get("/login/setup/")
    code = staff.code_of(noor)
    client.post("/login/setup/", {"code": code})
    other = Client()
    staff.give_password(other, "noor")
    assert staff.give_code(other, code).status_code == HTTPStatus.OK


def test_a_wrong_first_code_keeps_the_same_secret_on_the_page() -> None:
    staff.noor()
    client = Client()
    staff.give_password(client, "noor")
    client.get("/login/setup/")
    secret = second_factor.secret_text(Authenticator.objects.get())
    assert secret in client.post("/login/setup/", {"code": "000000"}).content.decode()
    assert not Authenticator.objects.get().confirmed


def test_a_secret_shown_to_another_browser_earlier_opens_nothing() -> None:
    """Otherwise a thief of the password could read the secret first and wait for her to confirm it."""
    noor = staff.noor()
    thief, hers = Client(), Client()
    for client in (thief, hers):
        staff.give_password(client, "noor")
        client.get("/login/setup/")
    assert Authenticator.objects.count() == 1
    hers.post("/login/setup/", {"code": staff.code_of(noor)})
    late = thief.post("/login/setup/", {"code": staff.code_of(noor, 1)})
    assert late.headers["Location"] == "/login/"


def test_a_confirmed_second_factor_cannot_be_set_up_again_with_the_password_alone() -> None:
    staff.carla()
    client = Client()
    staff.give_password(client, "carla")
    assert client.get("/login/setup/").headers["Location"] == "/login/code/"
    assert client.post("/login/setup/", {"code": "000000"}).headers["Location"] == "/login/code/"
    assert Authenticator.objects.count() == 1


def test_of_two_confirmations_at_once_the_second_changes_nothing() -> None:
    noor = staff.noor()
    device = second_factor.begin(noor)
    Authenticator.of(noor, name="confirmed in between")
    assert second_factor.confirm(noor, device, staff.digits(device)).accepted is None
    assert not Authenticator.objects.get(pk=device.pk).confirmed


def _sign_in_with(code: str) -> int:
    client = Client()
    staff.give_password(client, "carla")
    return staff.give_code(client, code).status_code


def _at_once[R](acts: Sequence[Callable[[], R]]) -> list[R]:
    """Runs each in a thread of its own, and starts them together."""
    gate, answers = threading.Barrier(len(acts)), []

    def run(act: Callable[[], R]) -> None:
        gate.wait()
        try:
            answers.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
