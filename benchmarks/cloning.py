"""Copies one conversation hundreds of thousands of times inside PostgreSQL, whatever columns its tables have.

Each copy has its own slot in a file that exists, so that the cost of zeroing is measured, too.
"""

from collections.abc import Callable
from datetime import datetime

import psycopg
from psycopg import sql

CHUNK = 5_000
# The nth copy's id in base64url without padding: 16 bytes for a conversation, 8 for a member.
COPY = "translate(encode(decode(left(md5({} || n), {}), 'hex'), 'base64'), '+/=', '-_')"
CONVERSATION = COPY.format("c.conversation", 32)
PAST_D = "n %% 2 = 0"
PASSED, COMING = (
    "c.hour - make_interval(hours => n / 2 %% %(hours)s)",
    "c.hour + make_interval(hours => %(ahead)s)",
)
SLOTS, FIRST_FILE = 4096, 101  # slots in a file; a number above the platform's own files
PLACE = f"CASE WHEN {PAST_D} THEN n / 2 / %(hours)s ELSE n / 2 END"  # the copy's number within its hour
D = f"CASE WHEN {PAST_D} THEN {PASSED} ELSE {COMING} END"

# What differs from the original, by table; `row` is the original's row.
CHANGED = {
    "chat_conversation": {
        "id": CONVERSATION,
        "recorded_as": "gen_random_uuid()::text",
        "purge_at": D,
        "slot_file": f"{FIRST_FILE} + {PLACE} / {SLOTS}",
        "slot_number": f"{PLACE} %% {SLOTS}",
        # Half are only past D; the others are only past their rows' date, which is 24 hours after the end.
        "opened_at": f"{D} - interval '36 h'",
        "ended_at": f"CASE WHEN {PAST_D} THEN now() - interval '20 h' ELSE now() - interval '25 h' END",
    },
    "chat_member": {
        "id": COPY.format("row.id", 16),
        "conversation_id": CONVERSATION,
        # The seats are empty; an hour after the end, only the review seat's keys are left.
        "here": "false",
        "person_id": "NULL",
        "role": "CASE row.role WHEN 'counsellor' THEN 'review' ELSE row.role END",
    },
    "chat_entry": {"conversation_id": CONVERSATION},
    "chat_wrap": {"conversation_id": CONVERSATION, "member_id": COPY.format("row.member_id", 16)},
}
NUMBERED = ("chat_entry", "chat_wrap")  # tables whose ids the database assigns


def clone(
    database: psycopg.Connection,
    sample: str,
    hour: datetime,
    copies: int,
    hours: int,
    ahead: int,
    say: Callable[[str], None],
) -> dict[str, int]:
    """Makes the copies, and returns how many rows were made in each table.

    `hours`: the number of purge hours, the last of which is `hour`, over which the half past D is spread.
    `ahead`: how many hours after `hour` the others have D.
    """
    made = dict.fromkeys(CHANGED, 0)
    facts = {"sample": sample, "hour": hour, "hours": hours, "ahead": ahead}
    database.execute("SET session_replication_role = replica")  # skips foreign key checks
    for first in range(1, copies + 1, CHUNK):
        last = min(first + CHUNK - 1, copies)
        for table in CHANGED:
            done = database.execute(_statement(database, table), facts | {"first": first, "last": last})
            made[table] += done.rowcount
        say(f"  {last:,} of {copies:,} conversations")
    database.execute("SET session_replication_role = origin")
    return made


def _statement(database: psycopg.Connection, table: str) -> sql.Composed:
    known = database.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s",
        [table],
    )
    names = [name for (name,) in known if (table, name) not in [(one, "id") for one in NUMBERED]]
    changed = CHANGED[table]
    values = [sql.SQL(changed[n]) if n in changed else sql.Identifier("row", n) for n in names]
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM {table} row"
        " CROSS JOIN (SELECT %(sample)s AS conversation, %(hour)s::timestamptz AS hour) c"
        " CROSS JOIN generate_series(%(first)s::int, %(last)s::int) n WHERE row.{own} = %(sample)s"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(values),
        own=sql.Identifier("id" if table == "chat_conversation" else "conversation_id"),
    )
