"""The few statements behind `messages.post_all`, written in SQL: the one place where the ORM is too slow.

`docs/decisions/speed.md` has the measurement. PostgreSQL and SQLite run the same text; on SQLite, which has
one writer, the locking clause is left away.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

# Sorted, so that two batches that wait lock in one order.
LOCK = """
    SELECT id, token_hash IS NOT NULL AND gone_at IS NULL, gone_at IS NULL, tab, state, opened_at, epoch,
           last_seq, last_public_seq, rate_limited_until
    FROM chat_conversation WHERE id IN ({}) ORDER BY id {}"""
# Read once the lock is held: a seat read together with it could be older than the wait. With each seat comes
# what it stored already under the id that it sends now.
SEATS = """
    SELECT seat.id, seat.role, seat.left_seq, seat.granted_at, seat.epoch, seat.conversation_id,
           known.message, known.seq, known.kind, known.epoch, known.box, known.at
    FROM (VALUES {}) AS sent JOIN chat_member AS seat ON seat.id = sent.column1
    LEFT JOIN chat_entry AS known ON known.conversation_id = seat.conversation_id
        AND known."by" = seat.id AND known.message = sent.column2"""
ADVANCE = """
    UPDATE chat_conversation
    SET last_seq = news.column2, last_public_seq = news.column3, rate_limited_until = news.column4
    FROM (VALUES {}) AS news WHERE id = news.column1"""
INSERT = """
    INSERT INTO chat_entry (conversation_id, "by", message, seq, kind, epoch, box, at, audience, facts)
    VALUES {}"""


@dataclass(frozen=True, slots=True)
class Row:
    """A message or note of the log."""

    conversation: str
    by: str
    message: str
    seq: int
    kind: str
    epoch: int
    box: bytes
    at: datetime

    @property
    def line_only(self) -> bool:
        return self.kind == "note"


type Known = dict[tuple[str, str, str], Row]


@dataclass(slots=True)
class LockedConversation:
    """A locked conversation, as far as posting looks at it: one for all its seats in a batch."""

    pk: str
    has_token: bool
    exists: bool
    tab: int
    state: str
    opened_at: datetime
    epoch: int
    last_seq: int
    last_public_seq: int
    rate_limited_until: datetime | None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """A seat in a locked conversation."""

    member: str
    role: str
    left_seq: int | None
    granted_at: datetime | None
    epoch: int
    conversation: LockedConversation

    def append(self, kind: str, message: str, epoch: int, box: bytes, at: datetime) -> Row:
        """The next of the log; `write` stores it."""
        conversation = self.conversation
        conversation.last_seq += 1
        row = Row(conversation.pk, self.member, message, conversation.last_seq, kind, epoch, box, at)
        if not row.line_only:
            conversation.last_public_seq = conversation.last_seq
        conversation.rows.append(row)
        return row


def lock(sent: Collection[tuple[str, str, str]], *, wait: bool) -> tuple[dict[str, Place], Known]:
    """Of (conversation, member, message): the places by member, their conversations locked; what is stored.

    Without `wait`, only those whose conversations nobody else holds.
    """
    clause = ""
    if connection.features.has_select_for_update:
        clause = "FOR NO KEY UPDATE" + ("" if wait else " SKIP LOCKED")
    conversations = {conversation for conversation, _, _ in sent}
    asked = [(member, message) for _, member, message in sent]
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(_marks(len(conversations)), clause), list(conversations))
        locked = {row[0]: _locked(row) for row in cursor.fetchall()}
        cursor.execute(SEATS.format(_rows(asked)), _flat(asked))
        rows = cursor.fetchall()
    places, known = {}, {}
    for member, role, left_seq, granted_at, epoch, conversation, message, *stored in rows:
        if conversation in locked:
            places[member] = Place(member, role, left_seq, granted_at, epoch, locked[conversation])
        if message is not None:
            known[conversation, member, message] = _row(conversation, member, message, *stored)
    return places, known


def _row(
    conversation: str, by: str, message: str, seq: int, kind: str, epoch: int, box: bytes, at: datetime
) -> Row:
    return Row(conversation, by, message, seq, kind, epoch, bytes(box), _moment(at))


def _locked(row: tuple[Any, ...]) -> LockedConversation:
    pk, has_token, exists, tab, state, opened_at, epoch, last_seq, last_public_seq, rate_limited_until = row
    limited = _moment(rate_limited_until) if rate_limited_until else None
    return LockedConversation(
        pk, bool(has_token), bool(exists), tab, state, _moment(opened_at), epoch,
        last_seq, last_public_seq, limited,
    )  # fmt: skip


def write(places: Collection[Place]) -> list[Row]:
    """Stores what was appended, in two statements for all of it; the rows in their order."""
    locked = {place.conversation.pk: place.conversation for place in places if place.conversation.rows}
    rows = [row for one in locked.values() for row in one.rows]
    if not rows:
        return rows
    news = [
        # Never null: PostgreSQL would not know the column's type. A time that has passed means the same.
        (pk, one.last_seq, one.last_public_seq, _stored(one.rate_limited_until or one.rows[0].at))
        for pk, one in locked.items()
    ]
    entries = [
        (row.conversation, row.by, row.message, row.seq, row.kind, row.epoch, row.box, _stored(row.at),
         int(row.line_only), "{}")
        for row in rows
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE.format(_rows(news)), _flat(news))
        cursor.execute(INSERT.format(_rows(entries)), _flat(entries))
    return rows


def _marks(many: int) -> str:
    return ", ".join(["%s"] * many)


def _rows(rows: Sequence[tuple[object, ...]]) -> str:
    return ", ".join([f"({_marks(len(rows[0]))})"] * len(rows))


def _flat(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    return [value for row in rows for value in row]


def _stored(at: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(at)


def _moment(value: datetime) -> datetime:
    """SQLite keeps no zone."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)
