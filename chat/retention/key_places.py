"""Checks that the keys are neither in PostgreSQL's data folder nor in a path that is backed up.

With a backup that contains the keys, purged data could be read again. The journal may be in a backup, but not
in the data folder: if that folder is restored, the journal must not be replaced by an older one.
"""

from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege


class KeysInReach(Exception):
    """The retention keys would be part of a backup or of a copy of the database, so nothing is purged."""


def require_out_of_reach() -> None:
    """Raises KeysInReach, naming the places, if a backup or a copy of the database would contain the keys."""
    found = within_backups() + within_database()
    if found:
        raise KeysInReach("; ".join(found))


def within_backups() -> list[str]:
    """Returns a sentence for each key folder that is inside a path of HELPLINE_BACKUP_PATHS."""
    return [
        f"HELPLINE_KEYS: {folder} is inside the backup path {place}"
        for folder in settings.KEY_FOLDERS
        for place in settings.BACKUP_PATHS
        if _lies_in(folder, place)
    ]


def within_database() -> list[str]:
    """Returns a sentence for each place (key folder or journal) that is inside PostgreSQL's data folder. The
    list is empty if that data folder is not known."""
    data = _data_folder()
    if data is None:
        return []
    ours = [("HELPLINE_KEYS", folder) for folder in settings.KEY_FOLDERS]
    return [
        f"{name}: {place} is inside the database's folder {data}"
        for name, place in (*ours, ("HELPLINE_JOURNAL", settings.JOURNAL))
        if _lies_in(place, data)
    ]


def _data_folder() -> Path | None:
    """Returns PostgreSQL's data folder, or None if the database user may not read that setting: only
    superusers and members of pg_read_all_settings may."""
    if connection.vendor != "postgresql":
        return None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            return Path(cursor.fetchone()[0])
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            return None
        raise


def _lies_in(place: Path, folder: Path) -> bool:
    """Returns whether `place` is inside `folder`. Compares resolved paths, so that a symbolic link into a
    backup counts as inside it."""
    return place.resolve().is_relative_to(folder.resolve())
