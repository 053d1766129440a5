"""Measures what a platform costs while nobody is there: CPU of web process, worker and PostgreSQL, in % of a
core."""

import asyncio

import psutil

from benchmarks.servers import Stores, cpu_seconds, family
from tests.support.platform import Platform

SETTLE_SECONDS = 15.0
WATCHED_SECONDS = 60.0


async def rest(stores: Stores, platform: Platform) -> dict[str, float]:
    parts = {
        "web process": [psutil.Process(platform.pids[0])],
        "worker": [one for one in family(platform.pid) if "worker" in one.cmdline()],
        "PostgreSQL": family(stores.postgres.pid),
    }
    await asyncio.sleep(SETTLE_SECONDS)
    before = {name: cpu_seconds(processes) for name, processes in parts.items()}
    await asyncio.sleep(WATCHED_SECONDS)
    return {
        name: (cpu_seconds(processes) - before[name]) / WATCHED_SECONDS * 100
        for name, processes in parts.items()
    }
