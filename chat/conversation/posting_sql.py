"""The rule of what may be stored, as SQL, and the statement that stores it.

On PostgreSQL the rule and the writing are one statement and one transaction. SQLite cannot write to three
tables in one statement: it reads the rule and writes the rows by their keys, in one transaction of its single
writer. `why_not` explains why a draft was not taken.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from chat import states
from chat.conversation.drafts import Draft
from helpline.lib import rate_limit
from helpline.lib.rate_limit import TokenBucket

SENT_POSTGRESQL = """
    SELECT * FROM unnest(%(conversations)s::text[], %(members)s::text[], %(messages)s::text[],
                         %(epochs)s::bigint[], %(tabs)s::bigint[], %(sizes)s::bigint[], %(notes)s::bigint[])
    WITH ORDINALITY AS sent (conversation, member, message, epoch, tab, size, is_note, n)"""
SENT_SQLITE = """
    SELECT column1 AS conversation, column2 AS member, column3 AS message, column4 AS epoch, column5 AS tab,
           column6 AS size, column7 AS is_note, column8 AS n
    FROM (VALUES {})"""
# What the rule reads comes from rows that are locked, in the newest version. Where the log has grown between
# the statement's snapshot and the lock, an entry of that id could be in it unseen: `seen` refuses that, and
# the draft is tried again. A repeated id fails alone, so no number is left out.
RULE = """
WITH sent AS ({sent}),
locked AS MATERIALIZED (
    SELECT sent.n, sent.message, sent.size, sent.is_note, sent.epoch AS sealed_in, sent.tab AS sent_from,
           kept.id AS conversation, kept.state, kept.opened_at, kept.epoch, kept.tab, kept.token_hash,
           kept.gone_at, kept.last_seq, kept.sealed_bytes,
           seat.id AS member, seat.role, seat.left_seq, seat.granted_at, seat.epoch AS named_in,
           CASE WHEN seat.rate_limited_until > %(now)s THEN seat.rate_limited_until
                ELSE %(now)s END AS begins,
           CASE seat.role WHEN 'caller' THEN %(caller_step)s ELSE %(staff_step)s END AS step,
           CASE seat.role WHEN 'caller' THEN %(caller_room)s ELSE %(staff_room)s END AS room
    FROM sent JOIN chat_member AS seat ON seat.id = sent.member
    JOIN chat_conversation AS kept ON kept.id = seat.conversation_id AND kept.id = sent.conversation
    {lock}),
allowed AS (
    SELECT locked.*, begins + step * row_number() OVER (PARTITION BY member ORDER BY n) AS free_at
    FROM locked JOIN chat_conversation AS seen ON seen.id = conversation AND seen.last_seq = locked.last_seq
    WHERE locked.gone_at IS NULL
      AND CASE role WHEN 'caller' THEN locked.token_hash IS NOT NULL AND locked.tab = sent_from
          ELSE left_seq IS NULL END
      AND NOT EXISTS (SELECT 1 FROM chat_entry AS known WHERE known.conversation_id = conversation
                      AND known."by" = member AND known.message = locked.message)
      AND locked.state IN {open} AND locked.opened_at > %(opened_after)s
      AND locked.epoch = sealed_in
      AND (role = 'caller' OR (granted_at IS NOT NULL AND named_in = sealed_in))),
paced AS (
    SELECT allowed.*, last_seq + row_number() OVER (PARTITION BY conversation ORDER BY n) AS seq,
           sealed_bytes + sum(size) OVER (PARTITION BY conversation ORDER BY n) AS octets
    FROM allowed WHERE free_at - %(now)s <= room),
taken AS (SELECT * FROM paced WHERE seq <= %(most_entries)s AND octets <= %(most_bytes)s)"""
STORE = """,
longer AS (
    UPDATE chat_conversation AS kept
    SET last_seq = news.seq, sealed_bytes = news.octets,
        last_public_seq = COALESCE(news.public_seq, kept.last_public_seq)
    FROM (SELECT conversation, max(seq) AS seq, max(octets) AS octets,
                 max(CASE is_note WHEN 0 THEN seq END) AS public_seq
          FROM taken GROUP BY conversation) AS news
    WHERE kept.id = news.conversation),
slowed AS (
    UPDATE chat_member AS seat SET rate_limited_until = news.free_at
    FROM (SELECT member, max(free_at) AS free_at FROM taken GROUP BY member) AS news
    WHERE seat.id = news.member)
INSERT INTO chat_entry (conversation_id, "by", message, seq, kind, epoch, box, at, audience, facts)
SELECT conversation, member, message, seq, CASE is_note WHEN 1 THEN 'note' ELSE 'message' END, sealed_in,
       (%(boxes)b::bytea[])[n], %(at)s, is_note, '{}'
