"""Any frame to any consumer, before and after opening, gets an answer and causes no failure. A refused one
changes nothing."""

import asyncio
import gc
import itertools
import os
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from chat.bells import ringing
from chat.consumers import leases
from chat.models import Line
from tests.fuzz.frames import frames
from tests.fuzz.installation import Installation, Store, Visit, settled, topics
from tests.support import chance
from tests.support.domain.cast import Counsellor

LONG = os.environ.get("FUZZ") == "long"
SEED = chance.seed("fuzz")
FRAMES = int(os.environ.get("FUZZ_FRAMES") or (1_000_000 if LONG else 5_000))
SOCKETS = 400  # for each batch, at whose end what hypothesis remembers of it is dropped
PER_SOCKET = 40
GROWTH_MIB = 40

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(12 * 3600 if LONG else 600)]


class Process:
    """Runs one event loop with the tasks beside the sockets, and a store that is reset for each socket."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.visitors = installation.visitors()
        self.sent = {
            consumer: st.lists(
                frames(consumer, installation.things), min_size=PER_SOCKET // 4, max_size=PER_SOCKET
            )
            for consumer in ("caller", "console", "desk")
        }
        self.store = Store()
        self.others = topics()
        self.runner = asyncio.Runner()
        self.beside = self.runner.run(self._begin())
        self.frames = 0
        self.answers: Counter[str] = Counter()

    async def _begin(self) -> asyncio.Task[None]:
        ringing._tower.loop = asyncio.get_running_loop()
        await settled(tasks=1, others=self.others)  # earlier bells were handled
        return asyncio.create_task(leases.run())

    def visit(self, who: str, sent: list[str | bytes]) -> None:
        """Visits one consumer. The frames that it did not take before it closed go to the next one of its
        kind."""
        left = deque(sent)
        while left:
            self.runner.run(self._visit(who, left))
            self.store.begin_anew()

    async def _visit(self, who: str, left: deque[str | bytes]) -> None:
        visit = Visit(self.visitors[who](), self.store)
        await visit.arrives()
        assert not visit.consumer.closed, "nobody was let in"
        try:
            while left and not visit.consumer.closed:
                await visit.sends(left.popleft())
                self.frames += 1
        finally:
            await visit.goes()
            self.answers.update(visit.answers)
        behind = await settled(tasks=2, others=self.others)
        assert not behind, behind

    def close(self) -> None:
        self.beside.cancel()
        self.runner.close()
        self.store.close()
        ringing._tower.loop = None


@pytest.fixture
def process(
    helpwanted: Line, stopitnow: Line, carla: Counsellor, floor: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Process]:
    monkeypatch.setattr(leases, "ROUND_SECONDS", 0.002)  # what a beat waits for
    # Otherwise a thousand consumers of earlier tests would answer bells for people with the same number.
    monkeypatch.setattr(ringing, "_listeners", defaultdict(set))
    # The first round of leases would also tell each of them that its lease is lost.
    monkeypatch.setattr(leases, "_heard", {})
    monkeypatch.setattr(leases, "_confirming", {})
    running = Process(Installation.furnished(helpwanted, carla, floor))
    yield running
    running.close()


def consumer_of(who: str) -> str:
    return "caller" if "page" in who else "desk" if who in {"a desk", "a guest"} else "console"


def test_no_frame_to_any_consumer_fails_keeps_what_is_refused_or_leaves_anything_behind(
    process: Process,
) -> None:
    memory: list[float] = []
    for number in itertools.count(SEED):
        print(f"seed {number}: {process.frames} frames so far, {memory[-1:]} MiB", flush=True)
        one_batch(process, number)
        gc.collect()
        memory.append(psutil.Process().memory_info().rss / 2**20)
        if process.frames >= FRAMES:
            break
    print(f"seed {chance.RUN}: {number - SEED + 1} batches, {process.frames} frames; {process.answers}")
    assert process.answers["ok"] > process.frames / 30, "hardly anything came through"
    assert memory[-1] - memory[:2][-1] < GROWTH_MIB, memory


def one_batch(process: Process, number: int) -> None:

    @seed(number)
    @settings(
        max_examples=SOCKETS,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data(), who=st.sampled_from(sorted(process.visitors)))
    def play(data: Any, who: str) -> None:
        process.visit(who, data.draw(process.sent[consumer_of(who)]))

    play()
