"""Checks an installation for its administrator. Each check gives one line, with what to do about it."""

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg_pool import PoolTimeout

from chat.administration import trust
from chat.administration.findings import Finding
from chat.retention import clock_guard, hosts, journal, key_places, purge
from chat.runtime import key_folders as key_folders_of_host
from helpline.lib import backup_files, stores

MIN_FREE_SHARE = 0.10
MAX_DRIFT = timedelta(seconds=5)
MAX_PAUSE = timedelta(minutes=10)
DOUBTS = {
    "backwards": "the clock ran backwards",
    "silence": "nothing ran for more than two days, or the clock jumped",
    "jump": "the clock jumped by more than an hour",
    "database": "the clock is more than an hour away from the database's",
    "open": "conversations were open when a worker ran last, and the key of their hour would go",
}


def examine(now: datetime) -> Iterator[Finding]:
    """Yields the finding of each check in turn. If the database does not answer, only the checks that need
    none run."""
    found = database()
    yield found
    yield layer()
    yield from key_folders()
    yield disk()
    if found.is_well:
        yield from (place_of_keys(), restored(), trust.devices(), trust.second_factors())
        yield from (trust.audit_chain(), trust.contacts(), trust.pages(), one_key_folder(now))
        yield from (trust.certificates(now), trust.second_ones(now), trust.letters(now))
        yield from (clock_of_database(now), rounds(now), overdue(now), backup(now))


def database() -> Finding:
    if why := stores.database_trouble():
        return Finding("database", f"does not answer ({why})", start_database())
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, PoolTimeout) as error:
        return Finding("database", type(error).__name__, start_database())
    if waiting:
        return Finding("database", f"{len(waiting)} migrations to go", "run `helpline migrate`")
    return Finding("database", connection.display_name)


def start_database() -> str:
    """Returns what to do if no database answers. SQLite is a file and needs no start."""
    return "start it, and look at DATABASE_URL" if settings.DATABASE_URL else "begin with `helpline setup`"


def layer() -> Finding:
    """Checks Redis, which carries bells between processes. Without it chats continue, but entries arrive
    later."""
    if not settings.REDIS_URL:
        return Finding("redis", "not used: one process")
    if why := stores.layer_trouble():
        return Finding("redis", f"does not answer ({why})", "start it, and look at REDIS_URL")
    return Finding("redis", "answers")


BRING_BACK = "bring it back; if it is lost for good, see docs/incident.md, Keys are lost"


def key_folders() -> Iterator[Finding]:
    """Checks that each key folder exists with its files, and that only the server's own account may read
    them."""
    for folder in settings.KEY_FOLDERS:
        if why := key_folders_of_host.why_away(folder):
            yield Finding("keys", f"{folder} {why}", BRING_BACK)
            continue
        kinds = ("slots", "seal", "audit")
        places = (folder, *(path for kind in kinds for path in folder.glob(f"*.{kind}")))
        loose = [path for path in places if path.exists() and _others_may(path)]
        if loose:
            words = f"others may read {loose[0]}" + (f" and {len(loose) - 1} more" if loose[1:] else "")
            yield Finding("keys", words, f"run chmod -R go= {folder}")
        else:
            yield Finding("keys", f"{folder}: nobody else may look")


def place_of_keys() -> Finding:
    wrong = key_places.within_backups() + key_places.within_database()
    advice = "put them on a volume of their own that nothing copies; until then nothing is purged"
    return Finding("place of keys", "; ".join(wrong), advice) if wrong else Finding("place of keys", "apart")


def one_key_folder(now: datetime) -> Finding:
    """Checks that all hosts share their keys: a host with its own keys could not open the wraps of
    another."""
    if apart := hosts.apart(now):
        advice = "let HELPLINE_KEYS and HELPLINE_JOURNAL name folders that all hosts share"
        return Finding("hosts", f"no sign beside the keys of {', '.join(apart)}", advice)
    if lost := hosts.lost(now):
        advice = "bring the folder of HELPLINE_KEYS back; if it is lost, see docs/incident.md, Keys are lost"
        return Finding("hosts", f"{len(lost)} keys that the database names are gone", advice)
    return Finding("hosts", "every process shares the keys")


def disk() -> Finding:
    """Checks free space, without which no key and no line of the journal can be written."""
    places = {settings.VAR, settings.JOURNAL.parent, *settings.KEY_FOLDERS}
    free, place = min((_free(place), place) for place in places)
    words = f"{free:.0%} free at {place}"
    return Finding(
        "disk", words, "" if free >= MIN_FREE_SHARE else "make room: keys and journal are written there"
    )


def restored() -> Finding:
    if journal.is_restored():
        words = "knows of purges that the database does not: a backup was restored"
        return Finding("journal", words, "run `helpline restore-check`; until then nothing is served")
    return Finding("journal", "in step with the database")


def backup(now: datetime) -> Finding:
    """Checks that the newest backup is at most two days old, if backups are made here."""
    if not backup_files.are_made_here():
        return Finding("backup", "none is made here")
    newest = backup_files.newest()
    words = f"the newest is {newest.name}" if newest else f"none in {settings.BACKUP_FOLDER}"
    advice = "run `helpline backup`, and look at helpline-backup.timer"
    return Finding("backup", words, "" if backup_files.is_fresh(now) else advice)


def clock_of_database(now: datetime) -> Finding:
    """Compares this host's clock with the database's: if they differ, people who are connected can count as
    away."""
    theirs = clock_guard.database_clock()
    if theirs is None:
        return Finding("clock", "one host")
    drift = abs(theirs - now)
    words = f"{drift.total_seconds():.1f} s apart from the database's"
    return Finding("clock", words, "" if drift < MAX_DRIFT else "set both by a time server")


def rounds(now: datetime) -> Finding:
    """Checks that the clock is not in doubt, which halts the purge, and that the worker's last sign of life
    beside the journal is recent."""
    if reason := clock_guard.doubt(now):
        words = f"nothing is purged: {DOUBTS[reason]}"
        return Finding("purge", words, "look at the clock, then run `helpline purge --clock-is-right`")
    last = clock_guard.last_sign()
    words = f"last at {last:%Y-%m-%d %H:%M} UTC" if last else "never ran"
    fresh = last is not None and now - last < MAX_PAUSE
    return Finding("purge", words, "" if fresh else "start `helpline worker`")


def overdue(now: datetime) -> Finding:
    late = purge.overdue(now)
    hours = purge.plan(now - settings.PURGE_HOUR / 12).hours
    words = f"{late} conversations or keys, and the keys of {len(hours)} hours, should be gone"
    if not late and not hours:
        return Finding("overdue", words)
    if all(folder.is_well for folder in key_folders()):
        return Finding(
            "overdue", words, "look whether `helpline worker` runs; or run `helpline purge --progress`"
        )
    return Finding("overdue", words, "mend the key folders first: while one is away, what it had stays")


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _free(place: Path) -> float:
    """Returns the free share of the file system on which the folder is, or will be made."""
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free / usage.total
