"""A thief of password, code and cookie tries proofs that are old, another's, late or sent twice. Each title
is an attack. After each, that socket never gets a device: its requests are answered as to a browser without
one, and no new box is made for it."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.cast import anna, carla
from tests.support.guests import a_link
from tests.support.platform import Platform
from tests.wire.replays_proofs import Box, Browser, Key, Socket, to_text

VECTORS = Path(__file__).parents[1] / "vectors" / "sealing-v1.json"
WANTS: dict[str, dict[str, Any]] = {
    "next": {"line": None},
    "duty": {"state": "on", "slots": 4},
    "devices": {},
    "open": {"conversation": "A" * 22, "since": 0},
    "sync": {"conversation": "A" * 22, "since": 0},
    "takeover": {"conversation": "A" * 22},
    "answer": {"invitation": "x", "yes": True},
    "close": {"conversation": "A" * 22},
    "leave": {"conversation": "A" * 22},
}


@dataclass
class Staff:
    """Represents somebody with a proven device. A thief has the cookies in `browser`, and not the key."""

    browser: Browser
    key: Key
    device: str

    def greets(self) -> tuple[Socket, Box]:
        """Opens a socket with the session and the device's id. Returns the box in the answer."""
        socket = self.browser.console()
        return socket, Box.of(socket.ask("hello", device=self.device))


_known: dict[tuple[str, str], Staff] = {}


def enrolled(platform: Platform, username: str) -> Staff:
    """Signs in and enrols once for each platform, because a one-time code works once."""
    if (platform.url, username) not in _known:
        person = next(one for one in platform.demo["people"] if one["username"] == username)
        browser, key = Browser(platform.urls[-1]).sign_in(person), Key.fresh()
        with browser.console() as socket:
            socket.ask("hello", device=None)
            box = Box.of(socket.ask("enrol", key=to_text(key.public), label="thuis"))
            answer = socket.ask("prove", secret=to_text(box.opened_by(key)))
        assert answer["device"] == {"id": box.name, "state": "approved"}
        _known[platform.url, username] = Staff(browser, key, box.name)
    return _known[platform.url, username]


@pytest.fixture
def victim(platform: Platform) -> Staff:
    return enrolled(platform, "stopitnow-counsellor-3")


@pytest.fixture
def rival(platform: Platform) -> Staff:
    return enrolled(platform, "stopitnow-counsellor-2")


@pytest.fixture
def short_opening() -> Iterator[Platform]:
    with Platform(OPENING_SECONDS=2) as running:
        yield running


def assert_no_device_ever(socket: Socket, key: Key) -> None:
    """Checks that the socket gets no device, neither by its requests nor by a new key nor by the right
    one."""
    assert {name: socket.code(name, **fields) for name, fields in WANTS.items()} == dict.fromkeys(
        WANTS, "conflict"
    )
    for one in (Key.fresh(), key):
        assert socket.code("enrol", key=to_text(one.public), label="x") == "forbidden"
    assert socket.prove(bytes(32)) == "forbidden"
    assert socket.code("beat") == "ok"
    socket.close()


def test_the_attacker_s_own_hpke_is_that_of_the_contract() -> None:
    vector = json.loads(VECTORS.read_text())["prove"]
    key = Key.of(bytes.fromhex(vector["private"]))
    assert key.public.hex() == vector["key"]
    assert key.open(bytes.fromhex(vector["box"]), vector["device"]) == bytes.fromhex(vector["secret"])
    assert key.open(bytes.fromhex(vector["box"]), "another") is None


def test_a_proof_that_was_good_once_is_replayed_on_another_socket(victim: Staff) -> None:
    honest, box = victim.greets()
    secret = box.opened_by(victim.key)
    assert honest.prove(secret) == "ok"
    honest.close()
    thief, _ = victim.greets()
    assert thief.prove(secret) == "forbidden"
    assert_no_device_ever(thief, victim.key)


def test_a_proof_is_replayed_on_another_socket_while_the_first_is_open_and_has_not_used_it(
    victim: Staff,
) -> None:
    honest, box = victim.greets()
    secret = box.opened_by(victim.key)
    thief, _ = victim.greets()
    assert thief.prove(secret) == "forbidden"
    assert_no_device_ever(thief, victim.key)
    assert honest.prove(secret) == "ok", "the honest one is not hindered"
    honest.close()


def test_an_older_box_is_answered_after_a_newer_one_was_made(victim: Staff) -> None:
    thief, older = victim.greets()
    Box.of(thief.ask("enrol", key=to_text(Key.fresh().public), label="x"))
    assert thief.prove(older.opened_by(victim.key)) == "forbidden"
    assert_no_device_ever(thief, victim.key)


def test_a_box_for_one_device_is_answered_with_what_was_in_the_box_of_another(victim: Staff) -> None:
    """Both are the same person's, and the thief has one of the two keys."""
    own = Key.fresh()
    first, _ = victim.greets()
    second = victim.browser.console()
    second.ask("hello", device=None)
    box = Box.of(second.ask("enrol", key=to_text(own.public), label="x"))
    assert own.open(box.box, victim.device) is None, "a box is bound to its device's id"
    assert first.prove(box.opened_by(own)) == "forbidden"
    assert_no_device_ever(first, victim.key)
    second.close()


def test_a_box_of_another_person_s_socket_is_answered_on_one_s_own(victim: Staff, rival: Staff) -> None:
    theirs, box = rival.greets()
    own, _ = victim.greets()
    assert own.prove(box.opened_by(rival.key)) == "forbidden"
    assert_no_device_ever(own, victim.key)
    theirs.close()


