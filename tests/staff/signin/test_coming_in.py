"""Somebody joins by a one-time link with a password of their own and a second factor, and nothing is left
half done."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from counsellors.models import Authenticator, EntryLink, Person, Role
from counsellors.signin import entry_links, second_factor
from helpline.lib import clock, encoding
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
SENTENCE = "vier woorden op straat"


@pytest.fixture
def noor() -> Person:
    person = Person.objects.invite("noor", "Noor", by=staff.floor())
    Role.objects.create(person=person, name=Role.Name.COUNSELLOR)
    return person


@pytest.fixture
def link(noor: Person) -> EntryLink:
    return entry_links.make(noor, by=None, now=clock.now())


def opens(browser: Client, token: str) -> bool:
    return browser.post("/join/", {"link": token}).status_code == HTTPStatus.FOUND


def chooses(browser: Client, password: str = SENTENCE, again: str = SENTENCE) -> str:
    """Returns where it redirects, or nothing if the page is shown again."""
    answer = browser.post("/join/", {"password": password, "again": again})
    return answer.headers.get("Location", "")


def sets_up(browser: Client, person: Person) -> None:
    browser.get("/login/setup/")
    device = Authenticator.objects.get(user=person, confirmed=False)
    assert browser.post("/login/setup/", {"code": staff.digits(device)}).status_code == HTTPStatus.OK


def test_the_link_leads_to_a_password_then_a_second_factor_then_the_device(
    noor: Person, link: EntryLink
) -> None:
    browser = Client()
    assert opens(browser, entry_links.token_of(link))
    assert chooses(browser) == "/login/setup/"
    sets_up(browser, noor)
    assert 'id="device"' in browser.get("/join/").content.decode()
    noor.refresh_from_db()
    assert noor.is_active


def test_nobody_is_signed_in_by_the_link_and_a_password_alone(noor: Person, link: EntryLink) -> None:
    browser = Client()
    opens(browser, entry_links.token_of(link))
    chooses(browser)
    assert browser.get("/console/").headers["Location"] == "/login/"


def test_who_is_invited_and_has_not_come_in_cannot_sign_in(noor: Person) -> None:
    browser = Client()
    assert staff.give_password(browser, "noor", "").status_code == HTTPStatus.OK
    noor.refresh_from_db()
    assert not noor.is_active


def test_the_link_works_once(noor: Person, link: EntryLink) -> None:
    browser = Client()
    opens(browser, entry_links.token_of(link))
    chooses(browser)
    sets_up(browser, noor)
    assert not opens(Client(), entry_links.token_of(link))


def test_who_closed_the_browser_before_the_second_factor_begins_again(noor: Person, link: EntryLink) -> None:
    first = Client()
    opens(first, entry_links.token_of(link))
    chooses(first)
    second = Client()
    assert opens(second, entry_links.token_of(link))
    assert chooses(second, "een heel andere zin", "een heel andere zin") == "/login/setup/"
    sets_up(second, noor)
    assert first.get("/login/setup/").headers["Location"] == "/login/"


def test_the_link_works_for_a_day(link: EntryLink, time_machine: TimeMachineFixture) -> None:
    now = clock.now()
    time_machine.move_to(now + timedelta(hours=23, minutes=59))
    assert opens(Client(), entry_links.token_of(link))
    time_machine.move_to(now + timedelta(hours=24, seconds=1))
    assert not opens(Client(), entry_links.token_of(link))


def test_a_newer_link_ends_the_older_also_where_it_was_opened(noor: Person, link: EntryLink) -> None:
    browser = Client()
    opens(browser, entry_links.token_of(link))
    entry_links.make(noor, by=None, now=clock.now())
    assert not opens(Client(), entry_links.token_of(link))
    assert chooses(browser) == ""
    assert not Person.objects.get(pk=noor.pk).is_active


def test_a_row_of_a_stolen_database_makes_no_link(link: EntryLink) -> None:
    guesses = [link.pk, link.pk + encoding.new_id(), encoding.encode(encoding.decode(link.pk) + bytes(16))]
    assert not any(opens(Client(), guess) for guess in guesses)


@pytest.mark.parametrize(
    ("password", "again"),
    [("te kort", "te kort"), ("password1234", "password1234"), (SENTENCE, "iets anders"), ("", "")],
)
def test_a_short_a_common_and_a_mistyped_password_are_refused_and_nothing_is_lost(
    noor: Person, link: EntryLink, password: str, again: str
) -> None:
    browser = Client()
    opens(browser, entry_links.token_of(link))
    assert chooses(browser, password, again) == ""
    assert not Person.objects.get(pk=noor.pk).is_active
    assert chooses(browser) == "/login/setup/"


def test_who_forgot_the_password_still_needs_the_second_factor(link: EntryLink, noor: Person) -> None:
    del link
    carla = staff.carla()
    browser = Client()
    opens(browser, entry_links.token_of(entry_links.make(carla, by=noor, now=clock.now())))
    assert chooses(browser) == "/login/code/"
    assert second_factor.is_set(carla)
    assert browser.get("/console/").headers["Location"] == "/login/"


def test_the_link_of_who_forgot_the_password_is_used_up_once_they_are_in(
    link: EntryLink, noor: Person
) -> None:
    del link
    carla = staff.carla()
    token = entry_links.token_of(entry_links.make(carla, by=noor, now=clock.now()))
    browser = Client()
    opens(browser, token)
    chooses(browser)
    assert entry_links.find(token, now=clock.now()).person == carla, "they may begin again before that"
    assert staff.give_code(browser, staff.code_of(carla)).status_code == HTTPStatus.FOUND
    with pytest.raises(entry_links.LinkOver):
        entry_links.find(token, now=clock.now())


def test_the_token_stands_in_no_answer_and_no_cookie(link: EntryLink) -> None:
    browser = Client()
    token = entry_links.token_of(link)
    browser.post("/join/", {"link": token})
    page = browser.get("/join/")
    assert token not in page.content.decode()
    assert all(token not in cookie.value for cookie in browser.cookies.values())


def test_another_person_signed_in_at_this_browser_is_signed_out(link: EntryLink) -> None:
    browser = staff.sign_in(staff.carla())
    opens(browser, entry_links.token_of(link))
    assert browser.get("/console/").headers["Location"] == "/login/"


def test_a_link_does_not_bring_back_whoever_is_made_inactive_at_that_moment(
    link: EntryLink, noor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Person.objects.filter(pk=noor.pk).update(is_active=True, came_at=clock.now())

    def hashed(_person: Person, _password: str) -> None:
        Person.objects.filter(pk=noor.pk).update(is_active=False)

    monkeypatch.setattr(Person, "set_password", hashed)
    entry_links.choose_password(link.pk, SENTENCE, now=clock.now())
    noor.refresh_from_db()
    assert not noor.is_active
