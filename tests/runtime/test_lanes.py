"""Callers, staff and the process's own work wait for the database in lanes: none takes another's threads."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from chat import protocol, requests
from chat.consumers import console, restored
from chat.consumers.caller import CallerDoor
from chat.consumers.console import ConsoleDoor
from chat.consumers.desk import DeskDoor
from chat.protocol import DESK
from chat.retention import journal
from helpline.lib import encoding
from helpline.lib.bridge import Batcher, in_database, lanes
from helpline.lib.errors import NotFound, TryAgain

MOST = 6
SOON = 2.0  # seconds


class Slow:
    """Queries that take until the test says so."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = threading.Event()

    def __call__(self) -> None:
        self.begun += 1
        self.may_end.wait(10)


@pytest.fixture
def slow() -> Iterator[Slow]:
    queries = Slow()
    yield queries
    queries.may_end.set()


@contextmanager
def threads(monkeypatch: pytest.MonkeyPatch, many: int) -> Iterator[None]:
    made = lanes.make(many, MOST)
    monkeypatch.setattr(lanes, "_lanes", made)
    yield
    for lane in made.values():
        lane.threads.shutdown(wait=False)


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with threads(monkeypatch, 8):
        yield


async def of(lane: str, work: object = threading.get_ident) -> object:
    async def asks() -> object:
        lanes.choose(lane)
        return await in_database(work)  # type: ignore[arg-type]

    async with asyncio.timeout(SOON):
        return await asyncio.create_task(asks())


async def flood(lane: str, slow: Slow, many: int = MOST) -> list[asyncio.Task[object]]:
    asked = [asyncio.create_task(of(lane, slow)) for _ in range(many)]
    await asyncio.sleep(0.1)
    return asked


@pytest.mark.usefixtures("eight")
async def test_callers_who_wait_for_the_database_hold_up_neither_staff_nor_beats(slow: Slow) -> None:
    asked = await flood(lanes.CALLERS, slow)
    assert slow.begun == 3
    await of(lanes.STAFF)
    await of(lanes.OWN)
    slow.may_end.set()
    await asyncio.gather(*asked)


@pytest.mark.usefixtures("eight")
async def test_a_rush_of_newcomers_takes_two_threads_and_who_is_in_has_others(slow: Slow) -> None:
    asked = await flood(lanes.NEWCOMERS, slow)
    await asyncio.sleep(lanes.QUICK)
    assert slow.begun == 2
    await of(lanes.CALLERS)
    await of(lanes.STAFF)
    slow.may_end.set()
    await asyncio.gather(*asked)


@pytest.mark.usefixtures("eight")
async def test_newcomers_are_worked_for_one_after_the_other_while_each_is_quick() -> None:
    at_once, most = 0, 0

    def works() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.005)
        at_once -= 1

    await asyncio.gather(*(of(lanes.NEWCOMERS, works) for _ in range(6)))
    assert most == 1


@pytest.mark.usefixtures("eight")
async def test_a_newcomer_who_takes_long_holds_nobody_up(slow: Slow) -> None:
    stuck = await flood(lanes.NEWCOMERS, slow, 1)
    await asyncio.sleep(lanes.QUICK)
    async with asyncio.timeout(SOON):
        for _ in range(5):
            await of(lanes.NEWCOMERS)
    assert not any(one.done() for one in stuck)
    slow.may_end.set()
    await asyncio.gather(*stuck)


@pytest.mark.usefixtures("eight")
async def test_a_caller_s_work_beyond_the_lane_is_told_to_try_again_at_once(slow: Slow) -> None:
    asked = await flood(lanes.CALLERS, slow)
    with pytest.raises(TryAgain):
        await of(lanes.CALLERS)
    slow.may_end.set()
    await asyncio.gather(*asked)
    await of(lanes.CALLERS)


@pytest.mark.usefixtures("eight")
async def test_messages_go_while_callers_and_staff_fill_their_lanes(slow: Slow) -> None:
    asked = await flood(lanes.CALLERS, slow) + await flood(lanes.STAFF, slow)

    async def twice(some: list[int]) -> list[int]:
        return await in_database(lambda: [2 * one for one in some])

    store = Batcher[int, int](twice, lambda one: one, max_batch=10)
    async with asyncio.timeout(SOON):
        assert list(await asyncio.gather(store(1), store(2))) == [2, 4]
    slow.may_end.set()
    await asyncio.gather(*asked)


async def test_one_thread_is_enough_for_all_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    with threads(monkeypatch, 1):
        assert len({await of(lane) for lane in lanes.NAMES}) == 1


