"""Defines the SQL that decides which drafts may be stored, and stores them.

The result has a row for each draft, with one word: `taken` (stored now), `known` (stored earlier), `again`
(undecided, see RULE), or the reason why it is refused. On PostgreSQL, one statement decides and writes.
SQLite cannot write to three tables in one statement: on SQLite, a query decides and further statements write,
all in one transaction. SQLite has only one writer at a time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from chat import states
from chat.conversation.drafts import Draft
from helpline.lib import rate_limit
from helpline.lib.rate_limit import TokenBucket

SENT_POSTGRESQL = """
    SELECT * FROM unnest(%(conversations)s::text[], %(members)s::text[], %(messages)s::text[],
                         %(epochs)s::bigint[], %(tabs)s::bigint[], %(kinds)s::text[], %(boxes)b::bytea[])
    WITH ORDINALITY AS sent (conversation, member, message, epoch, tab, kind, box, n)"""
SENT_SQLITE = """
    SELECT column1 AS conversation, column2 AS member, column3 AS message, column4 AS epoch, column5 AS tab,
           column6 AS kind, column7 AS box, column8 AS n
    FROM (VALUES {})"""
# RULE decides about each draft. It reads the newest version of the rows that it locks, so every word except
# `again` is final. `again` means one of three things: another transaction has locked or removed the row; the
# draft is for a letter by its caller, whose rules are checked under a lock (letters/writing.py); or the log
# has grown between the statement's snapshot and the lock, so that the log could contain an entry with the
# draft's id that is not in the snapshot. The seat is checked as in `require_seat`, and the protocol sets the
# order of the checks. Only drafts that no earlier check forbids count against the limits of rate and size and
# get a number in the log. So a draft with an id that is already used uses up nothing, and leaves no gap
# between the numbers.
RULE = """
WITH sent AS ({sent}),
locked AS MATERIALIZED (
    SELECT sent.n, sent.message, sent.kind, sent.box, sent.epoch AS sealed_in, sent.tab AS sent_from,
           kept.id AS conversation, kept.state, kept.written, kept.expires_at, kept.epoch, kept.tab,
           kept.token_hash, kept.gone_at, kept.last_seq, kept.sealed_bytes,
           seat.id AS member, seat.role, seat.left_seq, seat.granted_at, seat.epoch AS named_in,
           CASE WHEN seat.rate_limited_until > %(now)s THEN seat.rate_limited_until
                ELSE %(now)s END AS begins,
           CASE seat.role WHEN 'caller' THEN %(caller_step)s ELSE %(staff_step)s END AS step,
           CASE seat.role WHEN 'caller' THEN %(caller_room)s ELSE %(staff_room)s END AS room
    FROM sent JOIN chat_member AS seat ON seat.id = sent.member
    JOIN chat_conversation AS kept ON kept.id = seat.conversation_id AND kept.id = sent.conversation
    {lock}),
judged AS (
    SELECT locked.*, known.seq AS known_seq, known.at, CASE
        WHEN locked.gone_at IS NOT NULL OR (role = 'caller' AND locked.token_hash IS NULL) THEN 'gone'
        WHEN role = 'caller' AND locked.tab <> sent_from THEN 'taken_over'
        WHEN role <> 'caller' AND left_seq IS NOT NULL THEN 'left'
        WHEN known.kind = locked.kind AND known.box = locked.box THEN 'known'
        WHEN known.seq IS NOT NULL THEN 'replayed'
        WHEN seen.last_seq <> locked.last_seq THEN 'again'
        WHEN role = 'caller' AND locked.written <> '' AND NOT %(letters)s THEN 'again'
        WHEN locked.state NOT IN {open} OR locked.expires_at <= %(instant)s THEN 'ended'
        WHEN locked.epoch <> sealed_in THEN 'stale_epoch'
        WHEN role <> 'caller' AND (granted_at IS NULL OR named_in <> sealed_in) THEN 'stale_epoch'
        END AS forbidden
    FROM locked JOIN chat_conversation AS seen ON seen.id = conversation
    LEFT JOIN chat_entry AS known ON known.conversation_id = conversation AND known."by" = member
                                     AND known.message = locked.message),
