"""Writes the journal of purges: a file outside the database, which a restored backup does not change.

A deletion is committed together with a numbered line in the database; the line is then appended to the file
and fsynced. Each number is written only once. Because the commit comes first, the file never has a line that
the database lacks, except after a backup was restored. Then `is_restored` is true, and nothing is served
before `replay` has deleted again all conversations that were purged after the backup was made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F

from chat.models import Conversation, JournalHead, Purged, Slot
from helpline.lib import durable
from helpline.lib.file_timeouts import in_time

HOUR = "%Y-%m-%dT%H:%M:%SZ"
NONE = "-"  # written instead of a slot whose key was already lost
HELD = "held"  # the caller erased the conversation, but a hold keeps it for the line's review key


@dataclass(frozen=True, slots=True)
class Line:
    """Represents a line of the file: `number hour hash file slot`, in some lines followed by `held`. The key
    in the slot has been zeroed or will be zeroed."""

    number: int
    digest: str
    slot: Slot | None
    held: bool


def hash_of(recorded_as: str) -> str:
    """Returns the hash of a conversation's `recorded_as`, not of its id, so that an id found on a phone
    cannot be matched with the journal."""
    return sha256(recorded_as.encode()).hexdigest()


def note(conversations: list[Conversation], *, held: bool = False) -> None:
    """Assigns numbers to the deletions of this transaction: one number for each slot. Because each
    transaction locks the row of JournalHead, transactions commit in the order of their numbers.

    `held` means that the conversations are erased but kept for a hold, whose slot stays.
    """
    told = [line for row in conversations for line in _lines_of(row, held=held)]
    JournalHead.objects.get_or_create(pk=1)
    JournalHead.objects.filter(pk=1).update(number=F("number") + len(told))
    last = JournalHead.objects.values_list("number", flat=True).get(pk=1)
    for number, line in enumerate(told, last - len(told) + 1):
        line.number = number
    Purged.objects.bulk_create(told)
    transaction.on_commit(write_pending, robust=True)  # if this fails, the next call writes these lines


def write_pending() -> None:
    """Appends the lines that the file does not have yet, including those of a process that was killed before
    it wrote them. Raises TimeoutError (an OSError), within seconds, if the file's folder does not answer."""
    in_time(_last_number)  # the lock would wait for that folder for ever, with the thread of who erases
    with durable.locked(settings.JOURNAL) as file:
        last = _last_number()
        pending = Purged.objects.filter(written=False).order_by("number")
        rows = [row for row in pending if row.number > last]
        if rows:
            durable.append(file, [_line(row) for row in rows])
        Purged.objects.filter(number__in=[row.number for row in pending]).update(written=True)
    _forget_what_is_written()


def is_restored() -> bool:
    """Returns whether the file lists purges that are missing in this database, because a backup was
    restored. Raises TimeoutError (an OSError), within seconds, if the file's folder does not answer."""
    written = in_time(_last_number)
    # The file is read first: a purge between the two reads would otherwise look like a restored backup.
    return written > (JournalHead.objects.values_list("number", flat=True).filter(pk=1).first() or 0)


def lines_since_backup() -> list[Line]:
    """Returns the lines about purges that happened after the backup from which this database was restored."""
    head = JournalHead.objects.values_list("number", flat=True).filter(pk=1).first() or 0
    return [line for line in _lines() if line.number > head]


def catch_up(number: int) -> None:
    """Records in the database that all purges up to the line `number` have been made in this database."""
    JournalHead.objects.update_or_create(pk=1, defaults={"number": number})


def _forget_what_is_written() -> None:
    """Deletes the rows whose lines are in the file."""
    Purged.objects.filter(written=True).delete()


def _lines_of(row: Conversation, *, held: bool) -> list[Purged]:
    digest = hash_of(row.recorded_as)
    slots = row.slots(held=held)
    if not slots:
        return [Purged(conversation_hash=digest, hour=row.purge_at, held=held)]
    return [
        Purged(
            conversation_hash=digest,
            hour=slot.hour,
            slot_file=slot.file,
            slot_number=slot.number,
            held=held,
        )
        for slot in slots
    ]


def _line(row: Purged) -> str:
    slot = [NONE if part is None else str(part) for part in (row.slot_file, row.slot_number)]
    words = [str(row.number), row.hour.astimezone(UTC).strftime(HOUR), row.conversation_hash, *slot]
    return " ".join([*words, HELD] if row.held else words)


def _last_number() -> int:
    line = durable.last_line(settings.JOURNAL)
    return int(line.split(" ")[0]) if line else 0


def _lines() -> Iterator[Line]:
    for words in (line.split(" ") for line in durable.whole_lines(settings.JOURNAL)):
        number, hour, digest, file, place = words[:5]
        at = datetime.strptime(hour, HOUR).replace(tzinfo=UTC)
        slot = None if file == NONE else Slot(at, int(file), int(place))
        yield Line(int(number), digest, slot, held=words[5:] == [HELD])
