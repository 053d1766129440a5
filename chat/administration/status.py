"""Reads the current state of an installation for its administrators: totals, and nothing about a person."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from psycopg_pool import PoolTimeout

from chat.administration import database, ports, running, upgrades
from chat.lines import open_now
from chat.models import Line, Outgoing, Process
from chat.retention import clock_guard, hosts, journal
from chat.runtime import key_folders, starting
from chat.supervision import board
from chat.supervision.board import LineBoard
from counsellors import organisation
from counsellors.models import Duty, Person
from helpline import __version__
from helpline.lib import backup_files, stores


class Next(StrEnum):
    """Names the step that has to be done next before anybody can call."""

    SETUP = "setup"  # nothing was set up in this database
    MIGRATE = "migrate"  # the database lacks tables of this release
    COME_IN = "come_in"  # nobody has used an entry link from `setup` yet
    PUT_BACK = "put_back"  # the database is empty, but keys or a journal of a helpline are here
    RESTORE = "restore"  # a backup was restored, and nobody is served until `restore-check` has run


@dataclass(frozen=True, slots=True)
class LineNow:
    """Holds the totals of a line. `changes_at` is when the line next opens or closes by its hours, if that is
    known."""

    slug: str
    name: str
    open: bool
    changes_at: datetime | None
    waiting: int
    longest_wait_seconds: int
    talking: int
    letters: int
    on_duty: int
    on_break: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ProcessNow:
    """Describes a process. If it is not `alive`, it ended without deleting its row, and no other process has
    replaced it."""

    host: str
    does: str
    port: int | None
    release: str
    seen_at: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class Alerts:
    """Counts the alert messages that are not delivered yet."""

    waiting: int
    oldest_since: datetime | None


@dataclass(slots=True)
class Status:
    """Holds the state, as far as it could be read. A field is None if its value is not known;
    `database_trouble` or `next` may say why. `ports` has, for each port of this host, the readiness that our
    process there reports, or "" if no process of ours answers."""

    at: datetime
    release: str = __version__
    database_trouble: str = ""
    next: Next | None = None
    organisation: str = ""
    lines: list[LineNow] | None = None
    on_duty: int | None = None
    on_break: int | None = None
    processes: list[ProcessNow] | None = None
    missing: list[str] = field(default_factory=list)
    alerts: Alerts | None = None
    ports: dict[int, str] = field(default_factory=dict)
    backups_here: bool = False
    backup_at: datetime | None = None
    purge_at: datetime | None = None
    purge_halted: bool = False
    folders_answer: bool = True


def read(now: datetime) -> Status:
    """Reads the status and changes nothing. If the database does not answer, this takes a few seconds."""
    found = Status(at=now)
    found.ports = {port: ports.answer(port) for port in ports.expected()}
    found.backups_here, newest = backup_files.are_made_here(), backup_files.newest(now)
    found.backup_at = backup_files.made_at(newest) if newest else None
    found.folders_answer = key_folders.answer()
    if found.folders_answer:
        found.purge_at, found.purge_halted = clock_guard.last_sign(), clock_guard.is_halted()
    if stores.is_not_made_yet():
        _is_not_set_up(found)
        return found
    found.database_trouble = stores.database_trouble()
    if not found.database_trouble:
        try:
            _read_tables(found, now)
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            found.database_trouble = type(error).__name__
    return found


def _is_not_set_up(found: Status) -> None:
    if database.is_unnamed():
        found.database_trouble = database.UNNAMED
    else:
        is_half = found.folders_answer and database.has_keys_or_journal()
        found.next = Next.PUT_BACK if is_half else Next.SETUP


def _read_tables(found: Status, now: datetime) -> None:
    if not upgrades.has_release():
        _is_not_set_up(found)
        return
    if next(starting.missing_tables(), ""):
        found.next = Next.MIGRATE
        return
    if not Line.objects.exists():
        _is_not_set_up(found)
        return
    found.next = _next() if found.folders_answer else None
    found.organisation = organisation.name()
    lines = list(Line.objects.offered().order_by("pk"))
    boards = board.boards([line.pk for line in lines], now=now)
    found.lines = [_line(line, sums, now) for line, sums in zip(lines, boards, strict=True)]
    found.on_duty = Duty.objects.filter(state=Duty.State.ON).count()
    found.on_break = Duty.objects.filter(state=Duty.State.BREAK).count()
    waiting = Outgoing.objects.exclude(line=None).order_by("since").values_list("since", flat=True)
    found.alerts = Alerts(len(waiting), waiting[0] if waiting else None)
    if not settings.DEMO:  # a demo's processes have no rows
        alive, vanished = hosts.alive(now), hosts.vanished(now)
        found.processes = [_process(row, alive=True) for row in alive]
        found.processes += [_process(row, alive=False) for row in vanished]
        found.missing = running.missing(now)


def _next() -> Next | None:
    if journal.is_restored():
        return Next.RESTORE
    return None if Person.objects.exclude(came_at=None).exists() else Next.COME_IN


def _line(line: Line, sums: LineBoard, now: datetime) -> LineNow:
    waited = (now - sums.oldest_here).total_seconds() if sums.oldest_here else 0
    return LineNow(
        slug=line.pk,
        name=line.name,
        open=sums.open,
        changes_at=open_now.next_change(line, now=now),
        waiting=sums.waiting,
        longest_wait_seconds=round(waited),
        talking=sums.active,
        letters=sums.letters.new + sums.letters.taken,
        on_duty=sums.on,
        on_break=sums.on_break,
        overdue=sums.overdue,
    )


def _process(row: Process, *, alive: bool) -> ProcessNow:
    return ProcessNow(row.host, row.does, row.port, row.release, row.seen_at, alive)
