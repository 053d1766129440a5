"""If what somebody signed in with is taken away, every session of theirs ends, with its row and its sockets.
Signing out ends the session of one browser, and not the others of the same person."""

import asyncio
import json
import time
from collections.abc import Callable

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from benchmarks.signin import Person as Account
from benchmarks.signin import SignIn
from counsellors.models import Authenticator, Passkey, Person, Role, Session
from counsellors.signin import second_factor
from tests.support import admin_pages as staff
from tests.support.counsellor import CounsellorClient
from tests.support.frames import HandshakeRefused
from tests.support.platform import Platform

PROMISED = 5  # seconds


def new_password(person: Person) -> None:
    person.set_password("een nieuwe lange zin")
    person.save()


def deactivate(person: Person) -> None:
    person.is_active = False
    person.save(update_fields=["is_active"])


def give_a_role(person: Person) -> None:
    Role.objects.create(person=person, name=Role.Name.SUPERVISOR)


def change_a_role(person: Person) -> None:
    role = person.role_rows.get()
    role.name = Role.Name.PARTNER
    role.save()


def take_a_role(person: Person) -> None:
    person.role_rows.all().delete()


def change_the_second_factor(person: Person) -> None:
    Authenticator.objects.filter(user=person).update(confirmed=False)
    device = Authenticator.objects.get(user=person)
    assert second_factor.confirm(person, device, staff.digits(device, 1)).accepted


def lose_the_authenticator(person: Person) -> None:
    Authenticator.objects.filter(user=person).delete()


def lose_the_row(person: Person) -> None:
    """Deletes the row by the name of django-otp's own model, as a cascade or a shell would."""
    TOTPDevice.objects.filter(user=person).delete()


def lose_a_passkey(person: Person) -> None:
    Passkey.objects.create(user=person, name="telefoon", credential=b"1", public_key=b"2")
    Passkey.objects.filter(user=person).delete()


def new_recovery_codes(person: Person) -> None:
    second_factor.new_recovery_codes(person)


CHANGES = [
    new_password,
    deactivate,
    give_a_role,
    change_a_role,
    take_a_role,
    lose_the_authenticator,
    lose_the_row,
    lose_a_passkey,
    change_the_second_factor,
    new_recovery_codes,
]


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_the_rows_of_every_browser_are_gone_and_nobody_else_s(change: Callable[[Person], None]) -> None:
    carla, floor = staff.carla(), staff.floor()
    kept = staff.sign_in(floor)
    staff.sign_in(carla)
    staff.give_password(Client(), "carla")  # signed in by half elsewhere
    assert Session.objects.filter(person=carla).count() == 2
    change(Person.objects.get(pk=carla.pk))
    assert [row.person for row in Session.objects.all()] == [floor]
    assert kept.get("/board/").status_code == 200


@pytest.mark.django_db
def test_who_is_made_active_again_finds_no_old_session() -> None:
    carla = staff.carla()
    browser = staff.sign_in(carla)
    deactivate(carla)
    carla.is_active = True
    carla.save()
    assert browser.get("/console/").headers["Location"] == "/login/"


@pytest.mark.django_db
def test_signing_in_and_other_changes_of_a_person_end_nothing() -> None:
    carla = staff.carla()
    browser = staff.sign_in(carla)
    stale = Person(pk=carla.pk, alias="Carla V.", password="of yesterday")
    stale.save(update_fields=["alias"])
    Person.objects.get(pk=carla.pk).save()
    other = Client()
    staff.give_password(other, "carla")
    staff.give_code(other, staff.recovery_code(carla))
    assert [each.get("/console/").status_code for each in (browser, other)] == [200, 200]


@pytest.mark.django_db
def test_an_administrator_ends_sessions_by_switching_somebody_off_in_the_admin() -> None:
    carla, ilse = staff.carla(), staff.sign_in(staff.ilse())
    Session.objects.create(
        session_key="hers", person=carla, used_at="2100-01-01T00:00Z", expire_date="2100-01-01T00:00Z"
    )
    fields = {"username": "carla", "alias": "Carla", "languages": "", "is_active": ""}
    assert ilse.post(f"/admin/counsellors/person/{carla.pk}/change/", fields).status_code == 302
    assert not Session.objects.filter(person=carla).exists()
    assert ilse.get("/admin/").status_code == 200


# Over sockets

SIGN_IN = """
import json
from django.http import HttpRequest
from counsellors.signin import accounts, sessions
from counsellors.models import Authenticator, Person, Role
for name in {names!r}:
    person = Person.objects.create_user(name, "een lange zin van iemand", name[:8])
    Role.objects.create(person=person, name="counsellor")
    Authenticator.of(person)
tokens = []
for name in {names!r} + {names!r}[:1]:
    request = HttpRequest()
    request.session = sessions.SessionStore()
    request.user = person = Person.objects.get(username=name)
    accounts.sign_in(request, person, Authenticator.objects.get(user=person))
    request.session.save()
    tokens.append(request.session.session_key)
print(json.dumps(tokens))
"""
CHANGE = """
from counsellors.models import Authenticator, Person, Role, Session
out, word, idle, role, phone = [Person.objects.get(username=name) for name in {names!r}]
word.set_password("een nieuwe lange zin")
word.save()
idle.is_active = False
idle.save()
Role.objects.create(person=role, name="partner")
Authenticator.objects.get(user=phone).delete()
left = Session.objects.filter(person__in=[out, word, idle, role, phone])
print(*left.values_list("person__username", flat=True))
"""


@pytest.mark.long
async def test_their_sockets_close_within_five_seconds(platform: Platform) -> None:
    names = [f"{name}-{time.time_ns()}" for name in ("out", "word", "idle", "role", "phone")]
    tokens = json.loads(_run(platform, SIGN_IN.format(names=names)))
    consoles = [CounsellorClient(*platform.urls, cookie=f"sessionid={token}") for token in tokens]
    platform.guests.extend(consoles)
    for console in consoles:
        await console.hello()
    *ending, kept = consoles
    _sign_out(platform, names[0], tokens[0])
    left = await asyncio.to_thread(_run, platform, CHANGE.format(names=names))
    assert [await console.closed(within=PROMISED) for console in ending] == [4403] * 5
    assert left.split() == [names[0]], "the other browser's"
    for console in ending:
        with pytest.raises(HandshakeRefused):
            await console.connect()
    await asyncio.sleep(PROMISED)
    assert kept.connected


def _sign_out(platform: Platform, name: str, token: str) -> None:
    browser = SignIn(platform.url, Account(name, "", "", (), (), None))
    browser.cookies["sessionid"] = token
    page = browser.get("/logout/")
    assert browser.submit(page, "csrfmiddlewaretoken").address == "/login/"


def _run(platform: Platform, script: str) -> str:
    done = platform.manage("shell", "-v", "0", "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout
