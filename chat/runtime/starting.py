"""What a process needs before it starts, and only a person can provide: valid settings, folders, its port.

CannotStart names everything that is missing. What comes back by itself, such as a database, is waited for
instead.
"""

import errno
import os
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg_pool import PoolTimeout

from helpline.lib import failures, stores
from helpline.lib.errors import CannotStart
from helpline.lib.typed import as_typed_here

PORTS = range(1, 65536)
UNWRITABLE = "let this account write there, or name another folder"


def refuse(*sentences: Iterable[str]) -> None:
    """Raises all of them at once: whoever fixes one should not meet the next at the next start."""
    if found := [sentence for some in sentences for sentence in some]:
        raise CannotStart(*found)


def settings_that_do_not_fit() -> Iterator[str]:
    """Yields what Django's checks and ours (helpline/checks.py) find in settings that can be read."""
    for found in checks.run_checks():
        if found.is_serious() and not found.is_silenced():
            yield f"{found.msg}." + (f" {found.hint}" if found.hint else "")


def folders_of_server() -> dict[str, list[Path]]:
    """Returns by variable what `serve` writes into."""
    own = {"HELPLINE_VAR": [settings.VAR]} if settings.DEMO or not settings.DATABASE_URL else {}
    releases = {} if settings.DEMO else {"HELPLINE_RELEASES": [settings.RELEASES]}
    return own | _shared() | releases


def folders_of_worker() -> dict[str, list[Path]]:
    return _shared() | {"HELPLINE_AUDIT_HEADS": [settings.AUDIT_HEADS.parent]}


def _shared() -> dict[str, list[Path]]:
    return {"HELPLINE_KEYS": settings.KEY_FOLDERS, "HELPLINE_JOURNAL": [settings.JOURNAL.parent]}


def unwritable(folders: dict[str, list[Path]]) -> Iterator[str]:
    """Yields for each folder that this account may not write or make which variable names it."""
    for variable, places in folders.items():
        for place in places:
            if why := why_unwritable(place):
                yield f"{variable}: {place} {why}; {UNWRITABLE}."


def taken_ports(host: str, ports: Iterable[int]) -> Iterator[str]:
    """Tries to bind them as the server will: only so is a port known to be free."""
    for port in ports:
        if why := _why_taken(host, port):
            yield f"Port {port} {why}. Stop that, or choose another one with PORT=… or --port."


def stores_away() -> list[str]:
    """Returns those that are set and do not answer. For somebody at a terminal; a server waits for them."""
    database = stores.database_trouble() if settings.DATABASE_URL else ""
    away = [failures.database_away(database), failures.layer_away(stores.layer_trouble())]
    return [sentence for sentence in away if sentence]


def missing_tables() -> Iterator[str]:
    """Yields a sentence where the database answers, and lacks tables of this release or of an app."""
    if stores.database_trouble():
        return  # it is waited for
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, PoolTimeout):
        return
    if waiting:
        apps = ", ".join(sorted({migration.app_label for migration, _ in waiting}))
        yield as_typed_here(
            f"The database lacks tables of this release ({apps}). Make them: `helpline migrate`."
        )


def why_unwritable(place: Path) -> str:
    """Returns a reason that follows its name; "" where it can be written, or made."""
    nearest = place
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        return f"cannot be a folder: {nearest} is a file"
    if os.access(nearest, os.W_OK | os.X_OK):
        return ""
    return "cannot be written" if nearest == place else f"cannot be made: {nearest} cannot be written"


def _why_taken(host: str, port: int) -> str:
    if port not in PORTS:
        return "is none: they go from 1 to 65535"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server does: a port that was closed a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"of {host} is in use by something else"
            return f"of {host} cannot be opened ({error.strerror})"
    return ""
