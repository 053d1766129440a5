"""Callers, staff and the process's own work use separate threads for the database, so that none takes
another's."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from chat import protocol, requests
from chat.consumers import console, restored
from chat.consumers.caller import CallerConsumer
from chat.consumers.console import ConsoleConsumer
from chat.consumers.desk import DeskConsumer
from chat.protocol import DESK
from chat.retention import journal
from helpline.lib import encoding
from helpline.lib.bridge import Batcher, bulkheads, in_database
from helpline.lib.errors import NotFound, TryAgain

MOST = 6
SOON = 2.0  # seconds


class Slow:
    """Makes queries that take until the test ends them."""

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
    made = bulkheads.make(many, MOST)
    monkeypatch.setattr(bulkheads, "_bulkheads", made)
    yield
    for bulkhead in made.values():
        bulkhead.threads.shutdown(wait=False)


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with threads(monkeypatch, 8):
        yield


async def of(bulkhead: str, work: object = threading.get_ident) -> object:
    async def asks() -> object:
        bulkheads.choose(bulkhead)
        return await in_database(work)  # type: ignore[arg-type]

    async with asyncio.timeout(SOON):
        return await asyncio.create_task(asks())


async def flood(bulkhead: str, slow: Slow, many: int = MOST) -> list[asyncio.Task[object]]:
    asked = [asyncio.create_task(of(bulkhead, slow)) for _ in range(many)]
    await asyncio.sleep(0.1)
    return asked


@pytest.mark.usefixtures("eight")
async def test_callers_who_wait_for_the_database_hold_up_neither_staff_nor_beats(slow: Slow) -> None:
    asked = await flood(bulkheads.CALLERS, slow)
    assert slow.begun == 3
    await of(bulkheads.STAFF)
    await of(bulkheads.OWN)
    slow.may_end.set()
    await asyncio.gather(*asked)


@pytest.mark.usefixtures("eight")
async def test_a_rush_of_newcomers_takes_two_threads_and_who_is_in_has_others(slow: Slow) -> None:
    asked = await flood(bulkheads.NEWCOMERS, slow)
    assert slow.begun == 2
    await of(bulkheads.CALLERS)
    await of(bulkheads.STAFF)
    slow.may_end.set()
    await asyncio.gather(*asked)


@pytest.mark.usefixtures("eight")
async def test_a_newcomer_who_takes_long_holds_nobody_up(slow: Slow) -> None:
    stuck = await flood(bulkheads.NEWCOMERS, slow, 1)
    async with asyncio.timeout(SOON):
        for _ in range(5):
            await of(bulkheads.NEWCOMERS)
    assert not any(one.done() for one in stuck)
    slow.may_end.set()
    await asyncio.gather(*stuck)


@pytest.mark.usefixtures("eight")
async def test_a_caller_s_work_beyond_the_bulkhead_is_told_to_try_again_at_once(slow: Slow) -> None:
    asked = await flood(bulkheads.CALLERS, slow)
    with pytest.raises(TryAgain):
        await of(bulkheads.CALLERS)
    slow.may_end.set()
    await asyncio.gather(*asked)
    await of(bulkheads.CALLERS)


@pytest.mark.usefixtures("eight")
async def test_messages_go_while_callers_and_staff_fill_their_bulkheads(slow: Slow) -> None:
    asked = await flood(bulkheads.CALLERS, slow) + await flood(bulkheads.STAFF, slow)

    async def twice(some: list[int]) -> list[int]:
        return await in_database(lambda: [2 * one for one in some])

    store = Batcher[int, int](twice, lambda one: one, max_batch=10)
    async with asyncio.timeout(SOON):
        assert list(await asyncio.gather(store(1), store(2))) == [2, 4]
    slow.may_end.set()
    await asyncio.gather(*asked)


async def test_one_thread_is_enough_for_all_bulkheads(monkeypatch: pytest.MonkeyPatch) -> None:
    with threads(monkeypatch, 1):
        assert len({await of(bulkhead) for bulkhead in bulkheads.NAMES}) == 1


@pytest.mark.parametrize("many", range(4, 33))
def test_no_bulkhead_is_without_a_thread_and_together_they_have_what_was_given(many: int) -> None:
    shares = bulkheads.split(many)
    assert min(shares.values()) >= 1
    assert sum(shares.values()) == many


def test_a_console_and_a_guest_s_desk_are_in_the_staff_s_bulkhead() -> None:
    assert {CallerConsumer.bulkhead} == {bulkheads.CALLERS}
    assert {CallerConsumer.bulkhead_before, DeskConsumer.bulkhead_before} == {bulkheads.NEWCOMERS}
    assert {ConsoleConsumer.bulkhead, DeskConsumer.bulkhead} == {bulkheads.STAFF}


async def test_who_tries_links_at_a_desk_does_so_in_the_newcomers_bulkhead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worked_in = []

    class Desk(DeskConsumer):
        async def allow(self, *_: object) -> None:
            worked_in.append(bulkheads._chosen.get())
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
    consumer = Desk()
    await asyncio.create_task(consumer({"type": "websocket"}, receive, sent))
    assert worked_in == [bulkheads.NEWCOMERS, bulkheads.NEWCOMERS]
    assert consumer.opened
    assert consumer.context[bulkheads._chosen] == bulkheads.STAFF


@pytest.mark.parametrize("cookie", [b"", b"sessionid=", b"sessionid=no such key", b"other=1"])
async def test_a_console_without_a_session_is_refused_without_a_statement(
    cookie: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(console, "in_database", asked)
    consumer = ConsoleConsumer()
    consumer.scope = cast("Any", {"headers": [(b"cookie", cookie)]})
    assert not await consumer.admit()


@pytest.mark.usefixtures("eight")
async def test_whether_a_backup_is_restored_is_asked_in_the_bulkhead_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(restored, "_asked_at", -restored.CACHE_SECONDS)
    monkeypatch.setattr(restored, "_turn", asyncio.Lock())
    names: list[str] = []

    def is_restored() -> bool:
        names.append(threading.current_thread().name)
        return False

    monkeypatch.setattr(journal, "is_restored", is_restored)

    async def comes() -> None:
        bulkheads.choose(bulkheads.CALLERS)
        await restored.asked_lately()
        assert bulkheads._chosen.get() == bulkheads.CALLERS

    await asyncio.create_task(comes())
    assert names[0].startswith("database-own")


@pytest.mark.usefixtures("eight")
async def test_work_counts_until_it_is_done_though_who_asked_for_it_has_gone(slow: Slow) -> None:
    asked = await flood(bulkheads.CALLERS, slow)
    for task in asked:
        task.cancel()
    await asyncio.sleep(0.05)
    assert bulkheads._bulkheads[bulkheads.CALLERS].busy == slow.begun == 3
    last = await flood(bulkheads.CALLERS, slow, MOST - 3)
    with pytest.raises(TryAgain):
        await of(bulkheads.CALLERS)
    for task in last:
        task.cancel()
    slow.may_end.set()
    await asyncio.sleep(0.2)
    assert bulkheads._bulkheads[bulkheads.CALLERS].busy == 0


@pytest.mark.usefixtures("eight")
async def test_who_is_rung_by_a_beat_or_a_commit_reads_in_the_bulkhead_of_their_own() -> None:
    read_in: list[bulkheads.Bulkhead] = []

    class Reader(CallerConsumer):
        async def hear_pending(self) -> None:
            read_in.append(bulkheads.here())

    async def receive() -> dict[str, str]:
        return {"type": "websocket.disconnect"}

    consumer = Reader()
    await asyncio.create_task(consumer({"type": "websocket"}, receive, None))
    consumer._work_in(consumer.bulkhead)
    consumer.ring(None)  # type: ignore[arg-type]
    assert consumer.answering is not None
    await consumer.answering
    assert read_in == [bulkheads._bulkheads[bulkheads.CALLERS]]
