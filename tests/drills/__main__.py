"""`make drills`: everything that takes long, one after the other, to the end also when something fails.

What each printed stands in a file of its own in HELPLINE_DRILLS, or in a folder that it names.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTEST = ("-m", "pytest", "-s", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Drill:
    name: str
    words: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


BESIDE = ("tests/conversation/test_lost_bells.py", "tests/queue/test_rivals.py")
LONG, ROUNDS = ("FAULTS", "long"), ("FAULT_ROUNDS", "200")
DRILLS = (
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
    """A row for docs/reliability.md: name, minutes, seeds."""
    output, begun = folder / f"{drill.name}.txt", time.monotonic()
    with output.open("wb") as file:
        done = subprocess.run(
            [sys.executable, *drill.words], cwd=ROOT, env=os.environ | dict(drill.environment),
            stdout=file, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    seeds = sorted(set(re.findall(r"\bseeds? (\d+(?: to \d+)?)", output.read_text(errors="replace"))))
    shown = ", ".join(seeds[:3]) or "–"
    verdict = "green" if done.returncode == 0 else f"FAILED ({done.returncode})"
    print(f"| {drill.name} | {(time.monotonic() - begun) / 60:.0f} min | {shown} | {verdict} |", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
