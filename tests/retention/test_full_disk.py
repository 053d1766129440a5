"""The journal of purges loses no line on a disk that fills up."""

import errno
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest

from helpline.lib import durable

LINES = [f"{number} a deletion" for number in range(1, 51)]


class AlmostFull(FileIO):
    """Stores a part of each write and raises no error, as a disk does whose last block is reached."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return super().write(data[:100])


class Full(AlmostFull):
    """Has no room left after the first part."""

    writes: Iterator[int] = iter(range(2))

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if next(self.writes):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_what_a_write_did_not_store_is_written_by_the_next(tmp_path: Path) -> None:
    with AlmostFull(tmp_path / "journal", "a+") as file:
        durable.append(file, LINES)
    assert durable.whole_lines(tmp_path / "journal") == LINES


def test_lines_that_do_not_fit_leave_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_text("0 a deletion\n")
    with Full(path, "a+") as file, pytest.raises(OSError, match="No space"):
        durable.append(file, LINES)
    assert path.read_text() == "0 a deletion\n"
