"""The rule of posting holds in PostgreSQL as in SQLite, and in its races: the same modules again, there."""

import os
import subprocess
import sys

import pytest

from tests.support.platform import ROOT
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
MODULES = (
    "test_posting",
    "test_posting_together",
    "test_posting_rule",
    "test_posting_races",
    "test_posting_on_the_loop",
    "test_how_much_is_posted",
)


def test_posting_is_the_same_in_postgresql(postgres: Postgres) -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    modules = [f"tests/conversation/{name}.py" for name in MODULES]
    environment = {**os.environ, "TESTS_DATABASE_URL": postgres.fresh_database("template1")}
    done = subprocess.run(
        [*words, *modules], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
