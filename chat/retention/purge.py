"""Deletes each conversation and its key when the conversation expires (`rows_end` in dates.py). At D
(`purge_at`) destroys all keys of that hour. It is safe to kill the process at any point.

When a conversation expires, one transaction deletes the rows and marks the slot of the key for zeroing. The
slot is then zeroed by the process that deleted the rows; if that process is killed first, the next start or
the next purge zeroes the slot. At D the keys of the hour are destroyed before the rows. A key that an open
conversation still uses is kept, even past its hour.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from chat import bells, line_scope, states
from chat.conversation import endings
from chat.conversation.seats import lock_conversation
from chat.keys import slot_files, slots
from chat.models import (
    AcuteStep,
    Conversation,
    CountedResult,
    Entry,
    Hold,
    Invitation,
    Lease,
    Letter,
    Line,
    Member,
    Reading,
    ReplacedCode,
    ReturnCode,
    WaitingAnswer,
    Wrap,
)
from chat.retention import clock_guard, holds, journal, key_places
from chat.retention.dates import due
from counsellors.models import Person
from helpline.lib import clock, locks
from helpline.lib.errors import Ended

BATCH_SIZE = 50
BATCHES_PER_FLUSH = slots.MAX_ZEROED_PER_FLUSH // BATCH_SIZE  # one flush zeroes the keys of this many batches
REST_RATIO = 2.0  # pause after a batch, as a multiple of its duration: conversations need the database, too
MAX_WRAPS = 5000
RETRY_SECONDS = 0.05  # the wait between two tries for the lock
PATIENCE_SECONDS = 10.0  # how long a command retries: longer than the worker holds the lock

# The models whose rows refer to a conversation, except its members.
HANGING = (Wrap, ReturnCode, ReplacedCode, Entry, AcuteStep, Reading, Hold, Invitation, Letter, CountedResult)

type Progress = Callable[[int], None]


class Busy(Exception):
    """Another process is purging, and deletes everything that is due."""


class NotChecked(Exception):
    """This database was restored from a backup, and data that was purged after that backup has not been
    deleted again. Run `helpline restore-check` first."""


class FolderAway(Exception):
    """A key folder cannot be written or has lost files, so nothing is deleted and no caller can erase a
    conversation. Restore the folder, or remove it from HELPLINE_KEYS on every host, and start again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Holds what a purge would delete now: how many conversations, and the keys of which hours."""

    conversations: int
    hours: list[datetime]  # the hours whose keys would be destroyed


def plan(now: datetime) -> Plan:
    return Plan(due(now).count(), slot_files.hours_until(now))


def overdue(now: datetime, *, line: str | None = None) -> int:
    """Returns how many conversations should have been deleted by now. Without `line`, keys that should have
    been destroyed are included. If the number is above 0, an operator must look for the cause."""
    rows = _overdue(now)
    return rows.count() + slots.late(now) if line is None else rows.filter(line=line).count()


def overdue_lines(now: datetime) -> set[str]:
    """Returns the lines with overdue conversations, or all lines if a key is overdue, because nobody can tell
    to which line a key belonged."""
    if slots.late(now):
        return set(Line.objects.real().values_list("pk", flat=True))
    return set(_overdue(now).values_list("line", flat=True))


def _overdue(now: datetime) -> QuerySet[Conversation]:
    late = now - settings.PURGE_HOUR / 12
    open_at_d = Q(purge_at__lte=late, state__in=states.OPEN)
    return Conversation.objects.filter(Q(pk__in=due(late).values("pk")) | open_at_d)


def overdue_of(supervisor: Person, now: datetime) -> int:
    """Returns how many conversations of the supervisor's own lines are overdue."""
    return sum(overdue(now, line=line.pk) for line in line_scope.own_lines(supervisor))


def purge(
    now: datetime,
    *,
    progress: Progress = lambda _count: None,
    most: int | None = None,
    patience: float = 0,
) -> int:
    """Deletes the keys and the conversations that are due. If `most` is given, deletes only the first `most`
    of these conversations. Returns the number of conversations deleted.

    Raises ClockHalted if the clock is in doubt, KeysInReach if a backup would contain the keys, FolderAway if
    a key folder cannot be written, and NotChecked if this database was restored and not checked yet. Only one
    process purges at a time: raises Busy if another one takes longer than `patience` seconds.
    """
    if journal.is_restored():
        raise NotChecked  # a purge would write journal lines with numbers that the file already has
    clock_guard.check(now)
    key_places.require_out_of_reach()
    _destroy_keys(now)  # without the lock, so that keys are destroyed even while another process purges
    deleted = 0
    with _alone(patience):
        if journal.is_restored():
            raise NotChecked  # a backup was brought back during the wait
        journal.write_pending()
        _end_what_is_still_open(now)
        _destroy_keys(now)
        holds.end_past(now)
        with _writable_folders():
            holds.hide_past(now)
            for number, batch in enumerate(_batches(now, most), 1):
                deleted += delete(batch, due_at=now)
                progress(deleted)
                if number % BATCHES_PER_FLUSH == 0:
                    slots.finish_noted()
        slots.make_up()
    if deleted:
        empty_the_wal()
    return deleted


