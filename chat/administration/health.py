"""Checks an installation for its administrator. Each finding is one line, with what to do about it."""

import shutil
import stat
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings

from chat.administration import backups, before_start, database, reach, running, trust
from chat.administration.findings import PATIENCE_SECONDS, Check, Finding, begun, failed, looked_at
from chat.retention import clock_guard, hosts, journal, key_places, purge
from chat.runtime import key_folders as key_folders_of_host
from chat.runtime import starting
from helpline.lib import backup_files, clock

MIN_FREE_SHARE = 0.10
MAX_DRIFT = timedelta(seconds=5)
MAX_PAUSE = timedelta(minutes=10)
TIME_SERVER = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
DOUBTS = {
    "backwards": "the clock ran backwards",
    "silence": "nothing ran for more than two days, or the clock jumped",
    "jump": "the clock jumped by more than an hour",
    "database": "the clock is more than an hour away from the database's",
    "open": "conversations were open when a worker ran last, and the key of their hour would go",
}


def examine(now: datetime) -> Iterator[Finding]:
    """Yields the findings of all checks, within seconds. Without the database, or without its tables, it
    skips the checks that need them."""
    wait_for_network = reach.begin(now)
    of_host = [begun(about, check, HANGS) for about, check in OF_HOST.items()]
    for wait in of_host:
        yield from wait()
    found = database.answers()
    yield found
    has_tables = False
    if found.is_well:
        yield from looked_at("durability", database.keeping)
        (tables,) = looked_at("tables", database.tables)
        yield tables
        has_tables = tables.is_well
    unread = () if key_folders_of_host.answer() else READ_FOLDERS
    if "together" not in unread:
        yield from looked_at("together", partial(before_start.together, database_answers=found.is_well))
    yield from looked_at("keys", partial(key_folders, reads_tables=has_tables))
    yield from begun("backup", partial(backup, now), HANGS)()
    if has_tables:
        yield from _from_tables(now, unread)
    for about in unread:
        yield Finding(about, "not checked: a folder does not answer", HANGS, grave=False)
    yield from wait_for_network()


def _from_tables(now: datetime, unread: Collection[str] = ()) -> Iterator[Finding]:
    """Yields the findings of the checks that read tables, without those in `unread`. Stops if the database
    stops answering, because every further check would only wait for it."""
    checks: dict[str, Callable[[], Finding]] = {**OF_TABLES}
    checks |= {about: partial(check, now) for about, check in AT_A_TIME.items()}
    checks = {about: check for about, check in checks.items() if about not in unread}
    with database.short_queries(PATIENCE_SECONDS):
        for about, check in checks.items():
            try:
                yield check()
            except database.AWAY as error:
                if not database.is_too_slow(error):
                    yield Finding("database", "stopped answering during these checks", database.start())
                    return
                words = f"not checked: the database took longer than {PATIENCE_SECONDS:.0f} s"
                yield Finding(about, words, "try again at a quiet hour", grave=False)
            except Exception as error:
                yield failed(about, error)


HANGS = "look whether a shared folder is away: `mount`, `df`; a hanging one blocks all that uses it"
BRING_BACK = "mount it or bring it back; if it is lost for good, see docs/incident.md, Keys are lost"


def key_folders(*, reads_tables: bool = True) -> Iterator[Finding]:
    """Checks that each key folder exists, that it contains every file that the database lists, and that only
    the server's own account may read the folder and the files with keys in it."""
    for folder in settings.KEY_FOLDERS:
        if why := key_folders_of_host.why_closed(folder):
            if why.startswith(key_folders_of_host.SILENT):
                yield Finding("keys", f"{folder} {why}", HANGS, stops=True)
                continue
            advice = f"if it has to be mounted, mount it; {starting.how_to_write(folder)}; never copy keys"
            if not folder.exists():  # no new folder may be made: it would lack the existing keys
                why, advice = (
                    "is not there: nobody can erase, or soon come in",
                    f"{BRING_BACK}; make no new one",
                )
            yield Finding("keys", f"{folder} {why}", advice, stops=True)
            continue
        if reads_tables and (why := key_folders_of_host.why_away(folder)):
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
    wrong = key_places.within_backups() + key_places.within_database() + backups.beside_keys()
    advice = (
        "put them on a volume of their own that nothing copies; until then nothing is purged or backed up"
    )
    return Finding("place of keys", "; ".join(wrong), advice) if wrong else Finding("place of keys", "apart")


def one_key_folder(now: datetime) -> Finding:
    """Checks that all hosts use the same keys: a host with different keys could not open the wraps that
    another host made."""
    if apart := hosts.apart_and_running(now):
        advice = "mount the folders that HELPLINE_KEYS and HELPLINE_JOURNAL name: docs/alerts.md, ProcessGone"
        words = f"running processes on {', '.join(apart)} have other folders of keys or journal than this one"
        return Finding("hosts", words, advice, stops=True)
    if lost := hosts.lost(now):
        advice = "bring the folder of HELPLINE_KEYS back; if it is lost, see docs/incident.md, Keys are lost"
        words = f"{len(lost)} keys that the database names are gone"
        return Finding("hosts", words, advice, stops=True)
    return Finding("hosts", "every process shares the keys")


