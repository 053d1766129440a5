"""`make steady` finds out whether a test ever fails by chance. It runs `make test` eight times beside two
busy loops, and `make test-all` three times alone. Each run adds a row to docs/testing.md when it ends, so
that the next call continues there. A row counts for every later commit that changes no test. After a failed
run the count starts again."""

import argparse
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "testing.md"
WANTED = {"test": 8, "test-all": 3}
BUSY = 2  # loops beside `make test`
# When, which commit, what, the seed, minutes, how it ended.
ROW = re.compile(r"^\| [\d-]{10} \| `([0-9a-f]+)` \| `make (test|test-all)`[^|]*\|[^|]+\|[^|]+\| (\w+)")
FAILED = re.compile(r"^(?:(?:FAILED|ERROR) (\S+)|not ok \d+ - (.+))", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """Represents a row of the table."""

    commit: str
    what: str
    is_green: bool


def main() -> int:
    """Returns 0 when all wanted runs are there, and 1 after a failed run or if there are uncommitted
    changes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=sum(WANTED.values()), help="at most so many this time")
    most = parser.parse_args().runs
    if _git("status", "--porcelain", "--", ".", ":!docs/testing.md"):
        print("Commit first: a row names the commit that was run.")
        return 1
    for what in _missing()[:most]:
        if not _play(what):
            print("Red: a defect with a cause. The count begins anew.")
            return 1
    left = _missing()
    print(f"{len(left)} to go" if left else "Steady.")
    return 0


def _missing() -> list[str]:
    """Returns the runs that are still to be done, the short ones first."""
    return [what for what, many in WANTED.items() for _ in range(many - counted(runs()).count(what))]


def runs() -> list[Run]:
    """Returns the rows of the table, the oldest first."""
    found = (ROW.match(line) for line in TABLE.read_text().splitlines())
    return [Run(row[1], row[2], row[3] == "green") for row in found if row]


def counted(rows: list[Run]) -> list[str]:
    """Returns the successful runs since the last failed one, of the tests as they are now."""
    good: list[str] = []
    for row in rows:
        if _has_these_tests(row.commit):
            good = [*good, row.what] if row.is_green else []
    return good


def _has_these_tests(commit: str) -> bool:
    same = subprocess.run(
        ["git", "diff", "--quiet", commit, "HEAD", "--", "tests", "pyproject.toml"], cwd=ROOT, check=False
    )
    return same.returncode == 0


def _play(what: str) -> bool:
    """Does one run and adds its row."""
    commit, begun, seed = _git("rev-parse", "--short", "HEAD"), time.monotonic(), str(secrets.randbits(32))
    print(f"make {what} …", flush=True)
    with _busy(BUSY if what == "test" else 0):
        words = ["make", what, *([f"TESTS_SEED={seed}"] if what == "test-all" else [])]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    minutes = (time.monotonic() - begun) / 60
    red = failed(done.stdout)
    verdict = "green" if done.returncode == 0 else f"red: {', '.join(red) or 'no test'}"
    named = f"`make {what}`{', two busy loops' if what == 'test' else ', alone'}"
    shown = seed if what == "test-all" else "none"
    row = f"| {datetime.now(UTC):%Y-%m-%d} | `{commit}` | {named} | {shown} | {minutes:.1f} | {verdict} |"
    print(row, flush=True)
    text = TABLE.read_text().rstrip("\n")
    TABLE.write_text(f"{text}\n{row}\n")
    if done.returncode:
        (ROOT / ".cache" / "steady-red.txt").write_text(done.stdout + done.stderr)
    return done.returncode == 0


def failed(output: str) -> list[str]:
    """Returns the names of the tests that failed: of pytest the place, of Node the title."""
    return sorted({place or title for place, title in FAILED.findall(output)})


@contextmanager
def _busy(many: int) -> Iterator[None]:
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(many)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
