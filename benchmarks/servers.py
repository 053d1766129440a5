"""Starts the four servers side by side, and measures what their processes cost. All share one PostgreSQL and
one Redis."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Self

import psutil
import psycopg
import redis

from benchmarks.report import facts
from tests.support.platform import ROOT, Platform
from tests.support.servers import Postgres, Redis, free_ports

STARTING = 30.0
BASELINES = ("tutorial", "naive", "socketio")
# Leases outlast the rounds in which a side is suspended; beats keep their 20 s.
PATIENT = {"HERE_SECONDS": 600, "STAFF_LEASE_SECONDS": 600, "WAITING_AWAY_SECONDS": 3600}
UNPACED = {
    "CALLER_BURST": 1_000_000,
    "CALLER_RATE": 100_000,
    "STAFF_BURST": 1_000_000,
    "PACE_BURST": 1_000_000,
    "PACE_RATE": 100_000,
    "CONVERSATION_ENTRIES": 1_000_000,
    "CONVERSATION_BYTES": 2**40,
}


class Baseline:
    """Runs a baseline with Daphne's own command or with Node; like ours without access log, pings or
    time-outs."""

    def __init__(self, name: str, *, database_url: str, redis_url: str) -> None:
        self.name = name
        self.port = free_ports()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DJANGO_SETTINGS_MODULE": f"benchmarks.baselines.{name}.settings",
        }

    def start(self) -> Self:
        if self.name == "naive":
            command = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"]
            subprocess.run(command, cwd=ROOT, env=self.environment, check=True)  # noqa: S603 – own arguments
        self.begin()
        deadline = time.monotonic() + STARTING
        while not _listens(self.port):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"the baseline {self.name} did not start")
            time.sleep(0.02)
        return self

    def begin(self) -> None:
        """Starts the process and does not wait."""
        words = self._socketio() if self.name == "socketio" else self._daphne()
        self.process = subprocess.Popen(  # noqa: S603 – own arguments
            words, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def _daphne(self) -> list[str]:
        place = f"tcp:port={self.port}:interface=127.0.0.1:backlog=4096"
        options = ["-v", "0", "--no-server-name", "--ping-interval", "1000000000", "-e", place]
        application = f"benchmarks.baselines.{self.name}.asgi:application"
        return [sys.executable, "-m", "daphne", *options, application]

    def _socketio(self) -> list[str]:
        program = "benchmarks/baselines/socketio/server.mjs"
        return ["node", program, str(self.port), self.environment["DATABASE_URL"]]

    def family(self) -> list[psutil.Process]:
        return family(self.process.pid)

    def close(self) -> None:
        end(self.process)


class Stores:
    """Runs PostgreSQL and Redis with their default durability (Redis without persistence, as we advise)."""

    def __enter__(self) -> Self:
        self.postgres = Postgres().start()
        self.redis = Redis().start()
        return self

    def __exit__(self, *_: object) -> None:
        self.redis.close()
        self.postgres.close()

    def baseline(self, name: str) -> Baseline:
        return Baseline(name, database_url=self.postgres.fresh_database(), redis_url=self.redis.url).start()

    def helpline(self, *, counsellors: int, processes: int = 1, **settings: float) -> Platform:
        """Starts our platform as the demo does: one web process or more and a worker, `counsellors` on each
        line."""
        return Platform(
            database_url=self.postgres.fresh_database(),
            redis_url=self.redis.url,
            processes=processes,
            **{"DEMO_COUNSELLORS": counsellors, **PATIENT, **UNPACED} | settings,  # type: ignore[arg-type]
        ).start()

    def postgres_kib(self) -> float:
        """Returns PostgreSQL's memory in KiB; memory that its processes share counts once."""
        return sum(process.memory_full_info().pss for process in family(self.postgres.pid)) / 1024

    def family(self) -> list[psutil.Process]:
        return [*family(self.postgres.pid), *family(self.redis.pid)]

    def facts(self, shape: str) -> list[str]:
        """Returns the facts at the head of the results."""
        with psycopg.connect(self.postgres.url) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        with redis.Redis.from_url(self.redis.url) as client:
            known = client.info("server")
        name = known.get("server_name", "redis")
        number = known.get(f"{name}_version") or known["redis_version"]
        words = f"PostgreSQL {row[0] if row else '?'}", f"{str(name).title()} {number}"
        return facts(*words, shape, psutil.cpu_percent(2) / 100)


def serve_again(platform: Platform) -> tuple[subprocess.Popen[bytes], str]:
    """Starts a further web process on the platform's data, without waiting for it. Returns the process and
    its address."""
    port = free_ports()
    environment = os.environ | platform.stores | {"HELPLINE_VAR": str(platform.var)}
    words = [sys.executable, "manage.py", "serve", "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603
    return process, f"http://127.0.0.1:{port}"


def end(process: subprocess.Popen[bytes]) -> None:
    """Sends SIGTERM, and after 8 s SIGKILL."""
    process.terminate()
    try:
        process.wait(8)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def family(pid: int) -> list[psutil.Process]:
    """Returns the process and all its descendants."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Returns the CPU seconds of the living processes and of the children that each has reaped."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
            # The clock of another process (man 3 clock_getcpuclockid) counts nanoseconds, /proc in 10 ms.
            total += time.clock_gettime((~process.pid << 3) | 2)
            total += times.children_user + times.children_system
        except (psutil.NoSuchProcess, OSError):
            continue
    return total


def rss_kib(process: psutil.Process) -> float:
    """Returns the resident memory in KiB."""
    return float(process.memory_info().rss) / 1024


def stand_still(processes: Iterable[psutil.Process]) -> None:
    """Suspends a side that is not measured, so that it takes no CPU from the one that is."""
    for process in processes:
        process.suspend()


def go_on(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        process.resume()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def many_files() -> int:
    """Raises the limit of open files to the maximum, for this process and those that it starts. Returns the
    limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