allowed AS (
    SELECT judged.*, begins + step * row_number() OVER (PARTITION BY member ORDER BY n) AS free_at
    FROM judged WHERE forbidden IS NULL),
paced AS (
    SELECT n, free_at, last_seq + row_number() OVER (PARTITION BY conversation ORDER BY n) AS seq,
           sealed_bytes + sum(length(box)) OVER (PARTITION BY conversation ORDER BY n) AS octets
    FROM allowed WHERE free_at - %(now)s <= room),
verdicts AS (
    SELECT judged.*, free_at, octets, COALESCE(known_seq, seq, 0) AS seq, sent.n AS place, CASE
        WHEN judged.n IS NULL THEN '{absent}'
        WHEN forbidden IS NOT NULL THEN forbidden
        WHEN paced.n IS NULL THEN 'slow_down'
        WHEN seq > %(most_entries)s OR octets > %(most_bytes)s THEN 'full'
        ELSE 'taken' END AS word
    FROM sent LEFT JOIN judged ON judged.n = sent.n LEFT JOIN paced ON paced.n = sent.n)"""
STORE = """,
taken AS (SELECT * FROM verdicts WHERE word = 'taken'),
longer AS (
    UPDATE chat_conversation AS kept
    SET last_seq = news.seq, sealed_bytes = news.octets,
        last_public_seq = COALESCE(news.public_seq, kept.last_public_seq)
    FROM (SELECT conversation, max(seq) AS seq, max(octets) AS octets,
                 max(CASE kind WHEN 'message' THEN seq END) AS public_seq
          FROM taken GROUP BY conversation) AS news
    WHERE kept.id = news.conversation),
slowed AS (
    UPDATE chat_member AS seat SET rate_limited_until = news.free_at
    FROM (SELECT member, max(free_at) AS free_at FROM taken GROUP BY member) AS news
    WHERE seat.id = news.member),
stored AS (
    INSERT INTO chat_entry (conversation_id, "by", message, seq, kind, epoch, box, at, audience, facts)
    SELECT conversation, member, message, seq, kind, epoch, box, %(at)s,
           CASE kind WHEN 'note' THEN 1 ELSE 0 END, '{}'
    FROM taken)"""
FOUND = " SELECT word, seq, at, epoch, free_at, octets FROM verdicts ORDER BY place"
LONGER = """UPDATE chat_conversation SET last_seq = %s, sealed_bytes = %s,
    last_public_seq = CASE %s WHEN 'message' THEN %s ELSE last_public_seq END WHERE id = %s"""
SLOWED = "UPDATE chat_member SET rate_limited_until = %s WHERE id = %s"
INSERT = """
    INSERT INTO chat_entry (conversation_id, "by", message, seq, kind, epoch, box, at, audience, facts)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '{}')"""
LOCK = "FOR NO KEY UPDATE OF kept, seat"

type Key = tuple[str, str, str]


class Verdict(NamedTuple):
    """Holds the result for a draft. `word`: see the module's docstring. `seq`: the draft's number in the log,
    0 if it is not stored. `at`: when an earlier request stored the draft. `free_at`, `octets`: the new values
    for the seat and the conversation, which SQLite writes separately."""

    word: str
    seq: int
    at: datetime | None
    epoch: int | None
    free_at: int | None
    octets: int | None


def first_of_each(drafts: Sequence[Draft]) -> dict[Key, Draft]:
    """Returns, by key, the first of the drafts that have the same key. The others are not tried."""
    first: dict[Key, Draft] = {}
    for draft in drafts:
        first.setdefault(draft.key, draft)
    return first


@cache
def statement(*, wait: bool) -> str:
    """Returns PostgreSQL's statement with its white space collapsed, because psycopg parses a statement of
    more than 4,096 characters again at each execution. Without `wait` it skips conversations and seats that
    another transaction has locked."""
    rule = _rule(SENT_POSTGRESQL, LOCK) if wait else _rule(SENT_POSTGRESQL, f"{LOCK} SKIP LOCKED", "again")
    return " ".join((rule + STORE + FOUND).split())


def parameters(drafts: Sequence[Draft], now: datetime, *, letters: bool = False) -> dict[str, Any]:
    """Returns the statement's parameters. `letters`: whether the rules for a letter's caller were already
    checked."""
    names = ("conversations", "members", "messages", "epochs", "tabs", "kinds", "boxes")
    columns = map(list, zip(*map(_facts, first_of_each(drafts).values()), strict=True))
    return {**dict(zip(names, columns, strict=True)), **_bounds(now), "at": now, "letters": letters}


def store(drafts: Sequence[Draft], now: datetime, *, wait: bool, letters: bool = False) -> dict[Key, Verdict]:
    """Stores the drafts that RULE allows. Returns a verdict for each key; if several drafts have the same
    key, only the first is tried. `letters`: whether the rules for a letter's caller were already checked."""
    if connection.vendor != "postgresql":
        return verdicts(drafts, _store_in_sqlite(list(first_of_each(drafts).values()), now, letters=letters))
    with connection.cursor() as cursor:
        cursor.execute(statement(wait=wait), parameters(drafts, now, letters=letters))
        return verdicts(drafts, cursor.fetchall())


