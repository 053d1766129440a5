"""Makes passkeys of the staff in these tests, at https://hulp.example."""

from typing import TYPE_CHECKING

from django.test import Client

from counsellors.models import Passkey, Person
from counsellors.signin import passkeys
from counsellors.signin.second_factor import Checked
from counsellors.signin.sites import Site
from tests.support import admin_pages as staff
from tests.support.authenticator import Authenticator

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

HOST = "hulp.example"
SITE = Site(HOST, (f"https://{HOST}",))


def phone_of(person: Person, *, counts: bool = True) -> Authenticator:
    """Returns a phone with a passkey that the person has added."""
    phone = Authenticator(HOST, counts=counts)
    add(person, phone)
    return phone


def add(person: Person, phone: Authenticator) -> Passkey:
    challenge, options = passkeys.begin_to_add(person, SITE)
    return passkeys.add(person, SITE, challenge, phone.make(options), "mijn telefoon")


def check(person: Person, phone: Authenticator) -> Checked:
    challenge, options = passkeys.begin_to_ask(person, SITE)
    return passkeys.check(person, SITE, challenge, phone.sign(options))


def browser() -> Client:
    return Client(SERVER_NAME=HOST)


def half_signed_in(person: Person) -> Client:
    """Returns a browser in which the password was given."""
    client = browser()
    staff.give_password(client, person.username)
    return client


def sign_in_by_code(person: Person, code: str = "") -> Client:
    client = half_signed_in(person)
    assert staff.give_code(client, code or staff.code_of(person)).status_code == 302
    return client


def sign_in_by_passkey(person: Person, phone: Authenticator) -> Client:
    client = half_signed_in(person)
    assert give_passkey(client, phone).headers["Location"] != "/login/"
    return client


def give_passkey(client: Client, phone: Authenticator) -> "Answer":
    options = client.post("/login/passkey/ask/").content.decode()
    return client.post("/login/passkey/", {"answer": phone.sign(options)})


def signed(client: Client, phone: Authenticator) -> str:
    """Returns what the passkey of somebody who has signed in answers on the page of passkeys."""
    return phone.sign(client.post("/account/passkeys/ask/").content.decode())


def begin(client: Client, **proof: str) -> "Answer":
    return client.post("/account/passkeys/begin/", {"label": "mijn telefoon", **proof})


def add_by_page(client: Client, phone: Authenticator, **proof: str) -> "Answer":
    begun = begin(client, **proof)
    assert begun.status_code == 200, begun.content
    return client.post("/account/passkeys/add/", {"made": phone.make(begun.content.decode())})
