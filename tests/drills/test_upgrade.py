"""Processes are upgraded one after the other to this release and back, under load."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from tests.conftest import started
from tests.faults.pairs import Pair, all_are_back, nothing_is_lost, pairs, phone
from tests.support.cast import go_home
from tests.support.platform import ROOT, STOPPING, Platform, status
from tests.support.servers import Postgres, Redis

pytestmark = pytest.mark.timeout(900)
CHATS, EACH = 12, 4
BACK = 15.0
QUIET = {"try_again"}  # the page retries these by itself, and never shows them


def commit_before() -> str:
    rows = (ROOT / "deploy" / "PREVIOUS").read_text().splitlines()
    return next(row.split()[1] for row in rows if row.startswith("commit "))


class Rolling(Platform):
    """Runs two web processes and a worker, each from one of two trees."""

    def __init__(self, old: Path, database_url: str, redis_url: str) -> None:
        super().__init__(
            database_url=database_url, redis_url=redis_url, processes=2,
            DEMO_COUNSELLORS=CHATS // EACH + 1, CALLER_BURST=10_000, CALLER_RATE=10_000,
        )  # fmt: skip
        self.old = old
        self.by_hand: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def names(self) -> list[str]:
        return ["worker", *map(str, range(self.port, self.port + self.processes))]

    def start(self) -> Self:
        """Lets the previous release make the tables and the people, and then starts its processes."""
        environment = self._environment(PORT=str(self.port), PROCESSES="2", **self.settings)
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"], cwd=self.old, env=environment,
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self._until("demo.json is written", 60, (self.var / "demo.json").exists)
        self.wait_ready()
        super().stop()
        for name in self.names:
            self.begin(name, self.old)
        return self

    def begin(self, name: str, tree: Path) -> None:
        """Starts a process and waits until it is ready."""
        words = ["worker"] if name == "worker" else ["serve", "--port", name]
        with self.output.open("ab") as output:
            self.by_hand[name] = subprocess.Popen(
                [sys.executable, "manage.py", *words], cwd=tree, env=self._environment(**self.settings),
                stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        while name != "worker" and status(f"http://127.0.0.1:{name}", "/readyz") != 200:
            assert self.by_hand[name].poll() is None, self.output.read_text()[-3000:]

    def exchange(self, name: str, tree: Path) -> None:
        """Restarts a process as systemd restarts a unit."""
        self.by_hand[name].terminate()
        assert self.by_hand[name].wait(STOPPING) == 0
        self.begin(name, tree)

    def stop(self) -> int | None:
        for process in self.by_hand.values():
            process.kill()
            process.wait()
        self.by_hand.clear()
        return super().stop()


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """Returns the commit that deploy/PREVIOUS names, in a tree of its own."""
    tree = tmp_path / "before"
    subprocess.run(["git", "worktree", "add", "--detach", str(tree), commit_before()], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "manage.py", "catalogues"], cwd=tree, check=True)
    yield tree
    subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)


@pytest.fixture
def rolling(old: Path, redis: Redis) -> Iterator[Rolling]:
    for server in started(Postgres()):
        with Rolling(old, server.fresh_database("template1"), redis.url) as running:
            yield running


async def test_an_upgrade_and_the_way_back_disturb_nobody_who_talks_or_waits(rolling: Rolling) -> None:
    some = await pairs(rolling, CHATS, each=EACH)
    waiting = await phone(rolling, "who waits")
    stop = asyncio.Event()
    chats = asyncio.gather(*(one.chat(stop, pause=2) for one in some))
    prepared = await asyncio.to_thread(rolling.manage, "upgrade", "--prepare", "--without-backup")
    assert prepared.returncode == 0, prepared.stderr
    for tree in (ROOT, rolling.old):
        for name in rolling.names:
            await asyncio.to_thread(rolling.exchange, name, tree)
            await all_are_back(some, BACK)
            newcomer = await phone(rolling, f"who comes beside {name}")
            await newcomer.leave()
        await asyncio.gather(*(one.exchange(f"op {tree.name}", BACK) for one in some))
    stop.set()
    await chats
    await nothing_is_lost(some)
    for one in some:
        assert set(_refusals(one)) <= QUIET
    assert (await waiting.sync())["seq"] >= 0
    assert waiting.state == "waiting"
    assert not waiting.talk.of("ended")
    await go_home(rolling)


def _refusals(one: Pair) -> list[str]:
    return one.caller.refusals + one.counsellor.refusals
