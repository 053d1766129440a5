"""What an administrator has to know of an installation: each check is one line, with what to do about it."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg_pool import PoolTimeout

from chat.handoff import link_messages
from chat.keys import slots
from chat.lines import addresses
from chat.models import Line, Service, Work
from chat.retention import clock_guard, hosts, journal, key_places, purge
from chat.runtime import backups, starting
from chat.supervision import certificate_ends, seconds
from counsellors import audit
from counsellors.certificates import roots
from counsellors.models import Device, Role, Scope
from counsellors.signin import factors
from helpline.lib import clock, stores
from helpline.lib.typed import as_typed_here

LEAST_FREE = 0.10
TELLS_BEFORE = 30  # days
MAX_DRIFT = timedelta(seconds=5)
LONGEST_WITHOUT = timedelta(days=2)
LONGEST_PAUSE = timedelta(minutes=10)
DOUBTS = {
    "backwards": "the clock ran backwards",
    "silence": "nothing ran for more than two days, or the clock jumped",
    "jump": "the clock jumped by more than an hour",
    "database": "the clock is more than an hour away from the database's",
    "open": "conversations were open when a worker ran last, and the key of their hour would go",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` is empty where all is well. What is not `grave` is a warning: nothing is broken."""

    about: str
    words: str
    advice: str = ""
    grave: bool = True

    @property
    def is_well(self) -> bool:
        return not self.advice

    @property
    def is_wrong(self) -> bool:
        return self.grave and not self.is_well

    def __str__(self) -> str:
        verdict = "ok   " if self.is_well else "WRONG" if self.grave else "warn "
        advice = f" → {as_typed_here(self.advice)}" if self.advice else ""
        return f"{verdict} {self.about}: {self.words}{advice}"


def examine(now: datetime) -> Iterator[Finding]:
    """Every check in turn. Without a database those that ask it are left out."""
    found = database()
    yield found
    yield layer()
    yield from key_folders()
    yield disk()
    if found.is_well:
        for check in (place_of_keys, restored, devices, second_factors, audit_chain, contacts, pages):
            yield check()
        for timed in (one_key_folder, certificates, second_ones, clock_of_database, rounds, overdue, backup):
            yield timed(now)


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
    """What to do where none answers; a file of SQLite is not started."""
    return "start it, and look at DATABASE_URL" if settings.DATABASE_URL else "begin with `helpline setup`"


def layer() -> Finding:
    """Redis rings doorbells between processes: without it chats go on, slower."""
    if not settings.REDIS_URL:
        return Finding("redis", "not used: one process")
    if why := stores.layer_trouble():
        return Finding("redis", f"does not answer ({why})", "start it, and look at REDIS_URL")
    return Finding("redis", "answers")


BRING_BACK = "bring it back, or take it out of HELPLINE_KEYS on every host"


def key_folders() -> Iterator[Finding]:
    """Only the server's own account may look into them; one that is not there yet is made so."""
    for folder in settings.KEY_FOLDERS:
        if why := starting.why_unwritable(folder):
            yield Finding("keys", f"{folder} {why}: nobody can erase, or soon come in", BRING_BACK)
            continue
        if lost := slots.missing_in(folder, now=clock.now()):
            yield Finding(
                "keys", f"{folder} lost {lost} of its files: nobody of those hours can erase", BRING_BACK
            )
            continue
        places = (folder, *folder.glob("*.slots"), *folder.glob("*.seal"))
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
    """Hosts with keys of their own are not one helpline: wraps of one do not open on the other."""
    if apart := hosts.apart(now):
        advice = "let HELPLINE_KEYS and HELPLINE_JOURNAL name folders that all hosts share"
        return Finding("hosts", f"no sign beside the keys of {', '.join(apart)}", advice)
    if lost := hosts.lost(now):
        advice = "bring the folder of HELPLINE_KEYS back; if it is lost, run `helpline purge --keys-are-lost`"
        return Finding("hosts", f"{len(lost)} keys that the database names are gone", advice)
    return Finding("hosts", "every process shares the keys")


