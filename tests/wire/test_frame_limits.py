"""A flood from one socket is answered `slow_down` before anything is done for it."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from chat import requests
from chat.consumers import frame_limits, leases
from chat.consumers.base import Consumer
from chat.conversation.seats import Seat
from chat.protocol import CALLER, CONSOLE
from chat.requests.conversation import coming_back, delivery, opening, presence
from helpline.lib import encoding
from helpline.lib.errors import NotFound, TryAgain
from tests.support.domain.consumer import Heard, a_page

ID = encoding.new_id()
TOKEN = encoding.encode(bytes(32))


class Database:
    """Counts the queries, and raises the given error."""

    def __init__(self, answer: Exception) -> None:
        self.answer = answer
        self.asked = 0

    async def __call__(self, _work: Callable[..., object], *_: object, **__: object) -> None:
        self.asked += 1
        raise self.answer


class Clock:
    now = 1000.0
    waited = 0.0

    async def sleep(self, seconds: float) -> None:
        """Makes the socket's sleep end at once; the test's clock does not move."""
        self.waited += seconds

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Clock:
    """Stops the clock. Two hundred are free at once, then fifty a second."""
    settings.PACE_BURST, settings.PACE_RATE = 200, 50
    stopped = Clock()
    monkeypatch.setattr(frame_limits, "time", stopped)
    monkeypatch.setattr(frame_limits, "sleep", stopped.sleep)
    return stopped


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Database:
    asked = Database(TryAgain())
    for module in (coming_back, delivery, opening, presence):
        monkeypatch.setattr(module, "in_database", asked)
    return asked


@pytest.fixture
def page(clock: Clock) -> Heard:
    return a_page(Seat(ID, ID, role="caller", tab=1))


def flood(page: Heard, many: int, name: str, **fields: Any) -> list[str]:
    return [page.asks(name, **fields) for _ in range(many)]


@pytest.mark.parametrize(
    ("name", "fields", "at_once"),
    [("typing", {}, 20), ("seen", {"seq": 1}, 400), ("sync", {"since": 0}, 100)],
)
def test_a_flood_does_not_each_cost_a_job_of_the_database(
    page: Heard, database: Database, name: str, fields: dict[str, Any], at_once: int
) -> None:
    answers = flood(page, at_once + 30, name, **fields)
    assert answers == ["try_again"] * at_once + ["slow_down"] * 30
    assert database.asked == at_once


def test_who_waits_may_ask_again(page: Heard, database: Database, clock: Clock) -> None:
    flood(page, 120, "sync", since=0)
    clock.now += 1
    assert flood(page, 26, "sync", since=0) == ["try_again"] * 25 + ["slow_down"]


def test_typing_and_read_marks_take_nothing_from_what_else_is_asked(page: Heard, database: Database) -> None:
    flood(page, 100, "typing")
    flood(page, 500, "seen", seq=1)
    assert page.asks("sync", since=0) == "try_again"


def test_nobody_guesses_tokens_by_the_thousand_on_one_socket(database: Database) -> None:
    database.answer = NotFound()
    answers = flood(a_page(None), 290, "resume", conversation=ID, token=TOKEN, since=0)
    assert answers.count("not_found") == database.asked == 100


def test_an_opening_that_fails_for_the_server_s_sake_costs_no_more(database: Database) -> None:
    answers = flood(a_page(None), 150, "resume", conversation=ID, token=TOKEN, since=0)
    assert set(answers) == {"try_again"}


@pytest.mark.parametrize(
    ("consumer", "name"),
    [(CALLER, "post"), (CALLER, "grant"), (CONSOLE, "post"), (CONSOLE, "note")],
)
def test_what_has_a_rule_of_its_own_is_not_slowed_down_here(consumer: str, name: str) -> None:
    (declared,) = [one for one in requests.REQUESTS[consumer].values() if one.name == name]
    assert declared.cost == 0
    assert all(frame_limits.FrameLimits().allows(declared) for _ in range(10_000))


def test_an_honest_console_opens_fifty_conversations_at_once() -> None:
    declared = {one.name: one for one in requests.REQUESTS[CONSOLE].values()}
    console = frame_limits.FrameLimits()
    for _ in range(50):
        assert console.allows(declared["next"])
        assert console.allows(declared["open"])
        assert console.allows(declared["typing"])


def test_who_asks_too_fast_is_heard_more_slowly(page: Heard, database: Database, clock: Clock) -> None:
    flood(page, 100, "sync", since=0)
    assert clock.waited == 0
    flood(page, 50, "sync", since=0)
    assert clock.waited == pytest.approx(50 / 50)


def test_who_goes_on_too_fast_is_sent_away(page: Heard, database: Database) -> None:
    assert flood(page, 100 + 200, "sync", since=0)[-1] == "slow_down"
    assert page.consumer.closed


def test_a_moment_s_haste_is_not_held_against_anybody_later(
    page: Heard, database: Database, clock: Clock
) -> None:
    for _ in range(4):
        flood(page, 100 + 60, "sync", since=0)
        clock.now += 10
    assert not page.consumer.closed


async def test_a_flood_of_beats_is_one_question_and_each_that_is_allowed_has_its_one_reply(
    page: Heard, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, alive = [], asyncio.Event()

    async def confirm(consumer: Consumer) -> None:
        asked.append(consumer)
        await alive.wait()

    monkeypatch.setattr(leases, "confirm", confirm)
    for ref in range(30):
        text = json.dumps({"type": "beat", "ref": str(ref)})
        await page.consumer.receive({"type": "websocket.receive", "text": text})
        await asyncio.sleep(0)
    alive.set()
    await asyncio.sleep(0.01)
    assert asked == [page.consumer]
    replies = {frame["ref"]: frame.get("code", "ok") for frame in page.frames}
    assert len(page.frames) == len(replies) == 30
    assert replies == {str(ref): "ok" if ref < 20 else "slow_down" for ref in range(30)}
    await page.consumer.receive({"type": "websocket.receive", "text": text})
    clock.now += 1
    await page.consumer.receive({"type": "websocket.receive", "text": text})
    await asyncio.sleep(0.01)
    assert asked == [page.consumer] * 2


async def test_a_socket_with_a_full_queue_lets_the_others_have_their_turn(page: Heard) -> None:
    frames = [{"type": "websocket.receive", "bytes": b""} for _ in range(64)]
    page.consumer.closed = True
    turns = 0

    async def receive() -> dict[str, Any]:
        return frames.pop() if frames else {"type": "websocket.disconnect"}

    answering = asyncio.create_task(page.consumer({"type": "websocket"}, receive, page.consumer.base_send))
    while not answering.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 8
