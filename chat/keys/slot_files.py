"""Manages the files of slots. Each file contains 4,096 random keys of one purge hour, and is the same in
every key folder.

A slot is zeroed in place. If hosts replaced whole files instead, one host could restore a slot that another
host has zeroed. Zeros in any folder mean that the key is gone. Keys are not cached, so that a zeroed key is
gone for every process.
"""

import errno
import os
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from chat.models import Slot
from helpline.lib import durable
from helpline.lib.file_timeouts import in_time

KEY_BYTES = 32
SLOTS = 4096
FILE_BYTES = SLOTS * KEY_BYTES
ZEROS = bytes(KEY_BYTES)
HOUR = "%Y%m%dT%H%M%SZ"
ENDING = ".slots"

type File = tuple[datetime, int]

_compared: dict[File, list[tuple[Path, int]]] = {}  # each copy's modification time at the last comparison


def path_of(folder: Path, hour: datetime, file: int) -> Path:
    return folder / f"{hour.astimezone(UTC).strftime(HOUR)}.{file}{ENDING}"


def make(hour: datetime, *, above: int) -> int | None:
    """Makes a file in every key folder and syncs it to disk. Returns the number of the file, which is higher
    than all existing numbers. Returns None if another process was faster. Raises OSError if a folder cannot
    be written, after deleting the file from the other folders."""
    number = max([above, *_numbers_of(hour)]) + 1
    content = secrets.token_bytes(FILE_BYTES)
    made: list[Path] = []
    try:
        for folder in settings.KEY_FOLDERS:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            durable.write(path_of(folder, hour, number), content)
            made.append(folder)
            durable.sync_folder(folder)
    except OSError as error:
        for folder in made:
            path_of(folder, hour, number).unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            return None
        raise
    return number


def read(slot: Slot) -> bytes | None:
    """Returns the key, or None if a folder has zeros for it or no folder has its file. Raises OSError, within
    seconds, if a folder does not answer, or if one could not be read and no other folder has the key."""
    return in_time(lambda: _read(slot))


def _read(slot: Slot) -> bytes | None:
    found, failed = None, None
    for folder in settings.KEY_FOLDERS:
        try:
            key = _read_in(folder, slot)
        except OSError as error:
            failed = error
            continue
        if key == ZEROS:
            return None
        found = found or key
    if found is None and failed is not None:
        raise failed
    return found


def exists(hour: datetime, file: int) -> bool:
    """Returns whether any folder has the file. Raises OSError, within seconds, if a folder does not
    answer."""
    return in_time(lambda: any(path_of(folder, hour, file).exists() for folder in settings.KEY_FOLDERS))


def hours_until(now: datetime) -> list[datetime]:
    """Returns the hours up to `now` that still have files."""
    return sorted({hour for hour, _ in _files() if hour <= now})


def require_writable(files: Mapping[File, int]) -> None:
    """Raises OSError, within seconds, if one of these files can be opened for writing in fewer folders than
    `files` requires."""
    in_time(lambda: _close([one for file, folders in files.items() for one in _open(file, folders)]))


def zero(slots: Iterable[Slot], folders: Mapping[File, int]) -> None:
    """Zeroes these slots in every folder and syncs the files to disk. Raises OSError, within seconds, if that
    succeeded in fewer folders than existed when the file was made (`folders`). After an error, the slots may
    be zeroed in some folders only."""
    numbers = defaultdict(list)
    for slot in slots:
        numbers[slot.hour, slot.file].append(slot.number)

    def write() -> None:
        for file, places in numbers.items():
            descriptors = _open(file, folders.get(file, 0))
            try:
                for descriptor in descriptors:
                    for number in places:
                        os.pwrite(descriptor, ZEROS, number * KEY_BYTES)
                    os.fsync(descriptor)
            finally:
                _close(descriptors)

    in_time(write)


def spread_zeros() -> int:
    """Zeroes, in all folders, each slot that is zeroed in any folder. Returns the number of these slots. This
    is needed after a folder was missing or restored.

    A file is read only if it has changed in some folder after this process last compared its copies.
    """
    if len(settings.KEY_FOLDERS) == 1:
        return 0
    spread = 0
    for hour, file in _files():
        paths = [path_of(folder, hour, file) for folder in settings.KEY_FOLDERS]
        there = [path for path in paths if path.exists()]
        changed = [(path, path.stat().st_mtime_ns) for path in there]
        if len(there) > 1 and _compared.get((hour, file)) != changed:
            gone = _unevenly_zeroed([path.read_bytes() for path in there])
            zero([Slot(hour, file, number) for number in gone], {})
            _compared[hour, file] = changed
            spread += len(gone)
    return spread


def destroy_until(now: datetime, *, spared: Collection[datetime] = ()) -> int:
    """Overwrites and unlinks the files whose purge hour has passed, except the files of the hours in
    `spared`. Returns for how many hours it destroyed files."""
    hours = [hour for hour in hours_until(now) if hour not in spared]
    for hour, file in _files():
        if hour in hours:
            for folder in settings.KEY_FOLDERS:
                _destroy(path_of(folder, hour, file))
    return len(hours)


def _destroy(path: Path) -> None:
    """Overwrites the file before unlinking it, so that on a file system which writes in place the old bytes
    are gone from the disk."""
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(descriptor, bytes(FILE_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    durable.sync_folder(path.parent)


def _open(file: File, folders: int) -> list[int]:
    """Opens the file for writing in every folder that has it. A folder that was added later does not have the
    file. Raises FileNotFoundError if fewer than `folders` folders have the file."""
    descriptors: list[int] = []
    missing: list[Path] = []
    try:
        for folder in settings.KEY_FOLDERS:
            try:
                descriptors.append(os.open(path_of(folder, *file), os.O_WRONLY))
            except FileNotFoundError:
                missing.append(folder)
        if len(descriptors) < min(folders, len(settings.KEY_FOLDERS)):
            raise FileNotFoundError(errno.ENOENT, "lost a file of keys", str(missing[0]))
    except OSError:
        _close(descriptors)
        raise
    return descriptors


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _read_in(folder: Path, slot: Slot) -> bytes | None:
    try:
        descriptor = os.open(path_of(folder, slot.hour, slot.file), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        key = os.pread(descriptor, KEY_BYTES, slot.number * KEY_BYTES)
    finally:
        os.close(descriptor)
    return key if len(key) == KEY_BYTES else None


def _unevenly_zeroed(contents: list[bytes]) -> set[int]:
    """Returns the numbers of the slots that are zero in some of these contents, but not in all."""
    zeroed = [
        {
            start // KEY_BYTES
            for start in range(0, FILE_BYTES, KEY_BYTES)
            if content[start : start + KEY_BYTES] == ZEROS
        }
        for content in contents
    ]
    return zeroed[0].union(*zeroed) - zeroed[0].intersection(*zeroed)


def _numbers_of(hour: datetime) -> list[int]:
    return [number for at, number in _files() if at == hour]


def _files() -> set[File]:
    """Returns the files that any folder has. Raises OSError, within seconds, if a folder does not answer."""
    folders = settings.KEY_FOLDERS
    names = in_time(lambda: {path.name for folder in folders for path in folder.glob(f"*{ENDING}")})
    return {_file_named(name) for name in names}


def _file_named(name: str) -> File:
    hour, number, _ = name.split(".")
    return datetime.strptime(hour, HOUR).replace(tzinfo=UTC), int(number)
