"""Measures what the board's first tab costs a browser on a busy evening.

Run it with `python -m benchmarks.staff_board`. Thirty counsellors are on duty and a hundred callers wait; in
each second there are two messages, and one caller comes or leaves. Chromium runs at a quarter of this
machine's speed, at 1440 by 900. The figures are the CPU time of the page's main thread and of its longest
task, which other programs on this machine do not lengthen, and how far down the page the queue and the people
reach. Writes results-staff-board.md. `--pictures=<folder>` also saves a picture of each size and theme.
"""

import argparse
import asyncio
import os
import shutil
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from benchmarks.people import Caller, Console
from benchmarks.person import new_id
from benchmarks.report import Budget
from benchmarks.servers import PATIENT, UNPACED
from benchmarks.signin import SignIn
from tests.support.platform import Platform

RESULTS = Path(__file__).parent / "results-staff-board.md"
LINE = "helpwanted"
COUNSELLORS, SLOTS, TALKING, WAITING = 30, 2, 45, 100
SIGN_INS_AT_ONCE = 4
SLOWER = 4  # how many times slower the processor is made
SECONDS, SETTLE = 30.0, 8.0
BUSY, LONGEST, LONG = 0.10, 100.0, 50.0  # share of a core; milliseconds
TRACED = ("disabled-by-default-devtools.timeline", "devtools.timeline", "toplevel")
DESK = {"width": 1440, "height": 900}
SIZES = ((1440, 900), (1280, 800), (820, 1180), (390, 844))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Some callers wait long, some are acute, some counsellors rest, and one is alone with an acute caller.
EVENING = """
from datetime import timedelta
from chat.models import Conversation
from counsellors.models import Duty
waiting = list(Conversation.objects.filter(line="helpwanted", state="waiting").order_by("rank"))
for place, row in enumerate(waiting):
    ago = 15 * (len(waiting) - place)
    row.urgency = 2 if place % 10 == 7 else place % 3 // 2
    row.opened_at -= timedelta(seconds=ago)
    row.rank -= 1_000_000 * (ago + 900 * (row.urgency == 2))
    row.save(update_fields=["urgency", "opened_at", "rank"])
for place, row in enumerate(Conversation.objects.filter(line="helpwanted", state="active").order_by("pk")):
    row.active_at -= timedelta(seconds=47 * place)
    row.risk, row.risk_known_at = (2 if place == 7 else int(place % 9 == 3)), row.active_at
    row.save(update_fields=["active_at", "risk", "risk_known_at"])
resting = Duty.objects.filter(person__work__line="helpwanted", state="on").order_by("-person")[:3]
Duty.objects.filter(pk__in=[row.pk for row in resting]).update(state="break")
"""
REACH = """() => Math.max(0, ...[...document.querySelectorAll(".needs, .queue, .people")]
  .map((one) => one.getBoundingClientRect().bottom + scrollY))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Evening:
    """Plays conversations of 30 counsellors, and a queue whose length stays about the same."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.waiting: list[Caller] = []
        self.talking: list[tuple[Console, str]] = []

    async def begin(self) -> None:
        people = self.platform.people("counsellor", line=LINE)[:COUNSELLORS]
        at_once = asyncio.Semaphore(SIGN_INS_AT_ONCE)

        async def one(place: int) -> Console:
            async with at_once:
                console = Console(self.platform.url, await SignIn(self.platform.url, people[place]).run())
                await console.begin(SLOTS)
                return console

        consoles = await asyncio.gather(*(one(place) for place in range(len(people))))
        for place in range(TALKING):
            await self._caller()
            console = consoles[place % len(consoles)]
            self.talking.append((console, await console.take(LINE)))
        self.callers, self.waiting = self.waiting, []
        for _ in range(WAITING):
            await self._caller()
        done = await asyncio.to_thread(self.platform.manage, "shell", "-v", "0", "-c", EVENING)
        if done.returncode:
            raise RuntimeError(done.stderr)

    async def go_on(self) -> None:
        for turn in range(sys.maxsize):
            for half in range(2):
                console, conversation = self.talking[(2 * turn + half) % len(self.talking)]
                console.say(conversation, new_id())
                await asyncio.sleep(0.5)
            if turn % 2:
                await self.waiting.pop().leave()
            else:
                await self._caller()

    async def _caller(self) -> None:
        caller = Caller(self.platform.url, LINE)
        await caller.start()
        self.waiting.append(caller)


async def board(browser: Browser, platform: Platform) -> Page:
    """Returns the supervisor's page once it shows everybody."""
    signed = SignIn(platform.url, platform.people("supervisor", line=LINE)[0])
    await signed.run()
    context = await browser.new_context(viewport=DESK, locale="nl-NL")  # type: ignore[arg-type]
    host = urlsplit(platform.url).hostname or ""
    await context.add_cookies(
        [
            {"name": name, "value": value, "domain": host, "path": "/"}
            for name, value in signed.cookies.items()
        ]
    )
    page = await context.new_page()
    await page.goto(f"{platform.url}/board/")
    await page.locator(".people .one, .people tbody").nth(COUNSELLORS - 1).wait_for(timeout=60_000)
    return page


