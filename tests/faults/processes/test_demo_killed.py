"""If a demo is killed, its processes end too, so that none serves an old page beside a new demo."""

import os
import signal
import time

import psutil
import pytest

from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis


@pytest.fixture(autouse=True)
def _home() -> None:
    """Replaces the folder's fixture: this test has no client and breaks no store."""


@pytest.mark.stack
def test_web_processes_and_worker_end_with_a_demo_that_is_killed(postgres: Postgres, redis: Redis) -> None:
    with Platform(database_url=postgres.database_with_people(), redis_url=redis.url, processes=2) as running:
        assert running._process is not None
        demo = psutil.Process(running._process.pid)
        children = demo.children(recursive=True)
        assert len(children) == 3
        os.kill(demo.pid, signal.SIGKILL)
        running._process.wait()
        until = time.monotonic() + 15
        while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children):
            assert time.monotonic() < until, "a process outlived its demo"
            time.sleep(0.1)
