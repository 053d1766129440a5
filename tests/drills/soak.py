"""`make soak HOURS=6` plays evening after evening on an installation made by docs/install.md, to see whether
its curves stay flat. Every few seconds it records memory, open connections and lateness of the event loop for
each process, and the database's connections. At the end it compares the second quarter with the last one, and
draws both."""

import argparse
import asyncio
import base64
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.signin import Person
from tests.drills import installed, releases, root
from tests.drills.curves import draw
from tests.drills.root import Root
from tests.support.platform import ROOT

EVENING = 15.0  # minutes
COUNSELLORS, CALLERS, PACE = 6, 90, 4
EVERY = 10.0  # seconds
MOST_GROWTH, LATE = 1.15, 0.25  # growth of memory; lateness in seconds
PROCESSES = {"callers": "serve --only=callers", "staff": "serve --only=staff", "worker": "worker"}
PORTS = dict(zip(("callers", "staff"), installed.PORTS, strict=True))
ADD = "import json\nfrom chat.demo import people\nfor row in json.loads({rows!r}): people.add(row)"


@dataclass
class Watch:
    """Holds what was recorded: minutes since the beginning, and for each name a value at each moment."""

    machine: Root
    minutes: list[float] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    sockets: dict[str, list[float]] = field(default_factory=dict)
    late: dict[str, list[float]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        begun = time.monotonic()
        while not self.over.wait(EVERY):
            self.minutes.append((time.monotonic() - begun) / 60)
            self._look()

    def _look(self) -> None:
        for process in self.machine.processes():
            words = " ".join(process.cmdline())
            for name, command in PROCESSES.items():
                if words.endswith((command, f"{command} --host 127.0.0.1 --port {PORTS.get(name)}")):
                    self.memory.setdefault(name, []).append(process.memory_info().rss / 2**20)
                    self.sockets.setdefault(name, []).append(float(len(process.net_connections("all"))))
        for name, port in PORTS.items():
            found = re.search(
                r"^helpline_loop_lag_seconds (\S+)$", installed.asked(port, "/metrics")[1], re.MULTILINE
            )
            self.late.setdefault(name, []).append(float(found[1]) * 1000 if found else 0.0)
        count = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'helpline'"
        said = self.machine.run(f'runuser -u postgres -- psql -tAc "{count}"')
        self.sockets.setdefault("database", []).append(float(said))

    def verdicts(self) -> list[tuple[str, bool]]:
        """Returns each verdict in words, and whether it holds: the second quarter of the time is compared
        with the last one."""
        found = []
        for name, values in self.memory.items():
            early, last = _quarters(values)
            found.append((f"memory of {name}: {early:.0f} → {last:.0f} MiB", last <= early * MOST_GROWTH))
        for name, values in self.sockets.items():
            early, last = _quarters(values)
            found.append((f"connections of {name}: {early:.0f} → {last:.0f}", last <= early * 1.25 + 10))
        for name, values in self.late.items():
            early, last = _quarters(values)
            found.append(
                (f"lateness of {name}: {early:.0f} → {last:.0f} ms", last <= max(2 * early, LATE * 1000))
            )
        return found


def _quarters(values: list[float]) -> tuple[float, float]:
    quarter = max(1, len(values) // 4)
    return statistics.median(values[quarter : 2 * quarter]), statistics.median(values[-quarter:])


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--hours", type=float, default=6)
    asked.add_argument("--picture", type=Path, default=Path(tempfile.gettempdir()) / "soak.svg")
    options = asked.parse_args()
    if root.OUTSIDE not in os.environ:
        words = root.alone([sys.executable, "-m", "tests.drills.soak", *sys.argv[1:]])
        more = {root.OUTSIDE: str(os.getpid())}
        return subprocess.run(words, cwd=ROOT, env=os.environ | more, check=False).returncode
    root.prepare_network()
    with Root() as machine:
        return _soak(machine, options.hours, options.picture)


def _soak(machine: Root, hours: float, picture: Path) -> int:
    release = releases.build(Path(tempfile.mkdtemp(prefix="helpline-release-")))
    here, _left = installed.from_page(machine, release, HELPLINE_DEVICE_APPROVAL="first")
    while not all(map(installed.is_ready, installed.PORTS)):
        time.sleep(0.5)
    floor = installed.comes_in("floor", here.link_of("floor"))
    asyncio.run(_opens(floor))
    watch = Watch(machine)
    watching = threading.Thread(target=watch.run)
    watching.start()
    lost = 0
    try:
        number, until = 0, time.monotonic() + hours * 3600
        while time.monotonic() < until:  # an evening is over once its last caller is
            lost += _evening(machine, number, min(EVENING, hours * 60))
            number += 1
    finally:
        watch.over.set()
        watching.join()
    draw(
        picture,
        watch.minutes,
        {"memory, MiB": watch.memory, "connections": watch.sockets, "event loop late by, ms": watch.late},
    )
    verdicts = [*watch.verdicts(), (f"{lost} evenings in which a message was lost", not lost)]
    for words, held in verdicts:
        print(f"{'ok   ' if held else 'WRONG'} {words}", flush=True)
    print(f"picture: {picture}")
    return int(not all(held for _, held in verdicts))


async def _opens(person: Person) -> None:
    floor = await installed.console(person)
    await floor.request("line", line="helpwanted", state="open", most=None, reason=None)
    await floor.disconnect()


def _evening(machine: Root, number: int, minutes: float) -> int:
    """Plays one more evening with its own counsellors, who each use a new device. Returns 1 if a message was
    lost."""
    rows = [
        {
            "username": f"soak{number}x{who}",
            "password": secrets.token_urlsafe(15),
            "alias": f"S{number} {who}",
            "totp_secret": base64.b32encode(secrets.token_bytes(20)).decode(),
            "roles": ["counsellor"],
            "lines": ["helpwanted"],
            "service": None,
        }
        for who in range(COUNSELLORS)
    ]
    machine.put("root/rows.py", ADD.format(rows=json.dumps(rows)), 0o644)
    machine.run('chmod o+x /root && helpline shell -v 0 -c "$(cat /root/rows.py)"')
    people = Path(tempfile.mkdtemp(prefix="helpline-people-")) / "people.json"
    people.write_text(
        json.dumps(
            {"url": installed.CALLERS, "staff_url": installed.STAFF, "lines": ["helpwanted"], "people": rows}
        )
    )
    words = ["load", "--people", str(people), "--callers", str(CALLERS), "--counsellors", str(COUNSELLORS)]
    played = subprocess.run(
        [sys.executable, "manage.py", *words, "--minutes", f"{minutes:g}", "--pace", str(PACE)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {"HELPLINE_VAR": str(people.parent)},
    )  # fmt: skip
    print(f"evening {number + 1}\n{played.stdout[-900:]}{played.stderr[-600:]}", flush=True)
    return int(played.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
