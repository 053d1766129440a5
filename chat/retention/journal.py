"""The journal of purges: a file outside the database that a restored backup cannot forget.

A deletion commits together with a numbered line in the database; the line is then appended to the file and
fsynced, once per number. So the file is never ahead of the database, save after a restore: then `is_restored`
is true, and nothing is served before `replay` has deleted again what was purged since that backup.
"""

from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F

from chat.models import Conversation, JournalHead, Purged
from helpline.lib import durable

LINE_FORMAT = "{number} {hour:%Y-%m-%dT%H:%M:%SZ} {digest}{held}"
HELD = " held"  # erased by its caller, but a hold keeps it for the line's review key


def hash_of(recorded_as: str) -> str:
    """Of its number on record, not of its id: who finds that on a phone finds nothing here that it fits."""
    return sha256(recorded_as.encode()).hexdigest()


def note(conversations: list[Conversation], *, held: bool = False) -> None:
    """Numbers for deletions of this transaction. The head's row lock makes them commit in order.

    `held`: erased for everybody but a hold.
    """
    JournalHead.objects.get_or_create(pk=1)
    JournalHead.objects.filter(pk=1).update(number=F("number") + len(conversations))
    last = JournalHead.objects.values_list("number", flat=True).get(pk=1)
    Purged.objects.bulk_create(
        Purged(number=number, conversation_hash=hash_of(row.recorded_as), hour=row.purge_at, held=held)
        for number, row in enumerate(conversations, last - len(conversations) + 1)
    )
    transaction.on_commit(write_pending)


def write_pending() -> None:
    """Appends what is not in the file yet; also what a killed process left behind."""
    with durable.locked(settings.JOURNAL) as file:
        last = _last_number()
        pending = Purged.objects.filter(written=False).order_by("number")
        rows = [row for row in pending if row.number > last]
        if rows:
            durable.append(file, [_line(row) for row in rows])
        Purged.objects.filter(number__in=[row.number for row in pending]).update(written=True)
    _forget_what_is_written()


def is_restored() -> bool:
    """The file knows of purges that this database does not."""
    written = _last_number()
    # The file first: a purge that goes on between the two reads would otherwise look like a restored backup.
    return written > (JournalHead.objects.values_list("number", flat=True).filter(pk=1).first() or 0)


def hashes_since_backup() -> tuple[int, set[str], set[str]]:
    """The file's last number; the hashes of what was purged after this database was saved, and of what was
    erased then but is kept for a hold."""
    head = JournalHead.objects.values_list("number", flat=True).filter(pk=1).first() or 0
    rows = [row for row in _rows() if row[0] > head]
    gone = {digest for _, digest, held in rows if not held}
    return (rows[-1][0] if rows else head), gone, {digest for _, digest, held in rows if held} - gone


def catch_up(number: int) -> None:
    """The database knows of everything in the file again."""
    JournalHead.objects.update_or_create(pk=1, defaults={"number": number})


def _forget_what_is_written() -> None:
    """The file is the record; the rows were only the way there."""
    Purged.objects.filter(written=True).delete()


def _line(row: Purged) -> str:
    return LINE_FORMAT.format(
        number=row.number,
        hour=row.hour,
        digest=row.conversation_hash,
        held=HELD if row.held else "",
    )


def _last_number() -> int:
    line = durable.last_line(settings.JOURNAL)
    return int(line.split(" ")[0]) if line else 0


def _rows() -> list[tuple[int, str, bool]]:
    parts = [line.split(" ") for line in durable.whole_lines(settings.JOURNAL)]
    return [(int(row[0]), row[2], len(row) == 4) for row in parts if len(row) in {3, 4}]
