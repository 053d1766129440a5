"""Checks, whenever a process starts, that its host uses the same folders for keys and journal as all other
hosts.

A host with folders of its own would make its own keys. It could not open wraps that another host stored, and
the purge of the other hosts would not destroy its keys. Therefore each process writes a sign-of-life file
into each of these folders, and then its row into the database. A starting process looks for the file of every
process that is alive according to the database.
"""

import contextlib
import os
import socket
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from chat import states
from chat.keys import slot_files, slots
from chat.models import Conversation, Process, ReturnCode, WaitingAnswer, Wrap
from helpline.lib import durable, encoding
from helpline.lib.file_timeouts import in_time

RENEW_INTERVAL = timedelta(seconds=20)
ALIVE_FOR = timedelta(seconds=60)
RETENTION = timedelta(days=1)
PATIENCE_SECONDS = 5.0  # a shared folder may show another host's file with a delay
POLL_SECONDS = 0.2
SIGN = ".alive"
NO_SLOT = {"slot_file": None, "slot_number": None}


class KeysApart(Exception):
    """A process on the host that is named keeps its keys elsewhere. Let HELPLINE_KEYS and HELPLINE_JOURNAL
    name the same folders for all processes, on every host, and start again."""


class KeysLost(Exception):
    """The database names keys that are not in HELPLINE_KEYS. Bring the folder back, and start again. If it is
    lost for good, `helpline purge --keys-are-lost` deletes what nobody can open any more."""


@dataclass(frozen=True, slots=True)
class Job:
    """Describes a process to operators: what it does, its port, and its release."""

    does: str = ""
    port: int | None = None
    release: str = ""


@dataclass(slots=True)
class _Own:
    """Holds the id of this process's row and sign-of-life file ("" until the folders were checked), when both
    were last renewed, and the process's job."""

    pk: str = ""
    renewed_at: datetime | None = None
    job: Job = Job()


_own = _Own()


def introduce(job: Job) -> None:
    """Sets the job that this process's row will show. It is called before the first `keep`."""
    _own.job = job


def alive(now: datetime) -> list[Process]:
    """Returns the processes that were seen within the last minute."""
    rows = Process.objects.filter(seen_at__gt=now - ALIVE_FOR)
    return list(rows.order_by("host", "does", "port", "pk"))


def vanished(now: datetime) -> list[Process]:
    """Returns the processes that ended without deleting their rows and were not replaced on the same host and
    port."""
    there = {(row.host, row.does, row.port) for row in alive(now)}
    gone = {
        (row.host, row.does, row.port): row
        for row in Process.objects.filter(seen_at__lte=now - ALIVE_FOR).order_by("seen_at")
    }
    return [row for place, row in gone.items() if place not in there]


def keep(now: datetime) -> None:
    """Checks the folders at the first call, and renews the process's sign of life at later calls. If it
    raises KeysApart or KeysLost, the process must stop. Raises OSError if a folder cannot be written or does
    not answer."""
    if not _own.pk:
        _begin(now)
    elif _own.renewed_at is None or abs(now - _own.renewed_at) >= RENEW_INTERVAL:
        _own.renewed_at = now
        Process.objects.filter(seen_at__lt=now - RETENTION).delete()
        try:
            in_time(lambda: _sign_in_folders(_own.pk))
        finally:  # a process whose folder is away for a while still serves
            _store(_own.pk, now)
        _sweep(_own.pk, now)


def end() -> None:
    """Deletes the process's row before its sign-of-life file, so that no other process looks for a file that
    is about to be deleted."""
    if _own.pk:
        Process.objects.filter(pk=_own.pk).delete()
        _unsign(_own.pk)
        _own.pk = ""


def apart(now: datetime, *, own: str = "") -> list[str]:
    """Returns the host names of live processes whose sign-of-life file is missing in one of this host's
    folders. A process that was killed before this one got its port has no folder any more."""
    place = (_host(), _own.job.port or 0)
    rows = [one for one in alive(now) if one.pk != own and (one.host, one.port) != place]
    return sorted({one.host for one in rows if not _is_seen(one.pk)})


def apart_and_running(now: datetime) -> list[str]:
    """Does what `apart` does, for an administrator who looks: it leaves out processes of this host that were
    killed less than a minute ago, on whose ports nothing listens. A process that starts must not judge by
    that, because another one that is just starting does not listen yet."""
    rows = [one for one in alive(now) if not _is_seen(one.pk) and not _is_silent(one)]
    return sorted({one.host for one in rows})


def _is_silent(row: Process) -> bool:
    if row.port is None or row.host != _host():
        return False
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", row.port)) != 0


def lost(now: datetime) -> list[datetime]:
    """Returns the future purge hours for which a row of the database names a slot file that does not exist in
    any key folder. A zeroed key does not count as lost."""
    return sorted({hour for hour, _ in _lost_files(now)})