@transaction.atomic
def delete(pks: list[str], *, due_at: datetime | None = None) -> int:
    """Deletes conversations and notes them in the journal. Returns how many still existed.

    With `due_at`, deletes only conversations that are due at that time, because a hold may have been
    confirmed after the batch was selected. It also skips rows that are locked; a later purge deletes them.
    """
    locked = Conversation.objects.select_for_update(skip_locked=_skips_locked() and due_at is not None)
    rows = list(locked.filter(pk__in=pks).prefetch_related("holds").order_by("pk"))
    if due_at is not None:
        still = set(due(due_at).filter(pk__in=pks).values_list("pk", flat=True))
        rows = [row for row in rows if row.pk in still]
    if rows:
        _delete_rows(rows, now=due_at or clock.now())
        journal.note(rows)  # last: it locks the journal, so other deletions wait only for this commit
    return len(rows)


def replay(now: datetime) -> int:
    """Deletes again, after a backup was restored, the conversations that were purged after that backup was
    made; the journal lists them. Then runs one normal purge. Returns how many conversations it deleted.

    The restored table of slots is out of date, so no more slots are taken from the existing files.
    """
    lines = journal.lines_since_backup()
    gone = {line.digest for line in lines if not line.held}
    told = gone | {line.digest for line in lines}
    rows = [row for row in Conversation.objects.iterator() if journal.hash_of(row.recorded_as) in told]
    hidden = [row for row in rows if journal.hash_of(row.recorded_as) not in gone and row.is_held(now)]
    deleted = [row for row in rows if row not in hidden]
    slots.close_files()
    with _writable_folders(), transaction.atomic():
        slots.note([line.slot for line in lines if line.slot], now=now)
        for row in hidden:
            holds.hide(row, now=now)
        _delete_rows(deleted, now=now)
        if lines:
            journal.catch_up(lines[-1].number)
    slots.finish_noted()
    empty_the_wal()
    return len(deleted) + purge(now, patience=PATIENCE_SECONDS)


def _delete_rows(rows: list[Conversation], *, now: datetime) -> None:
    """Deletes all rows of these conversations: first the wraps, because without them nothing else of a
    conversation can be opened. Marks the slots for zeroing in the same transaction."""
    pks = [row.pk for row in rows]
    slots.note([slot for row in rows for slot in row.slots(held=False)], now=now)
    for model in HANGING:
        model.objects.filter(conversation__in=pks).delete()
    Lease.objects.filter(member__conversation__in=pks).delete()
    Member.objects.filter(conversation__in=pks).delete()
    Conversation.objects.filter(pk__in=pks).delete()
    bells.ring_all_on_commit([bells.SeatsChanged(pk) for pk in pks])


def end_staff_wraps(now: datetime) -> int:
    """Deletes the wraps of counsellors, colleagues, partners and guests, and of letters keys, an hour after
    the seat or the conversation ended.

    It deletes at most MAX_WRAPS wraps in one call, so that a worker that was down for long still meets its
    deadlines.
    """
    limit = now - settings.STAFF_WRAPS
    gone = Q(member__left_at__lte=limit) | Q(conversation__ended_at__lte=limit)
    staff = Wrap.objects.filter(gone, member__role__in=(*states.STAFF, states.SeatRole.LETTERS))
    some = list(staff.values_list("pk", flat=True)[:MAX_WRAPS])
    deleted, _ = Wrap.objects.filter(pk__in=some).delete()
    return deleted


def empty_the_wal() -> None:
    """Truncates SQLite's write-ahead log, which otherwise keeps deleted pages. PostgreSQL's log is not
    truncated, but from D on nobody can read a conversation's data in it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _writable_folders() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderAway(slots.in_words(error)) from error


@contextmanager
def _alone(patience: float) -> Iterator[None]:
    """Holds the purge's lock for a `with` block. Polls for it instead of waiting in the database, because a
    wait in the database would make the worker miss its deadlines. Raises Busy after `patience` seconds."""
    until = time.monotonic() + patience
    while not locks.take_advisory(locks.PURGE):
        if time.monotonic() >= until:
            raise Busy
        time.sleep(RETRY_SECONDS)
    try:
        yield
    finally:
        locks.free_advisory(locks.PURGE)


def _skips_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _batches(now: datetime, most: int | None) -> Iterator[list[str]]:
    """Yields the due ids in batches, from one query: a new query for each batch would scan all rows that were
    just deleted."""
    took = 0.0
    for batch in batched(due(now).order_by("purge_at", "pk").values_list("pk", flat=True)[:most], BATCH_SIZE):
        time.sleep(took * REST_RATIO)
        begun = time.monotonic()
        yield list(batch)
        took = time.monotonic() - begun


def _destroy_keys(now: datetime) -> None:
    """Destroys the keys whose purge hour has passed, except those of conversations that have not ended."""
    running = Conversation.objects.filter(state__in=states.OPEN, purge_at__lte=now)
    spared = {row.review_until for row in running} | {row.purge_at for row in running}
    with _writable_folders():
        slot_files.destroy_until(now, spared=spared)
    slots.forget_until(now, spared=spared)
    WaitingAnswer.objects.filter(hour__lte=now).delete()


def _end_what_is_still_open(now: datetime) -> None:
    """Ends conversations that are past their time limit and were not ended in time because the worker was
    down. Conversations that have not ended could not be deleted."""
    overlong = Conversation.objects.filter(state__in=states.OPEN, expires_at__lte=now)
    for pk in list(overlong.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                endings.expire(lock_conversation(pk), now=now)
        except (Ended, Conversation.DoesNotExist):  # its caller has just ended or erased it
            continue
