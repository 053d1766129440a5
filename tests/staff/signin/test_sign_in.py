"""A password opens only the page of the second factor; both together open the page of one's role."""

import logging
from collections.abc import Callable

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from counsellors import permissions
from counsellors.models import Person
from helpline.lib import clock
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "page"),
    [(staff.carla, "/console/"), (staff.floor, "/board/"), (staff.gijs, "/desk/"), (staff.ilse, "/people/")],
)
def test_password_and_code_lead_to_the_page_of_the_role(who: Callable[[], Person], page: str) -> None:
    person = who()
    client = Client()
    assert staff.give_password(client, person.username).headers["Location"] == "/login/code/"
    assert staff.give_code(client, staff.code_of(person)).headers["Location"] == page
    assert client.get(page).status_code == 200
    assert staff.audited("sign_in") == [(person.handle, "", "")]


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer() -> None:
    staff.carla()
    unknown = staff.give_password(Client(), "nobody")
    wrong = staff.give_password(Client(), "carla", "something else")
    assert unknown.status_code == wrong.status_code == 200
    assert _sentence(unknown.content) == _sentence(wrong.content) != ""


def test_a_failure_answers_200_with_the_form_and_ties_its_fields_to_the_sentence() -> None:
    page = staff.give_password(Client(), "carla", "wrong").content.decode()
    assert 'name="username"' in page
    assert 'name="password"' in page
    assert page.count('aria-describedby="problem"') == 2
    assert 'id="problem" role="alert"' in page
    assert "wrong" not in page


def test_a_refusal_is_audited_with_the_handle_and_never_with_what_was_typed() -> None:
    carla = staff.carla()
    staff.give_password(Client(), "carla", "wrong")
    assert staff.audited("sign_in_refused") == [("", carla.handle, "wrong")]


def test_an_inactive_person_is_refused_like_a_wrong_password() -> None:
    carla = staff.carla()
    Person.objects.update(is_active=False)
    refused = staff.give_password(Client(), carla.username)
    assert refused.status_code == 200
    assert _sentence(refused.content) == _sentence(staff.give_password(Client(), "nobody").content)


def test_the_password_alone_opens_no_page() -> None:
    staff.floor()
    client = Client()
    staff.give_password(client, "floor")
    for page in ("/board/", "/console/", "/admin/"):
        assert client.get(page).headers["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_without_a_password_first_the_code_page_leads_back() -> None:
    carla = staff.carla()
    client = Client()
    assert client.get("/login/code/").headers["Location"] == "/login/"
    assert staff.give_code(client, staff.code_of(carla)).headers["Location"] == "/login/"
    assert client.get("/login/setup/").headers["Location"] == "/login/"


def test_a_new_password_ends_a_sign_in_that_is_half_done() -> None:
    carla = staff.carla()
    client = Client()
    staff.give_password(client, "carla")
    carla.set_password("another long sentence")
    carla.save()
    assert staff.give_code(client, staff.code_of(carla)).headers["Location"] == "/login/"


def test_the_password_step_is_worth_ten_minutes(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(clock.now())
    carla = staff.carla()
    client = Client()
    staff.give_password(client, "carla")
    time_machine.shift(601)
    assert staff.give_code(client, staff.code_of(carla)).headers["Location"] == "/login/"


@pytest.mark.parametrize(
    ("who", "page"), [(staff.carla, "/board/"), (staff.gijs, "/console/"), (staff.floor, "/admin/auditrow/")]
)
def test_another_role_finds_nothing_and_the_refusal_is_on_record(
    who: Callable[[], Person], page: str
) -> None:
    person = who()
    assert staff.sign_in(person).get(page).status_code == 404
    assert staff.audited("wall") == [(person.handle, "", page.split("/")[1])]


@pytest.mark.parametrize("page", ["/console/", "/board/", "/desk/", "/admin/", "/admin/login/", "/admin/x/"])
def test_who_is_not_signed_in_is_sent_to_sign_in(page: str) -> None:
    assert Client().get(page).headers["Location"] == "/login/"


def test_who_has_no_role_yet_can_only_sign_out() -> None:
    carla = staff.carla()
    carla.role_rows.all().delete()
    assert permissions.home(Person.objects.get()) == "/logout/"
    assert staff.sign_in(carla).get("/logout/").status_code == 200


def test_the_forms_speak_dutch_unless_the_browser_asks_for_english() -> None:
    assert 'lang="nl"' in Client().get("/login/").content.decode()
    assert 'lang="nl"' in Client().get("/login/", headers={"Accept-Language": "fr"}).content.decode()
    english = Client().get("/login/", headers={"Accept-Language": "en-GB"}).content.decode()
    assert 'lang="en"' in english
    assert "Sign in" in english


def test_pages_of_the_staff_are_not_kept_by_the_browser() -> None:
    assert "no-store" in Client().get("/login/").headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/login/", "/logout/"])
def test_the_policy_lets_a_browser_name_its_origin_to_our_own_forms(page: str) -> None:
    """Under `no-referrer` Chromium sends a form with `Origin: null`, and nobody could sign in."""
    assert Client().get(page).headers["Referrer-Policy"] == "same-origin"


def test_a_form_of_an_earlier_session_gets_a_sentence_and_a_way_back() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "carla", "password": "x"})
    assert answer.status_code == 403
    assert 'href="/login/"' in answer.content.decode()
    assert "Deze pagina is verlopen" in answer.content.decode()


def test_no_log_line_holds_a_password_a_code_or_a_name(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    carla = staff.carla()
    caplog.set_level(logging.DEBUG)
    client = Client()
    staff.give_password(client, "carla", "a wrong password")
    staff.give_password(client, "carla")
    code = staff.code_of(carla)
    typed = (staff.recovery_code(carla), "999999", code)
    for one in typed:
        staff.give_code(client, one)
    captured = capfd.readouterr()
    written = "\n".join([*caplog.messages, captured.out, captured.err])
    for secret in (staff.PASSWORD, "a wrong password", *typed, typed[0].replace("-", ""), "carla"):
        assert secret not in written


def _sentence(page: bytes) -> str:
    _, _, after = page.decode().partition('role="alert">')
    return after.partition("</p>")[0]
