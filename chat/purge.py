"""Gone means gone: rows past their date, and at D the key of a whole hour. Safe to kill anywhere.

Rows go at the conversation's own date; the key of hour D goes first and its rows second, so that at every
moment either nothing is done or nothing is readable.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Least

from chat import bells, clock_guard, endings, journal, retention, states
from chat.models import Conversation, Entry, Invitation, Lease, Member, Wrap
from chat.seats import lock_conversation
from helpline.lib.errors import Ended

BATCH = 200
LOCK = 0x70757267  # "purg"
UNANSWERED = timedelta(hours=1)  # nobody of the staff was ever let in: there is nothing to look after


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge at this moment would do."""

    conversations: int
    keys: list[datetime]


def due(now: datetime) -> QuerySet[Conversation]:
    """Ended conversations past their rows' date, or past D."""
    lasts = Case(
        When(answered=False, then=Least(Value(UNANSWERED), F("retention"), F("line__retention"))),
        default=Least(F("retention"), F("line__retention")),
        output_field=DurationField(),
    )
    rows_end = ExpressionWrapper(F("ended_at") + lasts, output_field=DateTimeField())
    rows = Conversation.objects.exclude(state__in=states.OPEN).annotate(rows_end=rows_end)
    return rows.filter(Q(rows_end__lte=now) | Q(purge_at__lte=now))


def plan(now: datetime) -> Plan:
    return Plan(due(now).count(), retention.keys_until(now))


def overdue(now: datetime, *, line: str | None = None) -> int:
    """Conversations, of a line or all, that should be gone and are not. It is 0, or somebody must look."""
    late = now - settings.PURGE_HOUR / 12
    rows = Conversation.objects.filter(Q(pk__in=due(late).values("pk")) | Q(purge_at__lte=late))
    return (rows if line is None else rows.filter(line=line)).count()


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
        for batch in islice(_batches(now), most_batches):
            deleted += delete(batch)
            progress(deleted)
    if deleted:
        empty_the_wal()
    return deleted


@transaction.atomic
def delete(pks: list[str]) -> int:
    """Deletes conversations together with their lines of the journal; those that were still there."""
    rows = list(Conversation.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    if rows:
        journal.note(rows)
        _delete_rows([row.pk for row in rows])
    return len(rows)


def replay(now: datetime) -> int:
    """After a restore: deletes again what the journal says was purged since, then purges once."""
    number, hashes = journal.hashes_since_backup()
    known = Conversation.objects.values_list("pk", flat=True).iterator()
    gone = [pk for pk in known if journal.hash_of(pk) in hashes]
    with transaction.atomic():
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
