"""A lost second factor is replaced by a colleague while the person is on the telephone, and any colleague can
undo it."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from counsellors.models import Authenticator, Passkey, Person, Replacement
from counsellors.signin import demands, factors, locks, passkeys, replacements, second_factor
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support import admin_pages as staff
from tests.support import passkeys as keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla() -> Person:
    return staff.carla()


@pytest.fixture
def floor() -> Person:
    return staff.floor()


def replaced(carla: Person, floor: Person) -> tuple[Replacement, str]:
    return replacements.begin(carla, by=floor, now=clock.now())


def at_the_second_step(name: str = "carla") -> Client:
    browser = Client()
    staff.give_password(browser, name)
    return browser


def says(browser: Client, code: str) -> bool:
    answer = browser.post("/login/replace/", {"code": code})
    return answer.status_code == HTTPStatus.FOUND


def sets_up(browser: Client, carla: Person) -> Authenticator:
    browser.get("/login/setup/")
    device: Authenticator = Authenticator.objects.filter(user=carla).latest("pk")
    assert browser.post("/login/setup/", {"code": staff.digits(device)}).status_code == HTTPStatus.OK
    device.refresh_from_db()
    return device


def opens_the_console(browser: Client) -> bool:
    return browser.get("/console/").status_code == HTTPStatus.OK


def test_with_the_spoken_code_and_the_password_a_new_phone_is_set_up(carla: Person, floor: Person) -> None:
    _, code = replaced(carla, floor)
    browser = at_the_second_step()
    assert says(browser, code)
    sets_up(browser, carla)
    assert opens_the_console(browser)


@pytest.mark.parametrize("how", ["colleague", "command"])
def test_the_wrong_codes_of_the_old_phone_do_not_lock_the_new_one(
    carla: Person, floor: Person, how: str
) -> None:
    """Up to an hour long: the spoken code would be void before the lock is over."""
    wrong = locks.guesses(locks.CODES, carla.handle)
    for _ in range(12):
        wrong.count()
    assert wrong.lock()
    if how == "command":
        factors.forget_all(carla)
    else:
        replaced(carla, floor)
    assert not wrong.lock()


def test_the_password_alone_sets_up_no_new_phone(carla: Person, floor: Person) -> None:
    replaced(carla, floor)
    browser = at_the_second_step()
    assert browser.get("/login/setup/").headers["Location"] == "/login/replace/"
    assert Authenticator.objects.filter(user=carla).count() == 1


def test_the_lost_phone_and_the_recovery_codes_open_nothing_from_that_moment(
    carla: Person, floor: Person
) -> None:
    lost = staff.code_of(carla)
    browser = staff.sign_in(carla)
    replaced(carla, floor)
    assert not opens_the_console(browser)
    assert second_factor.check(carla, lost).accepted is None
    assert second_factor.check(carla, staff.recovery_code(carla)).accepted is None


def test_five_wrong_codes_use_it_up(carla: Person, floor: Person) -> None:
    _, code = replaced(carla, floor)
    browser = at_the_second_step()
    assert not any(says(browser, "AAAA AAAA") for _ in range(replacements.MAX_TRIES))
    assert not says(browser, code)


def test_the_code_works_for_a_quarter_of_an_hour_and_can_be_made_anew(
    carla: Person, floor: Person, time_machine: TimeMachineFixture
) -> None:
    _, code = replaced(carla, floor)
    time_machine.move_to(clock.now() + timedelta(minutes=15, seconds=1))
    assert not says(at_the_second_step(), code)
    _, newer = replaced(carla, floor)
    assert says(at_the_second_step(), newer)


def test_the_code_of_one_person_opens_nothing_of_another(carla: Person, floor: Person) -> None:
    _, code = replaced(carla, floor)
    gijs = staff.gijs()
    replaced(gijs, floor)
    assert not says(at_the_second_step("gijs"), code)


def test_undone_within_a_day_the_old_phone_works_again_and_the_new_one_no_more(
    carla: Person, floor: Person
) -> None:
    row, code = replaced(carla, floor)
    browser = at_the_second_step()
    says(browser, code)
    planted = sets_up(browser, carla)
    replacements.undo(row, by=floor, now=clock.now())
    assert not opens_the_console(browser)
    assert not Authenticator.objects.filter(pk=planted.pk).exists()
    assert second_factor.is_set(carla)
    again = Client()
    staff.give_password(again, "carla")
    assert staff.give_code(again, staff.code_of(carla, 1)).status_code == HTTPStatus.FOUND


def test_undoing_the_first_of_two_undoes_the_second_too_and_keeps_the_own_phone(
    carla: Person, floor: Person
) -> None:
    first, code = replaced(carla, floor)
    browser = at_the_second_step()
    says(browser, code)
    planted = sets_up(browser, carla)
    second, _ = replacements.begin(carla, by=floor, now=clock.now() + timedelta(seconds=1))
    replacements.undo(first, by=floor, now=clock.now())
    with pytest.raises(Conflict):
        replacements.undo(second, by=floor, now=clock.now())
    assert not Authenticator.objects.filter(pk=planted.pk).exists()
    again = Client()
    staff.give_password(again, "carla")
    assert staff.give_code(again, staff.code_of(carla, 1)).status_code == HTTPStatus.FOUND


def test_undone_before_the_new_phone_is_set_up_the_code_opens_nothing(carla: Person, floor: Person) -> None:
    row, code = replaced(carla, floor)
    browser = at_the_second_step()
    replacements.undo(row, by=floor, now=clock.now())
    assert not replacements.opens(row, code, now=clock.now())
    assert browser.get("/login/setup/").headers["Location"] == "/login/"
    assert second_factor.is_set(carla)


def test_after_a_day_it_stays_and_what_was_set_aside_is_forgotten(carla: Person, floor: Person) -> None:
    row, code = replaced(carla, floor)
    browser = at_the_second_step()
    says(browser, code)
    sets_up(browser, carla)
    tomorrow = clock.now() + timedelta(days=1, seconds=1)
    with pytest.raises(Conflict):
        replacements.undo(row, by=floor, now=tomorrow)
    replacements.forget_old(tomorrow)
    assert list(Authenticator.objects.filter(user=carla).values_list("confirmed", flat=True)) == [True]


def test_a_second_loss_within_the_day_goes_back_to_what_was_before_it(carla: Person, floor: Person) -> None:
    _, code = replaced(carla, floor)
    browser = at_the_second_step()
    says(browser, code)
    first = sets_up(browser, carla)
    row, _ = replaced(carla, floor)
    replacements.undo(row, by=floor, now=clock.now())
    assert list(Authenticator.objects.filter(user=carla, confirmed=True)) == [first]


def test_a_passkey_that_was_set_aside_opens_nothing_and_comes_back_with_the_undoing(
    carla: Person, floor: Person, time_machine: TimeMachineFixture
) -> None:
    phone = keys.phone_of(carla)
    replacement, _ = replaced(carla, floor)
    assert keys.check(carla, phone).accepted is None
    assert not passkeys.of(carla).exists()
    with pytest.raises(NotFound):
        passkeys.remove(carla, Passkey.objects.get().pk)
    time_machine.move_to(clock.now() + timedelta(seconds=5))  # after a wrong answer the next one waits
    replacements.undo(replacement, by=floor, now=clock.now())
    assert keys.check(carla, phone).accepted is not None


@pytest.mark.parametrize("because", ["the factor was replaced", "the host name changed"])
def test_where_passkeys_are_demanded_a_code_is_enough_for_the_first_one_that_works(
    carla: Person, floor: Person, because: str
) -> None:
    keys.phone_of(carla)
    demands.demand(floor, "counsellor")
    assert demands.wants_more_than_digits(carla)
    if "host name" in because:
        Passkey.objects.filter(user=carla).update(site="earlier.example")
    else:
        replaced(carla, floor)
    assert not demands.wants_more_than_digits(carla)
