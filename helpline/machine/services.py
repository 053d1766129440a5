"""Sets up PostgreSQL and Valkey if they are on this machine, and starts the units."""

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

from helpline.lib import readiness
from helpline.machine.examples import example
from helpline.machine.machine import ACCOUNT, Machine, Stopped

SOCKET = "@%2Frun%2Fpostgresql/"  # in a DATABASE_URL: the database on this machine, without a password
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
WORKER = "helpline-worker"
UNITS = (WORKER, "helpline-callers", "helpline-staff")
TIMERS = ("helpline-purge.timer", "helpline-audit.timer", "helpline-backup.timer")
PORTS = {"helpline-callers": 8001, "helpline-staff": 8002}
READY_SECONDS = 60


def database(machine: Machine, url: str) -> None:
    """Makes the database, and an account in it that needs no password on this machine. Does nothing for a
    database on another machine."""
    if SOCKET not in url:
        return
    folders = sorted(machine.path("/etc/postgresql").glob("*/main"), key=lambda path: int(path.parent.name))
    if not folders:
        raise Stopped(
            "PostgreSQL is not installed: apt-get install postgresql, or name another in DATABASE_URL."
        )
    name = f"/etc/postgresql/{folders[-1].parent.name}/main/conf.d/helpline.conf"
    changed = machine.rewrite(name, example("postgresql/helpline.conf"), 0o644)
    if changed or machine.says("pg_isready", "--quiet")[0]:
        machine.must("systemctl", "restart", "postgresql")
        _wait_for_database(machine)
    if not _sql(machine, "SELECT 1 FROM pg_roles WHERE rolname = 'helpline'"):
        machine.must("runuser", "-u", "postgres", "--", "createuser", ACCOUNT)
    if not _sql(machine, "SELECT 1 FROM pg_database WHERE datname = 'helpline'"):
        words = ("--owner", ACCOUNT, "--encoding", "UTF8", "--template", "template0", ACCOUNT)
        machine.must("runuser", "-u", "postgres", "--", "createdb", *words)


def bells(machine: Machine, url: str) -> None:
    """Makes Valkey's own configuration file include ours, which sets the password that the processes use.
    Does nothing for a Valkey on another machine."""
    place = urlsplit(url)
    if place.hostname not in LOOPBACK:
        return
    own = machine.path("/etc/valkey/valkey.conf")
    if not own.exists():
        raise Stopped("Valkey is not installed: apt-get install valkey-server, or name another in REDIS_URL.")
    text = example("valkey/helpline.conf").replace("put-a-long-word-here", place.password or "")
    changed = machine.rewrite("/etc/valkey/helpline.conf", text, 0o640, "valkey")
    include = "include /etc/valkey/helpline.conf"
    if not re.search(rf"^{include}$", own.read_text(), re.MULTILINE):
        with own.open("a") as file:
            file.write(f"\n{include}\n")
        changed = True
    if changed or machine.says("systemctl", "is-active", "--quiet", "valkey-server")[0]:
        machine.must("systemctl", "restart", "valkey-server")


def start(machine: Machine) -> None:
    """Starts the processes, or restarts them with changed settings: each process only after the previous one
    is ready."""
    for unit in UNITS:
        machine.must("systemctl", "enable", unit)
        machine.must("systemctl", "restart", unit)
        if unit in PORTS and not readiness.wait(PORTS[unit], seconds=READY_SECONDS):
            raise Stopped(f"{unit} did not become ready. `journalctl -u {unit}` says why.")
    # The worker has no port. It may end when a folder of its own refuses it: then no lease would ever end.
    if machine.says("systemctl", "is-active", "--quiet", WORKER)[0]:
        raise Stopped(f"{WORKER} did not stay up. `journalctl -u {WORKER}` says why.")
    for timer in TIMERS:
        machine.must("systemctl", "enable", "--now", timer)


def has_backup(machine: Machine, folder: str) -> bool:
    return any(machine.path(folder).glob("*.age")) if folder else False


def _wait_for_database(machine: Machine) -> None:
    until = time.monotonic() + READY_SECONDS
    while machine.says("pg_isready", "--quiet")[0]:
        if time.monotonic() > until:
            raise Stopped("PostgreSQL did not start. `journalctl -u 'postgresql*'` says why.")
        time.sleep(0.5)


def _sql(machine: Machine, query: str) -> str:
    return machine.must("runuser", "-u", "postgres", "--", "psql", "-tAc", query)


def program(machine: Machine) -> Path:
    return machine.path("/opt/helpline/current/bin/helpline")
