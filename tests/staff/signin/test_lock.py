"""Wrong passwords lock a name for a growing, short time, and nothing of the browser is kept."""

from typing import TYPE_CHECKING

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.test import Client
from time_machine import TimeMachineFixture

from counsellors.signin import locks
from helpline.lib import clock
from tests.support import admin_pages as staff

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
    assert AccessAttempt.objects.get().failures_since_start == 1


def test_a_sign_in_with_both_factors_forgets_them_and_the_password_alone_does_not() -> None:
    carla = staff.carla()
    for _ in range(LIMIT - 1):
        _guess()
    client = Client()
    staff.give_password(client, "carla")
    assert AccessAttempt.objects.get().failures_since_start == LIMIT - 1
    staff.give_code(client, staff.code_of(carla))
    assert not AccessAttempt.objects.exists()


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


def test_two_rows_of_one_name_count_together() -> None:
    """Two first guesses at the same moment each find no row and make one."""
    for _ in range(2):
        AccessAttempt.objects.create(username=_carlas().key, failures_since_start=3)
    assert _carlas().lock()
    _carlas().count()
    assert sorted(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == [3, 4]


def test_of_a_lock_one_audit_row_tells_however_long_the_guessing_goes_on() -> None:
    carla = staff.carla()
    for _ in range(LIMIT + 20):
        _guess()
    rows = staff.audited("sign_in_refused")
    assert rows == [("", carla.handle, "wrong")] * (LIMIT - 1) + [("", carla.handle, "locked")]


def test_no_row_of_axes_holds_an_address_an_agent_or_what_was_typed() -> None:
    staff.carla()
    for _ in range(LIMIT + 2):
        _guess("Mozilla/5.0 (very telling)")
    staff.sign_in(staff.floor())
    row = AccessAttempt.objects.get()
    kept = {
        field.name: getattr(row, field.name)
        for field in AccessAttempt._meta.fields
        if field.name not in {"id", "attempt_time", "username", "failures_since_start"}
    }
    assert set(kept) == {"user_agent", "ip_address", "http_accept", "path_info", "get_data", "post_data"}
    assert not any(kept.values())
    assert "carla" not in row.username
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def _carlas() -> locks.Guesses:
    return locks.guesses(locks.PASSWORDS, "carla")


def _guess(agent: str = "Browser") -> "Answer":
    return Client(REMOTE_ADDR="203.0.113.9").post(
        "/login/?next=/x/",
        {"username": "carla", "password": "a guess"},
        headers={"User-Agent": agent, "X-Forwarded-For": "203.0.113.9"},
    )