def disk() -> Finding:
    """Where there is no room, no key and no line of the journal can be written."""
    places = {settings.VAR, settings.JOURNAL.parent, *settings.KEY_FOLDERS}
    free, place = min((_free(place), place) for place in places)
    words = f"{free:.0%} free at {place}"
    return Finding(
        "disk", words, "" if free >= LEAST_FREE else "make room: keys and journal are written there"
    )


def restored() -> Finding:
    if journal.is_restored():
        words = "knows of purges that the database does not: a backup was restored"
        return Finding("journal", words, "run `helpline restore-check`; until then nothing is served")
    return Finding("journal", "in step with the database")


def devices() -> Finding:
    """Where no supervisor has an approved device, nobody can approve another one."""
    approved = Device.objects.filter(
        state=Device.State.APPROVED, person__is_active=True, person__role_rows__name=Role.Name.SUPERVISOR
    )
    served = Work.objects.filter(person__devices__in=approved).values("line")
    without = list(Line.objects.real().exclude(pk__in=served.exclude(line=None)).values_list("pk", flat=True))
    if without:
        words = f"no supervisor with an approved device: {', '.join(sorted(without))}"
        if settings.DEVICE_APPROVAL == "any":
            advice = "the first browser in which one signs in is approved"
            return Finding("devices", words, advice, grave=False)
        return Finding("devices", words, "let one sign in, then run `helpline approvedevice`")
    return Finding("devices", "each line has a supervisor with an approved one")


def certificates(now: datetime) -> Finding:
    """Without one nobody takes callers, once the pages name roots."""
    about = "certificates"
    try:
        file = roots.read()
    except roots.Unreadable as error:
        return Finding(about, f"{settings.ROOTS} cannot be read: nobody gets in", str(error.__doc__))
    if file is None or not file.roots:
        if Scope.objects.exists():
            return Finding(about, f"there are scopes, and no {settings.ROOTS}", "bring the file back")
        words = "keys are not certified: whoever can write the database can seat one"
        return Finding(about, words, "see docs/operations.md, Roots and signatures", grave=False)
    missing, soon = not_certified(now), ending_soon(now)
    if not any(root.named for root in file.roots):
        advice = "certify everybody" if missing else "run `helpline root name`"
        words = "; ".join(missing) or "everybody is certified, no root is named"
        return Finding(about, words, advice, grave=False)
    if missing or soon:
        advice = "sign on the board, under Review; or run `helpline root scope`"
        return Finding(about, "; ".join([*missing, *soon]), advice, grave=bool(missing))
    return Finding(about, "everybody who takes callers is certified")


def pages() -> Finding:
    """By which line's certificates a page lets people in is said by the file alone."""
    about, file = "addresses", roots.read_or_none()
    if file is None or not file.is_named:
        return Finding(about, "as the database has them: no root is named")
    if found := addresses.differing(file):
        advice = "where the database is right, run `helpline root paths`; else put it right"
        return Finding(about, f"nobody gets in: {'; '.join(found)}", advice)
    return Finding(about, "each page is of the line that the roots' file lists")


def not_certified(now: datetime) -> list[str]:
    """Of each line and each desk: who can take no callers where the pages name roots."""
    return list(certificate_ends.in_words(certificate_ends.lacking(now=now)))


def ending_soon(now: datetime) -> list[str]:
    """What has to be signed within thirty days, and without whom."""
    found = []
    for scope in Scope.objects.order_by("kind", "slug"):
        left = (certificate_ends.instant(scope.not_after) - now).days
        if 0 <= left <= TELLS_BEFORE:
            found.append(f"{scope.slug}: nobody may sign in {left} days")
        if gone := certificate_ends.gone_signers(scope):
            found.append(f"{scope.slug}: {gone} may still sign who left or lost their device")
        if near := certificate_ends.counts(scope.kind, scope.slug, now=now).near:
            found.append(f"{scope.slug}: {near} end within 30 days")
    return found


