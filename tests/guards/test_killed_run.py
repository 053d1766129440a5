"""Tests that are killed leave no process and no folder, which would slow down later runs."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.support.platform import ROOT

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
STANDS, GONE = 150.0, 30.0  # seconds
KINDS = ("postgres", "valkey", "redis", "manage.py", "chrom", "playwright")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_killed_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    temporary, stands = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="left-")), tmp_path / "stands"
    temporary.chmod(0o755)  # PostgreSQL's user finds its folder there
    words = ["-m", "pytest", "-q", "-n", "1", "-p", "no:cacheprovider", "tests/browser/left_running.py"]
    run = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=os.environ | {"STANDS": str(stands), "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(STANDS, stands.exists)
        family = psutil.Process(run.pid).children(recursive=True)
        lines = list(map(_line, family))
        missing = [kind for kind in KINDS if not any(kind in line for line in lines)]
        assert len(missing) == 1, f"of Redis and Valkey one runs, and all others: {missing}"
        run.send_signal(how)
        run.wait(GONE)
        _until(GONE, lambda: not any(map(_runs, family)))
        _until(GONE, lambda: not [place for place in temporary.glob("helpline-*") if any(place.iterdir())])
    finally:
        run.kill()


def _line(process: psutil.Process) -> str:
    """Returns the process's command, or "" if it has ended since it was listed."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # ZombieProcess is one
        return ""


def _runs(process: psutil.Process) -> bool:
    """Returns whether the process still runs, which may change between two calls."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _until(within: float, what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + within
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)
