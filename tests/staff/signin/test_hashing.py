"""However many sign in at once, two passwords are hashed at a time, because each takes 64 MiB."""

import ast
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.db import connection
from django.test import Client

from counsellors.models import Person, WrongGuesses
from counsellors.signin import hashing
from helpline import settings as product
from tests.support import admin_pages as staff

ROOT = Path(__file__).parents[3]
HASHING = {
    "check_password",
    "set_password",
    "make_password",
    "authenticate",
    "create_user",
    "verify_password",
}


class Measured:
    """Records how many hashes ran at once, at most."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.pause: Callable[[], None] = lambda: time.sleep(0.02)
        self._lock = threading.Lock()

    @contextmanager
    def hash(self) -> Iterator[None]:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.pause()
        yield
        with self._lock:
            self.now -= 1


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, settings: object) -> Measured:
    """Returns the product's hasher, with a cheap hash."""
    found = Measured()

    def encode(_: object, password: str, salt: str) -> str:
        with found.hash():
            return f"argon2$cheap${salt}${password}"

    def verify(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        return encode(self, password, encoded.split("$")[2]) == encoded

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    monkeypatch.setattr(Argon2PasswordHasher, "must_update", lambda *_: False)
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS  # type: ignore[attr-defined]
    return found


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch, measured: Measured) -> Callable[[], hashing.Gate]:
    """Makes the hasher refuse everybody."""

    def close() -> hashing.Gate:
        gate = hashing.Gate(0, 0, 0)
        monkeypatch.setattr(hashing, "gate", gate)
        return gate

    return close


def test_of_ten_at_once_two_are_hashed_at_a_time_and_all_get_their_turn(measured: Measured) -> None:
    known = make_password("a long sentence")
    answers = _at_once(10, lambda: check_password("a long sentence", known))
    assert answers == [True] * 10
    assert measured.most == 2


def test_a_hash_steps_back_for_the_chats_and_nothing_else_does(measured: Measured) -> None:
    niceness: list[int] = []
    measured.pause = lambda: niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    make_password("a long sentence")
    assert niceness == [hashing.NICENESS]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own


@pytest.mark.parametrize(
    "act",
    [
        lambda: make_password("a long sentence"),
        lambda: check_password("a long sentence", "!no password"),
        lambda: Person().set_password("a long sentence"),
    ],
    ids=["a new password", "a person without a password", "a name that nobody has"],
)
def test_every_way_to_a_hash_leads_through_the_gate(act: Callable[[], object], measured: Measured) -> None:
    _at_once(10, act)
    assert measured.most == 2


def test_of_a_hundred_at_once_a_shift_is_served_and_the_others_are_told_so_at_once(
    measured: Measured,
) -> None:
    answers: list[object] = []
    # Waits until the second hash has begun as well: on a busy machine 58 are refused before that.
    measured.pause = lambda: _until(lambda: answers.count("busy") == 58 and measured.most >= 2)
    _at_once(100, lambda: make_password("a long sentence"), answers)
    assert measured.most == 2
    assert answers.count("busy") == 58
    assert len(answers) == 100


def test_who_waited_long_enough_is_told_so() -> None:
    gate = hashing.Gate(1, 1, 0.05)
    with _held(gate), pytest.raises(hashing.Busy), gate.turn():
        pass
    with gate.turn():
        pass


def test_a_hash_that_fails_gives_its_turn_back() -> None:
    gate = hashing.Gate(1, 0, 0)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), gate.turn():
            raise ValueError("no")


@pytest.mark.django_db(transaction=True)
def test_sign_ins_that_wait_take_no_connection_from_the_chats() -> None:
    gate = hashing.Gate(1, 1, 0.05)
    Person.objects.exists()
    with _held(gate), pytest.raises(hashing.Busy), gate.turn():
        pass
    assert connection.connection is None


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "language"), [("carla", "nl"), ("nobody", "en")])
def test_who_comes_when_it_is_full_reads_so_and_keeps_the_typed_name(
    name: str, language: str, full: Callable[[], hashing.Gate]
) -> None:
    staff.carla()
    full()
    answer = Client().post(
        "/login/", {"username": name, "password": staff.PASSWORD}, headers={"Accept-Language": language}
    )
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert {"nl": "Wacht even en probeer", "en": "Wait a moment"}[language] in page
    assert f'value="{name}"' in page
    assert staff.PASSWORD not in page


@pytest.mark.django_db
def test_a_sign_in_that_found_no_room_counts_as_no_wrong_password(full: Callable[[], hashing.Gate]) -> None:
    staff.carla()
    full()
    for _ in range(10):
        staff.give_password(Client(), "carla", "a guess")
    assert not WrongGuesses.objects.exists()
    assert staff.audited("sign_in_refused") == []


def test_no_password_is_hashed_by_the_threads_that_carry_the_chats() -> None:
    """Otherwise messages would wait for somebody who guesses. The demo's people are made before anything is
    served."""
    found = []
    for path in (ROOT / "chat").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        names |= {node.id for node in nodes if isinstance(node, ast.Name)}
        if names & HASHING and path != ROOT / "chat" / "demo" / "people.py":
            found.append(path.name)
    assert found == []


@contextmanager
def _held(gate: hashing.Gate) -> Iterator[None]:
    """Makes somebody else hold the lock."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with gate.turn():
            taken.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.01)


def _at_once(number: int, act: Callable[[], object], answers: list[object] | None = None) -> list[object]:
    """Returns what each got; `busy` if there was no room."""
    start = threading.Barrier(number)
    answers = [] if answers is None else answers

    def run() -> None:
        start.wait()
        try:
            answers.append(act())
        except hashing.Busy:
            answers.append("busy")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_hash_costs_a_guesser_no_less_than_advised_and_two_cost_the_process_no_more_than_it_has() -> None:
    """OWASP's minimum for Argon2id is 19 MiB, two passes, one lane."""
    hasher = hashing.FewAtOnce()
    assert hasher.memory_cost >= 19 * 1024
    assert hasher.time_cost >= 2
    assert product.HASHES_AT_ONCE * hasher.memory_cost <= 128 * 1024
