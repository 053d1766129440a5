"""Plays the staff of these tests, and how they sign in. Carla counsels, Floor supervises, Gijs is a partner
elsewhere, and Ilse administers. Noor is new: she has a password and no second factor yet."""

import base64
import time
from typing import TYPE_CHECKING

from django.test import Client

from benchmarks.signin import STEP, totp
from chat.supervision import staff_devices
from counsellors import devices
from counsellors.models import AuditRow, Authenticator, Device, Person, Role
from counsellors.signin import second_factor
from helpline.lib import clock
from tests.support.domain.cast import a_point

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

PASSWORD = "een lange zin van carla"


def carla() -> Person:
    return _person("carla", Role.Name.COUNSELLOR)


def floor() -> Person:
    return _person("floor", Role.Name.SUPERVISOR)


def gijs() -> Person:
    return _person("gijs", Role.Name.PARTNER)


def ilse() -> Person:
    return _person("ilse", Role.Name.ADMINISTRATOR)


def noor() -> Person:
    return _person("noor", Role.Name.COUNSELLOR, second_factor_set=False)


def _person(name: str, role: str, *, second_factor_set: bool = True) -> Person:
    person = Person.objects.create_user(name, PASSWORD, name.title())
    Role.objects.create(person=person, name=role)
    if second_factor_set:
        Authenticator.of(person)
        person.recovery_codes = second_factor.new_recovery_codes(person)  # type: ignore[attr-defined]
    return person


def recovery_code(person: Person, number: int = 0) -> str:
    codes: list[str] = person.recovery_codes  # type: ignore[attr-defined]
    return codes[number]


def code_of(person: Person, steps: int = 0) -> str:
    """Returns the six digits of now, or of some steps of 30 s later."""
    return digits(Authenticator.objects.get(user=person), steps)


def digits(device: Authenticator, steps: int = 0) -> str:
    return totp(base64.b32encode(device.bin_key).decode(), int(time.time()) // STEP + steps)


def give_password(client: Client, name: str, password: str = PASSWORD) -> "Answer":
    return client.post("/login/", {"username": name, "password": password})


def give_code(client: Client, code: str) -> "Answer":
    return client.post("/login/code/", {"code": code})


def sign_in(person: Person) -> Client:
    """Returns a browser in which the person has signed in with both factors."""
    client = Client()
    give_password(client, person.username)
    assert give_code(client, code_of(person)).status_code == 302
    return client


def audited(action: str) -> list[tuple[str, str, str]]:
    """Returns actor, subject and detail of each row of this action."""
    return list(AuditRow.objects.filter(action=action).values_list("actor", "subject", "detail"))


def proves_a_device(browser: Client, person: Person) -> Device:
    """Makes the browser hold the key of an approved device and prove it at a console."""
    known = devices.candidate(person, a_point(), "laptop")
    token = browser.cookies["sessionid"].value
    device = staff_devices.prove(person, known, session=token, now=clock.now())
    Device.objects.filter(pk=device.pk).update(state=Device.State.APPROVED)
    return device
