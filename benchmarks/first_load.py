"""Measures how long a caller's first screen takes on a phone with slow reception.

Run it with `python -m benchmarks.first_load`. The screen is loaded five times, alternating with a bare page
of the same size, in Chromium with the processor at a quarter of this machine's speed and the network preset
"Slow 4G". Then Lighthouse runs, emulating a phone. Writes results-first-load.md.
"""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread

from playwright.async_api import Browser, CDPSession, async_playwright

from benchmarks.report import Budget
from tests.support.platform import ROOT, Platform

RESULTS = Path(__file__).parent / "results-first-load.md"
PATH = "/nl/praat/"
PHONE = {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Chromium's preset "Slow 4G": the round trip in milliseconds, bytes per second.
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
SLOWER = 4  # how many times slower the processor is made
ROUNDS = 5
PAINT, USABLE = 1.5, 2.5  # seconds
SCORES = {"performance": 0.95, "accessibility": 1.0, "best-practices": 1.0}
LIGHTHOUSE = ROOT / "frontend" / "node_modules" / "lighthouse" / "cli" / "index.js"
IS_USABLE = "() => performance.getEntriesByName('usable').length > 0"
TIMES = """() => [
  performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000,
  performance.getEntriesByName("usable")[0].startTime / 1000,
  [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((one) => one.startTime <= performance.getEntriesByName("usable")[0].startTime)
    .reduce((sum, one) => sum + one.transferSize, 0),
]"""


@dataclass
class Times:
    """Holds the seconds until something is painted and until the page is usable, and the bytes on the
    wire."""

    paint: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    size: int = 0

    def row(self, name: str) -> str:
        shown = [f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})" for values in self.both]
        return f"| {name} | {self.size / 1000:.1f} kB | {shown[0]} | {shown[1]} |"

    @property
    def both(self) -> tuple[list[float], list[float]]:
        return self.paint, self.usable


@contextmanager
def bare_page(size: int) -> Iterator[str]:
    """Serves a heading, a button and incompressible filling, `size` bytes in all: it shows what the network
    alone costs."""
    script = "<script>document.querySelector('button').disabled = false; performance.mark('usable')</script>"
    head = "<!doctype html><html lang=nl><link rel=icon href='data:,'><title>Bare</title><h1>Bare</h1>"
    filling = secrets.token_urlsafe(size)[: size - len(head) - len(script) - 320]  # 320: headers and markup
    body = f"{head}<button disabled>Begin</button><!-- {filling} -->{script}".encode()

    class Bare(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


async def visit(browser: Browser, address: str, times: Times) -> None:
    """Loads the page with an empty cache, and adds its times."""
    context = await browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]}, locale="nl-NL"
    )
    page = await context.new_page()
    session: CDPSession = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", SLOW_4G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(address)
    await page.wait_for_function(IS_USABLE)
    paint, usable, times.size = await page.evaluate(TIMES)
    times.paint.append(paint)
    times.usable.append(usable)
    await context.close()


async def measure(platform: Platform, rounds: int) -> tuple[Times, Times]:
    """Returns the times of our page and of the bare one, visited in turn. A first visit warms up browser and
    server, and gives the bare page its size."""
    ours, bare, warm = Times(), Times(), Times()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        await visit(browser, platform.url + PATH, warm)
        with bare_page(warm.size) as address:
            for _ in range(rounds):
                await visit(browser, platform.url + PATH, ours)
                await visit(browser, address, bare)
        await browser.close()
    return ours, bare


def lighthouse(platform: Platform) -> dict[str, float]:
    """Returns Lighthouse's scores by category, for the phone that it emulates."""
    with tempfile.TemporaryDirectory() as folder:
        words = [
            *("node", str(LIGHTHOUSE), platform.url + PATH, "--output=json", "--quiet"),
            *(f"--output-path={folder}/found.json", f"--only-categories={','.join(SCORES)}"),
            *("--no-enable-error-reporting", f"--chrome-flags=--headless=new {' '.join(FLAGS)}"),
        ]
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or "chromium"}
        subprocess.run(words, check=True, env=environment, timeout=300)  # noqa: S603 – own arguments
        found = json.loads((Path(folder) / "found.json").read_text())
    missed = [
        f"{one['id']}: {one.get('displayValue', one['score'])}"
        for one in found["audits"].values()
        if one.get("score") is not None and one["score"] < 1 and one["scoreDisplayMode"] != "informative"
    ]
    say("\n  ".join(["Lighthouse, below 1:", *missed]))
    return {name: found["categories"][name]["score"] for name in SCORES}


def budgets(ours: Times, scores: dict[str, float]) -> list[Budget]:
    return [
        Budget(f"first paint under {PAINT:g} s", PAINT, median(ours.paint)),
        Budget(f"button under {USABLE:g} s", USABLE, median(ours.usable)),
        *(Budget(f"Lighthouse, {name}: at least {least:.2f}", least, scores[name], least=True)
          for name, least in SCORES.items()),
    ]  # fmt: skip


def as_markdown(ours: Times, bare: Times, found: list[Budget]) -> str:
    return "\n".join(
        [
            "# Results of `make bench-first-load`",
            "",
            "Written by the run; docs/speed.md says how to read it.",
            "",
            f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {len(ours.paint)} visits of each, in turns",
            f"- Chromium, {PHONE['width']} pixels wide, its slow 4G, processor {SLOWER} times slower",
            "",
            "| page | on the wire | first paint, s: median (range) | usable, s |",
            "|---|---|---|---|",
            ours.row("the first screen of a line"),
            bare.row("a bare page of as many bytes"),
            "",
            "| budget | measured | |",
            "|---|---|---|",
            *(
                f"| {one.words} | {one.measured:.2f} | {'met' if one.met else '**missed**'} |"
                for one in found
            ),
            "",
        ]
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--strict", action="store_true", help="exit status 1 when a budget is missed")
    chosen = options.parse_args()
    with Platform() as platform:
        ours, bare = asyncio.run(measure(platform, chosen.rounds))
        found = budgets(ours, lighthouse(platform))
    text = as_markdown(ours, bare, found)
    say(text)
    if chosen.rounds >= ROUNDS:
        RESULTS.write_text(text)
    return int(chosen.strict and not all(one.met for one in found))


if __name__ == "__main__":
    sys.exit(main())
