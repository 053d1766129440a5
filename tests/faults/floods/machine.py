"""Represents the machine with the bots, as a test sees it from outside."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from tests.support.platform import ROOT, Platform

ENDS = 20.0


class Machine:
    """Holds the bots. `met` is what they were answered so far, and `staying` counts their open sockets."""

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()

    @property
    def starts(self) -> int:
        return sum(many for name, many in self.met.items() if name not in {"staying", "solved"})

    @property
    def refusals(self) -> set[str]:
        return set(self.met) - {"ok", "staying", "solved"}

    async def listen(self, output: asyncio.StreamReader) -> None:
        async for line in output:
            self.met = Counter(json.loads(line))

    async def until(self, condition: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 – it tells twice a second
                await asyncio.sleep(0.2)


@asynccontextmanager
async def bots(platform: Platform, how: str, *words: str) -> AsyncIterator[Machine]:
    """Runs bots that `go`, `stay` or `work` until the end of the block."""
    machine = Machine()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.floods.bots", how, "--urls", *platform.urls, *words,
        cwd=ROOT, stdin=PIPE, stdout=PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    listening = asyncio.create_task(machine.listen(process.stdout))
    try:
        yield machine
    finally:
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), ENDS)
        if process.returncode is None:
            process.kill()
            await process.wait()
        await listening
