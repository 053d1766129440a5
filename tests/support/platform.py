"""Runs the platform as any tool would: the demo, on its own port and data folder."""

import atexit
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import psutil
import psycopg

from benchmarks.signin import Person, forget_codes
from tests.support import folders, orphans
from tests.support.servers import Postgres, free_ports, tail
from tests.support.wire import WireClient

ROOT = Path(__file__).parents[2]
READY = 60.0
STOPPING = 20.0


END_ALL = (
    """UPDATE chat_conversation SET state = 'ended', ended_at = CURRENT_TIMESTAMP
    WHERE state IN ('waiting', 'active')""",
    "UPDATE chat_member SET left_seq = joined_seq, left_at = CURRENT_TIMESTAMP WHERE left_seq IS NULL",
    "UPDATE counsellors_duty SET state = 'off' WHERE state != 'off'",
    "UPDATE otp_totp_totpdevice SET last_t = -1",
)


class NotReady(Exception):
    """The platform did not become ready in time, or ended; the message ends with the tail of its output."""


# The settings that affect a demo's people and lines: with other settings it makes them itself.
SEEDED_WITH = {
    "HELPLINE_DEMO_COUNSELLORS",
    "HELPLINE_DEVICE_APPROVAL",
    "HELPLINE_RETENTION_SECONDS",
    "HELPLINE_DEMO_PAST",
    "HELPLINE_DEMO_LETTERS",
}


