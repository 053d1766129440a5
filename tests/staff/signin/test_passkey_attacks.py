"""With what a thief has of a passkey, a session or a code, nobody is signed in and nothing is planted."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from counsellors.models import Passkey, PasskeyChallenge, PasskeyDemand
from counsellors.signin import locks, passkeys
from counsellors.signin.sites import Site
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support import admin_pages as staff
from tests.support import passkeys as own
from tests.support.authenticator import ATTESTED, PRESENT, Authenticator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still(time_machine: TimeMachineFixture) -> None:
    """Stops the clock, so that the codes of now and of half a minute later stay the same during a test."""
    time_machine.move_to(clock.now(), tick=False)


def test_a_replayed_assertion_opens_nothing() -> None:
    """This includes a phone without a signature counter."""
    carla = staff.carla()
    phone = own.phone_of(carla, counts=False)
    challenge, options = passkeys.begin_to_ask(carla, own.SITE)
    answer = phone.sign(options)
    assert passkeys.check(carla, own.SITE, challenge, answer).accepted
    assert passkeys.check(carla, own.SITE, challenge, answer).accepted is None
    newer, _ = passkeys.begin_to_ask(carla, own.SITE)
    assert passkeys.check(carla, own.SITE, newer, answer).accepted is None


def test_an_assertion_for_another_person_opens_nothing() -> None:
    carla, floor = staff.carla(), staff.floor()
    phone = own.phone_of(carla)
    challenge, options = passkeys.begin_to_ask(floor, own.SITE)
    assert passkeys.check(floor, own.SITE, challenge, phone.sign(options)).accepted is None
    assert own.give_passkey(own.half_signed_in(floor), phone).status_code == 200


def test_a_challenge_of_another_person_s_session_is_not_answered_here() -> None:
    carla, floor = staff.carla(), staff.floor()
    phone = own.phone_of(carla)
    theirs, options = passkeys.begin_to_ask(floor, own.SITE)
    assert passkeys.check(carla, own.SITE, theirs, phone.sign(options)).accepted is None


def test_a_challenge_of_another_browser_is_not_answered_here() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    hers, thief = own.half_signed_in(carla), own.half_signed_in(carla)
    thief.post("/login/passkey/ask/")
    answer = phone.sign(hers.post("/login/passkey/ask/").content.decode())
    assert thief.post("/login/passkey/", {"answer": answer}).status_code == 200
    assert thief.get("/console/").headers["Location"] == "/login/"


@pytest.mark.parametrize(
    "origin", ["https://hulp.example.evil", "https://hu1p.example", "http://hulp.example"]
)
def test_an_assertion_of_another_origin_opens_nothing(origin: str) -> None:
    """A look-alike site forwards our challenge, but the browser signs the name of the site that it showed."""
    carla = staff.carla()
    phone = own.phone_of(carla)
    phone.origin = origin
    assert own.check(carla, phone).accepted is None


def test_an_assertion_for_another_site_s_name_opens_nothing() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    phone.host = "evil.example"
    assert own.check(carla, phone).accepted is None


def test_a_passkey_of_one_site_opens_nothing_at_another() -> None:
    carla, phone = staff.carla(), Authenticator()
    own.add(carla, phone)
    elsewhere = Site("team.example", ("https://team.example",))
    phone.host, phone.origin = elsewhere.host, elsewhere.origins[0]
    challenge, options = passkeys.begin_to_ask(carla, elsewhere)
    assert passkeys.check(carla, elsewhere, challenge, phone.sign(options)).accepted is None


def test_a_cloned_counter_is_refused_and_on_record() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    phone.count = 41
    assert own.check(carla, phone).accepted
    phone.count = 20
    assert own.check(carla, phone).accepted is None
    assert staff.audited("code_refused") == [("", carla.handle, "counter")]
    assert Passkey.objects.get().sign_count == 42


def test_a_counter_that_falls_back_to_none_is_refused() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    phone.counts, phone.count = False, 0
    assert own.check(carla, phone).accepted is None


def test_a_found_key_without_its_owner_s_finger_or_pin_opens_nothing() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    phone.flags = PRESENT
    assert own.check(carla, phone).accepted is None
    with pytest.raises(passkeys.NotAdded):
        own.add(carla, phone)


def test_another_key_under_the_same_name_opens_nothing() -> None:
    carla = staff.carla()
    forged = Authenticator()
    forged.credential = own.phone_of(carla).credential
    assert own.check(carla, forged).accepted is None


def test_after_two_minutes_a_challenge_is_worth_nothing(time_machine: TimeMachineFixture) -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    challenge, options = passkeys.begin_to_ask(carla, own.SITE)
    time_machine.shift(passkeys.CHALLENGE_TTL)
    assert passkeys.check(carla, own.SITE, challenge, phone.sign(options)).accepted is None
    passkeys.begin_to_ask(carla, own.SITE)
    assert PasskeyChallenge.objects.count() == 1, "what nobody answered is forgotten"


def test_a_challenge_to_add_is_none_to_sign_in() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    challenge, options = passkeys.begin_to_add(carla, own.SITE)
    assert passkeys.check(carla, own.SITE, challenge, phone.sign(options)).accepted is None


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x" * 500, '{"id": 1}', "\0", '{"id":"AA","rawId":"AA","response":{}}']
)
def test_what_is_no_assertion_is_refused_with_the_form(answer: str) -> None:
    carla = staff.carla()
    own.phone_of(carla)
    client = own.half_signed_in(carla)
    client.post("/login/passkey/ask/")
    assert client.post("/login/passkey/", {"answer": answer}).status_code == 200
    assert staff.audited("code_refused") == [("", carla.handle, "wrong")]


def test_wrong_ones_lock_as_codes_do_and_the_codes_stay_open(time_machine: TimeMachineFixture) -> None:
    carla = staff.carla()
    phone, forged = own.phone_of(carla), Authenticator()
    waits = []
    for _ in range(4):
        waits.append(round(own.check(carla, forged).wait.total_seconds()))
        time_machine.shift(timedelta(seconds=waits[-1] + 1))
    assert waits == [1, 2, 4, 8]
    own.check(carla, forged)
    assert own.check(carla, phone).accepted is None, "locked, also for the right one"
    assert staff.audited("code_refused")[-1][2] == "locked"
    assert not locks.guesses(locks.CODES, carla.handle).lock()
    client = own.half_signed_in(carla)
    assert staff.give_code(client, staff.code_of(carla)).status_code == 302


@pytest.mark.parametrize("proof", [{}, {"code": "000000"}, {"answer": "{}"}, {"made": "{}"}])
def test_a_stolen_session_plants_no_passkey_and_removes_none(proof: dict[str, str]) -> None:
    carla = staff.carla()
    own.phone_of(carla)
    stolen = own.sign_in_by_code(carla)
    begun = own.begin(stolen, **proof)
    assert (begun.status_code, "challenge" in begun.json()) == (403, False)
    stolen.post("/account/passkeys/add/", proof)
    number = Passkey.objects.get().pk
    stolen.post(f"/account/passkeys/{number}/remove/", proof)
    assert Passkey.objects.get().pk == number


def test_a_stolen_session_cannot_use_what_was_begun_for_the_owner() -> None:
    """It does not learn the challenge. The one that it may request itself is for signing in, not for
    adding."""
    carla, thief_s = staff.carla(), Authenticator()
    client = own.sign_in_by_code(carla)
    own.begin(client, code=staff.code_of(carla, 1))
    client.post("/account/passkeys/add/", {"made": thief_s.make('{"challenge": "AAAA"}')})
    options = client.post("/account/passkeys/ask/").content.decode()
    client.post("/account/passkeys/add/", {"made": thief_s.make(options)})
    assert not Passkey.objects.exists()


def test_a_code_that_was_used_adds_no_passkey() -> None:
    carla = staff.carla()
    code = staff.code_of(carla)
    client = own.sign_in_by_code(carla, code)
    assert own.begin(client, code=code).status_code == 403


def test_what_was_made_is_added_once() -> None:
    carla, phone = staff.carla(), Authenticator()
    challenge, options = passkeys.begin_to_add(carla, own.SITE)
    made = phone.make(options)
    passkeys.add(carla, own.SITE, challenge, made, "een")
    with pytest.raises(passkeys.NotAdded):
        passkeys.add(carla, own.SITE, challenge, made, "twee")


def test_a_passkey_that_is_somebody_s_already_is_nobody_else_s() -> None:
    carla, floor = staff.carla(), staff.floor()
    phone = own.phone_of(carla)
    with pytest.raises(passkeys.NotAdded):
        own.add(floor, phone)
    assert Passkey.objects.get().user == carla


@pytest.mark.parametrize("what", ["origin", "host", "flags"])
def test_what_another_site_had_made_is_not_added(what: str) -> None:
    carla, phone = staff.carla(), Authenticator()
    other = {"origin": "https://evil.example", "host": "evil.example", "flags": ATTESTED}[what]
    setattr(phone, what, other)
    with pytest.raises(passkeys.NotAdded):
        own.add(carla, phone)


def test_nobody_removes_another_person_s_passkey() -> None:
    carla, floor = staff.carla(), staff.floor()
    own.phone_of(carla)
    number = Passkey.objects.get().pk
    with pytest.raises(NotFound):
        passkeys.remove(floor, number)
    client = own.sign_in_by_code(floor)
    code = {"code": staff.code_of(floor, 1)}
    assert client.post(f"/account/passkeys/{number}/remove/", code).status_code == 404
    assert Passkey.objects.exists()


def test_who_fished_two_codes_brings_no_second_passkey_in_where_one_is_demanded() -> None:
    carla = staff.carla()
    phone = own.phone_of(carla)
    PasskeyDemand.objects.create(role="counsellor")
    thief = own.sign_in_by_code(carla)
    assert own.begin(thief, code=staff.code_of(carla, 1)).status_code == 403
    assert staff.audited("code_refused") == [("", carla.handle, "digits")]
    hers = own.sign_in_by_passkey(carla, phone)
    assert own.begin(hers, answer=own.signed(hers, phone)).status_code == 200
    assert own.begin(hers, code=staff.recovery_code(carla)).status_code == 200
