"""The same frames go over real sockets to two processes on PostgreSQL and Redis, which survive and do not
grow."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.person import new_id
from tests.fuzz.frames import frames
from tests.support import chance
from tests.support.cast import counsellors, signed_in
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis
from tests.support.wire import SUBPROTOCOL

LONG = os.environ.get("FUZZ") == "long"
SEED = chance.seed("fuzz")
FRAMES = 20_000 if LONG else 300
PER_SOCKET = 12
ANSWERED = 5.0
GROWTH_MIB = 100
CODES = {None, 1000, 1009, 4400, 4403, 4408, 4410}
START = {"type": "start", "ref": "first", "line": "helpwanted", "locale": "nl", "urgency": 0}
HELLO = {"type": "hello", "ref": "first", "device": None}
OPENINGS: dict[str, dict[str, Any] | None] = {"caller": START, "console": HELLO, "desk": None}

pytestmark = [pytest.mark.stack, pytest.mark.timeout(2 * 3600 if LONG else 240)]


@pytest.fixture(scope="module")
def served(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    store = redis.url.removesuffix("0") + "5"
    with Platform(database_url=postgres.database_with_people(), redis_url=store, processes=2) as running:
        yield running


class Sockets:
    """Opens sockets one after the other, and counts what they were answered."""

    def __init__(self, platform: Platform, cookie: str) -> None:
        self.platform = platform
        self.cookie = cookie
        self.met: Counter[str] = Counter()
        self.frames = 0
        self.number = 0

    async def visit(self, consumer: str, sent: list[str | bytes], *, opens: bool) -> None:
        self.number += 1
        url = self.platform.urls[self.number % 2]
        opening = OPENINGS[consumer] if opens else None
        async with connect(
            f"{url.replace('http', 'ws', 1)}/ws/{consumer}/",
            origin=url,  # type: ignore[arg-type]
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
            additional_headers={"Cookie": self.cookie} if consumer == "console" else {},
            compression=None,
            proxy=None,
        ) as socket:
            for frame in [json.dumps(opening)] * bool(opening) + sent:
                self.frames += 1
                try:
                    await socket.send(frame)
                    self.met[await self._answer(socket)] += 1
                except ConnectionClosed as error:
                    code = error.rcvd.code if error.rcvd else None
                    self.met[f"closed {code}"] += 1
                    assert code in CODES, f"closed with {code} after {str(frame)[:500]}"
                    return

    async def _answer(self, socket: Any) -> str:
        async with asyncio.timeout(ANSWERED):
            while True:
                frame = json.loads(await socket.recv())
                if frame["type"] in {"ok", "error"}:
                    return str(frame.get("code", "ok"))


def memory(platform: Platform) -> list[float]:
    return [psutil.Process(pid).memory_info().rss / 2**20 for pid in platform.pids]


def test_no_frame_over_a_socket_ends_a_process_or_makes_it_grow(served: Platform) -> None:
    with asyncio.Runner() as runner:
        cookie = runner.run(signed_in(served, counsellors(served, "helpwanted")[0]))
        sockets = Sockets(served, cookie)
        things = {
            "line": "helpwanted",
            "locale": "nl",
            "language": "nl",
            "conversation": new_id(),
            "since": 0,
            "id": new_id(),
        }
        lives = {
            consumer: st.lists(frames(consumer, things), min_size=1, max_size=PER_SOCKET)
            for consumer in OPENINGS
        }
        pids, grown = served.pids, memory(served)

        @seed(SEED)
        @settings(max_examples=FRAMES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(data=st.data(), consumer=st.sampled_from(sorted(lives)), opens=st.booleans())
        def play(data: Any, consumer: str, opens: bool) -> None:
            nonlocal grown
            sent = data.draw(lives[consumer])  # always drawn: no draw may depend on what was sent
            if sockets.frames >= FRAMES:
                return
            runner.run(sockets.visit(consumer, sent, opens=opens))
            if sockets.number == FRAMES // 40:
                grown = memory(served)

        print(f"seed {chance.RUN}", flush=True)
        play()
    print(f"seed {chance.RUN}: {sockets.frames} frames; {dict(sockets.met)}")
    assert sockets.frames >= FRAMES
    assert served.pids == pids, "a process died"
    assert max(now - then for now, then in zip(memory(served), grown, strict=True)) < GROWTH_MIB