def disk() -> Finding:
    """Checks that enough disk space is free: without it, keys and journal entries cannot be written."""
    places = {settings.VAR, settings.JOURNAL.parent, *settings.KEY_FOLDERS}
    places |= {settings.BACKUP_FOLDER} if settings.BACKUP_FOLDER else set()
    free, place = min((_free(place), place) for place in places)
    words = f"{free:.0%} free at {place}"
    return Finding(
        "disk",
        words,
        ""
        if free >= MIN_FREE_SHARE
        else "make room (`journalctl --vacuum-size=200M`, old files): keys and journal are written there",
    )


def restored() -> Finding:
    if journal.is_restored():
        words = "knows of purges that the database does not: a backup was restored"
        return Finding("journal", words, "run `helpline restore-check`; until then nothing is served")
    return Finding("journal", "in step with the database")


def backup(now: datetime) -> Finding:
    """Checks that the newest backup is at most two days old, if backups are made here."""
    if not backup_files.are_made_here():
        if settings.DEMO:
            return Finding("backup", "a demo needs none")
        words = "none is made here: HELPLINE_BACKUP_FOLDER is not set"
        return Finding(
            "backup", words, "see docs/backup.md, unless something else copies the database", grave=False
        )
    misdated = backup_files.misdated(now)
    if misdated:
        words = f"{', '.join(misdated)} is dated in the future: the clock was wrong"
        return Finding("backup", words, "move it away: it is not the newest, whatever its name says")
    newest = backup_files.newest(now)
    words = f"the newest is {newest.name}" if newest else f"none in {settings.BACKUP_FOLDER}"
    advice = "run `helpline backup`, and look at helpline-backup.timer"
    return Finding("backup", words, "" if backup_files.is_fresh(now) else advice)


def clock_of_database() -> Finding:
    """Compares this host's clock with the database's clock. If the two clocks differ, people who are
    connected may be treated as absent."""
    theirs = clock_guard.database_clock()
    if theirs is None:
        return Finding("clock", "one host")
    drift = abs(theirs - clock.now())  # read now, because the checks before this one took seconds
    words = f"{drift.total_seconds():.1f} s apart from the database's"
    if drift >= MAX_DRIFT:
        words = f"this host says {_in_full(clock.now())}, the database's host {_in_full(theirs)}"
    advice = (
        "compare both with a telephone's, and set the wrong one by a time server: docs/alerts.md, PurgeHalted"
    )
    return Finding("clock", words, "" if drift < MAX_DRIFT else advice)


def time_server() -> Finding:
    """Checks that a time server sets this host's clock, if systemd can report that. If both this host's clock
    and the clock of the database's host are wrong by the same amount, no other check finds the error."""
    try:
        asked = subprocess.run(TIME_SERVER, capture_output=True, text=True, check=False, timeout=2)  # noqa: S603
        said = asked.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    if said == "no":
        advice = "compare it with a telephone's; then run `timedatectl set-ntp true` as root"
        return Finding("time server", "none sets this host's clock", advice, grave=False)
    return Finding("time server", "one sets this host's clock" if said == "yes" else "not known here")


def rounds(now: datetime) -> Finding:
    """Checks that a purge ran recently, and that purges are not halted because the clock may be wrong."""
    if reason := clock_guard.doubt(now):
        words = f"nothing is purged: {DOUBTS[reason]}"
        return Finding("purge", words, "look at the clock, then run `helpline purge --clock-is-right`")
    last = clock_guard.last_sign()
    words = f"last at {last:%Y-%m-%d %H:%M} UTC" if last else "never ran"
    fresh = last is not None and now - last < MAX_PAUSE
    return Finding("purge", words, "" if fresh else "run as root `systemctl restart helpline-worker`")


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


OF_HOST: Mapping[str, Check] = {
    "account": before_start.account,
    "settings": before_start.settings_read,
    "rights": before_start.rights,
    "folders": before_start.writable,
    "ports": before_start.free_ports,
    "disk": disk,
    "time server": time_server,
}
OF_TABLES: Mapping[str, Callable[[], Finding]] = {
    "place of keys": place_of_keys,
    "journal": restored,
    "lines": trust.lines,
    "devices": trust.devices,
    "second factors": trust.second_factors,
    "audit": trust.audit_chain,
    "secret": trust.server_secret,
    "contacts": trust.contacts,
    "alert addresses": trust.alert_addresses,
    "addresses": trust.pages,
    "clock": clock_of_database,
}
AT_A_TIME: Mapping[str, Callable[[datetime], Finding]] = {
    "hosts": one_key_folder,
    "certificates": trust.certificates,
    "two persons": trust.second_ones,
    "letters": trust.letters,
    "processes": running.processes,
    "release": running.release,
    "worker": running.worker,
    "purge": rounds,
    "overdue": overdue,
}

# These checks read the key folders or the journal's folder, with no time limit of their own.
READ_FOLDERS = ("together", "place of keys", "journal", "hosts", "purge", "overdue")


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _in_full(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _free(place: Path) -> float:
    """Returns the free share of the file system that contains the folder. If the folder does not exist yet,
    this is the file system on which it will be created."""
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free / usage.total
