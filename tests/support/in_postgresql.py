"""Runs modules of unit tests again on PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.support.platform import ROOT
from tests.support.servers import Postgres


def assert_they_hold(server: Postgres, modules: Sequence[str]) -> None:
    """Runs all tests of each `tests/<module>.py`, and fails if one fails or is skipped."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*words, *(f"tests/{name}.py" for name in modules)],
        cwd=ROOT, env={**os.environ, "TESTS_DATABASE_URL": server.fresh_database()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
