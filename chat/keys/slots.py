"""Gives out slots, so that no slot is used twice, and zeroes slots permanently. The database records which
slots were given out; the files contain their keys."""

import errno
import threading
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max

from chat import states
from chat.keys import slot_files
from chat.models import Conversation, Puncture, Slot, SlotFile
from helpline.lib import clock
from helpline.lib.errors import TryAgain

RESERVED_AT_ONCE = 32  # how many slots a process reserves for itself at a time
MAX_ZEROED_PER_FLUSH = 2000  # slots that are zeroed with one flush of each file
LATE_AFTER = timedelta(minutes=1)

_log = structlog.get_logger()
_stock: dict[datetime, list[Slot]] = {}
_stock_lock = threading.Lock()


def take(hour: datetime) -> Slot:
    """Returns a slot of this purge hour that was never given out. Raises ValueError for an hour that has
    passed.

    Raises TryAgain if a new file is needed and a key folder is full or cannot be written.

    This function must be called outside every transaction: after a rollback, another process would reserve
    the same slots.
    """
    while True:
        with _stock_lock:
            _forget_passed()
            slot = reserved.pop() if (reserved := _stock.get(hour)) else None
        try:
            if slot is not None:
                if slot_files.read(slot) is not None:
                    return slot
                continue  # the slot's key was lost after the slot was reserved
            found = _reserve(hour)
        except OSError as error:
            tell_away(error)
            raise TryAgain from None
        with _stock_lock:
            _stock.setdefault(hour, []).extend(reversed(found))


class KeysOfBefore(Exception):
    """The database has open conversations of an earlier version, whose keys are stored in a different way.
    Let them end under that version, then start this one."""


def begin() -> None:
    """Runs when a process starts. Zeroes the slots for which a killed process left a note (see `note`).
    Raises KeysOfBefore if open conversations have no slot."""
    if Conversation.objects.filter(state__in=states.OPEN, slot_file=None).exists():
        raise KeysOfBefore
    make_up()


def make_up() -> None:
    """Zeroes the slots for which a killed process left a note. If a folder was missing when slots were
    zeroed, also zeroes these slots in that folder. The next call tries again to zero the slots that cannot be
    zeroed now."""
    finish_noted()
    try:
        slot_files.spread_zeros()
    except OSError as error:
        tell_away(error)


def forget() -> None:
    """Drops the slots that this process reserved and did not use."""
    with _stock_lock:
        _stock.clear()


def close_files() -> None:
    """Makes sure that no more slots of the existing files are given out. This is needed after a restore,
    because slots that were given out after the backup are not recorded in the restored table."""
    SlotFile.objects.update(given=slot_files.SLOTS)
    forget()


def note(slots: Iterable[Slot], *, now: datetime) -> None:
    """Stores a note that these slots must be zeroed. This must be done in the transaction that deletes the
    data sealed with the keys of these slots.

    Raises OSError, within seconds, if a key folder cannot be written. In that case the caller must delete
    nothing.
    """
    coming = _coming(slots)
    slot_files.require_writable(_made_in(coming))
    Puncture.objects.bulk_create(
        [Puncture(hour=slot.hour, file=slot.file, number=slot.number, since=now) for slot in coming],
        ignore_conflicts=True,
    )


def finish(slots: Collection[Slot]) -> bool:
    """Zeroes noted slots and deletes their notes. Returns False, and keeps the notes, if a folder cannot be
    written."""
    try:
        coming = _coming(slots)
        slot_files.zero(coming, _made_in(coming))
    except OSError as error:
        tell_away(error)
        return False
    for file in {(one.hour, one.file) for one in slots}:
        numbers = [one.number for one in slots if (one.hour, one.file) == file]
        Puncture.objects.filter(hour=file[0], file=file[1], number__in=numbers).delete()
    return True


def finish_noted() -> bool:
    """Zeroes all noted slots, including those that a killed process noted. Returns False if some are left."""
    rows = Puncture.objects.order_by("hour", "file", "number")
    while some := [row.slot for row in rows[:MAX_ZEROED_PER_FLUSH]]:
        if not finish(some):
            return False
    return True


def missing_in(folder: Path, *, now: datetime) -> int:
    """Returns how many files of future hours were made in every folder but are missing in this one."""
    everywhere = SlotFile.objects.filter(hour__gt=now, folders__gte=len(settings.KEY_FOLDERS))
    return sum(not slot_files.path_of(folder, row.hour, row.file).exists() for row in everywhere)


