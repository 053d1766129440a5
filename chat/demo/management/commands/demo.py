"""Runs the whole platform on one laptop: prepares a data folder, then keeps the processes running."""

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from chat.demo import people as people_of_demo
from chat.demo import two_years
from chat.runtime import starting
from counsellors.certificates import demo_signer, roots
from helpline.lib import clock, encoding
from helpline.lib.errors import FOR_A_PERSON
from helpline.lib.steps import Step
from helpline.lib.typed import as_typed_here

STOP_SECONDS = 8
NEW = "\n  The first start makes a demo in {folder}: half a minute, or more where the machine is busy.\n"


class Command(BaseCommand):
    help = "Runs the demo: migrates, seeds made-up people, serves, and starts again what dies."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        ports = _ports()
        starting.refuse(
            starting.unwritable({"HELPLINE_VAR": [settings.VAR]}),
            starting.taken_ports("127.0.0.1", ports),
            starting.stores_away(),
        )
        people = _prepare(ports)
        if not settings.DEMO:
            # The folder has just become a demo, so the settings have to be read again.
            os.execv(sys.executable, [*settings.COMMAND, "demo"])  # noqa: S606
        self._make(people)
        self._say("\n  Starting the server …\n")
        processes = Processes([["serve", "--port", str(port)] for port in ports] + _workers())
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        if status := processes.run(once=lambda: all(map(_answers, urls)), then=lambda: self._greet(people)):
            raise SystemExit(status)  # the process has printed the reason

    def _make(self, people: list[dict[str, Any]]) -> None:
        """Compiles the texts, makes the tables, people and figures, and prints a line of progress for each
        step, because a first start takes long."""
        first = "django_migrations" not in connection.introspection.table_names()
        if first:
            self._say(NEW.format(folder=settings.VAR))
        if settings.CHECKOUT:
            with self._step("Compiling the texts"):
                call_command("catalogues", verbosity=0)
        with self._step("Making the tables", every=5) as step:
            call_command("migrate", verbosity=1 if first else 0, interactive=False, stdout=step)
        with self._step("Making up people") as step:
            people_of_demo.seed(people, progress=step.dot)
        if settings.DEMO_PAST:
            with self._step("Making up two years of figures", every=4) as step:
                two_years.make(now=clock.now(), progress=step.dot)
        _note_serial()

    def _step(self, words: str, *, every: int = 1) -> Step:
        return Step(self._say, words, every=every)

    def _say(self, words: str) -> None:
        self.stdout.write(words, ending="")
        self.stdout.flush()

    def _greet(self, people: list[dict[str, Any]]) -> None:
        url = json.loads(settings.DEMO_FILE.read_text())["url"]
        paths = people_of_demo.paths()
        closed = paths.pop(people_of_demo.CLOSED_LINE, None)
        callers = "   ".join(f"{url}/{settings.LANGUAGE_CODE}/{path}/" for path in paths.values())
        self.stdout.write(f"\n  Everybody   {url}/demo/   (each signed in by a click)")
        self.stdout.write(f"  Callers     {callers}")
        if closed:
            self.stdout.write(
                f"  Letters     {url}/{settings.LANGUAGE_CODE}/{closed}/   (a line that is always closed)"
            )
        self.stdout.write(f"  Staff       {url}/login/")
        self.stdout.write(as_typed_here("  Sign-ins    (code: `helpline code <username>`)"))
        for row in people:
            works_for = ", ".join(row["lines"]) or row["service"] or ""
            self.stdout.write(
                f"    {row['username']:<26} {row['password']:<22} {row['roles'][0]} {works_for}"
            )
        self._say("\n  Stop with Ctrl+C.\n")


def _ports() -> list[int]:
    many = settings.DEMO_PROCESSES if settings.REDIS_URL else 1
    return [settings.DEMO_PORT + i for i in range(many)]


def _workers() -> list[list[str]]:
    return [["worker"]] if settings.REDIS_URL else []  # without Redis, the web process is also the worker


