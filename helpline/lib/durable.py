"""Writes and reads files that must survive a crash, either whole or line by line."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

TAIL_BYTES = 4096  # longer than any line


def write(path: Path, data: bytes) -> None:
    """Writes a new file, and syncs it to disk before it returns. Raises FileExistsError if the file
    exists."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        while data:  # on an almost full disk, `write` may store only a part
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Syncs a folder's directory entries to disk: without its entry a file would be lost in a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[FileIO]:
    """Opens a file of lines for appending, under a lock that only one process of this host can hold. First
    removes a last line that a crash cut short."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with FileIO(descriptor, "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _drop_a_torn_line(file)
        yield file


def append(file: FileIO, lines: Iterable[str]) -> None:
    """Appends lines, and syncs them to disk before it returns. If that fails, the file is as before."""
    size, data = file.seek(0, os.SEEK_END), "".join(f"{line}\n" for line in lines).encode()
    try:
        while data:  # on an almost full disk, `write` may store only a part
            data = data[file.write(data) :]
        os.fsync(file.fileno())
    except OSError:
        os.ftruncate(file.fileno(), size)
        raise


def last_line(path: Path) -> str | None:
    """Returns the last whole line, or None. Reads only the end, because these files grow for years."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
        whole, _, _ = file.read().rpartition(b"\n")
    return whole.rpartition(b"\n")[2].decode() or None


def whole_lines(path: Path) -> list[str]:
    """Returns all lines except one that a crash cut short."""
    if not path.exists():
        return []
    return path.read_text().rpartition("\n")[0].splitlines()


def _drop_a_torn_line(file: FileIO) -> None:
    """Removes a last line that a crash cut short. The code that uses the file writes that line, or a newer
    one, later."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL_BYTES))
    torn = file.read().rpartition(b"\n")[2]
    if torn:
        os.ftruncate(file.fileno(), size - len(torn))
