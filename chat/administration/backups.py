"""Makes and restores encrypted backups of the database. The private key that opens a backup is not on this
machine, and no backup contains a retention key.

pg_dump and pg_restore talk to PostgreSQL, and `age` (age-encryption.org/v1) encrypts. A pipe connects them,
so that no plaintext copy is ever on a disk. After a conversation's key has been destroyed, nobody can read
the conversation in an old backup either. Backups are nevertheless deleted after a week, because their rows
show when people contacted the organisation.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from chat.models import Process
from chat.retention import clock_guard, hosts
from counsellors.signin import sessions
from helpline.lib import backup_files

RETENTION = timedelta(days=7)
MAX_ERROR_CHARACTERS = 300
MAX_HALF_SECONDS = 3600  # since anything was written to it
TOLERANCE = timedelta(
    hours=1
)  # a nightly run may start slightly earlier than usual, and must still delete the copy from a week ago
# Drops every table, in the transaction that restores the copy. The copy's own DROP statements would leave
# tables that were created after the copy was made.
EMPTY = """DO $$ DECLARE one record; BEGIN
FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename); END LOOP; END $$;"""
LOCAL = ("", "localhost", "127.0.0.1", "::1")
LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey")


# What age says below each of its errors, about who writes age.
_REPORT = re.compile(r"^age: report .*$", re.MULTILINE)


class NoPlace(Exception):
    """Set HELPLINE_BACKUP_FOLDER to a folder that this account may write to, and HELPLINE_BACKUP_RECIPIENT to
    the public half of an age key."""


class BesideKeys(Exception):
    """The folder of backups and the folder of keys are in the same parent folder, or one is inside the other:
    anyone who copies one may copy both, and could then read what was purged. Put them apart."""


class NotPostgres(Exception):
    """Only a PostgreSQL database can be backed up and restored, not the SQLite file of a demo."""


class NoProgram(Exception):
    """A program is missing. On Debian: apt-get install postgresql-client age."""


class Running(Exception):
    """Processes of the helpline still run. Stop them on every host, then try again."""


class Failed(Exception):
    """Nothing was changed. What the program said:"""


def make(now: datetime) -> Path:
    """Deletes backups that are older than a week, makes a new backup, and returns the path of the new
    backup."""
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
    """Deletes backups that are older than a week, and halves of backups that were killed as they were made.
    Returns how many backups were deleted. While the clock is in doubt it deletes nothing: by a clock that is
    a month ahead, all backups would be old."""
    if clock_guard.doubt(now):
        return 0
    for half in _place().glob("helpline-*.half"):
        # Another process may be writing it.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - half.stat().st_mtime > MAX_HALF_SECONDS:
                half.unlink()
    old = [
        path
        for path in backup_files.copies(_place())
        if backup_files.made_at(path) < now - RETENTION + TOLERANCE
    ]
    for path in old:
        path.unlink()
    return len(old)


def bring_back(file: Path, identity: Path, now: datetime) -> None:
    """Replaces the database with the copy in `file`, and drops tables that were created after the copy was
    made. Raises Running if a process still runs on any host."""
    require_stopped(now)
    connection.close()
    opened = ["age", "--decrypt", "--identity", str(identity), str(file)]
    to_sql = ["pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--file=-"]
    _fill(opened, to_sql)


def other_machine() -> str:
    """Returns the host names of a database that is not on this machine, or ""."""
    host = str(settings.DATABASES["default"].get("HOST") or "")
    return "" if host.startswith("/") or host in LOCAL else host


def require_stopped(now: datetime) -> None:
    """Raises Running if a process still runs on any host."""
    if alive := _alive(now):
        raise Running(", ".join(alive))


def sign_everybody_out() -> None:
    """Ends all sessions and entry links, and deletes the process rows of the copy."""
    Process.objects.all().delete()
    sessions.end_everybodys()


def _fill(opened: list[str], to_sql: list[str]) -> None:
    """Restores the copy in one transaction. `opened` is the command that decrypts the copy, and `to_sql` the
    command that turns it into SQL. Commits only if both commands succeed; otherwise raises Failed."""
    # psql prints no notices: the operator sees only the end of its output, which would otherwise be full of
    # notices about dropped tables.
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
        if sink.wait():  # the two before it would wait for ever for somebody to read
            sql.kill()
            source.kill()
        _require_success(source, sql, sink)


def _alive(now: datetime) -> list[str]:
    """Returns the names of the hosts on which a process still runs, or [] if the database has no tables."""
    if "chat_process" not in connection.introspection.table_names():
        return []
    seen = Process.objects.filter(seen_at__gt=now - hosts.ALIVE_FOR).values_list("host", flat=True)
    return sorted(set(seen))


def _place() -> Path:
    """Returns the backup folder. Raises NoPlace if no backup folder is set. Raises BesideKeys if a key folder
    has the same parent folder, is inside the backup folder or contains it."""
    folder: Path | None = settings.BACKUP_FOLDER
    if folder is None:
        raise NoPlace
    for keys in settings.KEY_FOLDERS:
        if _are_together(folder, keys):
            raise BesideKeys(f"{folder}, {keys}")
    return folder


def beside_keys() -> list[str]:
    """Returns a sentence for each key folder that has the same parent folder as the backup folder, is inside
    the backup folder or contains it. No backup is made while such a key folder exists."""
    folder: Path | None = settings.BACKUP_FOLDER
    together = [keys for keys in settings.KEY_FOLDERS if folder and _are_together(folder, keys)]
    return [f"HELPLINE_KEYS: {keys} lies beside the backups in {folder}" for keys in together]


def _are_together(folder: Path, keys: Path) -> bool:
    here, there = folder.resolve(), keys.resolve()
    return here.is_relative_to(there) or there.is_relative_to(here) or here.parent == there.parent


def _database() -> dict[str, str]:
    """Returns environment variables with which PostgreSQL's programs find the database. The password is not
    passed on a command line, because other accounts could read it there."""
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
    """Raises Failed if a program failed, with the end of each program's error output. The output of the first
    program comes first, because its failure makes the others fail."""
    if any(program.returncode for program in programs):
        said = [program.stderr.read().decode(errors="replace") for program in programs if program.stderr]
        said = [_REPORT.sub("", words).strip()[-MAX_ERROR_CHARACTERS:] for words in said]
        raise Failed(" ".join(filter(None, said)))


@contextmanager
def _started(
    words: list[str],
    environment: dict[str, str],
    reads: int | IO[bytes] | None,
    *,
    prints: int = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(  # noqa: S603 – a command of our own
        words, env=environment, stdin=reads, stdout=prints, stderr=subprocess.PIPE
    ) as running:
        try:
            yield running
        finally:
            running.kill()
        running.wait()
