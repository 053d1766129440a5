"""The pages of people: what a supervisor does there, and who does not find them."""

import re
from http import HTTPStatus

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from chat import outbox
from chat.models import Line, Outgoing, Work
from chat.supervision import approval_requests
from counsellors import devices
from counsellors.models import AuditRow, Authenticator, Device, Person, Replacement, Role
from helpline.lib import clock, encoding
from tests.support import admin_pages as staff
from tests.support.domain.cast import Counsellor, a_point
from tests.support.domain.supervisors import a_supervisor, long_there

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')  # masked differently in each answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(helpwanted: Line) -> Person:
    person = staff.carla()
    Work.objects.create(person=person, line=helpwanted)
    return person


@pytest.fixture
def floor(helpwanted: Line) -> Person:
    person = staff.floor()
    Work.objects.create(person=person, line=helpwanted)
    return person


@pytest.fixture
def browser(floor: Person) -> Client:
    return proven(floor)


def proven(person: Person) -> Client:
    """Returns a browser that has signed in and has just proven the key of an approved device."""
    browser = staff.sign_in(person)
    staff.proves_a_device(browser, person)
    return browser


def invites(browser: Client, **changed: object) -> str:
    noor = {"alias": "Noor", "username": "noor", "roles": ["counsellor"], "lines": ["helpwanted"]}
    return browser.post("/people/invite/", noor | changed).content.decode()


def does(browser: Client, who: Person, action: str) -> str:
    return browser.post(f"/people/{who.handle}/", {"choice": action}).content.decode()


def test_an_invitation_shows_its_link_once(browser: Client) -> None:
    page = invites(browser)
    (token,) = re.findall(r"/join/#([\w-]{43})", page)
    noor = Person.objects.get(username="noor")
    assert token not in browser.get("/people/").content.decode()
    assert token not in browser.get(f"/people/{noor.handle}/").content.decode()
    assert Client().post("/join/", {"link": token}).status_code == HTTPStatus.FOUND