def give_up_lost(now: datetime) -> None:
    """Sets `folders` to 0 for files of future hours that are in no folder, so that they do not count as
    missing.

    The rows are not deleted, so that no file number is used again: an older note or journal line could
    otherwise zero a new key.
    """
    for row in SlotFile.objects.filter(hour__gt=now):
        if not slot_files.exists(row.hour, row.file):
            SlotFile.objects.filter(pk=row.pk).update(folders=0)


def late(now: datetime) -> int:
    """Returns how many slots were noted more than LATE_AFTER ago and are still not zeroed. If the number is
    above 0, an operator must check the key folders."""
    return Puncture.objects.filter(since__lte=now - LATE_AFTER).count()


def tell_away(error: OSError) -> None:
    """Logs that a key folder cannot be used. As long as that lasts, nobody can erase or start a
    conversation."""
    _log.error("key_folder_away", error=in_words(error))


def in_words(error: OSError) -> str:
    """Returns the folder and the operating system's reason, without the name of the file, because that name
    contains an hour."""
    place = Path(error.filename) if error.filename else None
    folder = place.parent if place and place.suffix == slot_files.ENDING else place
    return ": ".join(str(part) for part in (folder, error.strerror) if part)


def forget_until(now: datetime, *, spared: Collection[datetime] = ()) -> None:
    """Deletes the rows and notes of files that were destroyed because their hour has passed."""
    SlotFile.objects.filter(hour__lte=now).exclude(hour__in=spared).delete()
    Puncture.objects.filter(hour__lte=now).exclude(hour__in=spared).delete()


def _reserve(hour: datetime) -> list[Slot]:
    """Reserves the next slots of a file that still has free slots, or of a new file. If two processes try to
    reserve the same slots, only one of them updates the row."""
    with transaction.atomic(durable=True):
        for row in SlotFile.objects.filter(hour=hour, given__lt=slot_files.SLOTS).order_by("file"):
            same = SlotFile.objects.filter(pk=row.pk, given=row.given)
            if slot_files.exists(hour, row.file) and same.update(given=F("given") + RESERVED_AT_ONCE):
                return _slots(hour, row.file, row.given)
    return _reserve_in_new_file(hour)


def _reserve_in_new_file(hour: datetime) -> list[Slot]:
    """Writes the file before its row, so that a process that finds the row finds the file. Returns no slots
    if another process was faster."""
    if hour <= clock.now():
        raise ValueError("a passed hour gets no new key")  # keys that were destroyed must not be replaced
    for folder in settings.KEY_FOLDERS:
        if missing_in(folder, now=clock.now()) and not any(folder.glob(f"*{slot_files.ENDING}")):
            # The volume is not mounted. Keys made now would be on the disk under the mount point: they could
            # get into that disk's backups, and would be hidden as soon as the volume is mounted.
            raise FileNotFoundError(errno.ENOENT, "lost all files of keys", str(folder))
    known = SlotFile.objects.filter(hour=hour).aggregate(newest=Max("file"))["newest"] or 0
    file = slot_files.make(hour, above=known)
    if file is None:
        return []
    try:
        with transaction.atomic(durable=True):
            folders = len(settings.KEY_FOLDERS)
            SlotFile.objects.create(hour=hour, file=file, given=RESERVED_AT_ONCE, folders=folders)
    except IntegrityError:  # this folder does not show another host's file; hosts.py reports that
        return []
    return _slots(hour, file, 0)


def _slots(hour: datetime, file: int, first: int) -> list[Slot]:
    return [Slot(hour, file, number) for number in range(first, first + RESERVED_AT_ONCE)]


def _coming(slots: Iterable[Slot]) -> list[Slot]:
    """Returns the slots whose hour is in the future or whose file still exists. Other files were destroyed
    when their hour had passed, so there is nothing to zero."""
    now = clock.now()
    return [slot for slot in slots if slot.hour > now or slot_files.exists(slot.hour, slot.file)]


def _made_in(slots: Iterable[Slot]) -> dict[slot_files.File, int]:
    """Returns, for each file that contains one of these slots, how many key folders existed when the file was
    made. The number is 0 if a restored database has no row for the file."""
    files = {(slot.hour, slot.file) for slot in slots}
    rows = SlotFile.objects.filter(hour__in={hour for hour, _ in files})
    made = {(row.hour, row.file): row.folders for row in rows}
    return {file: made.get(file, 0) for file in files}


def _forget_passed() -> None:
    now = clock.now()
    for hour in [hour for hour in _stock if hour <= now]:
        del _stock[hour]
