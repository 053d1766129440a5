"""Gone means gone: rows past their date, and at D the key of a whole hour. Safe to kill anywhere.

Rows go at the conversation's own date; the key of hour D goes first and its rows second, so that at every
moment either nothing is done or nothing is readable. The date alone destroys no key of a conversation that
has not ended.
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

from chat import bells, states, walls
from chat.conversation import endings
from chat.conversation.seats import lock_conversation
from chat.models import Conversation, Entry, Invitation, Lease, Member, ReturnCode, Wrap
from chat.retention import clock_guard, holds, journal, key_places, keys
from chat.retention.dates import due
from counsellors.models import Person
from helpline.lib import locks
from helpline.lib.errors import Ended

BATCH = 50
REST = 2.0  # times a batch's time: between two, those who talk have the database to themselves
MAX_WRAPS = 5000
TURN = 0.05  # seconds between two tries for it
PATIENCE = 10.0  # seconds that a command tries: the worker's turn is shorter

type Progress = Callable[[int], None]


class Busy(Exception):
    """Another process is purging, and does all there is to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge at this moment would do."""

    conversations: int
    keys: list[datetime]


def plan(now: datetime) -> Plan:
    return Plan(due(now).count(), keys.keys_until(now))


def overdue(now: datetime, *, line: str | None = None) -> int:
    """Conversations, of a line or all, that should be gone and are not. It is 0, or somebody must look."""
    rows = _overdue(now)
    return (rows if line is None else rows.filter(line=line)).count()


def overdue_lines(now: datetime) -> set[str]:
    """The lines for which that number is not 0."""
    return set(_overdue(now).values_list("line", flat=True))


def _overdue(now: datetime) -> QuerySet[Conversation]:
    late = now - settings.PURGE_HOUR / 12
    open_at_d = Q(purge_at__lte=late, state__in=states.OPEN)
    return Conversation.objects.filter(Q(pk__in=due(late).values("pk")) | open_at_d)


def overdue_of(supervisor: Person, now: datetime) -> int:
    """Of the supervisor's own lines."""
    return sum(overdue(now, line=line.pk) for line in walls.own_lines(supervisor))


def purge(
    now: datetime,
    *,
    progress: Progress = lambda _count: None,
    most: int | None = None,
    patience: float = 0,
) -> int:
    """What is due, or the first `most` of it; the number of conversations deleted.

    ClockHalted when the clock jumped, KeysInReach when keys lie where copies are made of them. One runs at a
    time: Busy when another one does so for longer than `patience` seconds.
    """
    clock_guard.check(now)
    key_places.require_out_of_reach()
    _destroy_keys(now)  # an hour that comes while another one purges does not wait for its end
    deleted = 0
    with _alone(patience):
        journal.write_pending()
        _end_what_is_still_open(now)
        _destroy_keys(now)
        holds.end_past(now)
        holds.hide_past(now)
        for batch in _batches(now, most):
            deleted += delete(batch, due_at=now)
            progress(deleted)
    if deleted:
        empty_the_wal()
    return deleted


@transaction.atomic
def delete(pks: list[str], *, due_at: datetime | None = None) -> int:
    """Deletes conversations together with their lines of the journal; those that were still there.

    With `due_at` those that are due then: a hold may have come since the batch was drawn. Such a batch waits
    for nobody: a row that somebody holds goes in a later one.
    """
    locked = Conversation.objects.select_for_update(skip_locked=_skips_locked() and due_at is not None)
    rows = list(locked.filter(pk__in=pks).order_by("pk"))
    if due_at is not None:
        still = set(due(due_at).filter(pk__in=pks).values_list("pk", flat=True))
        rows = [row for row in rows if row.pk in still]
    if rows:
        _delete_rows([row.pk for row in rows])
        journal.note(rows)  # last: whoever erases meanwhile waits for a number no longer than for a commit
    return len(rows)


def replay(now: datetime) -> int:
    """After a restore: deletes again what the journal says was purged since, then purges once."""
    number, hashes, held = journal.hashes_since_backup()
    known = {journal.hash_of(row.recorded_as): row for row in Conversation.objects.iterator()}
    hidden = [known[digest] for digest in held & known.keys() if known[digest].is_held(now)]
    gone = [known[digest].pk for digest in (hashes | held) & known.keys() if known[digest] not in hidden]
    with transaction.atomic():
        for row in hidden:
            holds.hide(row, now=now)
        _delete_rows(gone)
        journal.catch_up(number)
    empty_the_wal()
    return len(gone) + purge(now, patience=PATIENCE)


def _delete_rows(pks: list[str]) -> None:
    """Wraps first: without them the rest opens nothing, wherever a kill comes."""
    Wrap.objects.filter(conversation__in=pks).delete()
    ReturnCode.objects.filter(conversation__in=pks).delete()
    Entry.objects.filter(conversation__in=pks)._raw_delete(using="default")  # noqa: SLF001 – no signals
    Invitation.objects.filter(conversation__in=pks).delete()
    Lease.objects.filter(member__conversation__in=pks).delete()
    Member.objects.filter(conversation__in=pks).delete()
    Conversation.objects.filter(pk__in=pks).delete()
    bells.ring_all_on_commit([bells.SeatsChanged(pk) for pk in pks])


def end_staff_wraps(now: datetime) -> int:
    """The keys of a counsellor, colleague, partner or guest go an hour after they left, or after the end.

    At most MAX_WRAPS at once: a worker that was down for long keeps its deadlines in between.
    """
    limit = now - settings.STAFF_WRAPS
    gone = Q(member__left_at__lte=limit) | Q(conversation__ended_at__lte=limit)
    staff = Wrap.objects.filter(gone, member__role__in=states.STAFF)
    some = list(staff.values_list("pk", flat=True)[:MAX_WRAPS])
    deleted, _ = Wrap.objects.filter(pk__in=some).delete()
    return deleted


def empty_the_wal() -> None:
    """SQLite keeps deleted pages in its log until it is truncated. PostgreSQL's log is made useless by D."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _alone(patience: float) -> Iterator[None]:
    """Asked for again and again, never waited for: the worker's deadlines would wait with it."""
    until = time.monotonic() + patience
    while not locks.take_advisory(locks.PURGE):
        if time.monotonic() >= until:
            raise Busy
        time.sleep(TURN)
    try:
        yield
    finally:
        locks.free_advisory(locks.PURGE)


def _skips_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _batches(now: datetime, most: int | None) -> Iterator[list[str]]:
    """Drawn once: to look for each batch anew would walk past all that was just deleted."""
    took = 0.0
    for batch in batched(due(now).order_by("purge_at", "pk").values_list("pk", flat=True)[:most], BATCH):
        time.sleep(took * REST)
        begun = time.monotonic()
        yield list(batch)
        took = time.monotonic() - begun


def _destroy_keys(now: datetime) -> None:
    """All whose hour has come, but no key that a conversation which has not ended stands under."""
    running = Conversation.objects.filter(state__in=states.OPEN, purge_at__lte=now)
    keys.destroy_until(now, spared={row.review_until for row in running} | {row.purge_at for row in running})


def _end_what_is_still_open(now: datetime) -> None:
    """The worker was down at the end of the longest span: first it ends, then it goes."""
    overlong = Conversation.objects.filter(state__in=states.OPEN, opened_at__lte=now - settings.OPEN_SPAN)
    for pk in list(overlong.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                endings.end(lock_conversation(pk), "expired", now=now)
        except Ended:
            continue