def test_a_mailed_link_is_shown_to_nobody_and_its_address_is_kept_nowhere(
    browser: Client, settings: object, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_HOST = "mail.example.org"  # type: ignore[attr-defined]
    page = invites(browser, mail="noor@example.org")
    assert "/join/#" not in page
    assert "/join/#" not in str(list(Outgoing.objects.values()))
    outbox.deliver(now=clock.now())
    (mail,) = mailoutbox
    (token,) = re.findall(r"/join/#([\w-]{43})", str(mail.body))
    assert mail.to == ["noor@example.org"]
    assert Client().post("/join/", {"link": token}).status_code == HTTPStatus.FOUND
    assert not Outgoing.objects.exists()
    assert "noor@example.org" not in str(list(AuditRow.objects.values()) + list(Person.objects.values()))


def test_a_newer_link_takes_the_mail_of_the_older_along(
    browser: Client, settings: object, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_HOST = "mail.example.org"  # type: ignore[attr-defined]
    invites(browser, mail="noor@example.org")
    does(browser, Person.objects.get(username="noor"), "renew")
    outbox.deliver(now=clock.now())
    assert mailoutbox == []


@pytest.mark.parametrize(
    "changed",
    [
        {"username": "No Or"},
        {"username": "floor"},
        {"roles": []},
        {"lines": []},
        {"alias": ""},
        {"alias": " fLoor"},
    ],
)
def test_a_slip_of_the_pen_is_said_and_what_was_typed_stays(
    browser: Client, changed: dict[str, object]
) -> None:
    page = invites(browser, **changed)
    assert 'class="problem"' in page
    assert "/join/#" not in page
    if "alias" not in changed:
        assert 'value="Noor"' in page


def test_a_spoken_code_is_shown_and_its_replacement_can_be_undone_from_the_list(
    browser: Client, carla: Person
) -> None:
    assert re.search(r"<code>[2-9A-Z]{4} [2-9A-Z]{4}</code>", does(browser, carla, "replace"))
    row = Replacement.objects.get()
    assert f"/people/undo/{row.pk}/" in browser.get("/people/").content.decode()
    browser.post(f"/people/undo/{row.pk}/")
    assert Replacement.objects.get().undone_by is not None
    assert "/people/undo/" not in browser.get("/people/").content.decode()


def test_leaving_is_asked_for_twice(browser: Client, carla: Person) -> None:
    does(browser, carla, "ask_leave")
    assert Person.objects.get(pk=carla.pk).is_active
    does(browser, carla, "leave")
    assert not Person.objects.get(pk=carla.pk).is_active


def test_the_last_supervisor_is_told_why_leaving_does_not_go(browser: Client) -> None:
    page = browser.post("/people/leave/", {"old": staff.PASSWORD}).content.decode()
    assert 'class="problem"' in page
    assert browser.get("/people/").status_code == HTTPStatus.OK


def test_nobody_is_sent_away_by_who_finds_an_open_laptop(carla: Person, floor: Person) -> None:
    del floor
    own = proven(carla)
    own.post("/people/leave/", {"old": "geraden"})
    assert Person.objects.get(pk=carla.pk).is_active


def test_password_and_code_on_a_strange_machine_reach_nobody(carla: Person, floor: Person) -> None:
    strange = staff.sign_in(floor)
    for path in ("", "invite/", f"{carla.handle}/"):
        assert strange.get(f"/people/{path}").headers["Location"] == "/join/"
    for action in ("replace", "leave", "renew"):
        assert strange.post(f"/people/{carla.handle}/", {"choice": action}).headers["Location"] == "/join/"
    assert "/join/#" not in invites(strange)
    own = staff.sign_in(carla)
    assert own.post("/people/leave/", {"old": staff.PASSWORD}).headers["Location"] == "/join/"
    assert not Replacement.objects.exists()
    assert Person.objects.get(pk=carla.pk).is_active


def test_a_device_that_was_revoked_or_is_another_person_s_opens_no_people(
    floor: Person, carla: Person
) -> None:
    browser = proven(floor)
    assert browser.get("/people/").status_code == HTTPStatus.OK
    Device.objects.filter(person=floor).update(state=Device.State.REVOKED)
    assert browser.get("/people/").headers["Location"] == "/join/"
    Device.objects.filter(person=floor).update(state=Device.State.APPROVED, person=carla)
    assert browser.get("/people/").headers["Location"] == "/join/"


def test_what_a_page_writes_into_the_session_keeps_the_proof(floor: Person) -> None:
    browser = proven(floor)
    session = browser.session
    session["something"] = "else"
    session.save()
    assert browser.get("/people/").status_code == HTTPStatus.OK


def test_a_lost_laptop_is_revoked_from_its_owner_s_page(browser: Client, carla: Person) -> None:
    device = devices.register(carla, devices.candidate(carla, a_point(), "laptop"), now=clock.now())
    Device.objects.filter(pk=device.pk).update(state="approved")
    place, named = f"/people/{carla.handle}/", {"device": device.fingerprint}
    asked = browser.post(place, {"choice": "ask_revoke"} | named).content.decode()
    assert "Zonder nieuwe brievensleutel" in asked
    assert Device.objects.get(pk=device.pk).state == "approved"
    browser.post(place, {"choice": "revoke"} | named)
    assert Device.objects.get(pk=device.pk).state == "revoked"


@pytest.mark.parametrize(("state", "rests"), [("pending", False), ("approved", True)])
def test_only_the_loss_of_a_device_that_opened_something_keeps_a_supervisor_s_lines_from_confirming(
    browser: Client, carla: Person, helpwanted: Line, state: str, rests: bool
) -> None:
    Role.objects.create(person=carla, name=Role.Name.SUPERVISOR)
    device = devices.register(carla, devices.candidate(carla, a_point(), "laptop"), now=clock.now())
    Device.objects.filter(pk=device.pk).update(state=state)
    browser.post(f"/people/{carla.handle}/", {"choice": "revoke", "device": device.fingerprint})
    assert Device.objects.get(pk=device.pk).state == "revoked"
    assert (approval_requests.rests_until(["helpwanted"], now=clock.now()) is not None) is rests


def test_whose_password_only_an_administrator_renews_has_no_button_for_it(
    browser: Client, carla: Person
) -> None:
    place, button = f"/people/{carla.handle}/", "Wachtwoord vergeten: maak een link"
    assert button in browser.get(place).content.decode()
    Role.objects.create(person=carla, name=Role.Name.SUPERVISOR)
    page = browser.get(place).content.decode()
    assert button not in page
    assert "maakt alleen een beheerder de link" in page


def test_a_role_that_waits_for_a_second_person_says_so(
    browser: Client, carla: Person, floor: Person, helpwanted: Line
) -> None:
    hanna = a_supervisor("Hanna", helpwanted)
    long_there(Counsellor(floor, hanna.device), hanna)
    said = browser.post(f"/people/{carla.handle}/", {"choice": "give", "role": "supervisor"})
    assert "Dit wacht op een tweede supervisor" in said.content.decode()


def test_who_leaves_is_signed_out(carla: Person, floor: Person) -> None:
    del floor
    own = proven(carla)
    assert own.post("/people/leave/", {"old": staff.PASSWORD}).status_code == HTTPStatus.OK
    assert own.get("/account/").headers["Location"] == "/login/"


@pytest.mark.parametrize("action", ["", "no such", "__class__"])
def test_a_deed_that_there_is_not_is_not_found(browser: Client, carla: Person, action: str) -> None:
    assert browser.post(f"/people/{carla.handle}/", {"choice": action}).status_code == HTTPStatus.NOT_FOUND


def test_a_stranger_a_counsellor_and_a_partner_find_no_people(carla: Person) -> None:
    gijs = staff.sign_in(staff.gijs())
    counsellor = staff.sign_in(carla)
    for path in ("", "invite/", f"{carla.handle}/"):
        assert Client().get(f"/people/{path}").headers["Location"] == "/login/"
        assert gijs.get(f"/people/{path}").status_code == HTTPStatus.NOT_FOUND
        assert counsellor.get(f"/people/{path}").status_code == HTTPStatus.NOT_FOUND


def test_a_supervisor_of_another_line_finds_nobody_here(carla: Person, stopitnow: Line) -> None:
    otto = Person.objects.create_user("otto", staff.PASSWORD, "Otto")
    Role.objects.create(person=otto, name="supervisor")
    Authenticator.of(otto)
    Work.objects.create(person=otto, line=stopitnow)
    browser = proven(otto)
    assert browser.get(f"/people/{carla.handle}/").status_code == HTTPStatus.NOT_FOUND
    nobody = browser.get("/people/none/").content.decode()
    assert TOKEN.sub("", does(browser, carla, "replace")) == TOKEN.sub("", nobody)
    assert not Replacement.objects.exists()
    assert browser.post(f"/people/undo/{encoding.new_id()}/").status_code == HTTPStatus.NOT_FOUND


def test_what_is_missing_is_said_once(browser: Client) -> None:
    page = browser.post("/people/invite/", {}).content.decode()
    assert page.count("Niet alles is ingevuld.") == 1
