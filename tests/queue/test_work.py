"""Work is valid once, for one line, for two minutes. The server derives no key to check it."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from altcha import Payload, v2
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from chat.models import UsedWork
from chat.queue import work
from chat.runtime.rounds import Rounds
from helpline.lib import clock
from tests.support.work import solve

pytestmark = pytest.mark.django_db
LIGHT = 10 * work.ITERATIONS_PER_CALL


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Records the cost of each derivation that the server makes."""
    made: list[int] = []
    derive = v2.derive_key_pbkdf2

    def counted(parameters: Any, salt: bytes, password: bytes) -> bytes:
        made.append(parameters.cost)
        return derive(parameters, salt, password)

    monkeypatch.setattr(v2, "derive_key_pbkdf2", counted)
    return made


def asked(line: str = "helpwanted", amount: int = LIGHT) -> str:
    return work.challenge(line, amount, now=clock.now())


def accepts(answer: str, line: str = "helpwanted") -> bool:
    return work.accept(line, answer, LIGHT, now=clock.now())


def changed(answer: str, **fields: object) -> str:
    """Returns the same answer with other parameters of the challenge."""
    given = json.loads(base64.b64decode(answer))
    given["challenge"]["parameters"] |= fields
    return base64.b64encode(json.dumps(given).encode()).decode()


def test_a_challenge_says_what_the_wire_says() -> None:
    made = json.loads(asked())
    parameters = made["parameters"]
    assert set(made) == {"parameters", "signature"}
    assert parameters["algorithm"] == "PBKDF2/SHA-256"
    assert (parameters["cost"], parameters["keyLength"]) == (work.ITERATIONS_PER_CALL, 32)
    assert parameters["data"] == {"line": "helpwanted", "work": LIGHT}
    assert len(bytes.fromhex(parameters["keyPrefix"])) == 16
    assert 115 < parameters["expiresAt"] - clock.now().timestamp() <= 120


def test_a_challenge_is_one_derivation_and_an_answer_none(derivations: list[int]) -> None:
    made = asked()
    assert derivations == [work.ITERATIONS_PER_CALL]
    answer = solve(made)
    derivations.clear()
    assert accepts(answer)
    assert not accepts(answer)
    assert derivations == []


def test_the_work_lies_between_half_and_all_of_what_is_asked() -> None:
    counters = {json.loads(base64.b64decode(solve(asked())))["solution"]["counter"] for _ in range(40)}
    assert counters == {5, 6, 7, 8, 9}


def test_an_answer_counts_once() -> None:
    answer = solve(asked())
    assert accepts(answer)
    assert not accepts(answer)


def test_a_wrong_answer_uses_the_challenge_up() -> None:
    made = asked()
    right = solve(made)
    wrong = json.loads(base64.b64decode(right))
    wrong["solution"]["derivedKey"] = "00" * 32
    assert not accepts(base64.b64encode(json.dumps(wrong).encode()).decode())
    assert not accepts(right)


def test_another_line_s_work_counts_for_nothing_and_stays_good_for_its_own() -> None:
    answer = solve(asked("stopitnow"))
    assert not accepts(answer, "helpwanted")
    assert accepts(answer, "stopitnow")


def test_work_that_comes_after_two_minutes_counts_for_nothing(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(clock.now().replace(microsecond=0), tick=False)
    early, late = solve(asked()), solve(asked())
    time_machine.shift(timedelta(seconds=119))
    assert accepts(early)
    time_machine.shift(timedelta(seconds=1))
    assert not accepts(late)


@pytest.mark.parametrize(
    "fields",
    [{"cost": 1}, {"keyPrefix": ""}, {"expiresAt": 4_000_000_000}, {"data": {"line": "helpwanted", "a": 1}}],
    ids=["cheaper", "without a key to find", "longer", "with something beside it"],
)
def test_a_challenge_that_somebody_changed_is_none(
    fields: dict[str, object], derivations: list[int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer = changed(solve(asked()), **fields)
    derivations.clear()
    with django_assert_num_queries(0):
        assert not accepts(answer)
    assert derivations == []


GARBAGE = {
    "not base64": "%%%",
    "an e with an accent": "é",
    "no JSON": base64.b64encode(b"\xff\x00").decode(),
    "a number": base64.b64encode(b"7").decode(),
    "a list": base64.b64encode(b"[]").decode(),
    "nothing in it": base64.b64encode(b"{}").decode(),
    "a challenge that is a text": base64.b64encode(b'{"challenge":"a","solution":"b"}').decode(),
    "parameters that are a list": base64.b64encode(
        b'{"challenge":{"parameters":[1]},"solution":{"counter":1,"derivedKey":"a"}}'
    ).decode(),
    "very deep": base64.b64encode(b"[" * 3_000).decode(),
    "a made-up challenge": base64.b64encode(
        json.dumps(
            {
                "challenge": {
                    "parameters": {
                        "algorithm": "SCRYPT",
                        "nonce": "00",
                        "salt": "00",
                        "cost": 2**30,
                        "expiresAt": [],
                        "data": {"line": "helpwanted"},
                    },
                    "signature": ["00"],
                },
                "solution": {"counter": {}, "derivedKey": None},
            }
        ).encode()
    ).decode(),
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_costs_no_derivation_and_no_statement(
    answer: str, derivations: list[int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert not accepts(answer)
    assert derivations == []


def test_of_used_work_nothing_is_kept_but_a_mark_until_it_is_late(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(clock.now())
    answer = solve(asked())
    accepts(answer)
    row = UsedWork.objects.values().get()
    assert set(row) == {"mark", "expires_at"}
    signature = str(Payload.from_base64(answer).challenge.signature)
    assert signature not in row["mark"]
    Rounds().go(clock.now())
    assert UsedWork.objects.exists()
    time_machine.shift(timedelta(minutes=2))
    Rounds().go(clock.now())
    assert not UsedWork.objects.exists()


def test_challenges_gathered_while_work_was_light_buy_nothing_when_it_is_not() -> None:
    cheap, dear = solve(asked(amount=LIGHT)), solve(asked(amount=2 * LIGHT))
    least = LIGHT + 1
    assert not work.accept("helpwanted", cheap, least, now=clock.now())
    assert work.accept("helpwanted", dear, least, now=clock.now())
    assert work.accept("helpwanted", cheap, LIGHT, now=clock.now())
