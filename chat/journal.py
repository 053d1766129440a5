"""The journal of purges: a file outside the database that a restored backup cannot forget.

A deletion commits together with a numbered line in the database; the line is then appended to the file and
fsynced, once per number. So the file is never ahead of the database, save after a restore: then `is_restored`
is true, and nothing is served before `replay` has deleted again what was purged since that backup.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import FileIO
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from chat.models import Conversation, JournalHead, Purged
from helpline.lib import encoding

LINE_FORMAT = "{number} {hour:%Y-%m-%dT%H:%M:%SZ} {digest}{held}\n"
HELD = " held"  # erased by its caller, but a hold keeps it for the line's review key


def hash_of(conversation: str) -> str:
    return sha256(encoding.decode(conversation)).hexdigest()


def note(conversations: list[Conversation], *, held: bool = False) -> None:
    """Numbers for deletions of this transaction. The head's row lock makes them commit in order.

    `held`: erased for everybody but a hold.
    """
    JournalHead.objects.get_or_create(pk=1)
    JournalHead.objects.filter(pk=1).update(number=F("number") + len(conversations))
    last = JournalHead.objects.values_list("number", flat=True).get(pk=1)
    Purged.objects.bulk_create(
        Purged(number=number, conversation_hash=hash_of(row.pk), hour=row.purge_at, held=held)
        for number, row in enumerate(conversations, last - len(conversations) + 1)
    )
    transaction.on_commit(write_pending)


def write_pending() -> None:
    """Appends what is not in the file yet; also what a killed process left behind."""
    with _locked_file() as file:
        _drop_a_torn_line(file)
        last = _last_number_of(settings.JOURNAL)
        pending = Purged.objects.filter(written=False).order_by("number")
        lines = [row for row in pending if row.number > last]
        if lines:
            text = "".join(
                LINE_FORMAT.format(
                    number=row.number,
                    hour=row.hour,
                    digest=row.conversation_hash,
                    held=HELD if row.held else "",
                )
                for row in lines
            )
            file.write(text.encode())
            os.fsync(file.fileno())
        Purged.objects.filter(number__in=[row.number for row in pending]).update(written=True)
    _forget_what_is_written()


def is_restored() -> bool:
    """The file knows of purges that this database does not."""
    written = _last_number_of(settings.JOURNAL)
    # The file first: a purge that goes on between the two reads would otherwise look like a restored backup.
    return written > (JournalHead.objects.values_list("number", flat=True).filter(pk=1).first() or 0)


def hashes_since_backup() -> tuple[int, set[str], set[str]]:
    """The file's last number; the hashes of what was purged after this database was saved, and of what was
    erased then but is kept for a hold."""
    head = JournalHead.objects.values_list("number", flat=True).filter(pk=1).first() or 0
    rows = [row for row in _rows(settings.JOURNAL) if row[0] > head]
    gone = {digest for _, digest, held in rows if not held}
    return (rows[-1][0] if rows else head), gone, {digest for _, digest, held in rows if held} - gone


def catch_up(number: int) -> None:
    """The database knows of everything in the file again."""
    JournalHead.objects.update_or_create(pk=1, defaults={"number": number})


def _forget_what_is_written() -> None:
    """The file is the record; the rows were only the way there."""
    Purged.objects.filter(written=True).delete()


@contextmanager
def _locked_file() -> Iterator[FileIO]:
    settings.JOURNAL.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.JOURNAL, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with FileIO(descriptor, "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two processes of one host may come here at once
        yield file


def _drop_a_torn_line(file: FileIO) -> None:
    """A line that a crash cut short is written again, whole."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 4096))
    torn = file.read().rpartition(b"\n")[2]
    if torn:
        os.ftruncate(file.fileno(), size - len(torn))


def _last_number_of(path: Path) -> int:
    """Read from the end: the file only grows, and readiness is asked often."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
        whole, _, _ = file.read().rpartition(b"\n")
    return int(whole.rpartition(b"\n")[2].split(b" ")[0]) if whole else 0


def _rows(path: Path) -> list[tuple[int, str, bool]]:
    if not path.exists():
        return []
    parts = [line.split(" ") for line in path.read_text().splitlines()]
    return [(int(row[0]), row[2], len(row) == 4) for row in parts if len(row) in {3, 4}]