async def measure(page: Page, seconds: float) -> dict[str, float]:
    """Returns the busy time as a share of a core, by kind, the longest task in milliseconds, how many were
    long, and how far the page reaches."""
    session: CDPSession = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await asyncio.sleep(SETTLE)
    browser = page.context.browser
    if browser is None:
        raise RuntimeError("a page without a browser")
    await browser.start_tracing(page=page, categories=list(TRACED))
    before = await _metrics(session)
    await asyncio.sleep(seconds)
    after = await _metrics(session)
    tasks = _tasks(msgspec.json.decode(await browser.stop_tracing()))
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    spent = {name: (after[name] - before[name]) / seconds for name in before}
    return spent | {
        "longest": max(tasks, default=0.0),
        "long": sum(task > LONG for task in tasks),
        "reach": await page.evaluate(REACH),
    }


def _tasks(trace: dict[str, Any]) -> list[float]:
    """Returns the CPU milliseconds of each task of the page's main thread; with several pages in the trace,
    of the busiest."""
    events = trace["traceEvents"]
    mains = {
        (one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    found: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for one in events:
        place = one["pid"], one["tid"]
        if place in mains and one["name"].endswith("RunTask") and "tdur" in one:
            found[place].append(one["tdur"] / 1000)
    return max(found.values(), key=sum, default=[])


async def _metrics(session: CDPSession) -> dict[str, float]:
    found: dict[str, Any] = await session.send("Performance.getMetrics")
    names = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    return {one["name"]: one["value"] for one in found["metrics"] if one["name"] in names}


async def take_pictures(page: Page, folder: Path) -> list[str]:
    """Takes a picture of each size and theme. Returns a sentence for each size at which the page scrolls
    sideways."""
    wide = []
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme=theme)
            await asyncio.sleep(1)
            await page.screenshot(path=folder / f"board-{width}-{theme}.png")
        if await page.evaluate(SIDEWAYS) > 0:
            wide.append(f"sideways scrolling at {width} px")
    return wide


async def run(platform: Platform, seconds: float, pictures: Path | None) -> dict[str, float]:
    evening = Evening(platform)
    await evening.begin()
    going = asyncio.ensure_future(evening.go_on())
    async with async_playwright() as playwright:
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = await board(browser, platform)
        found = await measure(page, seconds)
        if pictures:
            for sentence in await take_pictures(page, pictures):
                say(sentence)
        await browser.close()
    going.cancel()
    return found


def budgets(found: dict[str, float]) -> list[Budget]:
    return [
        Budget(f"under {BUSY:.0%} of a core", BUSY, found["TaskDuration"]),
        Budget(f"no task above {LONGEST:g} ms", LONGEST, found["longest"]),
        Budget(f"queue and people within {DESK['height']} px", DESK["height"], found["reach"]),
    ]


def as_markdown(found: dict[str, float], seconds: float) -> str:
    named = ("Script", "Layout", "RecalcStyle")
    parts = ", ".join(f"{name} {found[f'{name}Duration']:.1%}" for name in named)
    return "\n".join(
        [
            "# Results of `python -m benchmarks.staff_board`",
            "",
            "Written by the run; docs/speed.md says how to read it.",
            "",
            f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {seconds:g} s",
            f"- load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
            f"- {COUNSELLORS} counsellors, {TALKING} conversations, {WAITING} callers who wait",
            "- two messages and a caller who comes or goes each second",
            f"- Chromium, {DESK['width']} by {DESK['height']}, processor {SLOWER} times slower: {parts};",
            f"  {found['long']:.0f} tasks above 50 ms",
            "",
            "| budget | measured | |",
            "|---|---|---|",
            *(
                f"| {one.words} | {one.measured:.2f} | {'met' if one.met else '**missed**'} |"
                for one in budgets(found)
            ),
            "",
        ]
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--pictures", type=Path, help="keep pictures in this folder")
    options.add_argument("--strict", action="store_true", help="exit status 1 when a budget is missed")
    chosen = options.parse_args()
    if chosen.pictures:
        chosen.pictures.mkdir(parents=True, exist_ok=True)
    with Platform(**{"DEMO_COUNSELLORS": COUNSELLORS, **PATIENT, **UNPACED}) as platform:  # type: ignore[arg-type]
        found = asyncio.run(run(platform, chosen.seconds, chosen.pictures))
    text = as_markdown(found, chosen.seconds)
    say(text)
    if chosen.seconds >= SECONDS:
        RESULTS.write_text(text)
    return int(chosen.strict and not all(one.met for one in budgets(found)))


if __name__ == "__main__":
    sys.exit(main())