def test_another_person_s_public_key_is_enrolled(victim: Staff, rival: Staff) -> None:
    """Every caller is sent it. The box is made as for any other, and cannot be opened."""
    thief = rival.browser.console()
    thief.ask("hello", device=None)
    box = Box.of(thief.ask("enrol", key=to_text(victim.key.public), label="x"))
    assert box.name != victim.device
    assert rival.key.open(box.box, box.name) is None
    assert thief.prove(secrets.token_bytes(32)) == "forbidden"
    assert_no_device_ever(thief, rival.key)


def test_another_person_s_key_is_enrolled_by_who_holds_it(victim: Staff, rival: Staff) -> None:
    thief = rival.browser.console()
    thief.ask("hello", device=None)
    box = Box.of(thief.ask("enrol", key=to_text(victim.key.public), label="x"))
    assert thief.prove(box.opened_by(victim.key)) == "conflict"
    for name, fields in WANTS.items():
        assert thief.code(name, **fields) == "conflict"
    thief.close()


def test_a_listed_device_s_id_is_said_on_a_strange_machine(victim: Staff) -> None:
    thief, box = victim.greets()
    assert Key.fresh().open(box.box, box.name) is None
    assert thief.prove(secrets.token_bytes(32)) == "forbidden"
    assert_no_device_ever(thief, victim.key)


def test_another_person_s_device_is_named_in_hello(victim: Staff, rival: Staff) -> None:
    """It is answered as an unknown id, and there is no box to open."""
    for device in (victim.device, "nobody-s"):
        with rival.browser.console() as thief:
            answer = thief.ask("hello", device=device)
            assert (answer["device"], answer["prove"]) == (None, None)
            assert thief.code("next", line=None) == "conflict"


def test_a_proof_comes_late(short_opening: Platform) -> None:
    victim = enrolled(short_opening, "helpwanted-counsellor-1")
    thief, box = victim.greets()
    secret = box.opened_by(victim.key)
    time.sleep(2.2)
    assert thief.prove(secret) == "forbidden"
    assert_no_device_ever(thief, victim.key)


def test_a_right_proof_comes_after_a_wrong_one(victim: Staff) -> None:
    thief, box = victim.greets()
    assert thief.prove(secrets.token_bytes(32)) == "forbidden"
    assert thief.prove(box.opened_by(victim.key)) == "forbidden"
    assert_no_device_ever(thief, victim.key)


def test_a_right_proof_comes_twice(victim: Staff) -> None:
    honest, box = victim.greets()
    secret = box.opened_by(victim.key)
    assert honest.prove(secret) == "ok"
    assert honest.prove(secret) == "forbidden"
    honest.close()


def test_a_proof_comes_before_any_box_was_made(victim: Staff) -> None:
    thief = victim.browser.console()
    assert thief.prove(bytes(32)) == "bad_frame"
    thief.ask("hello", device=None)
    assert thief.prove(bytes(32)) == "forbidden"
    assert_no_device_ever(thief, victim.key)


def test_things_are_asked_before_the_proof(victim: Staff) -> None:
    thief, box = victim.greets()
    for name, fields in WANTS.items():
        assert thief.code(name, **fields) == "conflict"
    assert thief.code("hello", device=victim.device) == "conflict", "one hello a socket"
    assert thief.code("duty", state="off", slots=0) == "ok", "who stops is not asked with which key"
    assert thief.prove(box.opened_by(victim.key)) == "ok", "asking early costs nothing"
    thief.close()


async def test_a_guest_s_seat_is_resumed_with_another_key(platform: Platform) -> None:
    """The attacker has the resume token, as a stolen session of the browser would show it."""
    caller, counsellor = await anna(platform), await carla(platform)
    await caller.start()
    await counsellor.take()
    token, pin = await a_link(platform, caller, counsellor)
    await asyncio.to_thread(_resume_with_other_keys, platform.urls[-1], token, pin)


def _resume_with_other_keys(url: str, token: str, pin: str) -> None:
    key = Key.fresh()
    with Socket(url, "/ws/desk/") as guest:
        seated = guest.ask("desk", token=token, pin=pin, key=to_text(key.public))
        assert seated["type"] == "ok"
    resume = {"token": seated["resume"], "pin": None}
    with Socket(url, "/ws/desk/") as thief:
        assert thief.code("desk", **resume, key=to_text(Key.fresh().public)) == "not_found"
    with Socket(url, "/ws/desk/") as thief:
        box = Box.of(thief.ask("desk", **resume, key=to_text(key.public)))
        assert Key.fresh().open(box.box, box.name) is None
        asked = {"conversation": seated["conversation"], "since": 0}
        assert thief.code("open", **asked) == "conflict"
        assert thief.prove(secrets.token_bytes(32)) == "forbidden"
        assert thief.code("open", **asked) == "conflict"
        assert thief.prove(box.opened_by(key)) == "forbidden"
        assert thief.code("sync", **asked) == "conflict"
    with Socket(url, "/ws/desk/") as thief:
        assert thief.code("desk", token=token, pin=pin, key=to_text(Key.fresh().public)) == "not_found"
    with Socket(url, "/ws/desk/") as honest:
        box = Box.of(honest.ask("desk", **resume, key=to_text(key.public)))
        assert honest.prove(box.opened_by(key)) == "ok"
        assert honest.code("open", **asked) == "ok"
