"""The page of one's own account changes password, phone and recovery codes; an open laptop alone is not
enough."""

from http import HTTPStatus

import pytest
from django.test import Client

from counsellors.models import AuditRow, Authenticator, Person, Session
from counsellors.signin import locks, second_factor
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
NEW = "een nieuwe zin van carla"


@pytest.fixture
def carla() -> Person:
    return staff.carla()


@pytest.fixture
def browser(carla: Person) -> Client:
    return staff.sign_in(carla)


def changes(browser: Client, old: str, new: str = NEW, again: str = NEW) -> str:
    return browser.post("/account/password/", {"old": old, "password": new, "again": again}).content.decode()


def may_sign_in(password: str) -> bool:
    return staff.give_password(Client(), "carla", password).status_code == HTTPStatus.FOUND


def test_a_new_password_works_and_the_old_one_no_more(browser: Client) -> None:
    changes(browser, staff.PASSWORD)
    assert may_sign_in(NEW)
    assert not may_sign_in(staff.PASSWORD)


def test_this_browser_stays_signed_in_and_every_other_is_signed_out(carla: Person, browser: Client) -> None:
    other = Client()
    other.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert other.get("/account/").status_code == HTTPStatus.OK
    changes(browser, staff.PASSWORD)
    assert browser.get("/account/").status_code == HTTPStatus.OK
    assert other.get("/account/").status_code == HTTPStatus.FOUND
    assert Session.objects.filter(person=carla).count() == 1


@pytest.mark.parametrize("new", ["te kort", "password1234", "carla"])
def test_a_password_that_others_would_guess_is_refused(browser: Client, new: str) -> None:
    changes(browser, staff.PASSWORD, new, new)
    assert may_sign_in(staff.PASSWORD)


def test_who_finds_an_open_laptop_changes_nothing_without_the_password(
    carla: Person, browser: Client
) -> None:
    changes(browser, "geraden")
    browser.post("/account/authenticator/", {"old": "geraden"})
    browser.post("/account/recovery/", {"old": "geraden"})
    assert may_sign_in(staff.PASSWORD)
    assert Authenticator.objects.filter(user=carla).count() == 1
    assert second_factor.check(carla, staff.recovery_code(carla)).accepted is not None
    assert AuditRow.objects.filter(action="password_refused").count() == 3


def test_guessing_at_an_open_laptop_is_locked_after_five(browser: Client) -> None:
    for _ in range(5):
        changes(browser, "geraden")
    changes(browser, staff.PASSWORD)
    assert may_sign_in(staff.PASSWORD)


def test_another_phone_takes_the_place_of_the_old_one(carla: Person, browser: Client) -> None:
    old = Authenticator.objects.get(user=carla)
    browser.post("/account/authenticator/", {"old": staff.PASSWORD})
    device = Authenticator.objects.get(user=carla, confirmed=False)
    browser.post("/account/authenticator/", {"code": "000000"})
    assert Authenticator.objects.filter(pk=old.pk, confirmed=True).exists()
    browser.post("/account/authenticator/", {"code": "000000"})
    carla_now = Authenticator.objects.get(pk=device.pk)
    locks.guesses(locks.CODES, carla.handle).forget()
    browser.post("/account/authenticator/", {"code": staff.digits(carla_now)})
    assert list(Authenticator.objects.filter(user=carla)) == [device]
    assert browser.get("/account/").status_code == HTTPStatus.OK


def test_new_recovery_codes_end_the_old_ones(carla: Person, browser: Client) -> None:
    page = browser.post("/account/recovery/", {"old": staff.PASSWORD}).content.decode()
    assert page.count("<li><code>") == second_factor.RECOVERY_CODES
    assert second_factor.check(carla, staff.recovery_code(carla)).accepted is None
    assert browser.get("/account/").status_code == HTTPStatus.OK


def test_a_stranger_sees_no_account() -> None:
    for path in ("", "password/", "authenticator/", "recovery/"):
        assert Client().get(f"/account/{path}").headers["Location"] == "/login/"
