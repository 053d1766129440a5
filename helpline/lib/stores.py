"""Checks whether the database and Redis answer. It connects to them directly, because a pool does not report
why it failed."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import redis
import structlog
from django.conf import settings
from django.db import connection

from helpline.lib import store_urls
from helpline.lib.typed import as_typed_here

_log = structlog.get_logger()
RETRY_SECONDS, LOG_INTERVAL_SECONDS = 5.0, 60.0
AWAY = "does not answer. `helpline check` says why; this process goes on trying."
LAYER_SECONDS = 2.0  # a worker asks between two rounds, which may be five seconds apart (heartbeat.MAX_GAP)


def database_trouble() -> str:
    """Returns why the database cannot be reached, as one line of its error; "" if it can."""
    try:
        if connection.vendor == "postgresql":
            psycopg.connect(**direct_parameters()).close()
        else:
            _look_into(Path(connection.settings_dict["NAME"]))
    except (psycopg.Error, sqlite3.Error) as error:
        return _in_a_line(error)
    return ""


def is_not_made_yet() -> bool:
    """Returns whether the database is a file that does not exist. SQLite would make it at the first query."""
    if connection.vendor == "postgresql" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return False
    return not Path(connection.settings_dict["NAME"]).exists()


def _look_into(file: Path) -> None:
    """Raises sqlite3.Error if the file is not a database (SQLite would open such a file without an error), or
    if the folder is not writable. A missing file is no error, because SQLite makes it."""
    if not file.parent.is_dir():
        raise sqlite3.OperationalError(f"there is no folder {file.parent}")
    if not os.access(file.parent, os.W_OK):
        raise sqlite3.OperationalError(f"{file.parent} cannot be written")
    if file.exists():
        with contextlib.closing(sqlite3.connect(file)) as opened:
            opened.execute("PRAGMA schema_version")


def layer_trouble() -> str:
    """Returns why Redis cannot be reached; "" if it can, or if there is none."""
    if not settings.REDIS_URL:
        return ""
    try:
        store_urls.bells(settings.REDIS_URL, timeout=LAYER_SECONDS).ping()
    except (redis.RedisError, OSError) as error:
        return _in_a_line(error)
    return ""


def direct_parameters() -> dict[str, Any]:
    """Returns the parameters with which Django would connect, for a connection that psycopg opens itself."""
    known = connection.get_connection_params()
    return {name: value for name, value in known.items() if name not in {"cursor_factory", "context"}}


class Complaint:
    """Logs that a store does not answer, once a minute until it answers."""

    def __init__(self, event: str, store: str, look: Callable[[], str]) -> None:
        self.event, self.store, self.look = event, store, look
        self.looked_at = self.said_at = -LOG_INTERVAL_SECONDS

    def tell_if_away(self) -> None:
        """Checks the store, and logs if it does not answer. May be called often, but only on a thread that
        may block."""
        now = time.monotonic()
        if now - self.looked_at < RETRY_SECONDS or now - self.said_at < LOG_INTERVAL_SECONDS:
            return
        self.looked_at = now
        if self.look():
            self.said_at = now
            _log.error(self.event, error=as_typed_here(f"{self.store} {AWAY}"))


def complaints() -> tuple[Complaint, Complaint]:
    """Returns a Complaint for the database and one for Redis."""
    return (
        Complaint("database_away", "The database", database_trouble),
        Complaint("redis_away", "Redis", layer_trouble),
    )


def _in_a_line(error: Exception) -> str:
    """Returns the reason in one line. Of an error of PostgreSQL it leaves out the beginning, which contains
    the host and port."""
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return first.rpartition(" failed: ")[2].strip(" .")
