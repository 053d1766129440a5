"""Wrong passwords lock a name for a growing, short time, and nothing of the browser is stored."""

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import aauthenticate, authenticate
from django.test import Client
from time_machine import TimeMachineFixture

from counsellors.models import Person, WrongGuesses
from counsellors.signin import locks
from helpline.lib import clock
from tests.support import admin_pages as staff
from tests.support.domain.rival import faster

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db
LIMIT = 5


@pytest.fixture(autouse=True)
def _clock(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(clock.now(), tick=False)


def test_after_five_wrong_passwords_the_right_one_is_refused_with_the_form_and_a_wait() -> None:
    staff.carla()
    for _ in range(LIMIT):
        answer = _guess()
    assert answer.status_code == 200
    assert "Wacht 15 seconden" in answer.content.decode()
    refused = staff.give_password(Client(), "carla")
    assert refused.status_code == 200
    assert "Wacht 15 seconden" in refused.content.decode()
    assert 'name="password"' in refused.content.decode()


def test_after_the_wait_the_right_password_opens(time_machine: TimeMachineFixture) -> None:
    staff.carla()
    for _ in range(LIMIT):
        _guess()
    time_machine.shift(15)
    assert staff.give_password(Client(), "carla").status_code == 302


def test_the_lock_doubles_to_five_minutes_and_no_further(time_machine: TimeMachineFixture) -> None:
    staff.carla()
    locked = []
    for _ in range(12):
        _guess()
        locked.append(_carlas().lock().total_seconds())
        time_machine.shift(locked[-1])
    assert locked == [0, 0, 0, 0, 15, 30, 60, 120, 240, 300, 300, 300]


def test_guessing_on_during_a_lock_does_not_lengthen_it(time_machine: TimeMachineFixture) -> None:
    staff.carla()
    for _ in range(LIMIT):
        _guess()
    time_machine.shift(14)
    for _ in range(50):
        _guess()
    time_machine.shift(1)
    assert staff.give_password(Client(), "carla").status_code == 302


def test_guesses_are_forgotten_after_an_hour(time_machine: TimeMachineFixture) -> None:
    staff.carla()
    for _ in range(LIMIT - 1):
        _guess()
    time_machine.shift(3601)
    _guess()
    assert not _carlas().lock()
    assert WrongGuesses.objects.get().wrong == 1


def test_a_sign_in_with_both_factors_forgets_them_and_the_password_alone_does_not() -> None:
    carla = staff.carla()
    for _ in range(LIMIT - 1):
        _guess()
    client = Client()
    staff.give_password(client, "carla")
    assert WrongGuesses.objects.get().wrong == LIMIT - 1
    staff.give_code(client, staff.code_of(carla))
    assert not WrongGuesses.objects.exists()


def test_a_lock_holds_for_the_name_alone() -> None:
    staff.carla()
    staff.floor()
    for _ in range(LIMIT):
        _guess()
    assert staff.give_password(Client(), "floor").status_code == 302


def test_another_browser_does_not_begin_to_count_anew() -> None:
    staff.carla()
    for number in range(LIMIT):
        _guess(f"Browser {number}")
    assert _carlas().lock()


def test_an_unknown_name_is_locked_like_a_known_one() -> None:
    for _ in range(LIMIT):
        answer = staff.give_password(Client(), "nobody")
    assert "Wacht 15 seconden" in answer.content.decode()


def test_of_two_first_guesses_at_once_both_count() -> None:
    """Each finds no row, and the other one creates it first."""
    with faster("SAVEPOINT", _carlas().count):  # before its own INSERT
        _carlas().count()
    assert WrongGuesses.objects.get().wrong == 2


def test_of_many_guesses_at_once_the_right_one_is_refused_once_the_others_earned_the_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They come while it is hashed."""
    staff.carla()
    known = Person.check_password

    def slowly(person: Person, password: str) -> bool:
        for _ in range(LIMIT):
            _carlas().count()
        return known(person, password)

    monkeypatch.setattr(Person, "check_password", slowly)
    answer = staff.give_password(Client(), "carla")
    assert answer.status_code == 200
    assert "Wacht 15 seconden" in answer.content.decode()


def test_every_way_of_django_s_own_to_ask_for_a_password_finds_the_lock() -> None:
    staff.carla()
    for _ in range(LIMIT):
        _guess()
    assert authenticate(username="carla", password=staff.PASSWORD) is None
    assert async_to_sync(aauthenticate)(username="carla", password=staff.PASSWORD) is None


def test_of_a_lock_one_audit_row_tells_however_long_the_guessing_goes_on() -> None:
    carla = staff.carla()
    for _ in range(LIMIT + 20):
        _guess()
    rows = staff.audited("sign_in_refused")
    assert rows == [("", carla.handle, "wrong")] * (LIMIT - 1) + [("", carla.handle, "locked")]


def test_of_who_guesses_a_keyed_hash_a_number_and_a_time_are_kept() -> None:
    staff.carla()
    for _ in range(LIMIT + 2):
        _guess("Mozilla/5.0 (very telling)")
    row = WrongGuesses.objects.values().get()
    assert row == {"key": _carlas().key, "wrong": LIMIT, "last_at": clock.now()}
    assert "carla" not in row["key"]


def _carlas() -> locks.Guesses:
    return locks.guesses(locks.PASSWORDS, "carla")


def _guess(agent: str = "Browser") -> "Answer":
    return Client(REMOTE_ADDR="203.0.113.9").post(
        "/login/?next=/x/",
        {"username": "carla", "password": "a guess"},
        headers={"User-Agent": agent, "X-Forwarded-For": "203.0.113.9"},
    )
