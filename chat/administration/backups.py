"""Makes and restores backups of the database, encrypted for a key that is not on this machine. They contain
no retention key.

pg_dump and pg_restore talk to PostgreSQL, and `age` (age-encryption.org/v1) encrypts. A pipe connects them,
so that no plaintext copy is ever on a disk. After D, no remaining key opens a conversation in a copy, so no
promise depends on deleting copies. They are still deleted after a week, since their rows show when people
came.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from chat.models import Process
from chat.retention import hosts
from counsellors.models import EntryLink, Session
from helpline.lib import backup_files

RETENTION = timedelta(days=7)
MAX_ERROR_CHARACTERS = 300
TOLERANCE = timedelta(
    hours=1
)  # so that a nightly run that begins slightly later each night keeps no copy for an eighth day
# Drops every table, in the transaction that restores the copy: the copy itself could not drop tables that
# were created after it was made.
EMPTY = """DO $$ DECLARE one record; BEGIN
FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename); END LOOP; END $$;"""
LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey")


class NoPlace(Exception):
    """Name HELPLINE_BACKUP_FOLDER, a folder that the account may write, and HELPLINE_BACKUP_RECIPIENT, the
    public half of an age key."""


class BesideKeys(Exception):
    """The folder of backups and the folder of keys lie beside each other or one in the other: who copies one
    gets both, and what was purged could be read again. Put them apart."""


class NotPostgres(Exception):
    """Only PostgreSQL is copied: a demo's file is a demo's."""


class NoProgram(Exception):
    """A program is missing. On Debian: apt-get install postgresql-client age."""


class Running(Exception):
    """Processes of the helpline still run. Stop them on every host, then try again."""


class Failed(Exception):
    """Nothing was changed. What the program said:"""


def make(now: datetime) -> Path:
    """Deletes copies older than a week, makes a new one, and returns its file."""
    folder = _place()
    if not settings.BACKUP_RECIPIENT or not folder.is_dir():
        raise NoPlace
    whole = folder / now.astimezone(UTC).strftime(backup_files.NAME)
    forget_old(now)
    draft = whole.with_suffix(".half")
    dump = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
    seal = ["age", "--encrypt", "--recipient", settings.BACKUP_RECIPIENT, "--output", str(draft)]
    try:
        _pipe(dump, seal)
        draft.chmod(0o600)
        draft.replace(whole)
    finally:
        draft.unlink(missing_ok=True)
    return whole


def forget_old(now: datetime) -> int:
    """Deletes copies older than a week. Returns how many were deleted."""
    old = [
        path
        for path in backup_files.copies(_place())
        if backup_files.made_at(path) < now - RETENTION + TOLERANCE
    ]
    for path in old:
        path.unlink()
    return len(old)


def bring_back(file: Path, identity: Path, now: datetime) -> None:
    """Replaces the database with the copy, and drops tables that were made after it. Raises Running while a
    process still runs."""
    if alive := _alive(now):
        raise Running(", ".join(alive))
    connection.close()
    opened = ["age", "--decrypt", "--identity", str(identity), str(file)]
    to_sql = ["pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--file=-"]
    _fill(opened, to_sql)


def sign_everybody_out() -> None:
    """Deletes every session, link and process: the copy may contain a session of somebody who has lost access
    since."""
    for model in (Process, Session, EntryLink):
        model.objects.all().delete()


def _fill(opened: list[str], to_sql: list[str]) -> None:
    """Restores in one transaction, which commits only if both programs before psql succeeded. Raises Failed
    otherwise."""
    # Only the end of a program's output is shown: a notice for each dropped table would hide the cause.
    environment = os.environ | _database() | {"PGOPTIONS": "-c client_min_messages=warning"}
    _require([opened[0], to_sql[0], "psql"])
    psql = ["psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]
    with (
        _started(opened, environment, subprocess.DEVNULL) as source,
        _started(to_sql, environment, source.stdout) as sql,
        _started(psql, environment, subprocess.PIPE, prints=subprocess.DEVNULL) as sink,
    ):
        if source.stdout is None or sql.stdout is None or sink.stdin is None:
            raise Failed
        source.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            sink.stdin.write(f"BEGIN;\n{EMPTY}\n".encode())
            shutil.copyfileobj(sql.stdout, sink.stdin)
            if sql.wait() == source.wait() == 0:
                sink.stdin.write(b"\nCOMMIT;\n")
        with contextlib.suppress(BrokenPipeError):
            sink.stdin.close()
        sink.wait()
        _require_success(source, sql, sink)


def _alive(now: datetime) -> list[str]:
    """Returns the hosts with a process that still runs. An empty database has none."""
    if "chat_process" not in connection.introspection.table_names():
        return []
    seen = Process.objects.filter(seen_at__gt=now - hosts.ALIVE_FOR).values_list("host", flat=True)
    return sorted(set(seen))


def _place() -> Path:
    """Returns the folder of the copies. Raises NoPlace or BesideKeys."""
    folder: Path | None = settings.BACKUP_FOLDER
    if folder is None:
        raise NoPlace
    for keys in settings.KEY_FOLDERS:
        if _are_together(folder, keys):
            raise BesideKeys(f"{folder}, {keys}")
    return folder


def beside_keys() -> list[str]:
    """Returns a text for each key folder that is beside the folder of backups, in it or around it. While
    there is one, no backup is made."""
    folder: Path | None = settings.BACKUP_FOLDER
    together = [keys for keys in settings.KEY_FOLDERS if folder and _are_together(folder, keys)]
    return [f"HELPLINE_KEYS: {keys} lies beside the backups in {folder}" for keys in together]


def _are_together(folder: Path, keys: Path) -> bool:
    here, there = folder.resolve(), keys.resolve()
    return here.is_relative_to(there) or there.is_relative_to(here) or here.parent == there.parent


def _database() -> dict[str, str]:
    """Returns environment variables by which PostgreSQL's programs find the database. On the command line,
    other accounts could read the password."""
    if connection.vendor != "postgresql":
        raise NotPostgres
    found = {
        "PGHOST": settings.DATABASES["default"].get("HOST"),
        "PGPORT": settings.DATABASES["default"].get("PORT"),
        "PGUSER": settings.DATABASES["default"].get("USER"),
        "PGPASSWORD": settings.DATABASES["default"].get("PASSWORD"),
        "PGDATABASE": connection.settings_dict["NAME"],
        "PGTARGETSESSIONATTRS": "read-write",
    }
    options = settings.DATABASES["default"].get("OPTIONS", {})
    found |= {f"PG{name.upper()}": options.get(name) for name in LIBPQ}
    return {name: str(value) for name, value in found.items() if value}


def _pipe(first: list[str], second: list[str]) -> None:
    """Pipes the first program's output into the second. Raises Failed if either fails."""
    environment = os.environ | _database()
    _require([first[0], second[0]])
    with (
        _started(first, environment, subprocess.DEVNULL) as source,
        _started(second, environment, source.stdout) as sink,
    ):
        if source.stdout is not None:
            source.stdout.close()
        sink.wait()
        source.wait()
        _require_success(source, sink)


def _require(programs: list[str]) -> None:
    for program in programs:
        if shutil.which(program) is None:
            raise NoProgram(program)


def _require_success(*programs: "subprocess.Popen[bytes]") -> None:
    """Raises Failed if a program failed, with the end of each program's error output. The first program's
    message comes first, since its failure breaks the others."""
    if any(program.returncode for program in programs):
        said = [program.stderr.read().decode(errors="replace") for program in programs if program.stderr]
        raise Failed(" ".join(words.strip()[-MAX_ERROR_CHARACTERS:] for words in said if words.strip()))


@contextmanager
def _started(
    words: list[str],
    environment: dict[str, str],
    reads: int | IO[bytes] | None,
    *,
    prints: int = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    running = subprocess.Popen(  # noqa: S603 – a command of our own
        words, env=environment, stdin=reads, stdout=prints, stderr=subprocess.PIPE
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()
