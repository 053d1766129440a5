"""A worker whose round failed leads again, because no pooled connection keeps the lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import Postgres

pytestmark = pytest.mark.stack
ROOT = Path(__file__).parents[3]

# A second connection makes the pool larger than one: the worker's next one is then not the one it gave back.
BREAKS = """
import time, threading, django
django.setup()
from django.db import connection
from chat.management.commands.worker import leads, let_go

def somebody_else():
    connection.ensure_connection()
    connection.close()

assert leads()
other = threading.Thread(target=somebody_else)
other.start()
other.join()
let_go()
until = time.monotonic() + 10
while not leads() and time.monotonic() < until:
    time.sleep(0.05)
assert leads()
"""


def test_after_a_round_that_broke_the_worker_leads_again(
    breakable_postgres: Postgres, tmp_path: Path
) -> None:
    environment = os.environ | {
        "DATABASE_URL": breakable_postgres.fresh_database(),
        "HELPLINE_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "helpline.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", BREAKS],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
