"""Drives Debian's WebKitGTK by W3C WebDriver, because it is the nearest to the iPhones of half of the
callers."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.engines.window import WITHIN, Crashed, Unanswered, Window
from tests.support.servers import free_ports, tail

BROWSERS = "usr/lib/*/webkit2gtk-4.*/MiniBrowser"
OLD = "testsSawThisPage"
GONE = "invalid session id"  # the driver's answer once its browser has ended
LOG = "driver.log"  # in the home folder of the browser
GZIP = "\x1f\ufffd\x08"  # how compressed bytes begin (RFC 1952), read as UTF-8
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class WebKit(Window):
    def __init__(
        self, screen: subprocess.Popen[bytes], driver: subprocess.Popen[bytes], url: str, home: str
    ) -> None:
        self.screen, self.driver, self.url, self.home = screen, driver, url, home
        self.session = ""

    @classmethod
    async def open(cls, width: int, height: int) -> "WebKit":
        screen, display = await asyncio.to_thread(_screen, width, height)
        port, home = free_ports(), tempfile.mkdtemp(prefix="helpline-webkit-")
        driver = await asyncio.to_thread(_driver, port, display, home)
        window = cls(screen, driver, f"http://127.0.0.1:{port}", home)
        await window._begin(width, height)
        return window

    async def _begin(self, width: int, height: int) -> None:
        wanted = {
            "webkitgtk:browserOptions": {"binary": _browser(), "args": ["--automation"]},
            # Otherwise the driver waits before each command for a load that has begun, and sometimes it is
            # never told of a page that comes back from the back/forward cache.
            "pageLoadStrategy": "none",
            # A script in a page that is being left may get no answer. The driver's own bound is 30 seconds,
            # during which it answers nothing else; after this one `until` asks the new page.
            "timeouts": {"script": 5_000},
        }
        body = {"capabilities": {"alwaysMatch": wanted}}
        for attempt in range(100):
            try:
                self.session = (await self.ask("POST", "/session", body))["sessionId"]
                break
            except OSError:
                if attempt == 99:
                    raise
                await asyncio.sleep(0.1)
        size = {"x": 0, "y": 0, "width": width, "height": height}
        await self.ask("POST", f"/session/{self.session}/window/rect", size)

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return await asyncio.to_thread(self._ask, method, path, body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        heads = {"Content-Type": "application/json"}
        asked = urllib.request.Request(self.url + path, data, heads, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            said = f"{error.read().decode()[:300]} {tail(Path(self.home, LOG), 5)}"
            raise (Crashed if GONE in said else Unanswered)(said) from error

    async def goto(self, url: str) -> None:
        await self._loads("url", {"url": url})

    async def _loads(self, command: str, body: dict[str, str]) -> None:
        """Waits until another page than this one is wholly there."""
        await self.run(f"window.{OLD} = true")
        await self.ask("POST", f"/session/{self.session}/{command}", body)
        await super().until(f"!window.{OLD} && document.readyState === 'complete'")

    async def run(self, expression: str) -> Any:
        script = {"script": f"return JSON.stringify({expression})", "args": []}
        told = await self.ask("POST", f"/session/{self.session}/execute/sync", script)
        return json.loads(told or "null")

    async def press(self, selector: str) -> None:
        # The driver refuses a press a few pixels below the window, because it does not scroll there.
        found = f"document.querySelector({json.dumps(selector)})"
        await self.run(f"{found}?.scrollIntoView({{ block: 'center' }}) ?? true")
        find = {"using": "css selector", "value": selector}
        element = (await self.ask("POST", f"/session/{self.session}/element", find))[ELEMENT]
        await self.ask("POST", f"/session/{self.session}/element/{element}/click", {})

    async def reload(self) -> None:
        await self._loads("refresh", {})

    async def back(self) -> None:
        # The driver's own command waits for a load event, which a page from the back/forward cache never has.
        await self.run("setTimeout(() => history.back()) > 0")

    async def until(self, expression: str, within: float = WITHIN) -> None:
        """Waits as every window does. Once in some hundred loads this engine (its libsoup) shows a compressed
        page as it came, although the header names the encoding: then it loads the page again."""
        with contextlib.suppress(Unanswered):
            if await self.run(f"document.body?.innerText.startsWith({json.dumps(GZIP)})"):
                await self.reload()
        await super().until(expression, within)

    async def close(self) -> None:
        with contextlib.suppress(Unanswered, Crashed, OSError):
            await self.ask("DELETE", f"/session/{self.session}")
        for process in (self.driver, self.screen):
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait)
        shutil.rmtree(self.home, ignore_errors=True)  # a helper process of the browser may still write


def _browser() -> str:
    return str(max(Path("/").glob(BROWSERS)))


def _driver(port: int, display: str, home: str) -> "subprocess.Popen[bytes]":
    """Starts it with a home folder of its own, which holds its profile and what it prints."""
    with Path(home, LOG).open("wb") as log:
        return subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env=os.environ | {"DISPLAY": display, "HOME": home, "WEBKIT_DISABLE_COMPOSITING_MODE": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _screen(width: int, height: int) -> tuple[subprocess.Popen[bytes], str]:
    """Starts an X server on a display that it chooses."""
    told, tells = os.pipe()
    size = f"{width}x{height}x24"
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tells), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[tells],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(tells)
    with os.fdopen(told) as pipe:
        number = pipe.readline().strip()
    if not number:
        raise Unanswered("Xvfb did not start")
    return screen, f":{number}"
