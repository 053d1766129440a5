"""Where the keys may not be: in the database's own folder, or in anything that is copied away.

Whoever gets a backup would get the keys with it, and what was purged would open again. The journal may be
copied, but a restored database folder must not bring an old one back.
"""

from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege


class KeysInReach(Exception):
    """The retention keys are where a copy of the database or a backup takes them along: nothing is purged."""


def require_out_of_reach() -> None:
    """Raises KeysInReach, with the places, before anything is done with keys that a backup may contain."""
    found = within_backups() + within_database()
    if found:
        raise KeysInReach("; ".join(found))


def within_backups() -> list[str]:
    """Describes key folders inside a path that HELPLINE_BACKUP_PATHS names."""
    return [
        f"HELPLINE_KEYS: {folder} is inside the backup path {place}"
        for folder in settings.KEY_FOLDERS
        for place in settings.BACKUP_PATHS
        if _lies_in(folder, place)
    ]


def within_database() -> list[str]:
    """Describes key folders and journal inside PostgreSQL's data folder; empty where that is not known."""
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
    """Returns PostgreSQL's data folder, which only superusers and members of pg_read_all_settings may
    read."""
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
    """Compares resolved paths: a link into a backup is in the backup."""
    return place.resolve().is_relative_to(folder.resolve())