def _prepare(ports: list[int]) -> list[dict[str, Any]]:
    """Writes the secret and `demo.json`, readable by the owner only. Keeps the people and passwords that the
    folder already contains. Restarts the command if the origins changed."""
    os.umask(0o077)  # only the owner may read files that this process and its children write
    settings.VAR.mkdir(parents=True, exist_ok=True, mode=0o700)
    (settings.VAR / "mail").mkdir(exist_ok=True, mode=0o700)
    if not settings.SECRET_FILE.exists():
        _write(settings.SECRET_FILE, secrets.token_urlsafe(48))
    known = json.loads(settings.DEMO_FILE.read_text()) if settings.DEMO_FILE.exists() else {}
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    people: list[dict[str, Any]] = known.get("people") or people_of_demo.made_up()
    demo: dict[str, Any] = {"url": urls[0], "urls": urls, "lines": list(people_of_demo.LINES)}
    demo |= {"closed_line": people_of_demo.CLOSED_LINE} if settings.DEMO_LETTERS else {}
    demo["hosts"] = {row["username"]: f"http://{row['username']}.localhost:{ports[0]}" for row in people}
    trust = demo_signer.prepare({path: slug for slug, path in people_of_demo.paths().items()})
    named: dict[str, Any] = {"roots": sorted(map(encoding.encode, trust.points)) if trust else []}
    named |= {"serial": trust.serial if trust else 0}
    demo |= {"paths": people_of_demo.paths(), **named, "people": people}
    if demo != known:
        _write(settings.DEMO_FILE, json.dumps(demo, indent=1))
        if known and [known["urls"], known.get("hosts")] != [urls, demo["hosts"]]:
            os.execv(sys.executable, [*settings.COMMAND, "demo"])  # noqa: S606 – other origins
    return people


def _note_serial() -> None:
    """Updates the serial in `demo.json`, if scopes have been signed since that file was written."""
    demo, trust = json.loads(settings.DEMO_FILE.read_text()), roots.trust()
    if trust is not None and demo["serial"] != trust.serial:
        _write(settings.DEMO_FILE, json.dumps(demo | {"serial": trust.serial}, indent=1))


def _write(path: Path, text: str) -> None:
    """Writes atomically, so that nobody reads half a file."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def _answers(url: str) -> bool:
    """Returns whether the server at this URL answers. Uses http.client, which ignores the proxies that the
    environment sets."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Processes:
    """Starts each command as a process, restarts each process that ends by itself, and ends all of them on
    SIGTERM."""

    def __init__(self, commands: list[list[str]]) -> None:
        self.commands = commands
        self.stopping = False
        self.status = 0

    def run(self, *, once: Callable[[], bool], then: Callable[[], None]) -> int:
        """Runs until SIGTERM or SIGINT, or until a process ends with the status FOR_A_PERSON. Returns that
        status, or 0.

        Calls `then` only one time: when `once` returns True for the first time.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        processes = [self._start(command) for command in self.commands]
        greeted = False
        while not self.stopping:
            time.sleep(0.3)
            for place, process in enumerate(processes):
                if process.poll() is not None and not self.stopping:
                    processes[place] = self._follow(process, self.commands[place])
            if not greeted and not self.stopping and once():
                then()
                greeted = True
        self._end(processes)
        return self.status

    def _follow(self, process: subprocess.Popen[bytes], command: list[str]) -> subprocess.Popen[bytes]:
        """Starts and returns a replacement for a process that ended. If its exit status is FOR_A_PERSON, all
        processes are ended instead, because only a person can fix the cause."""
        if process.returncode == FOR_A_PERSON:
            self.status, self.stopping = FOR_A_PERSON, True
            return process
        time.sleep(0.5)  # so that a process that cannot start is not restarted in a tight loop
        return self._start(command)

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # Each child has its own session, so Ctrl+C reaches only this process, which then ends the others.
        words = [*settings.COMMAND, *command, "--parent", str(os.getpid())]
        return subprocess.Popen(words, start_new_session=True)  # noqa: S603

    def _end(self, processes: list[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
