"""Copies the head (the newest link) of the audit chain to a file outside the database each hour, and by mail
each day if AUDIT_MAIL is set.

Somebody who can write to the database can delete the newest rows and reset the head, and the rest of the
chain is still consistent. The copies show how long the chain was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from counsellors import audit
from counsellors.models import AuditHead, AuditRow
from helpline.lib import clock, durable

INTERVAL = timedelta(hours=1)
RESTORED = "restored"  # written in place of the count

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WrittenHead:
    """Represents a line of the file: the time of writing, how many rows the audit had then, and the MAC of
    the chain's newest row."""

    at: datetime
    count: int
    mac: str
    is_first_today: bool = field(default=False, compare=False)
    is_restored: bool = False  # a backup was restored, so the rows after the row with `mac` are missing

    def __str__(self) -> str:
        return f"{clock.stamp(self.at)} {RESTORED if self.is_restored else self.count} {self.mac}"


def write(now: datetime) -> WrittenHead | None:
    """Writes a line if the last line is an hour old and something was recorded after it. Returns the new
    line, or None.

    If the file cannot be read or written, this only logs an error, because the purge must run afterwards in
    any case.
    """
    try:
        return _write(now)
    except (OSError, ValueError) as error:
        _log.error("audit_head_not_written", error=type(error).__name__)
        return None


def _write(now: datetime) -> WrittenHead | None:
    head = AuditHead.objects.filter(pk=1).first()
    last = _last()
    if head is None or (last and (now < last.at + INTERVAL or last.mac == bytes(head.mac).hex())):
        return None
    line = WrittenHead(
        now, head.count, bytes(head.mac).hex(), is_first_today=not last or last.at.date() < now.date()
    )
    with durable.locked(settings.AUDIT_HEADS) as file:
        durable.append(file, [str(line)])
    return line


def first_missing(now: datetime) -> WrittenHead | None:
    """Returns the oldest head in the file whose row should still be in the chain but is missing; None if no
    row is missing. A missing row means that somebody deleted that row and all later rows, and perhaps earlier
    ones."""
    links = {bytes(mac).hex() for mac in AuditRow.objects.values_list("mac", flat=True).iterator()}
    missing: WrittenHead | None = None
    for line in _lines():
        if line.is_restored and line.mac in links:
            missing = None  # a restored backup, whose newest link is in the chain, explains the gap
        elif line.at > now - audit.RETENTION and line.mac not in links:
            missing = missing or line
    return missing


@transaction.atomic
def note_restored(now: datetime) -> None:
    """Records that a backup was restored: heads written after that backup no longer count as missing."""
    audit.record(None, "restored")
    head = AuditHead.objects.get(pk=1)
    with durable.locked(settings.AUDIT_HEADS) as file:
        durable.append(file, [str(WrittenHead(now, 0, bytes(head.mac).hex(), is_restored=True))])


def _last() -> WrittenHead | None:
    return next(_parsed([durable.last_line(settings.AUDIT_HEADS) or ""]), None)


def _lines() -> Iterator[WrittenHead]:
    yield from _parsed(durable.whole_lines(settings.AUDIT_HEADS))


def _parsed(lines: Iterable[str]) -> Iterator[WrittenHead]:
    for line in lines:
        at, _, rest = line.partition(" ")
        count, _, mac = rest.partition(" ")
        if len(mac) == 64:
            restored = count == RESTORED
            yield WrittenHead(
                datetime.fromisoformat(at), 0 if restored else int(count), mac, is_restored=restored
            )
