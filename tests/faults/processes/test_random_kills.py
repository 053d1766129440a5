"""Servers and processes are killed in random order, round after round, while six pairs talk."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Iterator

import psutil
import pytest

from tests.faults.pairs import Pair, Watched, all_are_back, pairs
from tests.faults.scale import ROUNDS, SEED
from tests.faults.stores import bring_back
from tests.support.chance import RUN
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120 + 30 * ROUNDS)]
PAIRS = 6
BACK = 45.0  # after a power failure everything starts anew, and the next try may be 15 s away


class Faults:
    """Holds the faults. Each method breaks something, and repairs what does not heal by itself."""

    def __init__(
        self, platform: Platform, postgres: Postgres, redis: Redis, some: list[Pair], chance: random.Random
    ) -> None:
        self.platform = platform
        self.postgres = postgres
        self.redis = redis
        self.some = some
        self.chance = chance

    def rounds(self, many: int) -> Iterator[Callable[[], Awaitable[None]]]:
        """Returns this many faults in random order. None is repeated before all others came."""
        kinds: list[Callable[[], Awaitable[None]]] = [
            self.kill_a_web_process,
            self.deploy_a_web_process,
            self.kill_the_worker,
            self.kill_redis,
            self.flush_redis,
            self.hang_redis,
            self.restart_postgresql,
            self.crash_postgresql,
            self.make_postgresql_read_only,
            self.cut_some,
            self.silence_some,
            self.kill_web_and_redis,
            self.fail_the_power,
        ]
        for number in range(many):
            if number % len(kinds) == 0:
                self.chance.shuffle(kinds)
            yield kinds[number % len(kinds)]

    async def kill_a_web_process(self) -> None:
        self.platform.kill_process(self.chance.randrange(2))

    async def deploy_a_web_process(self) -> None:
        os.kill(self.platform.pids[self.chance.randrange(2)], signal.SIGTERM)

    async def kill_the_worker(self) -> None:
        for process in psutil.Process(self.platform.pid).children():
            if process.cmdline()[-1:] == ["worker"]:
                process.kill()

    async def kill_redis(self) -> None:
        self.redis.kill()
        await self._a_while()
        await bring_back(self.redis)

    async def flush_redis(self) -> None:
        self.redis.command("FLUSHALL")

    async def hang_redis(self) -> None:
        os.kill(self.redis.pid, signal.SIGSTOP)
        try:
            await self._a_while()
        finally:
            os.kill(self.redis.pid, signal.SIGCONT)

    async def restart_postgresql(self) -> None:
        await asyncio.to_thread(self.postgres.stop)
        await bring_back(self.postgres)

    async def crash_postgresql(self) -> None:
        await asyncio.to_thread(self.postgres.kill)
        await self._a_while()
        await bring_back(self.postgres)

    async def make_postgresql_read_only(self) -> None:
        self.postgres.read_only(True)
        try:
            await self._a_while()
        finally:
            self.postgres.read_only(False)

    async def cut_some(self) -> None:
        for client in self._some_clients():
            client.cut()
            client.spawn(client.come_back())

    async def silence_some(self) -> None:
        for client in self._some_clients():
            client.vanish()
            client.spawn(client.come_back())

    async def kill_web_and_redis(self) -> None:
        await self.kill_a_web_process()
        await self.kill_redis()

    async def fail_the_power(self) -> None:
        for pid in self.platform.pids:
            os.kill(pid, signal.SIGKILL)
        self.redis.kill()
        await self.crash_postgresql()
        await bring_back(self.redis)

    async def _a_while(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.1, 1.5))

    def _some_clients(self) -> list[Watched]:
        clients = [client for one in self.some for client in (one.caller, one.counsellor) if client.connected]
        return self.chance.sample(clients, min(len(clients), self.chance.randint(1, 6)))


async def test_nothing_acknowledged_is_lost_doubled_or_reordered_whatever_is_killed(
    steady: Platform, breakable_postgres: Postgres, breakable_redis: Redis
) -> None:
    chance = random.Random(SEED)
    some = await pairs(steady, PAIRS)
    faults = Faults(steady, breakable_postgres, breakable_redis, some, chance)
    for number, fault in enumerate(faults.rounds(ROUNDS)):
        print(f"seed {RUN}, round {number}: {fault.__name__}", flush=True)
        await one_round(some, fault, chance)
        await asyncio.to_thread(steady.wait_ready)
    print(f"seed {RUN}: {ROUNDS} rounds, {sum(len(one.acknowledged) for one in some)} messages")


async def one_round(some: list[Pair], fault: Callable[[], Awaitable[None]], chance: random.Random) -> None:
    """Talks, breaks something, talks on, and compares what was sent, acknowledged and seen so far."""
    stop = asyncio.Event()
    chats = asyncio.gather(*(one.chat(stop) for one in some))
    await asyncio.sleep(chance.uniform(0, 0.5))
    await fault()
    await all_are_back(some, BACK)
    await asyncio.sleep(chance.uniform(0, 0.5))
    stop.set()
    await chats
    for one in some:
        await one.settle()
        one.compare()
        one.assert_undisturbed()
