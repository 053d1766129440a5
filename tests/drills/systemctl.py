#!/usr/bin/python3
"""Stands for systemctl where systemd is not PID 1. It starts each ExecStart as its unit says, without the
sandbox. Account, groups, folders, environment, limit of files, umask and Restart=always are honoured. The
output of a unit goes to /var/log/units/<unit>.log instead of the journal. It uses the standard library only,
because it runs in a bare root."""

import grp
import os
import pwd
import resource
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PLACES = [Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"), Path("/lib/systemd/system")]
WANTS = PLACES[0] / "multi-user.target.wants"
RUN, LOGS = Path("/run/units"), Path("/var/log/units")
STOPPING = 25


class Unit:
    """Represents one .service file."""

    def __init__(self, name: str) -> None:
        self.name = name if "." in name else f"{name}.service"
        if self.name == "postgresql.service":  # a target; the cluster's own unit does the work
            (version,) = os.listdir("/etc/postgresql")
            self.name = f"postgresql@{version}-main.service"
        stem, _, suffix = self.name.rpartition(".")
        file, _, self.instance = stem.partition("@")
        wanted = f"{file}@.{suffix}" if self.instance else self.name
        path = next(place / wanted for place in PLACES if (place / wanted).exists())
        self.lines = [row.strip() for row in path.read_text().splitlines()]

    def all(self, key: str) -> list[str]:
        rows = [row.partition("=")[2] for row in self.lines if row.startswith(f"{key}=")]
        return [
            row.replace("%i", self.instance).replace("%I", self.instance.replace("-", "/")) for row in rows
        ]

    def one(self, key: str, otherwise: str = "") -> str:
        return (self.all(key) or [otherwise])[-1]

    @property
    def pid_file(self) -> Path:
        return RUN / f"{self.name}.pid"

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"


def environment(unit: Unit) -> dict[str, str]:
    found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    for file in unit.all("EnvironmentFile"):
        for row in Path(file.lstrip("-")).read_text().splitlines():
            if row.strip() and not row.startswith("#"):
                name, _, value = row.partition("=")
                found[name] = value.strip('"')
    return found


def command(unit: Unit) -> list[str]:
    """Returns the command's words. A word that is a variable is replaced by all the words in it."""
    told, found = environment(unit), []
    for word in shlex.split(unit.one("ExecStart").lstrip("-")):
        found += shlex.split(told.get(word[1:], "")) if word.startswith("$") else [word]
    return found


def folders(unit: Unit, owner: pwd.struct_passwd) -> None:
    for key, place, mode in (("StateDirectory", "/var/lib", "0755"), ("RuntimeDirectory", "/run", "0755")):
        for name in unit.one(key).split():
            folder = Path(place, name)
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(int(unit.one(f"{key}Mode", mode), 8))
            os.chown(folder, owner.pw_uid, owner.pw_gid)


def begin(unit: Unit) -> subprocess.Popen[bytes]:
    """Runs ExecStart once, as the unit's account."""
    account = pwd.getpwnam(unit.one("User", "root"))
    group = grp.getgrnam(unit.one("Group")).gr_gid if unit.one("Group") else account.pw_gid
    folders(unit, account)
    words = command(unit)
    identity: dict[str, Any] = {}
    if capability := unit.one("AmbientCapabilities"):
        name = "+" + capability.removeprefix("CAP_").lower()
        words = [
            "setpriv", f"--reuid={account.pw_uid}", f"--regid={group}", "--init-groups",
            f"--inh-caps={name}", f"--ambient-caps={name}", *words,
        ]  # fmt: skip
    else:
        groups = os.getgrouplist(account.pw_name, group)
        identity = {"user": account.pw_uid, "group": group, "extra_groups": groups}

    def limits() -> None:
        if files := unit.one("LimitNOFILE"):
            hard = min(int(files), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        os.umask(int(unit.one("UMask", "0022"), 8))

    with unit.log.open("ab") as log:
        started: subprocess.Popen[bytes] = subprocess.Popen(
            words, cwd=unit.one("WorkingDirectory", "/"), env=environment(unit) | {"HOME": account.pw_dir},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=limits,  # noqa: PLW1509 – one thread
            **identity,
        )  # fmt: skip
    return started


def keep(unit: Unit) -> None:
    """Restarts what has exited, as Restart=always does, until it is told to stop."""
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    while True:
        running = begin(unit)
        while running.poll() is None:
            time.sleep(0.1)
            if stopping:
                running.terminate()
                try:
                    running.wait(STOPPING)
                except subprocess.TimeoutExpired:
                    running.kill()
                return
        for_good = unit.one("RestartPreventExitStatus").split()
        if unit.one("Restart") != "always" or str(running.returncode) in for_good:
            return
        time.sleep(float(unit.one("RestartSec", "0.1")))


def start(unit: Unit) -> None:
    if unit.name.endswith(".timer"):
        start(Unit(unit.name.replace(".timer", ".service")))
        return
    if unit.one("Type") in {"oneshot", "forking"}:
        if status := begin(unit).wait():
            sys.exit(f"{unit.name} ended with {status}:\n{unit.log.read_text()[-2000:]}")
        return
    if os.fork() == 0:
        os.setsid()
        unit.pid_file.write_text(str(os.getpid()))
        with Path("/dev/null").open("r+b") as nothing:
            for number in (0, 1, 2):
                os.dup2(nothing.fileno(), number)
        keep(unit)
        unit.pid_file.unlink(missing_ok=True)
        os._exit(0)
    time.sleep(0.2)


def stop(unit: Unit) -> None:
    if stops := unit.one("ExecStop"):
        subprocess.run(shlex.split(stops.lstrip("-")), check=False, capture_output=True)
    elif unit.pid_file.exists():
        os.kill(int(unit.pid_file.read_text()), signal.SIGTERM)
        until = time.monotonic() + STOPPING + 5
        while unit.pid_file.exists() and time.monotonic() < until:
            time.sleep(0.1)


def enable(unit: Unit, action: str) -> None:
    """Does nothing: here no unit is started with the machine."""
    link = WANTS / unit.name
    if action == "is-enabled" and not link.exists():
        sys.exit(1)
    WANTS.mkdir(parents=True, exist_ok=True)
    if action == "enable":
        link.touch()
    elif action == "disable":
        link.unlink(missing_ok=True)


def main(words: list[str]) -> None:
    RUN.mkdir(parents=True, exist_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    action, *rest = [word for word in words if not word.startswith("-")]
    for unit in map(Unit, rest):
        if action in {"enable", "disable", "is-enabled"}:
            enable(unit, action)
        if action == "is-active" and not unit.pid_file.exists():
            sys.exit(3)
        if action in {"stop", "restart"} or (action == "disable" and "--now" in words):
            stop(unit)
        if action in {"start", "restart"} or (action == "enable" and "--now" in words):
            start(unit)


if __name__ == "__main__":
    main(sys.argv[1:])
