"""`make drills` runs everything that takes long, one after the other, and goes on after a failure. The output
of each is in a file in HELPLINE_DRILLS, or in a folder that it names. `install`, `watch`, `secrets` and
`container` need root and util-linux, because they make namespaces of their own."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.drills import root

ROOT = Path(__file__).parents[2]
PYTEST = ("-m", "pytest", "-s", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Drill:
    name: str
    words: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    alone: bool = False  # in a network of its own
    needs: tuple[str, ...] = ()  # programs, which Debian has under the same names


LONG, ROUNDS = ("FAULTS", "long"), ("FAULT_ROUNDS", "200")
WANTED = ("HELPLINE_DRILL", "1")
FRESH = {"TESTS_SEED": str(secrets.randbits(32))}
BESIDE = (
    "tests/conversation/test_lost_bells.py",
    "tests/queue",
    "tests/handoff/test_invitation_machine.py",
    "tests/retention/test_keeping_machine.py",
)


def _in_a_root(name: str, module: str, *needs: str) -> Drill:
    """Runs a drill that makes its own Debian."""
    words = (*PYTEST, "-o", "timeout=1800", f"tests/drills/{module}.py")
    return Drill(name, words, (WANTED,), alone=True, needs=("debootstrap", "minisign", "unshare", *needs))


DRILLS = (
    _in_a_root("install", "test_install"),
    _in_a_root("watch", "test_watched"),
    _in_a_root("secrets", "test_secrets"),
    _in_a_root("container", "test_container", "buildah"),
    Drill("failover", (*PYTEST, "tests/drills/test_failover.py"), (WANTED,)),
    Drill("upgrade", (*PYTEST, "tests/drills/test_upgrade.py"), (WANTED,)),
    Drill("restore", (*PYTEST, "tests/administration/test_backups.py")),
    Drill("faults", (*PYTEST, "tests/faults", *BESIDE), (LONG, ROUNDS)),
    Drill("fuzz", (*PYTEST, "tests/fuzz"), (("FUZZ", "long"),)),
    Drill("crowd", ("-m", "benchmarks.crowd", "--strict")),
)


def main() -> int:
    folder = Path(os.environ.get("HELPLINE_DRILLS") or tempfile.mkdtemp(prefix="helpline-drills-"))
    folder.mkdir(parents=True, exist_ok=True)
    print(f"What they print: {folder}", flush=True)
    wanted = set(sys.argv[1:])
    failed = [
        drill.name
        for drill in DRILLS
        if drill.name in (wanted or {drill.name}) and not _is_green(drill, folder)
    ]
    print(f"{datetime.now(UTC):%Y-%m-%d} {'failed: ' + ', '.join(failed) if failed else 'all green'}")
    return int(bool(failed))


def _is_green(drill: Drill, folder: Path) -> bool:
    """Makes a row for docs/reliability.md: name, minutes, seeds."""
    if missing := [program for program in drill.needs if not shutil.which(program)]:
        print(f"| {drill.name} | – | – | FAILED: apt-get install {' '.join(missing)} |", flush=True)
        return False
    output, begun = folder / f"{drill.name}.txt", time.monotonic()
    words = [sys.executable, *drill.words]
    # An import has named the product's settings; the tests have their own, with a data folder of their own.
    given = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with output.open("wb") as file:
        done = subprocess.run(
            root.alone(words) if drill.alone else words,
            cwd=ROOT, env=FRESH | given | dict(drill.environment) | {root.OUTSIDE: str(os.getpid())},
            stdout=file, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    seeds = sorted(set(re.findall(r"\bseed (\d+)", output.read_text(errors="replace"))))
    shown = ", ".join(seeds[:3]) or "–"
    verdict = "green" if done.returncode == 0 else f"FAILED ({done.returncode})"
    print(f"| {drill.name} | {(time.monotonic() - begun) / 60:.0f} min | {shown} | {verdict} |", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