def under_lost_keys(now: datetime) -> list[Conversation]:
    """Returns the conversations with data that cannot be opened any more, because the key of that data is
    lost."""
    lost = _lost_files(now)
    files = {file for _, file in lost}
    rows = Conversation.objects.filter(Q(slot_file__in=files) | Q(hold_file__in=files))
    return [row for row in rows if lost & {(row.purge_at, row.slot_file), (row.review_until, row.hold_file)}]


def give_up_lost_keys(now: datetime) -> None:
    """Deletes the wraps, shelves, return codes and waiting answers that were sealed under lost keys, because
    nobody can open them any more.

    Open conversations continue under new keys: their epoch ends, so that the caller's browser sends a new
    grant.
    """
    lost, rows = _lost_files(now), under_lost_keys(now)
    slots.close_files()
    slots.give_up_lost(now)
    for hour, file in lost:
        WaitingAnswer.objects.filter(hour=hour, slot_file=file).delete()
    for row in rows:
        if (row.review_until, row.hold_file) in lost:
            _give_up_hold(row)
        if (row.purge_at, row.slot_file) in lost:
            _give_up(row)


def _give_up(row: Conversation) -> None:
    """Deletes the data that was sealed under the lost key. An open conversation gets a new slot, which is
    taken before the transaction, because slots.take may not run inside one."""
    new = slots.take(row.purge_at) if row.is_open else None
    with transaction.atomic():
        rows = Conversation.objects.filter(pk=row.pk)
        wraps = Wrap.objects.filter(conversation=row.pk)
        if row.hold_slot:
            wraps = wraps.exclude(member__role=states.SeatRole.REVIEW)
        wraps.delete()
        ReturnCode.objects.filter(conversation=row.pk).delete()
        place = {"slot_file": new.file, "slot_number": new.number} if new else NO_SLOT
        rows.update(shelf=None, epoch=F("epoch") + (1 if new else 0), **place)


def _give_up_hold(row: Conversation) -> None:
    Wrap.objects.filter(conversation=row.pk, member__role=states.SeatRole.REVIEW).delete()
    Conversation.objects.filter(pk=row.pk).update(hold_file=None, hold_number=None)
    row.holds.filter(slot_file=row.hold_file).update(**NO_SLOT)


def _lost_files(now: datetime) -> set[slot_files.File]:
    rows = Conversation.objects.order_by()
    own = rows.filter(purge_at__gt=now).values_list("purge_at", "slot_file").distinct()
    named = {(hour, file) for hour, file in own if file is not None}
    for row in rows.exclude(hold_file=None).only("purge_at", "held_until", "hold_file", "hold_number"):
        if row.review_until > now and row.hold_file is not None:
            named.add((row.review_until, row.hold_file))
    named |= set(WaitingAnswer.objects.filter(hour__gt=now).values_list("hour", "slot_file").distinct())
    return {file for file in named if not slot_files.exists(*file)}


def _is_seen(pk: str) -> bool:
    return all((folder / f"{pk}{SIGN}").exists() for folder in _folders())


def _begin(now: datetime) -> None:
    if hours := lost(now):
        if found := apart(now):  # keys that a live process has are not lost: this host has the wrong folder
            raise KeysApart(", ".join(found))
        raise KeysLost(", ".join(f"{hour:%Y-%m-%d %H:%M}" for hour in hours))
    pk = encoding.new_id()
    _sign(pk, now)
    try:
        _require_together(pk, now)
    except BaseException:
        Process.objects.filter(pk=pk).delete()
        _unsign(pk)
        raise
    _own.pk, _own.renewed_at = pk, now


def _require_together(pk: str, now: datetime) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while found := apart(now, own=pk):
        if time.monotonic() >= until:
            raise KeysApart(", ".join(found))
        time.sleep(POLL_SECONDS)


def _sign(pk: str, now: datetime) -> None:
    """Writes the file before the row, so that a process that reads the row finds the file."""
    _sign_in_folders(pk)
    _store(pk, now)
    _sweep(pk, now)


def _sign_in_folders(pk: str) -> None:
    for folder in _folders():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{pk}{SIGN}"
        if path.exists():
            os.utime(path)
        else:
            durable.write(path, b"")


def _store(pk: str, now: datetime) -> None:
    facts = {"does": _own.job.does, "port": _own.job.port, "release": _own.job.release}
    Process.objects.update_or_create(pk=pk, defaults={"host": _host(), "seen_at": now, **facts})


def _host() -> str:
    return socket.gethostname()[:64]


def _unsign(pk: str) -> None:
    for folder in _folders():
        (folder / f"{pk}{SIGN}").unlink(missing_ok=True)


def _sweep(own: str, now: datetime) -> None:
    """Deletes the sign-of-life files of processes that were killed."""
    for folder in _folders():
        for path in folder.glob(f"*{SIGN}"):
            with contextlib.suppress(FileNotFoundError):  # another process may delete it first
                if path.stem != own and path.stat().st_mtime < (now - RETENTION).timestamp():
                    path.unlink()


def _folders() -> set[Path]:
    return {*settings.KEY_FOLDERS, settings.JOURNAL.parent}
