"""What the domain refuses and outlives in SQLite, it does in PostgreSQL: the same modules again, there.

A minute: with FAULTS=long (`make drills`) only.
"""

import os
import subprocess
import sys

import pytest

from tests.support.platform import ROOT
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
MODULES = (
    "handoff/test_guests",
    "handoff/test_invitations",
    "staff/signin/test_known_browser",
    "staff/signin/test_second_factor",
    "staff/signin/test_sessions",
)


def test_they_hold_in_postgresql(postgres: Postgres) -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    modules = [f"tests/{name}.py" for name in MODULES]
    environment = {**os.environ, "TESTS_DATABASE_URL": postgres.fresh_database("template1")}
    done = subprocess.run(
        [*words, *modules], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
