"""Measures two hundred sign-ins at once, beside pairs who talk in the same web process.

Run it with `python -m benchmarks --signin`. The crowd is a separate process, as browsers are: each browser
reads the form and sends a correct name and password. Those for whom there is no place are told to try again
(503). The web process's memory is measured during a first crowd, before which nobody has signed in, and
during a second one. Then the pairs talk alone, and beside a third crowd.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import psutil

from benchmarks.pairs import Pair, gentle, helpline_pairs
from benchmarks.report import Budget, percentile
from benchmarks.signin import Person, SignIn, SignInRefused
from benchmarks.talking import consoles
from tests.support.platform import ROOT, Platform

RESULTS = Path(__file__).parent / "results-signin.md"
MANY, PAIRS, QUIET_SECONDS = 200, 20, 10.0
GROWTH_MIB, TIMES = 260, 5
LOOK = 0.02  # seconds between two readings of memory
CROWD_IS_NICE = 15  # so that browsers take no core from the server
ANSWERS = {HTTPStatus.FOUND: "let through", HTTPStatus.SERVICE_UNAVAILABLE: "told to try again"}


@dataclass
class Wave:
    """Holds the result of one crowd: by how much the web process grew at most, in MiB, and how often each
    response came."""

    rss: float = 0.0
    uss: float = 0.0
    seconds: float = 0.0
    answers: dict[str, int] = field(default_factory=dict)


@dataclass
class SignedIn:
    """Holds all that was measured. Delivery times are in ms."""

    waves: dict[str, Wave] = field(default_factory=dict)
    quiet: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    lost: int = 0

    @property
    def slower(self) -> float:
        return percentile(self.beside, 0.99) / percentile(self.quiet, 0.99)

    @property
    def budgets(self) -> list[Budget]:
        grown = [
            Budget(f"{name}: grows by less than {GROWTH_MIB} MiB", GROWTH_MIB, max(wave.rss, wave.uss))
            for name, wave in self.waves.items()
        ]
        return [
            *grown,
            Budget(f"p99 of a message under {TIMES} × quiet", TIMES, self.slower),
            Budget("no message lost", 0, self.lost),
        ]


async def measure(platform: Platform, *, pairs: int, many: int, say: Callable[[str], None]) -> SignedIn:
    """Measures a platform that has just started."""
    result = SignedIn()
    for name in ("cold", "warm"):
        result.waves[name] = await _wave(platform, many)
        say(f"  {name}: {_sentence(result.waves[name])}")
    talking, callers = await helpline_pairs(platform.url, await consoles(platform, pairs, 1))
    result.quiet, result.lost = await _talk(talking, asyncio.create_task(asyncio.sleep(QUIET_SECONDS)))
    crowd = asyncio.create_task(_wave(platform, many))
    result.beside, lost = await _talk(talking, crowd)
    result.waves["beside pairs"], result.lost = await crowd, result.lost + lost
    say(f"  beside pairs: {_sentence(result.waves['beside pairs'])}")
    for caller in callers:
        await caller.goodbye()
    return result


async def _talk(pairs: list[Pair], until: asyncio.Task[object]) -> tuple[list[float], int]:
    """Lets each pair send a message a second until `until` is done. Returns the times in ms, and how many
    were lost."""
    times, lost = list[float](), 0
    while not until.done():
        latencies, missed = await gentle(pairs, 1)
        times += [latency * 1000 for latency in latencies]
        lost += missed
    return times, lost


async def _wave(platform: Platform, many: int) -> Wave:
    process, wave, begun = psutil.Process(platform.pids[0]), Wave(), time.monotonic()
    before = process.memory_full_info()
    words = ["-m", "benchmarks.signing_in", platform.url, str(platform.var / "demo.json"), str(many)]
    crowd = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said = asyncio.create_task(crowd.communicate())
    while not said.done():
        now = await asyncio.to_thread(process.memory_full_info)
        wave.rss = max(wave.rss, (now.rss - before.rss) / 2**20)
        wave.uss = max(wave.uss, (now.uss - before.uss) / 2**20)
        await asyncio.sleep(LOOK)
    wave.answers, wave.seconds = json.loads((await said)[0]), time.monotonic() - begun
    return wave


def as_markdown(result: SignedIn, known: list[str]) -> str:
    """Returns the text of `benchmarks/results-signin.md`."""
    kept = [
        f"| {one.words} | {one.measured:,.2f} | {'met' if one.met else '**missed**'} |"
        for one in result.budgets
    ]
    stretches = (("beside nothing", result.quiet), ("while they sign in", result.beside))
    return "\n".join(
        [
            "# Results of `make bench-signin`", "",
            "Written by the run; docs/speed.md says how to read it.", "",
            *(f"- {fact}" for fact in known), "",
            f"{MANY} sign in at once, three times:", "",
            "| | RSS grows by MiB | USS | seconds | answers |", "|---|---|---|---|---|",
            *(_row(name, wave) for name, wave in result.waves.items()), "",
            f"Delivery of {PAIRS} pairs, a message a second each:", "",
            "| | p50 ms | p95 ms | p99 ms | longest ms | messages |", "|---|---|---|---|---|---|",
            *(_times(name, times) for name, times in stretches), "",
            "| budget | measured | |", "|---|---|---|", *kept, "",
        ]
    )  # fmt: skip


def _row(name: str, wave: Wave) -> str:
    return f"| {name} | {wave.rss:.0f} | {wave.uss:.0f} | {wave.seconds:.1f} | {_answers(wave)} |"


def _times(name: str, times: list[float]) -> str:
    shares = " | ".join(f"{percentile(times, share):.2f}" for share in (0.50, 0.95, 0.99))
    return f"| {name} | {shares} | {max(times):.2f} | {len(times):,} |"


def _sentence(wave: Wave) -> str:
    return f"RSS + {wave.rss:.0f} MiB, USS + {wave.uss:.0f} MiB, {wave.seconds:.1f} s, {_answers(wave)}"


def _answers(wave: Wave) -> str:
    return ", ".join(f"{many} {answer}" for answer, many in sorted(wave.answers.items()))


def crowd(url: str, people: list[Person], many: int) -> Counter[str]:
    """Lets `many` browsers sign in at once. Returns how often each response came."""

    def one(number: int) -> str:
        browser = SignIn(url, people[number % len(people)])
        try:
            answer = browser.submit(browser.get("/login/"), "username", **browser.credentials())
        except (OSError, SignInRefused):
            return "not shown the form"
        return ANSWERS.get(HTTPStatus(answer.status), str(answer.status))

    with ThreadPoolExecutor(many) as browsers:
        return Counter(browsers.map(one, range(many)))


if __name__ == "__main__":
    os.nice(CROWD_IS_NICE)
    address, demo, size = sys.argv[1:]
    known_people = [Person.from_json(row) for row in json.loads(Path(demo).read_text())["people"]]
    sys.stdout.write(json.dumps(crowd(address, known_people, int(size))))
