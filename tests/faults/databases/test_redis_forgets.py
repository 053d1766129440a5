"""Redis is flushed, or hangs: it seems to answer, but no bell arrives."""

import asyncio
import os
import signal
import statistics

import pytest

from tests.faults.pairs import pair
from tests.support.cast import floor, staff
from tests.support.platform import Platform
from tests.support.servers import Redis
from tests.support.supervisor import a_second_supervisor, all_came_long_ago

pytestmark = pytest.mark.stack
HEALED = 20.0  # one beat
BY_BELLS = 0.5  # seconds for two ways, on a quiet machine
IDLE = 8.0


async def test_a_flushed_redis_is_healed_by_beats(steady: Platform, breakable_redis: Redis) -> None:
    apart = await pair(steady, caller_at=0, console_at=1)
    await apart.exchange("vooraf")
    for number in range(3):
        assert breakable_redis.command("FLUSHALL") == b"+OK"
        await apart.exchange(f"na het legen {number}", HEALED)
    apart.compare()
    apart.assert_undisturbed()


async def test_a_redis_that_hangs_stops_nobody(steady: Platform, breakable_redis: Redis) -> None:
    together = await pair(steady, caller_at=0, console_at=0, who=0)
    apart = await pair(steady, caller_at=0, console_at=1, who=1)
    os.kill(breakable_redis.pid, signal.SIGSTOP)
    try:
        for number in range(3):
            await together.exchange(f"hangt {number}", 3)
            await apart.exchange(f"hangt {number}", 8)
    finally:
        os.kill(breakable_redis.pid, signal.SIGCONT)
    await apart.exchange("wakker", 5)
    for one in (together, apart):
        one.compare()


async def test_bells_go_through_redis_again_after_a_flush(steady: Platform, breakable_redis: Redis) -> None:
    apart = await pair(steady, caller_at=0, console_at=1)

    async def usual(words: str) -> float:
        loop, took = asyncio.get_running_loop(), []
        for number in range(9):
            started = loop.time()
            await apart.exchange(f"{words} {number}")
            took.append(loop.time() - started)
        return statistics.median(took)

    before = await usual("eerst")
    breakable_redis.command("FLUSHALL")
    await apart.exchange("geheeld", HEALED)
    after = await usual("daarna")
    assert after < max(3 * before, BY_BELLS), "a poll a second would take a second for the two ways"


async def test_a_console_hears_after_a_flush_too(steady: Platform, breakable_redis: Redis) -> None:
    asker = await floor(steady, first=0)
    who = a_second_supervisor(steady, "Hanna")
    all_came_long_ago(steady)
    second = await staff(steady, who, name="Hanna", duty="", first=1)
    breakable_redis.command("FLUSHALL")
    asked = await asker.request("keeping", line="helpwanted", hours=720, two=False)
    assert asked["waits"]
    await second.until(lambda frame: frame["type"] == "approvals", HEALED)
    (approval,) = (await second.request("approvals"))["approvals"]
    await second.request("dropapproval", approval=approval["approval"])


async def test_an_idle_process_does_not_take_its_redis_for_lost(steady: Platform) -> None:
    """A wait for a bell ends after five seconds without one, which is no failure."""
    await pair(steady, caller_at=0, console_at=1)
    before = lost_layers(steady)
    await asyncio.sleep(IDLE)
    assert lost_layers(steady) == before


def lost_layers(platform: Platform) -> int:
    """Returns how often a process has logged that the layer is away."""
    return platform.output.read_text().count("layer_lost")
