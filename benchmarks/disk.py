"""Measures how much disk the stored data takes in PostgreSQL.

Run it with `python -m benchmarks.disk`; it takes a minute or two. One conversation is played and copied in
the database, as for a purge; other rows are generated. Sizes are per row, of the tables with their indexes
after a VACUUM.
"""

import asyncio
import sys
from contextlib import closing
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from benchmarks.cloning import clone
from benchmarks.purging import MESSAGES, talk_that_was
from benchmarks.servers import Stores
from benchmarks.talking import consoles

COPIES = 5_000
TALK = ("chat_conversation", "chat_member", "chat_entry", "chat_wrap")
# Generated rows, which differ only in number or time: a line's sample of each minute, a step in the audit.
SAMPLES = """INSERT INTO chat_sample (line_id, at, waiting, active, "on", longest, open)
SELECT (SELECT min(slug) FROM chat_line), now() + make_interval(mins => n), 1, 1, 1, 60, true
FROM generate_series(1, %s) n"""
STEPS = """INSERT INTO counsellors_auditrow (at, actor, action, subject, detail, previous, mac)
SELECT now(), repeat('x', 22), 'certificate_signed', repeat('x', 22), 'helpwanted', sha256('x'), sha256('x')
FROM generate_series(1, %s) n"""


def size(database: psycopg.Connection, *tables: str) -> int:
    """Returns the bytes of the tables with their indexes."""
    total = 0
    for table in tables:
        database.execute(sql.SQL("VACUUM FULL {}").format(sql.Identifier(table)))
        row = database.execute("SELECT pg_total_relation_size(%s::regclass)", [table]).fetchone()
        total += int(row[0]) if row else 0
    return total


def count(database: psycopg.Connection, table: str) -> int:
    row = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


async def measure() -> None:
    with Stores() as stores, closing(stores.helpline(counsellors=2, DEMO_PAST=1)) as platform:
        held = await consoles(platform, 1, 1)
        console, line = next(iter(held.items()))
        sample = await talk_that_was(platform, console, line)
        with psycopg.connect(platform.stores["DATABASE_URL"], autocommit=True) as database:
            _tell(database, sample)


def _tell(database: psycopg.Connection, sample: str) -> None:
    before = size(database, *TALK)
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    clone(database, sample, hour, COPIES, 24, 12, lambda _words: None)
    of_talk = (size(database, *TALK) - before) / COPIES
    say(f"an ended conversation of {MESSAGES} messages: {of_talk / 1024:.1f} KiB until it is purged")
    figures, rows = size(database, "chat_figure"), count(database, "chat_figure")
    lines = database.execute("SELECT count(DISTINCT line_id) FROM chat_figure").fetchone()
    years = 2 * (lines[0] if lines else 1)
    say(f"figures of a line and a year: {figures / years / 2**20:.1f} MiB ({rows / years:,.0f} rows)")
    before = size(database, "chat_sample")
    database.execute(SAMPLES, [COPIES])
    of_sample = (size(database, "chat_sample") - before) / COPIES
    say(f"samples of a line, for eight weeks: {of_sample * 56 * 24 * 60 / 2**20:.1f} MiB")
    before = size(database, "counsellors_auditrow")
    database.execute(STEPS, [COPIES])
    say(f"a step in the audit: {(size(database, 'counsellors_auditrow') - before) / COPIES:.0f} bytes")
    row = database.execute("SELECT pg_database_size(current_database())").fetchone()
    say(f"the whole database now: {(row[0] if row else 0) / 2**20:.0f} MiB")


if __name__ == "__main__":
    asyncio.run(measure())
