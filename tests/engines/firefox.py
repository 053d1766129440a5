"""Drives Debian's Firefox by WebDriver BiDi, the protocol that it speaks itself."""

import asyncio
import json
import re
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.engines.window import WITHIN, Unanswered, Window

# It contacts no other host, and reports when it is ready.
QUIET = {
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 3,  # restores the tabs of last time
    "remote.prefs.recommended": False,  # these would switch that off
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.sessionstore.max_resumed_crashes": -1,
    "browser.sessionstore.interval": 500,
    "browser.sessionstore.resume_from_crash": True,
    "captivedetect.canonicalURL": "",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.enabled": False,
}
LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")


class Firefox(Window):
    def __init__(self, process: asyncio.subprocess.Process, profile: Path, line: ClientConnection) -> None:
        self.process, self.profile, self.line = process, profile, line
        self.asked = 0
        self.tab = ""

    @classmethod
    async def open(cls, width: int, height: int, profile: Path | None = None) -> "Firefox":
        """Opens it in a profile that an earlier one left, or in a new one."""
        profile = profile or Path(tempfile.mkdtemp(prefix="helpline-firefox-"))
        rows = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in QUIET.items()]
        (profile / "user.js").write_text("\n".join(rows))
        size = (f"--width={width}", f"--height={height}")
        first = () if (profile / "sessionstore-backups").exists() else ("about:blank",)
        process = await asyncio.create_subprocess_exec(
            *("firefox-esr", "--headless", "--no-remote", "--profile", str(profile)),
            *("--remote-debugging-port", "0", *size, *first),
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        address = await asyncio.wait_for(_address(process), 60)
        line = await connect(f"{address}/session", max_size=2**24, ping_interval=None, proxy=None)
        window = cls(process, profile, line)
        await window.ask("session.new", capabilities={})
        window.tab = (await window.ask("browsingContext.getTree"))["contexts"][0]["context"]
        return window

    async def ask(self, method: str, **facts: Any) -> dict[str, Any]:
        self.asked += 1
        await self.line.send(json.dumps({"id": self.asked, "method": method, "params": facts}))
        while True:
            answer = json.loads(await asyncio.wait_for(self.line.recv(), WITHIN))
            if answer.get("id") == self.asked:
                break
        if answer["type"] == "error":
            raise Unanswered(f"{method}: {answer['message']}")
        return dict(answer["result"])

    async def goto(self, url: str) -> None:
        await self.ask("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    async def run(self, expression: str) -> Any:
        told = await self.ask(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self.tab},
            awaitPromise=True,
        )
        if told["type"] != "success":
            raise Unanswered(str(told["exceptionDetails"]["text"]))
        return json.loads(told["result"].get("value", "null"))

    async def press(self, selector: str) -> None:
        x, y = await self._place_of(selector)
        steps: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        press = {"type": "pointer", "id": "finger", "actions": steps}
        await self.ask("input.performActions", context=self.tab, actions=[press])

    async def _place_of(self, selector: str) -> list[int]:
        """Returns its middle once it has stopped moving, because an entry that arrives moves it and a press
        would miss."""
        middle = (
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            " one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();"
            " return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)] })()"
        )
        before: list[int] = []
        for _ in range(20):
            place: list[int] = await self.run(middle)
            if place == before:
                break
            before = place
            await asyncio.sleep(0.2)
        return before

    async def reload(self) -> None:
        await self.ask("browsingContext.reload", context=self.tab, wait="complete")

    async def back(self) -> None:
        await self.ask("browsingContext.traverseHistory", context=self.tab, delta=-1)

    async def kill(self) -> None:
        """Kills the browser, as an empty battery does."""
        self.process.kill()
        await self.process.wait()
        with suppress(ConnectionClosed):
            await self.line.close()

    async def tabs(self) -> list[str]:
        """Returns the tabs' addresses. The first one that is a site's is the visible tab."""
        contexts = (await self.ask("browsingContext.getTree"))["contexts"]
        sites = [one for one in contexts if one["url"].startswith("http")]
        if sites:
            self.tab = sites[0]["context"]
        return [one["url"] for one in contexts]

    async def close(self) -> None:
        await self.line.close()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if found := LISTENING.search(line):
            return found.group(1).decode()
    raise Unanswered("Firefox ended before it listened")