def verdicts(drafts: Sequence[Draft], rows: Iterable[Sequence[Any]]) -> dict[Key, Verdict]:
    """Returns the statement's rows as verdicts, by the key of the draft."""
    return {key: Verdict(*row) for key, row in zip(first_of_each(drafts), rows, strict=True)}


@transaction.atomic
def _store_in_sqlite(sent: Sequence[Draft], now: datetime, *, letters: bool) -> list[Verdict]:
    at = connection.ops.adapt_datetimefield_value(now)
    marks, cells = _values([(*_facts(draft), n) for n, draft in enumerate(sent)])
    with connection.cursor() as cursor:
        cursor.execute(
            _rule(SENT_SQLITE.format(marks)) + FOUND, {**_bounds(now), **cells, "letters": letters}
        )
        found = [Verdict(*row) for row in cursor.fetchall()]
        for draft, (word, seq, _, _, free_at, octets) in zip(sent, found, strict=True):
            if word == "taken":
                seat, kind = draft.seat, draft.kind
                cursor.execute(LONGER, [seq, octets, kind, seq, seat.conversation])
                cursor.execute(SLOWED, [free_at, seat.member])
                cursor.execute(INSERT, [*draft.key, seq, kind, draft.epoch, draft.box, at, kind == "note"])
    return [verdict._replace(at=verdict.at and verdict.at.replace(tzinfo=UTC)) for verdict in found]


def _facts(draft: Draft) -> tuple[str, str, str, int, int, str, bytes]:
    """Returns the draft's values, in the order of the statement's columns."""
    seat = draft.seat
    return seat.conversation, seat.member, draft.message, draft.epoch, seat.tab, draft.kind, draft.box


def _rule(sent: str, lock: str = "", absent: str = "gone") -> str:
    """Returns RULE with its blanks filled in. `absent`: the word for a seat that was not found, or that was
    skipped because it is locked."""
    states_ = ", ".join(f"'{state}'" for state in states.OPEN)
    return RULE.format(sent=sent, lock=lock, absent=absent, open=f"({states_})")


def _bounds(now: datetime) -> dict[str, Any]:
    # The bucket's state is stored with the seat, so reconnecting does not refill it.
    caller = TokenBucket(settings.CALLER_BURST, settings.CALLER_RATE)
    staff = TokenBucket(settings.STAFF_BURST, settings.STAFF_RATE)
    return {
        "now": rate_limit.moment(now),
        "caller_step": caller.step,
        "caller_room": caller.room,
        "staff_step": staff.step,
        "staff_room": staff.room,
        "instant": connection.ops.adapt_datetimefield_value(now),
        "most_entries": settings.CONVERSATION_ENTRIES,
        "most_bytes": settings.CONVERSATION_BYTES,
    }


def _values(rows: Sequence[Sequence[object]]) -> tuple[str, dict[str, Any]]:
    """Returns rows as a VALUES list, and its parameters."""
    cells = {f"cell{n}_{place}": value for n, row in enumerate(rows) for place, value in enumerate(row)}
    marks = [", ".join(f"%(cell{n}_{place})s" for place in range(len(row))) for n, row in enumerate(rows)]
    return ", ".join(f"({row})" for row in marks), cells