def second_ones(now: datetime) -> Finding:
    """What takes two persons is done by one where there is no second one."""
    if without := seconds.without_second(now=now):
        words = f"one is enough for what takes two: {', '.join(without)}"
        advice = "let two supervisors of each line sign in; each counts a week after they came in"
        return Finding("two persons", words, advice, grave=False)
    return Finding("two persons", "each line has a second supervisor")


def backup(now: datetime) -> Finding:
    """The last one is of tonight, where they are made here."""
    if settings.BACKUP_FOLDER is None:
        return Finding("backup", "none is made here")
    newest = backups.newest()
    if newest is None or now - backups.made_at(newest) > LONGEST_WITHOUT:
        words = f"the newest is {newest.name}" if newest else f"none in {settings.BACKUP_FOLDER}"
        return Finding("backup", words, "run `helpline backup`, and look at helpline-backup.timer")
    return Finding("backup", f"the newest is {newest.name}")


def audit_chain() -> Finding:
    """Its first row alone: all of it is for `helpline audit verify`, and may be years."""
    if audit.first_is_of_another_secret():
        words = "its oldest row fits no longer: HELPLINE_SECRET_KEY was changed, or somebody changed the row"
        advice = "run `helpline audit verify`, and see docs/incident.md"
        return Finding("audit", words, advice, grave=False)
    return Finding("audit", "its first row fits")


def second_factors() -> Finding:
    """Who has one that no key opens cannot sign in."""
    if closed := factors.without_key():
        words = f"{closed} seeds and recovery codes are under a key that is gone"
        advice = "bring the .seal file back to HELPLINE_KEYS, or forget these second factors in the admin"
        return Finding("second factors", words, advice)
    return Finding("second factors", "their keys are there")


def contacts() -> Finding:
    """A service without a desk is asked by a link; where its mail goes nowhere, it cannot be."""
    asked_by_mail = Service.objects.exclude(contact_mail="").filter(desk=False)
    unreached = sorted(row.pk for row in asked_by_mail if not link_messages.has_contact(row))
    if unreached:
        words = f"no mail is sent, so these services can only be referred to: {', '.join(unreached)}"
        return Finding("contacts", words, "set HELPLINE_MAIL_HOST")
    return Finding("contacts", "each that is set can be reached")


def clock_of_database(now: datetime) -> Finding:
    """Two clocks that differ make people look away who are there."""
    theirs = clock_guard.database_clock()
    if theirs is None:
        return Finding("clock", "one host")
    drift = abs(theirs - now)
    words = f"{drift.total_seconds():.1f} s apart from the database's"
    return Finding("clock", words, "" if drift < MAX_DRIFT else "set both by a time server")


def rounds(now: datetime) -> Finding:
    """The worker purges every minute, and leaves a sign of it beside the journal."""
    if reason := clock_guard.doubt(now):
        words = f"nothing is purged: {DOUBTS[reason]}"
        return Finding("purge", words, "look at the clock, then run `helpline purge --clock-is-right`")
    last = clock_guard.last_sign()
    words = f"last at {last:%Y-%m-%d %H:%M} UTC" if last else "never ran"
    fresh = last is not None and now - last < LONGEST_PAUSE
    return Finding("purge", words, "" if fresh else "start `helpline worker`")


def overdue(now: datetime) -> Finding:
    late = purge.overdue(now)
    hours = purge.plan(now - settings.PURGE_HOUR / 12).hours
    words = f"{late} conversations or keys, and the keys of {len(hours)} hours, should be gone"
    advice = "look whether `helpline worker` runs; or run `helpline purge --progress`"
    return Finding("overdue", words, advice if late or hours else "")


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _free(place: Path) -> float:
    """Of the file system where it is, or will be."""
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free / usage.total
