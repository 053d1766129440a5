"""Gone means gone: rows past their date, and at D the key of a whole hour. Safe to kill anywhere.

Rows go at the conversation's own date; the key of hour D goes first and its rows second, so that at every
moment either nothing is done or nothing is readable.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from chat import bells, clock_guard, endings, holds, journal, retention, states
from chat.dates import due
from chat.models import Conversation, Entry, Invitation, Lease, Member, Wrap
from chat.seats import lock_conversation
from counsellors.models import Person
from helpline.lib.errors import Ended

BATCH = 200
LOCK = 0x70757267  # "purg"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge at this moment would do."""

    conversations: int
    keys: list[datetime]


def plan(now: datetime) -> Plan:
    return Plan(due(now).count(), retention.keys_until(now))


def overdue(now: datetime, *, line: str | None = None) -> int:
    """Conversations, of a line or all, that should be gone and are not. It is 0, or somebody must look."""
    late = now - settings.PURGE_HOUR / 12
    open_at_d = Q(purge_at__lte=late, state__in=states.OPEN)
    rows = Conversation.objects.filter(Q(pk__in=due(late).values("pk")) | open_at_d)
    return (rows if line is None else rows.filter(line=line)).count()


def overdue_of(supervisor: Person, now: datetime) -> int:
    """Of the supervisor's own lines."""
    lines = supervisor.work.exclude(line=None).values_list("line", flat=True)
    return sum(overdue(now, line=line) for line in lines)


def purge(
    now: datetime, *, progress: Callable[[int], None] = lambda _count: None, most_batches: int | None = None
) -> int:
    """What is due, or the first batches of it; the number of conversations deleted.

    ClockHalted when the clock jumped. One runs at a time; who comes second finds nothing left.
    """
    clock_guard.check(now)
    deleted = 0
    with _alone():
        journal.write_pending()
        _end_what_is_still_open(now)
        retention.destroy_until(now)
        holds.end_past(now)
        holds.hide_past(now)
        for batch in islice(_batches(now), most_batches):
            deleted += delete(batch, due_at=now)
            progress(deleted)
    if deleted:
        empty_the_wal()
    return deleted


@transaction.atomic
def delete(pks: list[str], *, due_at: datetime | None = None) -> int:
    """Deletes conversations together with their lines of the journal; those that were still there.

    With `due_at` those that are due then: a hold may have come since the batch was drawn.
    """
    rows = list(Conversation.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    if due_at is not None:
        still = set(due(due_at).filter(pk__in=pks).values_list("pk", flat=True))
        rows = [row for row in rows if row.pk in still]
    if rows:
        journal.note(rows)
        _delete_rows([row.pk for row in rows])
    return len(rows)


def replay(now: datetime) -> int:
    """After a restore: deletes again what the journal says was purged since, then purges once."""
    number, hashes, held = journal.hashes_since_backup()
    known = {journal.hash_of(row.pk): row for row in Conversation.objects.iterator()}
    hidden = [known[digest] for digest in held & known.keys() if known[digest].is_held(now)]
    gone = [known[digest].pk for digest in (hashes | held) & known.keys() if known[digest] not in hidden]
    with transaction.atomic():
        for row in hidden:
            holds.hide(row, now=now)
        _delete_rows(gone)
        journal.catch_up(number)
    return len(gone) + purge(now)


def _delete_rows(pks: list[str]) -> None:
    """Wraps first: without them the rest opens nothing, wherever a kill comes."""
    Wrap.objects.filter(conversation__in=pks).delete()
    Entry.objects.filter(conversation__in=pks)._raw_delete(using="default")  # noqa: SLF001 – no signals
    Invitation.objects.filter(conversation__in=pks).delete()
    Lease.objects.filter(member__conversation__in=pks).delete()
    Member.objects.filter(conversation__in=pks).delete()
    Conversation.objects.filter(pk__in=pks).delete()
    for pk in pks:
        bells.ring_on_commit(bells.Bell(bells.conversation(pk), "access"))


def end_staff_wraps(now: datetime) -> int:
    """The keys of a counsellor, colleague, partner or guest go an hour after they left, or after the end."""
    limit = now - settings.STAFF_WRAPS
    gone = Q(member__left_at__lte=limit) | Q(conversation__ended_at__lte=limit)
    staff = Wrap.objects.filter(gone, member__role__in=states.STAFF)
    deleted, _ = staff.delete()
    return deleted


def empty_the_wal() -> None:
    """SQLite keeps deleted pages in its log until it is truncated. PostgreSQL's log is made useless by D."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _alone() -> Iterator[None]:
    """SQLite has one writer anyway; on PostgreSQL the session's lock, freed however the session ends."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _batches(now: datetime) -> Iterator[list[str]]:
    while batch := list(due(now).order_by("purge_at", "pk").values_list("pk", flat=True)[:BATCH]):
        yield batch


def _end_what_is_still_open(now: datetime) -> None:
    """The worker was down at the end of the longest span: first it ends, then it goes."""
    overlong = Conversation.objects.filter(state__in=states.OPEN, opened_at__lte=now - settings.OPEN_SPAN)
    for pk in list(overlong.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                endings.end(lock_conversation(pk), "expired", now=now)
        except Ended:
            continue
