"""In production there are two hosts. The second one starts only if it shares the first one's keys."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import orphans
from tests.support.folders import OURS
from tests.support.platform import ROOT
from tests.support.servers import Postgres, Redis, free_ports

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]
WITHIN = 60.0

type Environment = dict[str, str]


@pytest.fixture
def helpline(postgres: Postgres, redis: Redis) -> Environment:
    """Makes a migrated database, and the content of each host's environment file."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return inherited | {
        "DATABASE_URL": postgres.fresh_database(),
        "REDIS_URL": redis.url.removesuffix("0") + "7",
        "HELPLINE_ORIGINS": "https://helpline.example",
        "HELPLINE_SECRET_KEY": "made up for a test " * 4,
    }


def run(environment: Environment, *words: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    orphans.adopt(process.pid)
    return process


@pytest.fixture
def running() -> Iterator[list["subprocess.Popen[str]"]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def signs_in(folder: Path, many: int) -> None:
    until = time.monotonic() + WITHIN
    while len(list(folder.glob("*.alive"))) < many:
        assert time.monotonic() < until, "no sign of life"
        time.sleep(0.1)


def listens(port: int) -> None:
    """Returns the frames that come after the proof."""
    until = time.monotonic() + WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, "it does not serve"
            time.sleep(0.1)
        else:
            return


def is_ready(port: int) -> None:
    until = time.monotonic() + WITHIN
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    while True:
        connection.request("GET", "/readyz", headers={"Host": "helpline.example"})
        answer = connection.getresponse()
        answer.read()
        if answer.status == 200:
            connection.close()
            return
        assert time.monotonic() < until, "it is not ready"
        time.sleep(0.1)


def test_a_second_host_with_keys_of_its_own_does_not_start_and_says_what_to_do(
    helpline: Environment, running: list["subprocess.Popen[str]"], tmp_path: Path
) -> None:
    one, two = (helpline | {"HELPLINE_VAR": str(tmp_path / name)} for name in ("one", "two"))
    migrates = run(one, "migrate", "--verbosity", "0")
    said, _ = migrates.communicate(timeout=WITHIN)
    assert migrates.returncode == 0, said
    running.append(run(one, "worker"))
    signs_in(tmp_path / "one" / "keys", 1)

    for command in (["worker"], ["serve", "--port", str(free_ports(1))]):
        refused = run(two, *command)
        said, _ = refused.communicate(timeout=WITHIN)
        assert refused.returncode == 1, said
        assert "A process on the host that is named keeps its keys elsewhere" in said
        assert "HELPLINE_KEYS" in said

    shared = {
        "HELPLINE_KEYS": str(tmp_path / "one" / "keys"),
        "HELPLINE_JOURNAL": str(tmp_path / "one" / "purged.log"),
    }
    port = free_ports(1)
    running.append(run(two | shared, "serve", "--port", str(port)))
    signs_in(tmp_path / "one" / "keys", 2)
    listens(port)
    assert [process.poll() for process in running] == [None, None]
    is_ready(port)
    running[-1].terminate()
    running[-1].wait(20)
    assert len(list((tmp_path / "one" / "keys").glob("*.alive"))) == 1, "who ends takes its sign along"