FROM taken RETURNING conversation_id, "by", message, seq"""
FOUND = " SELECT conversation, member, message, seq, free_at, octets, is_note, n FROM taken ORDER BY n"
LONGER = """UPDATE chat_conversation SET last_seq = %s, sealed_bytes = %s,
    last_public_seq = CASE %s WHEN 0 THEN %s ELSE last_public_seq END WHERE id = %s"""
SLOWED = "UPDATE chat_member SET rate_limited_until = %s WHERE id = %s"
INSERT = """
    INSERT INTO chat_entry (conversation_id, "by", message, seq, kind, epoch, box, at, audience, facts)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '{}')"""
LOCK = "FOR NO KEY UPDATE OF kept, seat"

type Key = tuple[str, str, str]


def statement(*, wait: bool) -> str:
    """Returns PostgreSQL's statement. Without `wait` it skips conversations and seats that somebody else has
    locked."""
    lock = LOCK if wait else f"{LOCK} SKIP LOCKED"
    return _rule(SENT_POSTGRESQL, lock) + STORE


def first_of_each(drafts: Sequence[Draft]) -> dict[Key, Draft]:
    """Returns the first draft of each id; only that one is tried."""
    first: dict[Key, Draft] = {}
    for draft in drafts:
        first.setdefault(draft.key, draft)
    return first


def parameters(sent: Sequence[Draft], now: datetime) -> dict[str, Any]:
    """Returns the statement's parameters."""
    names = ("conversations", "members", "messages", "epochs", "tabs", "sizes", "notes")
    columns = dict(zip(names, map(list, zip(*map(_facts, sent), strict=True)), strict=True))
    return {**columns, **_bounds(now), "boxes": [draft.box for draft in sent], "at": now}


def in_one_statement(drafts: Sequence[Draft], now: datetime) -> tuple[str, dict[str, Any]]:
    """Returns PostgreSQL's statement and its parameters."""
    return statement(wait=False), parameters(list(first_of_each(drafts).values()), now)


def store(drafts: Sequence[Draft], now: datetime, *, wait: bool) -> dict[Key, int]:
    """Stores what the rule allows. Returns the numbers of what was taken."""
    sent = list(first_of_each(drafts).values())
    if connection.vendor != "postgresql":
        return _store_in_sqlite(sent, now)
    with connection.cursor() as cursor:
        cursor.execute(statement(wait=wait), parameters(sent, now))
        return taken(cursor.fetchall())


def taken(rows: Iterable[Sequence[Any]]) -> dict[Key, int]:
    return {(conversation, member, message): seq for conversation, member, message, seq in rows}


@transaction.atomic
def _store_in_sqlite(sent: Sequence[Draft], now: datetime) -> dict[Key, int]:
    at = connection.ops.adapt_datetimefield_value(now)
    rows = [(*_facts(draft), n) for n, draft in enumerate(sent)]
    marks, cells = _values(rows)
    with connection.cursor() as cursor:
        cursor.execute(_rule(SENT_SQLITE.format(marks), "") + FOUND, {**_bounds(now), **cells})
        found = cursor.fetchall()
        for conversation, member, message, seq, free_at, octets, is_note, n in found:
            draft = sent[n]
            cursor.execute(LONGER, [seq, octets, is_note, seq, conversation])
            cursor.execute(SLOWED, [free_at, member])
            place = [conversation, member, message, seq, draft.kind, draft.epoch]
            cursor.execute(INSERT, [*place, draft.box, at, is_note])
    return taken(row[:4] for row in found)


def _facts(draft: Draft) -> tuple[str, str, str, int, int, int, int]:
    """Returns what the rule compares."""
    seat = draft.seat
    is_note = int(draft.kind == "note")
    return seat.conversation, seat.member, draft.message, draft.epoch, seat.tab, len(draft.box), is_note


def _rule(sent: str, lock: str) -> str:
    states_ = ", ".join(f"'{state}'" for state in states.OPEN)
    return RULE.format(sent=sent, lock=lock, open=f"({states_})")


def bucket_of(role: str) -> TokenBucket:
    """Returns the token bucket of a role's seats. It is kept with the seat, so reconnecting does not refill
    it."""
    if role == states.SeatRole.CALLER:
        return TokenBucket(settings.CALLER_BURST, settings.CALLER_RATE)
    return TokenBucket(settings.STAFF_BURST, settings.STAFF_RATE)


def _bounds(now: datetime) -> dict[str, Any]:
    caller, staff = bucket_of(states.SeatRole.CALLER), bucket_of(states.SeatRole.COUNSELLOR)
    return {
        "now": rate_limit.moment(now),
        "caller_step": caller.step,
        "caller_room": caller.room,
        "staff_step": staff.step,
        "staff_room": staff.room,
        "opened_after": connection.ops.adapt_datetimefield_value(now - settings.OPEN_SPAN),
        "most_entries": settings.CONVERSATION_ENTRIES,
        "most_bytes": settings.CONVERSATION_BYTES,
    }


def _values(rows: Sequence[Sequence[object]]) -> tuple[str, dict[str, Any]]:
    """Returns rows as a VALUES list, and its parameters."""
    cells = {f"cell{n}_{place}": value for n, row in enumerate(rows) for place, value in enumerate(row)}
    marks = [", ".join(f"%(cell{n}_{place})s" for place in range(len(row))) for n, row in enumerate(rows)]
    return ", ".join(f"({row})" for row in marks), cells
