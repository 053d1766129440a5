"""On PostgreSQL a purge runs beside everybody else, one at a time, and its keys are in no copy."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from helpline.lib.locks import PURGE
from tests.support.cast import anna, carla, go_home
from tests.support.frames import is_entry
from tests.support.platform import ROOT, Platform
from tests.support.servers import Postgres

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]
GRANT, FOLLOWS = 3, 5
HOUR = 2  # seconds: the purge's round comes five times in it


@pytest.fixture(autouse=True)
def _home() -> None:
    """Replaces the folder's fixture: these tests break no store."""


@pytest.fixture(scope="module")
def purging(postgres: Postgres) -> Iterator[Platform]:
    """Provides a platform on which ended conversations are due at once."""
    with Platform(
        database_url=postgres.fresh_database(),
        GRANT_SECONDS=GRANT,
        PURGE_HOUR_SECONDS=HOUR,
        RETENTION_SECONDS=0,
    ) as running:
        yield running


@pytest.fixture
def database(purging: Platform) -> Iterator[psycopg.Connection]:
    with psycopg.connect(purging.stores["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def here(database: psycopg.Connection, *conversations: str) -> set[str]:
    rows = database.execute("SELECT id FROM chat_conversation WHERE id = ANY(%s)", [list(conversations)])
    return {pk for (pk,) in rows}


async def until_gone(database: psycopg.Connection, conversation: str) -> None:
    async with asyncio.timeout(30):
        while here(database, conversation):  # noqa: ASYNC110 – no event tells
            await asyncio.sleep(0.1)


async def until_destroyed(key: Path) -> None:
    async with asyncio.timeout(30):
        while key.exists():  # noqa: ASYNC110, ASYNC240 – no event tells
            await asyncio.sleep(0.1)


async def an_ended_one(platform: Platform) -> str:
    caller = await anna(platform)
    await caller.start()
    await caller.leave()
    return str(caller.conversation)


async def test_while_another_process_purges_the_worker_keeps_every_deadline_and_destroys_every_key(
    purging: Platform, database: psycopg.Connection
) -> None:
    database.execute("SELECT pg_advisory_lock(%s)", [PURGE])
    ended = await an_ended_one(purging)
    late_key = purging.var / "keys" / "20200101T000000Z.1.slots"
    late_key.write_bytes(bytes(32))
    sleeper = await anna(purging, grants=False)
    await sleeper.start()
    counsellor = await carla(purging)
    await counsellor.open((await counsellor.next())["conversation"])
    left = await counsellor.until(is_entry("left"), GRANT + FOLLOWS)
    assert left["reason"] == "released"
    assert here(database, ended)
    await until_destroyed(late_key)
    second = await asyncio.to_thread(purging.manage, "purge")
    assert (second.returncode, "Another process is purging" in second.stderr) == (1, True)
    database.execute("SELECT pg_advisory_unlock(%s)", [PURGE])
    await until_gone(database, ended)
    third = await asyncio.to_thread(purging.manage, "purge")
    assert third.returncode == 0, "the worker keeps the lock only while it purges"
    await go_home(purging)


async def test_a_conversation_that_somebody_holds_holds_up_no_other(
    purging: Platform, database: psycopg.Connection
) -> None:
    database.execute("SELECT pg_advisory_lock(%s)", [PURGE])
    held, other = await an_ended_one(purging), await an_ended_one(purging)
    with psycopg.connect(purging.stores["DATABASE_URL"]) as busy:
        busy.execute("SELECT 1 FROM chat_conversation WHERE id = %s FOR UPDATE", [held])
        database.execute("SELECT pg_advisory_unlock(%s)", [PURGE])
        await until_gone(database, other)
        assert here(database, held)
    await until_gone(database, held)
    await go_home(purging)


def manage(url: str, var: Path, *words: str, **own: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of an installation that serves nobody."""
    settings = {"DJANGO_SETTINGS_MODULE": "helpline.settings", "HELPLINE_SECRET_KEY": "only for tests"}
    place = {"HELPLINE_ORIGINS": "", "HELPLINE_VAR": str(var), "DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=os.environ | settings | place | own,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_keys_inside_the_data_folder_are_refused_where_the_server_tells_where_that_is(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.fresh_database()
    assert manage(url, tmp_path, "migrate", "-v", "0").returncode == 0
    (tmp_path / "link").symlink_to(postgres.data)
    inside = {"HELPLINE_KEYS": str(tmp_path / "link" / "keys")}
    refused = manage(url, tmp_path, "purge", **inside)
    assert refused.returncode == 1
    assert f"keys is inside the database's folder {postgres.data}" in refused.stderr
    checked = manage(url, tmp_path, "check", "--database", "default", **inside)
    assert (checked.returncode, "helpline.E006" in checked.stderr) == (1, True)
    postgres.execute("CREATE ROLE plain LOGIN", url=url)
    postgres.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO plain", url=url)
    untold = manage(url.replace("helpline@", "plain@"), tmp_path, "purge", **inside)
    assert untold.returncode == 0, untold.stderr
