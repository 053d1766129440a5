"""Ends what the tests started if they are killed themselves, from a process beside them. `atexit` does not
run in a process that a signal ended. But the other end of a pipe is closed in any case, and its reader
notices. As a program this is the reader; within the tests `adopt` and `release` write to it."""

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path


def adopt(pid: int) -> None:
    """Ends this process and its group when the tests end without doing so."""
    _tell(f"adopt {pid}")


def release(pid: int) -> None:
    """Notes that it has ended, because its number may be another process's from now on."""
    _tell(f"release {pid}")


def adopt_folder(place: Path) -> None:
    """Removes the folder, too."""
    _tell(f"adopt {place}")


def release_folder(place: Path) -> None:
    """Notes that the folder stays, or is gone."""
    _tell(f"release {place}")


def _tell(words: str) -> None:
    _, pipe = _reader(os.getpid())
    os.write(pipe, words.encode() + b"\n")


@cache
def _reader(_owner: int) -> tuple[subprocess.Popen[bytes], int]:
    """Returns the pipe, for the tests' process only: the reader does not wait for a fork of it."""
    to_read, to_write = os.pipe()
    reader = subprocess.Popen(
        [sys.executable, __file__],
        stdin=to_read,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is meant for the tests
    )
    os.close(to_read)
    atexit.register(_leave, reader, to_write)
    return reader, to_write


def _leave(reader: subprocess.Popen[bytes], pipe: int) -> None:
    """Is registered first and so called last, after all others have ended what is theirs."""
    os.close(pipe)
    reader.wait()


def wait_and_end() -> None:
    """Reads what is adopted until the tests are gone, and then ends what is left."""
    left: set[str] = set()
    for line in sys.stdin:
        word, _, what = line.rstrip("\n").partition(" ")
        (left.add if word == "adopt" else left.discard)(what)
    for what in left:
        if what.isdigit():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(int(what), signal.SIGKILL)
        else:
            shutil.rmtree(what, ignore_errors=True)


if __name__ == "__main__":
    wait_and_end()
