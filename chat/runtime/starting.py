"""Checks the things that a process needs at its start and that only an administrator can provide: valid
settings, folders, a free port.

The error CannotStart lists everything that is missing. If something may recover by itself, such as a
database, the process waits for it instead.
"""

import errno
import os
import pwd
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


def refuse(*sentences: Iterable[str]) -> None:
    """Raises CannotStart if there are any sentences. The error contains all of them, so that an operator sees
    every problem after one start."""
    if found := [sentence for some in sentences for sentence in some]:
        raise CannotStart(*found)


def settings_that_do_not_fit() -> Iterator[str]:
    """Yields a sentence for each serious problem that Django's checks and ours (helpline/checks.py) find in
    the settings."""
    for found in checks.run_checks():
        if found.is_serious() and not found.is_silenced():
            yield f"{found.msg}." + (f" {found.hint}" if found.hint else "")


def folders_of_server() -> dict[str, list[Path]]:
    """Returns the folders into which `serve` writes. The key is the environment variable that sets the
    folder."""
    own = {"HELPLINE_VAR": [settings.VAR]} if settings.DEMO or not settings.DATABASE_URL else {}
    releases = {} if settings.DEMO else {"HELPLINE_RELEASES": [settings.RELEASES]}
    return own | _shared() | releases


def folders_of_worker() -> dict[str, list[Path]]:
    return _shared() | {"HELPLINE_AUDIT_HEADS": [settings.AUDIT_HEADS.parent]}


def _shared() -> dict[str, list[Path]]:
    return {"HELPLINE_KEYS": settings.KEY_FOLDERS, "HELPLINE_JOURNAL": [settings.JOURNAL.parent]}


def unwritable(folders: dict[str, list[Path]]) -> Iterator[str]:
    """Yields a sentence, with the variable's name, for each folder that this account can neither write to nor
    create."""
    for variable, places in folders.items():
        for place in places:
            if why := why_unwritable(place):
                yield f"{variable}: {place} {why}; {how_to_write(place)}."


def taken_ports(host: str, ports: Iterable[int]) -> Iterator[str]:
    """Yields a sentence for each port that is not free. It tries to bind the port as the server will, because
    nothing else shows that the port is free."""
    for port in ports:
        if why := _why_taken(host, port):
            yield f"Port {port} {why}. Stop that, or choose another one with PORT=… or --port."


def stores_away() -> list[str]:
    """Returns a sentence for each configured store (database, Redis) that does not answer. It is for a person
    at a terminal; a server process waits for its stores instead."""
    database = stores.database_trouble() if settings.DATABASE_URL else ""
    away = [failures.database_away(database), failures.layer_away(stores.layer_trouble())]
    return [sentence for sentence in away if sentence]


def missing_tables() -> Iterator[str]:
    """Yields a sentence if the database answers but lacks tables of this release or of an app."""
    if stores.database_trouble():
        return  # the process waits for the database
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
    """Returns why this account can neither write to the folder nor create it, or "" if it can. The text
    continues a sentence that begins with the folder's name."""
    nearest = _nearest(place)
    if not nearest.is_dir():
        return f"cannot be a folder: {nearest} is a file"
    if os.access(nearest, os.W_OK | os.X_OK):
        return ""
    return "cannot be written" if nearest == place else f"cannot be made: {nearest} cannot be written"


def how_to_write(place: Path) -> str:
    """Returns what to do about a folder to which this account may not write. The text names this account and
    the folder's owner, because usually somebody made the folder as root."""
    owner, own = name_of_account(_nearest(place).stat().st_uid), name_of_account(os.geteuid())
    whose = "" if owner == own else f"it belongs to {owner}: "
    return f"{whose}let the account {own} write there, or name another folder"


def name_of_account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"number {number}"


def _nearest(place: Path) -> Path:
    """Returns the folder itself, or the nearest one above it that exists."""
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def _why_taken(host: str, port: int) -> str:
    if port not in PORTS:
        return "is none: they go from 1 to 65535"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # With this option, which the server sets as well, a port that was closed a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"of {host} is in use by something else"
            return f"of {host} cannot be opened ({error.strerror})"
    return ""
