"""Makes a second PostgreSQL that follows the first one, and a Redis with a follower and three Sentinels."""

import os
import subprocess
import time
from pathlib import Path

import psycopg

from tests.support.servers import DidNotStart, Postgres, Redis

MASTER = "bells"
FINDS_OUT_MS, MOVES_MS = 1000, 5000
FOLLOWS = 30.0


class Standby(Postgres):
    """Streams from `primary`, which from now on acknowledges only what this server has written, too."""

    def __init__(self, primary: Postgres) -> None:
        super().__init__()
        self.primary = primary

    def follow(self) -> None:
        """Starts the standby and makes the primary wait for it, so that no acknowledged message is on one
        disk alone."""
        self.start()
        name = "ALTER SYSTEM SET synchronous_standby_names = '*'"
        self.primary.execute(name, "SELECT pg_reload_conf()")
        self._until("SELECT sync_state FROM pg_stat_replication", "sync")

    def promote(self) -> None:
        self.execute("SELECT pg_promote()")

    def _until(self, question: str, answer: str) -> None:
        until = time.monotonic() + FOLLOWS
        while time.monotonic() < until:
            with psycopg.connect(self.primary.url) as connection:
                if connection.execute(question.encode()).fetchone() == (answer,):
                    return
            time.sleep(0.1)
        raise DidNotStart("the standby does not follow")

    def _prepare(self) -> None:
        self.user, self.programs = self.primary.user, self.primary.programs
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        words = ["-D", str(self.data), "-d", self.primary.url, "-R", "-X", "stream", "--checkpoint=fast"]
        subprocess.run(
            [str(self.programs / "pg_basebackup"), *words],
            check=True, capture_output=True, cwd=self.folder, **self._as_user(),
        )  # fmt: skip
        self.data.chmod(0o700)


class Follower(Redis):
    """A Redis that follows another one."""

    def __init__(self, leader: Redis) -> None:
        super().__init__()
        self.leader = leader

    def _command(self) -> list[str]:
        return [*super()._command(), "--replicaof", f"127.0.0.1 {self.leader.port}"]


class Sentinel(Redis):
    """Represents one of the Sentinels, which agree on which Redis is the primary."""

    def __init__(self, leader: Redis) -> None:
        super().__init__()
        self.leader = leader

    def _command(self) -> list[str]:
        return [str(self.binary), str(self._written()), "--sentinel"]

    def _written(self) -> Path:
        path = self.folder / "sentinel.conf"
        path.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.data}\n"
            f"sentinel monitor {MASTER} 127.0.0.1 {self.leader.port} 2\n"
            f"sentinel down-after-milliseconds {MASTER} {FINDS_OUT_MS}\n"
            f"sentinel failover-timeout {MASTER} {MOVES_MS}\n"
        )
        return path
