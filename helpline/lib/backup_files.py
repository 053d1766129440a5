"""Finds the files of backups. The name of each file contains the time of the backup, because a file's own
times change when it is moved."""

import re
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path

from django.conf import settings

NAME = "helpline-%Y%m%dT%H%M%SZ.age"
NAMED = re.compile(r"helpline-\d{8}T\d{6}Z\.age")
MAX_AGE = timedelta(days=2)  # of the newest backup


def are_made_here() -> bool:
    """Returns whether this machine has a folder for backups. Without such a folder, nobody can check here
    whether backups are made."""
    return settings.BACKUP_FOLDER is not None


def is_fresh(now: datetime) -> bool:
    """Returns whether the newest backup is at most two days old."""
    found = newest()
    return found is not None and now - made_at(found) <= MAX_AGE


def age_seconds(now: datetime) -> float:
    """Returns the age of the newest backup; infinity if there is none, and 0 if none are made here."""
    found = newest()
    if found is None:
        return inf if are_made_here() else 0.0
    return (now - made_at(found)).total_seconds()


def newest() -> Path | None:
    """Returns the newest backup; None if there is none, or no folder is set."""
    if settings.BACKUP_FOLDER is None:
        return None
    return max(copies(settings.BACKUP_FOLDER), key=made_at, default=None)


def copies(folder: Path) -> list[Path]:
    """Returns the backups in the folder, without other files that somebody put there."""
    return [path for path in folder.glob("*.age") if NAMED.fullmatch(path.name)]


def made_at(path: Path) -> datetime:
    """Returns when the backup was made, according to its name."""
    return datetime.strptime(path.name, NAME).replace(tzinfo=UTC)