@pytest.mark.parametrize("many", range(4, 33))
def test_no_lane_is_without_a_thread_and_together_they_have_what_was_given(many: int) -> None:
    shares = lanes.split(many)
    assert min(shares.values()) >= 1
    assert sum(shares.values()) == many


def test_a_console_and_a_guest_s_desk_are_in_the_staff_s_lane() -> None:
    assert {CallerDoor.lane} == {lanes.CALLERS}
    assert {CallerDoor.lane_before, DeskDoor.lane_before} == {lanes.NEWCOMERS}
    assert {ConsoleDoor.lane, DeskDoor.lane} == {lanes.STAFF}


async def test_who_tries_links_at_a_desk_does_so_in_the_newcomers_lane(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worked_in = []

    class Desk(DeskDoor):
        async def allow(self, *_: object) -> None:
            worked_in.append(lanes._chosen.get())
            if len(worked_in) == 1:
                raise NotFound

    async def opens(*_: object) -> None: ...

    async def sent(_message: object) -> None: ...

    async def receive() -> dict[str, str]:
        return {"type": "websocket.disconnect"} if not frames else frames.pop()

    declared = requests.REQUESTS[DESK][protocol.Desk]
    monkeypatch.setitem(
        cast("dict[Any, Any]", requests.REQUESTS[DESK]), protocol.Desk, replace(declared, handler=opens)
    )
    monkeypatch.setattr(Desk, "departed", opens)
    asked = {"type": "desk", "ref": "r", "token": encoding.encode(bytes(32)), "pin": "123456"}
    frame = {"type": "websocket.receive", "text": json.dumps(asked | {"key": encoding.encode(bytes(65))})}
    frames = [frame, frame]
    door = Desk()
    await asyncio.create_task(door({"type": "websocket"}, receive, sent))
    assert worked_in == [lanes.NEWCOMERS, lanes.NEWCOMERS]
    assert door.opened
    assert door.context[lanes._chosen] == lanes.STAFF


@pytest.mark.parametrize("cookie", [b"", b"sessionid=", b"sessionid=no such key", b"other=1"])
async def test_a_console_without_a_session_is_refused_without_a_statement(
    cookie: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(console, "in_database", asked)
    door = ConsoleDoor()
    door.scope = cast("Any", {"headers": [(b"cookie", cookie)]})
    assert not await door.admit()


@pytest.mark.usefixtures("eight")
async def test_whether_a_backup_is_restored_is_asked_in_the_lane_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(restored, "_asked_at", -restored.FRESH)
    monkeypatch.setattr(restored, "_turn", asyncio.Lock())
    names: list[str] = []

    def is_restored() -> bool:
        names.append(threading.current_thread().name)
        return False

    monkeypatch.setattr(journal, "is_restored", is_restored)

    async def comes() -> None:
        lanes.choose(lanes.CALLERS)
        await restored.asked_lately()
        assert lanes._chosen.get() == lanes.CALLERS

    await asyncio.create_task(comes())
    assert names[0].startswith("database-own")


@pytest.mark.usefixtures("eight")
async def test_work_counts_until_it_is_done_though_who_asked_for_it_has_gone(slow: Slow) -> None:
    asked = await flood(lanes.CALLERS, slow)
    for task in asked:
        task.cancel()
    await asyncio.sleep(0.05)
    assert lanes._lanes[lanes.CALLERS].busy == slow.begun == 3
    last = await flood(lanes.CALLERS, slow, MOST - 3)
    with pytest.raises(TryAgain):
        await of(lanes.CALLERS)
    for task in last:
        task.cancel()
    slow.may_end.set()
    await asyncio.sleep(0.2)
    assert lanes._lanes[lanes.CALLERS].busy == 0


@pytest.mark.usefixtures("eight")
async def test_who_is_rung_by_a_beat_or_a_commit_reads_in_the_lane_of_their_own() -> None:
    read_in: list[lanes.Lane] = []

    class Reader(CallerDoor):
        async def _hear_pending(self) -> None:
            read_in.append(lanes.here())

    async def receive() -> dict[str, str]:
        return {"type": "websocket.disconnect"}

    door = Reader()
    await asyncio.create_task(door({"type": "websocket"}, receive, None))
    door._work_in(door.lane)
    door.ring(None)  # type: ignore[arg-type]
    assert door.answering is not None
    await door.answering
    assert read_in == [lanes._lanes[lanes.CALLERS]]