class Platform:
    """Runs `manage.py demo` with a temporary folder; settings are given by name: `Platform(GRANT_SECONDS=2,
    QUEUE_MAX=5)`. It is a context manager that starts the demo, waits for `/readyz`, and at the end stops it
    and removes the folder."""

    running: ClassVar[list["Platform"]] = []

    def __init__(
        self,
        *,
        database_url: str = "",
        redis_url: str = "",
        processes: int = 1,
        var: Path | None = None,
        **settings: str | float,
    ) -> None:
        self.processes = processes
        self.port = free_ports(processes)
        self.settings = {f"HELPLINE_{name}": str(value) for name, value in settings.items()}
        self.stores = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        self.demo: dict[str, Any] = {}
        self.sessions: dict[str, str] = {}
        self.guests: list[WireClient] = []
        self._own_folder = Path(tempfile.mkdtemp(prefix="helpline-"))
        orphans.adopt_folder(self._own_folder)
        self.var = var or self._own_folder / "var"
        self.output = self._own_folder / "output"
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)
        Platform.running.append(self)

    @property
    def url(self) -> str:
        """Returns the first address, `http://127.0.0.1:PORT`, which is also its Origin."""
        return str(self.demo["url"])

    @property
    def urls(self) -> list[str]:
        """Returns the address of each web process, in order."""
        return list(self.demo.get("urls") or [self.url])

    @property
    def lines(self) -> list[str]:
        """Returns the slugs of the lines."""
        return list(self.demo["lines"])

    @property
    def pid(self) -> int:
        """Returns the process that was started, which watches the others."""
        if self._process is None:
            raise NotReady("the platform does not run")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def pids(self) -> list[int]:
        """Returns the web process of each of `urls`, found by the port it listens on. Raises NotReady if one
        does not listen."""
        listening = self._listening()
        missing = [url for url in self.urls if urlsplit(url).port not in listening]
        if missing:
            raise NotReady(f"nobody listens on {', '.join(missing)}\n{tail(self.output)}")
        return [listening[urlsplit(url).port or 0] for url in self.urls]

    def people(self, role: str = "", *, line: str = "", service: str = "") -> list[Person]:
        """Returns those with the role, of the line, of the service, in the file's order; "" stands for
        any."""
        return [
            person
            for person in map(Person.from_json, self.demo["people"])
            if (not role or role in person.roles)
            and (not line or line in person.lines)
            and (not service or person.service == service)
        ]

    def start(self) -> Self:
        """Start the demo and wait until every address is ready; NotReady otherwise."""
        if not self.var.exists():
            self._lay_out()
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=ROOT,
                env=self._environment(PORT=str(self.port), PROCESSES=str(self.processes), **self.settings),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        orphans.adopt(self._process.pid)
        try:
            self._until("demo.json is written", READY, (self.var / "demo.json").exists)
            self.wait_ready()
        except NotReady:
            self.stop()
            raise
        return self

    def wait_ready(self, within: float = READY) -> None:
        """Wait until `/readyz` of every address answers 200."""
        self._until("/readyz answers 200", within, self._ready)

    def kill_process(self, index: int) -> int:
        """Sends SIGKILL to the web process of `urls[index]`. Returns its pid."""
        pid = self.pids[index]
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_replaced(self, index: int, pid: int, within: float = 30) -> int:
        """Waits until another process than `pid` is ready at `urls[index]`. Returns the new pid."""
        port = urlsplit(self.urls[index]).port or 0
        self._until(
            f"process {index} is replaced",
            within,
            lambda: self._listening().get(port, pid) != pid and status(self.urls[index], "/readyz") == 200,
        )
        return self._listening()[port]

    def manage(self, *words: str, within: float = 60) -> subprocess.CompletedProcess[str]:
        """Run `manage.py <words>` on this platform's data, also while it runs; status and output."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self._environment(), capture_output=True, text=True, timeout=within, check=False,
        )  # fmt: skip

    def end_everything(self) -> None:
        """Ends whatever a test left open or on duty, also one that failed, so that the next one finds nobody.
        Every one-time code is new again, so that a story that signs somebody in waits for no code of the one
        before."""
        if url := self.stores["DATABASE_URL"]:
            with psycopg.connect(url, autocommit=True) as database:
                for statement in END_ALL:
                    database.execute(statement.encode())
        else:
            with closing(sqlite3.connect(self.var / "db.sqlite3", timeout=30)) as file, file:
                for statement in END_ALL:
                    file.execute(statement)
        for url in self.urls:
            forget_codes(url)

    def stop(self) -> int | None:
        """Sends SIGTERM, and after 20 s SIGKILL, to all of it. Returns the exit status. The data stays for
        another `start`."""
        if self._process is None:
            return None
        family = self._family()
        self._process.terminate()
        try:
            self._process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # A process may outlive the parent, for example one that it was just starting again.
        _, alive = psutil.wait_procs(family, timeout=1)
        for process in alive:
            process.kill()
        orphans.release(self._process.pid)
        ended, self._process = self._process.returncode, None
        return ended

    def restart(self) -> None:
        """Stop and start on the same port and data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop and remove the temp folder (not a `var` that was given)."""
        self.stop()
        shutil.rmtree(self._own_folder, ignore_errors=True)
        atexit.unregister(self.close)

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    def _lay_out(self) -> None:
        """Copies the prepared folder, as far as it fits. The demo makes the rest itself."""
        ports = [self.port + i for i in range(self.processes if self.stores["REDIS_URL"] else 1)]
        people = SEEDED_WITH.isdisjoint(self.settings)
        if url := self.stores["DATABASE_URL"]:
            source = Postgres.data_folders.get(url)
        else:
            source = folders.demo_with_people() if people else folders.empty_tables()
        if source is not None:
            folders.lay_out(self.var, source, ports=ports)

    def _environment(self, **more: str) -> dict[str, str]:
        stores = {name: value for name, value in self.stores.items() if value}
        # A made-up past costs each start a second, and has hours that a test has not set.
        past = {"HELPLINE_DEMO_PAST": "0"}
        files = {"HELPLINE_RELEASES": str(folders.compressed_release())}
        return folders.environment(self.var, PYTHONUNBUFFERED="1", **(past | files | stores | more))

    def _ready(self) -> bool:
        try:
            self.demo = json.loads((self.var / "demo.json").read_text())
        except ValueError:  # read while it was being written
            return False
        return all(status(url, "/readyz") == 200 for url in self.urls)

    def _family(self) -> list[psutil.Process]:
        try:
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _listening(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for process in self._family():
            try:
                places = process.net_connections(kind="tcp")
            except psutil.NoSuchProcess:
                continue
            found |= {place.laddr.port: process.pid for place in places if place.status == psutil.CONN_LISTEN}
        return found

    def _until(self, what: str, within: float, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise NotReady(f"the platform ended before {what}:\n{tail(self.output)}")
            if condition():
                return
            time.sleep(0.05)
        raise NotReady(f"within {within:g} s it did not come so far that {what}:\n{tail(self.output)}")


def status(url: str, path: str) -> int:
    """Returns the status of a GET, or 0 if nobody answers."""
    return status_and_body(url, path)[0]


def status_and_body(url: str, path: str, host: str = "") -> tuple[int, str]:
    """Returns status and body. `host` is the name of the site, if the address is another one."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
