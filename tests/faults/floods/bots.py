"""Plays one machine that opens as many sockets as a crowd, in a process of its own: `python -m
tests.faults.floods.bots`. It prints once a second what it was answered, and ends when its input does."""

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from benchmarks.people import Caller
from benchmarks.person import Refused, new_id
from benchmarks.servers import many_files

AT_ONCE, RUSH = 20, 400
RATE = 50.0  # starts a second, when the rush is over
THREADS = 2
BROKEN = (OSError, TimeoutError)
TOLD_SECONDS = 0.5


class Bots:
    """Holds the bots. `met` counts oks, and refusals by code. With `stay` they keep the socket, with `write`
    each writes a first message."""

    def __init__(self, urls: list[str], line: str, *, stay: bool, write: bool) -> None:
        self.urls = urls
        self.line = line
        self.stay = stay
        self.write = write
        self.met: Counter[str] = Counter()
        self.number = 0
        self.staying: list[Caller] = []
        self.threads = ThreadPoolExecutor(THREADS)

    def new(self) -> Caller:
        self.number += 1
        return Caller(self.urls[self.number % len(self.urls)], self.line)

    async def comes(self, work: str | None = None) -> str | None:
        """Sends one start, and solves the challenge if there is one."""
        caller = self.new()
        try:
            await caller.connect()
            await caller.enter(work)
        except Refused as error:
            self.met[error.code] += 1
            await caller.goodbye()
            return str(error.fields["challenge"]) if "challenge" in error.fields else None
        except BROKEN as error:
            self.met[type(error).__name__] += 1
            return None
        self.met["ok"] += 1
        await self._is_in(caller)
        return None

    async def _is_in(self, caller: Caller) -> None:
        with suppress(Refused, *BROKEN):
            if self.write:
                await caller.request_post(new_id())
        if self.stay:
            self.staying.append(caller)
        else:
            await caller.goodbye()

    async def come(self, how: str, rate: float) -> None:
        if how == "go":
            await self.one_after_the_other()
        elif how == "stay":
            await self.all_at_once()
        else:
            await self.work(rate)

    async def one_after_the_other(self) -> None:
        while True:
            await self.comes()

    async def all_at_once(self) -> None:
        """Lets as many in as possible at once. Then they keep trying."""
        await asyncio.gather(*(self._few() for _ in range(AT_ONCE)))
        for number in itertools.count():
            await self._pace(number, RATE)
            await self.comes()

    async def _few(self) -> None:
        for _ in range(RUSH // AT_ONCE):
            await self.comes()

    async def work(self, rate: float) -> None:
        """Starts in the same way. Then several threads together make this many answers a second, however long
        each takes."""
        await asyncio.gather(*(self._few() for _ in range(AT_ONCE)))
        working: set[asyncio.Task[None]] = set()
        for number in itertools.count():
            await self._pace(number, rate)
            if len(working) < THREADS:
                working.add(task := asyncio.ensure_future(self._earn()))
                task.add_done_callback(working.discard)

    async def _earn(self) -> None:
        challenge = await self.comes()
        if challenge is not None:
            answer = await asyncio.get_running_loop().run_in_executor(self.threads, _solved, challenge)
            self.met["solved"] += 1
            await self.comes(answer)

    async def _pace(self, number: int, rate: float) -> None:
        if number == 0:
            self.begun = time.monotonic()
        await asyncio.sleep(max(0.0, self.begun + number / rate - time.monotonic()))

    async def tell(self) -> None:
        while True:
            self.say()
            await asyncio.sleep(TOLD_SECONDS)

    def say(self) -> None:
        sys.stdout.write(json.dumps({**self.met, "staying": len(self.staying)}) + "\n")
        sys.stdout.flush()


def _solved(challenge: str) -> str:
    import altcha  # noqa: PLC0415 – what these bots alone need

    asked = altcha.Challenge.from_dict(json.loads(challenge))
    found = altcha.solve_challenge(asked)
    return altcha.Payload(asked, found).to_base64() if found is not None else ""


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=["go", "stay", "work"])
    parser.add_argument("--urls", nargs="+", required=True)
    parser.add_argument("--line", default="helpwanted")
    parser.add_argument("--rate", type=float, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    many_files()
    os.nice(10)  # another machine takes no core from a server
    bots = Bots(options.urls, options.line, stay=options.how != "go", write=options.write)
    telling = asyncio.create_task(bots.tell())
    coming = asyncio.ensure_future(bots.come(options.how, options.rate))
    await asyncio.to_thread(sys.stdin.read)
    for task in (coming, telling):
        task.cancel()
    bots.say()
    for caller in bots.staying:
        caller.cut()
    os._exit(0)  # even if its threads still work


if __name__ == "__main__":
    asyncio.run(main())
