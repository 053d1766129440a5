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
MAX_CLOCK_DIFFERENCE = timedelta(hours=1)  # between the clocks of hosts that write into one folder


def are_made_here() -> bool:
    """Returns whether this machine has a folder for backups. Without such a folder, nobody can check here
    whether backups are made."""
    return settings.BACKUP_FOLDER is not None


def is_fresh(now: datetime) -> bool:
    """Returns whether the newest backup is at most two days old."""
    found = newest(now)
    return found is not None and now - made_at(found) <= MAX_AGE


def age_seconds(now: datetime) -> float:
    """Returns the age of the newest backup; infinity if there is none, and 0 if none are made here."""
    found = newest(now)
    if found is None:
        return inf if are_made_here() else 0.0
    return (now - made_at(found)).total_seconds()


def newest(now: datetime) -> Path | None:
    """Returns the newest backup; None if there is none, or no folder is set. A backup with a later date than
    `now` does not count: it was made while the clock was wrong, and may be older than others."""
    if settings.BACKUP_FOLDER is None:
        return None
    wrong = misdated(now)
    made = [path for path in copies(settings.BACKUP_FOLDER) if path.name not in wrong]
    return max(made, key=made_at, default=None)


def misdated(now: datetime) -> list[str]:
    """Returns the names of the backups that were made while the clock was ahead."""
    if settings.BACKUP_FOLDER is None:
        return []
    return sorted(
        path.name for path in copies(settings.BACKUP_FOLDER) if made_at(path) > now + MAX_CLOCK_DIFFERENCE
    )


def copies(folder: Path) -> list[Path]:
    """Returns the backups in the folder, without other files that somebody put there."""
    return [path for path in folder.glob("*.age") if NAMED.fullmatch(path.name)]


def made_at(path: Path) -> datetime:
    """Returns when the backup was made, according to its name."""
    return datetime.strptime(path.name, NAME).replace(tzinfo=UTC)
