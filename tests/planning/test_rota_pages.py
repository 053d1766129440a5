"""The pages of the rota on a phone: what each action does, and what nobody else sees or does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from chat.models import Line, Work
from chat.planning import places, preferences, swaps
from chat.planning.models import Place, Swap
from chat.planning.preferences import Preferences
from counsellors.models import Person, Role
from helpline.lib import clock
from tests.planning.cast import a_shift, on
from tests.planning.test_calendar_import import MESSY, at_seven
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db


@pytest.fixture
def noa(helpwanted: Line) -> Person:
    """Returns a counsellor who has signed in with both factors."""
    person = staff.carla()
    person.alias = "Noa"
    person.save()
    Work.objects.create(person=person, line=helpwanted)
    return person


@pytest.fixture
def phone(noa: Person) -> Client:
    return staff.sign_in(noa)


@pytest.fixture(autouse=True)
def _a_week_before(time_machine: object) -> None:
    time_machine.move_to("2026-11-27T12:00:00+00:00")  # type: ignore[attr-defined]


def does(phone: Client, shift: str, action: str) -> int:
    return phone.post(f"/rota/shift/{shift}/", {"choice": action}).status_code


def test_a_volunteer_takes_offers_keeps_calls_in_sick_and_comes_after_all(
    floor: Counsellor, phone: Client
) -> None:
    shift = a_shift(floor)
    assert "maandag 30 november" in phone.get("/rota/", headers={"Accept-Language": "nl"}).content.decode()
    for action, state in (
        ("take", "planned"),
        ("offer", "offered"),
        ("keep", "planned"),
        ("sick", "sick"),
        ("well", "planned"),
    ):
        assert does(phone, shift.pk, action) == 302
        assert on(shift) == {"Noa": state}
        assert phone.get(f"/rota/shift/{shift.pk}/").status_code == 200
    assert does(phone, shift.pk, "dance") == 404


def test_who_was_slower_is_told_so_and_sees_the_rota_as_it_is(
    floor: Counsellor, phone: Client, daan: Counsellor
) -> None:
    shift = a_shift(floor, wanted=1)
    places.take(daan.person, shift.pk, now=clock.now())
    answer = phone.post(f"/rota/shift/{shift.pk}/", {"choice": "take"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 409
    assert "Somebody was sooner" in answer.content.decode()


def test_two_swap_by_their_pages(floor: Counsellor, noa: Person, phone: Client, daan: Counsellor) -> None:
    monday, tuesday = a_shift(floor), a_shift(floor, 1)
    places.take(noa, monday.pk, now=clock.now())
    places.take(daan.person, tuesday.pk, now=clock.now())
    page = phone.get(f"/rota/shift/{monday.pk}/swap/").content.decode()
    theirs = Place.objects.get(person=daan.person)
    assert theirs.pk in page
    assert phone.post(f"/rota/shift/{monday.pk}/swap/", {"wanted": theirs.pk}).status_code == 302
    assert phone.post(f"/rota/shift/{monday.pk}/swap/", {"wanted": theirs.pk}).status_code == 409
    asked = Swap.objects.get().pk
    assert phone.post(f"/rota/asked/{asked}/", {"choice": "yes"}).status_code == 404  # she may not decide it
    assert phone.post(f"/rota/asked/{asked}/", {"choice": "no"}).status_code == 302
    assert not Swap.objects.exists()
    again = swaps.ask(daan.person, tuesday.pk, Place.objects.get(person=noa).pk, now=clock.now())
    assert "Daan" in phone.get("/rota/").content.decode()
    assert phone.post(f"/rota/asked/{again.pk}/", {"choice": "yes"}).status_code == 302
    pressed_twice = phone.post(f"/rota/asked/{again.pk}/", {"choice": "yes"})
    assert pressed_twice.status_code == 409
    assert "Er is net iets veranderd" in pressed_twice.content.decode()
    assert (on(monday), on(tuesday)) == ({"Daan": "planned"}, {"Noa": "planned"})


def test_preferences_are_kept_as_they_were_typed_and_what_is_wrong_is_said(
    noa: Person, phone: Client, settings: Settings
) -> None:
    assert 'name="mail"' not in phone.get("/rota/preferences/").content.decode(), "none is sent from here"
    settings.MAIL_HOST = "mail.example"
    given = {"most_hours": "8", "no_two_lates": "on", "rather_not": ["0", "6"], "mail": "noa@example.org"}
    assert phone.post("/rota/preferences/", given).status_code == 302
    assert preferences.of(noa) == Preferences(8, no_two_lates=True, rather_not=(0, 6), mail="noa@example.org")
    for wrong in ({"most_hours": "0"}, {"rather_not": ["9"]}, {"mail": "noa"}):
        answer = phone.post("/rota/preferences/", given | wrong)
        assert 'role="alert"' in answer.content.decode()
    assert preferences.of(noa).most_hours == 8
    assert phone.post("/rota/preferences/", {}).status_code == 302
    assert preferences.of(noa) == Preferences()


def test_an_address_for_one_s_calendar_is_shown_once_and_read_without_a_session(
    floor: Counsellor, noa: Person, phone: Client
) -> None:
    places.take(noa, a_shift(floor).pk, now=clock.now())
    page = phone.post("/rota/calendar/", {"choice": "make"}).content.decode()
    address = page.partition("<code>")[2].partition("</code>")[0]
    path = "/" + address.partition("://")[2].partition("/")[2]
    assert "no-store" in phone.get("/rota/calendar/").headers["Cache-Control"]
    assert address not in phone.get("/rota/calendar/").content.decode()
    calendar = Client().get(path)
    assert calendar.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in calendar.headers["Cache-Control"]
    assert not calendar.cookies
    assert b"DTSTART;TZID=Europe/Amsterdam:20261130T190000" in calendar.content
    phone.post("/rota/calendar/", {"choice": "end"})
    assert Client().get(path).status_code == 404


def test_the_other_line_s_shifts_are_not_there(otto: Counsellor, phone: Client) -> None:
    shift = a_shift(otto, line="stopitnow")
    assert "Stopitnow" not in phone.get("/rota/").content.decode()
    assert phone.get(f"/rota/shift/{shift.pk}/").status_code == 404
    assert does(phone, shift.pk, "take") == 404
    assert phone.get(f"/rota/shift/{shift.pk}/swap/").status_code == 404


def test_an_overview_asks_the_database_no_more_for_more_shifts(
    floor: Counsellor, phone: Client, django_assert_max_num_queries: object
) -> None:
    for day in range(20):
        a_shift(floor, day)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        phone.get("/rota/")


def test_a_supervisor_brings_a_calendar_file_and_sees_what_was_left(
    helpwanted: Line, daan: Counsellor
) -> None:
    hanna = staff.floor()
    Work.objects.create(person=hanna, line=helpwanted)
    browser = staff.sign_in(hanna)
    staff.proves_a_device(browser, hanna)
    sent = {"file": SimpleUploadedFile("rooster.ics", MESSY.encode(), content_type="text/calendar")}
    page = browser.post(
        "/board/rota/helpwanted/import/", sent, headers={"Accept-Language": "en"}
    ).content.decode()
    assert "Line 38:" in page
    assert "repeats" in page
    for number in (1, 2):
        person = Person.objects.create_user(f"noor-{number}", None, f"Noor {number}")
        Role.objects.create(person=person, name=Role.Name.COUNSELLOR)
        Work.objects.create(person=person, line=helpwanted)
    names = SimpleUploadedFile("names.ics", at_seven("Onbekend", "Noor").encode())
    page = browser.post(
        "/board/rota/helpwanted/import/", {"file": names}, headers={"Accept-Language": "en"}
    ).content.decode()
    assert "‘Onbekend’: the shift is there, with nobody on it." in page
    assert "the name fits more than one person: Noor 1, Noor 2." in page
    for wrong in (b"\xff\xfe\x00", b"no calendar"):
        answer = browser.post("/board/rota/helpwanted/import/", {"file": SimpleUploadedFile("x.ics", wrong)})
        assert 'role="alert"' in answer.content.decode()
    assert browser.post("/board/rota/helpwanted/import/", {}).status_code == 200
    assert browser.get("/board/rota/stopitnow/import/").status_code == 404
