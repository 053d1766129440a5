"""Wrong passwords and codes slow down whoever guesses, but not the person in their own browser."""

from datetime import timedelta
from http import HTTPStatus
from http.cookies import Morsel

import pytest
from django.test import Client, override_settings
from time_machine import TimeMachineFixture

from counsellors.models import Person
from counsellors.signin import known_browsers, locks
from helpline.lib import clock
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
OPENS, REFUSED = HTTPStatus.FOUND, HTTPStatus.OK


@pytest.fixture(autouse=True)
def _clock(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(clock.now(), tick=False)


@pytest.mark.long
def test_somebody_who_guesses_carla_s_password_all_night_does_not_keep_carla_out(
    time_machine: TimeMachineFixture,
) -> None:
    hers = _known_browser(staff.carla())
    for _ in range(12 * 8):
        _guess(Client(), 5)
        assert _strangers().lock()
        assert staff.give_password(hers, "carla").status_code == OPENS
        time_machine.shift(300)


def test_somebody_with_her_password_who_guesses_codes_all_night_does_not_keep_her_out(
    time_machine: TimeMachineFixture,
) -> None:
    carla = staff.carla()
    hers, thief = _known_browser(carla), Client()
    for _ in range(12):
        time_machine.shift(3601)
        staff.give_password(thief, "carla")
        staff.give_code(thief, "000000")
    assert "seconden" in staff.give_code(thief, staff.code_of(carla)).content.decode()
    staff.give_password(hers, "carla")
    assert staff.give_code(hers, staff.code_of(carla)).status_code == OPENS


def test_a_night_of_guessing_codes_holds_fewer_than_thirty_tries(time_machine: TimeMachineFixture) -> None:
    wrong = locks.guesses(locks.CODES, staff.carla().handle)
    tries, ends = 0, clock.now() + timedelta(hours=12)
    while clock.now() < ends:
        wrong.count()
        tries += 1
        time_machine.shift(wrong.lock())
    assert tries < 30


def test_somebody_who_guesses_recovery_codes_does_not_keep_her_from_using_one() -> None:
    carla = staff.carla()
    hers, thief = _known_browser(carla), Client()
    staff.give_password(thief, "carla")
    for _ in range(12):
        staff.give_code(thief, "abcd-efgh")
    staff.give_password(hers, "carla")
    assert staff.give_code(thief, staff.recovery_code(carla)).status_code == REFUSED
    assert staff.give_code(hers, staff.recovery_code(carla)).status_code == OPENS


def test_who_sits_at_carla_s_browser_and_guesses_is_locked_like_a_stranger() -> None:
    hers = _known_browser(staff.carla())
    _guess(hers, 5)
    assert "Wacht 15 seconden" in staff.give_password(hers, "carla").content.decode()
    assert not _strangers().lock()
    assert staff.give_password(Client(), "carla").status_code == OPENS


def test_who_sits_at_carla_s_browser_and_guesses_codes_waits_as_a_stranger_does() -> None:
    carla = staff.carla()
    hers = _known_browser(carla)
    staff.give_password(hers, "carla")
    staff.give_code(hers, "000000")
    assert staff.give_code(hers, staff.code_of(carla, 1)).status_code == REFUSED


def test_carla_s_cookie_is_of_no_use_for_another_name() -> None:
    hers = _known_browser(staff.carla())
    staff.floor()
    for _ in range(5):
        staff.give_password(Client(), "floor", "a guess")
    assert "seconden" in staff.give_password(hers, "floor").content.decode()


def test_carla_s_cookie_under_another_one_s_name_is_of_no_use_either() -> None:
    """Floor and Carla exchange their browsers' cookies."""
    hers = _known_browser(staff.carla())
    theirs = _known_browser(staff.floor())
    value = _cookie(hers).value
    client = Client()
    client.cookies[_cookie(theirs).key] = value
    for _ in range(5):
        staff.give_password(Client(), "floor", "a guess")
    assert "seconden" in staff.give_password(client, "floor").content.decode()


def test_the_cookie_is_no_second_factor_and_no_password() -> None:
    carla = staff.carla()
    hers = _known_browser(carla)
    assert hers.get("/console/").headers["Location"] == "/login/"
    assert hers.get("/login/code/").headers["Location"] == "/login/"
    assert staff.give_password(hers, "carla").headers["Location"] == "/login/code/"
    assert hers.get("/console/").headers["Location"] == "/login/"
    assert staff.give_code(hers, "000000").status_code == REFUSED


def test_a_cookie_that_somebody_made_up_counts_with_everybody_else() -> None:
    hers = _known_browser(staff.carla())
    for made_up in ("", "x", "abc:def:ghi", f"A{_cookie(hers).value}"):
        client = Client()
        client.cookies[_cookie(hers).key] = made_up
        _guess(client, 1)
    assert _strangers().so_far()[0] == 4


def test_the_password_alone_makes_no_browser_known() -> None:
    staff.carla()
    client = Client()
    staff.give_password(client, "carla")
    staff.give_code(client, "000000")
    assert not _known_cookies(client)


def test_who_sets_up_a_second_factor_is_known_from_then_on() -> None:
    noor, client = staff.noor(), Client()
    staff.give_password(client, "noor")
    client.get("/login/setup/")
    client.post("/login/setup/", {"code": staff.code_of(noor)})
    assert _known_cookies(client)


def test_a_new_password_ends_every_known_browser() -> None:
    carla = staff.carla()
    hers = _known_browser(carla)
    carla.set_password("another long sentence")
    carla.save()
    _guess(Client(), 5)
    assert "seconden" in staff.give_password(hers, "carla", "another long sentence").content.decode()


def test_the_browser_in_which_the_password_was_changed_stays_known() -> None:
    carla = staff.carla()
    hers = staff.sign_in(carla)
    new = "another long sentence"
    hers.post("/account/password/", {"old": staff.PASSWORD, "password": new, "again": new})
    hers.post("/logout/")
    _guess(Client(), 5)
    assert staff.give_password(hers, "carla", new).status_code == OPENS


def test_a_browser_unused_for_half_a_year_is_a_stranger(time_machine: TimeMachineFixture) -> None:
    hers = _known_browser(staff.carla())
    kept = _cookie(hers).value
    time_machine.shift(timedelta(days=179))
    _guess(Client(), 5)
    assert staff.give_password(hers, "carla").status_code == OPENS
    time_machine.shift(timedelta(days=2))
    client = Client()
    client.cookies[_cookie(hers).key] = kept
    _guess(Client(), 5)
    assert staff.give_password(client, "carla").status_code == REFUSED


def test_a_sign_in_in_a_known_browser_does_not_let_the_guesser_begin_anew() -> None:
    carla = staff.carla()
    hers = _known_browser(carla)
    _guess(Client(), 4)
    staff.give_password(hers, "carla")
    staff.give_code(hers, staff.code_of(carla, 1))
    _guess(Client(), 1)
    assert _strangers().lock()


def test_who_copied_her_cookie_does_not_keep_her_out_once_she_signed_in_again() -> None:
    """Her next sign-in gives her browser a number that the copy does not have."""
    carla = staff.carla()
    hers = _known_browser(carla)
    thief = Client()
    thief.cookies[_cookie(hers).key] = _cookie(hers).value
    staff.give_password(hers, "carla")
    staff.give_code(hers, staff.code_of(carla, 1))
    hers.post("/logout/")
    _guess(thief, 5)
    assert staff.give_password(hers, "carla").status_code == OPENS


def test_two_people_at_one_computer_are_both_known_there() -> None:
    client = _known_browser(staff.carla())
    _known_browser(staff.floor(), client)
    for name in ("carla", "floor"):
        for _ in range(5):
            staff.give_password(Client(), name, "a guess")
        assert staff.give_password(client, name).status_code == OPENS


def test_the_cookie_names_nobody_and_goes_to_the_sign_in_alone() -> None:
    carla = staff.carla()
    with override_settings(SESSION_COOKIE_SECURE=True):
        cookie = _cookie(_known_browser(carla))
    assert not [word for word in ("carla", carla.handle) if word in cookie.OutputString()]
    assert cookie["path"] == "/login/"
    assert cookie["samesite"] == "Strict"
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["max-age"] == 180 * 24 * 3600


def test_the_cookie_bears_the_server_s_mark_so_that_its_browser_waits_for_no_stranger() -> None:
    hers = _known_browser(staff.carla())
    assert known_browsers.marks(_sent(hers))
    key = _cookie(hers).key
    assert not known_browsers.marks({key: "made up:x:y", "sessionid": _cookie(hers).value})


def test_nor_does_the_mark_last_longer_than_the_cookie(time_machine: TimeMachineFixture) -> None:
    """Somebody who left still has the cookie; the mark is checked without reading anybody's row."""
    hers = _known_browser(staff.carla())
    time_machine.shift(timedelta(days=179))
    assert known_browsers.marks(_sent(hers))
    time_machine.shift(timedelta(days=2))
    assert not known_browsers.marks(_sent(hers))


def test_all_marks_that_one_person_was_ever_given_share_a_turn_also_after_a_new_password(
    time_machine: TimeMachineFixture,
) -> None:
    carla = staff.carla()
    before = known_browsers.marks(_sent(_known_browser(carla)))
    carla.set_password(staff.PASSWORD)
    carla.save()
    time_machine.shift(60)  # a code works once
    after = known_browsers.marks(_sent(_known_browser(carla)))
    assert before != after
    assert set(before) & set(after)
    assert not set(before) & set(known_browsers.marks(_sent(_known_browser(staff.floor()))))


def _known_browser(person: Person, client: Client | None = None) -> Client:
    """Returns a browser in which the person has signed in with both factors once, and has signed out."""
    client = client or Client()
    staff.give_password(client, person.username)
    assert staff.give_code(client, staff.code_of(person)).status_code == OPENS
    client.post("/logout/")
    return client


def _known_cookies(client: Client) -> list["Morsel[str]"]:
    return [cookie for name, cookie in client.cookies.items() if name.startswith("known-")]


def _sent(client: Client) -> dict[str, str]:
    return {name: cookie.value for name, cookie in client.cookies.items()}


def _cookie(client: Client) -> "Morsel[str]":
    (cookie,) = _known_cookies(client)
    return cookie


def _strangers() -> locks.Guesses:
    return locks.guesses(locks.PASSWORDS, "carla")


def _guess(client: Client, times: int) -> None:
    for _ in range(times):
        staff.give_password(client, "carla", "a guess")
