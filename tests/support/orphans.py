"""Nobody outlives the tests: a process beside them ends what they started, when they are killed themselves.

`atexit` runs in no process that a signal ended. The other end of a pipe is closed in any case, and whoever
reads it then knows. As a program this is the reader; within the tests `adopt` and `release` write to it.
"""

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
    """End this process and its group when the tests end without doing so."""
    _tell(f"adopt {pid}")


def release(pid: int) -> None:
    """It has ended: its number may be somebody else's from now on."""
    _tell(f"release {pid}")


def adopt_folder(place: Path) -> None:
    """Remove it, too."""
    _tell(f"adopt {place}")


def release_folder(place: Path) -> None:
    """It stays, or is gone."""
    _tell(f"release {place}")


def _tell(words: str) -> None:
    _, pipe = _reader(os.getpid())
    os.write(pipe, words.encode() + b"\n")


@cache
def _reader(_owner: int) -> tuple[subprocess.Popen[bytes], int]:
    """By the tests' process: a copy of it (fork) is not who it waits for."""
    to_read, to_write = os.pipe()
    reader = subprocess.Popen(
        [sys.executable, __file__],
        stdin=to_read,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl+C is for the tests
    )
    os.close(to_read)
    atexit.register(_leave, reader, to_write)
    return reader, to_write


def _leave(reader: subprocess.Popen[bytes], pipe: int) -> None:
    """Registered first, so called last: all others have ended what is theirs."""
    os.close(pipe)
    reader.wait()


def wait_and_end() -> None:
    """Read what is adopted until the tests are gone, and then end what is left of it."""
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
