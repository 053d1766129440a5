"""Keeps the commits of one conversation's entries open for a moment, between commit and ok."""

import asyncio
import time
from typing import Self

import psycopg

from tests.support.platform import Platform
from tests.support.servers import Postgres

SECONDS = 1

# It is deferred: it runs when the server commits, has everything, and the client cannot cancel it.
FUNCTION = f"""CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN PERFORM pg_sleep({SECONDS}); RETURN NULL; END$$"""
TRIGGER = """CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON chat_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.conversation_id = '{}') EXECUTE FUNCTION slow_commit()"""
UNDER_WAY = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event = 'PgSleep' AND query NOT LIKE '%pg_sleep%'"""


class SlowCommits:
    """Is a context manager. Within it every entry of the conversation takes a second longer to commit."""

    def __init__(self, postgres: Postgres, platform: Platform, conversation: str) -> None:
        self.postgres = postgres
        self.url = platform.stores["DATABASE_URL"]
        self.trigger = TRIGGER.format(conversation)

    async def one_is_under_way(self) -> None:
        await asyncio.to_thread(self._wait_for_one)

    def __enter__(self) -> Self:
        self.postgres.execute(FUNCTION, self.trigger, url=self.url)
        return self

    def __exit__(self, *_: object) -> None:
        self.postgres.execute(
            "DROP TRIGGER slow_commit ON chat_entry", "DROP FUNCTION slow_commit", url=self.url
        )

    def _wait_for_one(self) -> None:
        deadline = time.monotonic() + 10
        with psycopg.connect(self.url, autocommit=True) as connection:
            while connection.execute(UNDER_WAY).fetchone() == (0,):
                assert time.monotonic() < deadline, "no commit was slow"
                time.sleep(0.01)
