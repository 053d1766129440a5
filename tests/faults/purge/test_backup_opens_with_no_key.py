"""A thief has yesterday's base backup, the WAL since, every device's key and the review key, but can read
nothing that was erased. Before the purge the same things open all of it, so this test can fail."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.conftest import started
from tests.support import sealing
from tests.support.cast import anna, bilal, carla, floor, go_home
from tests.support.platform import Platform
from tests.support.sealing import DeviceKey, Seat, Unverified, b64url, unb64url
from tests.support.servers import Postgres
from tests.support.supervisor import make_key

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
BEFORE, AFTER = "gezegd vóór de reservekopie", "gezegd na de reservekopie"
BESIDE = "gezegd door een ander, in hetzelfde uur"
SPAN, RETENTION, HOUR = 50, 10, 5
GIVEN_OUT = 32 * 256  # bytes: of the slots that the few callers here were given


@pytest.fixture(autouse=True)
def _home() -> None:
    """Replaces the folder's fixture: this test has a server of its own."""


@pytest.fixture
def archiving() -> Iterator[Postgres]:
    """Starts a PostgreSQL that archives its WAL beside its data."""
    yield from started(
        Postgres(archive_mode="on", wal_level="replica", archive_command="cp %p ../wal/%f", max_wal_senders=3)
    )


@pytest.fixture
def platform(archiving: Postgres) -> Iterator[Platform]:
    own(archiving, archiving.folder / "wal")
    with Platform(
        database_url=archiving.fresh_database(),
        OPEN_SPAN_SECONDS=SPAN,
        RETENTION_SECONDS=RETENTION,
        PURGE_HOUR_SECONDS=HOUR,
    ) as running:
        yield running


def own(server: Postgres, folder: Path) -> None:
    """Makes a folder for PostgreSQL, which does not run as root."""
    folder.mkdir()
    if server.user:
        os.chown(folder, server.user.pw_uid, server.user.pw_gid)


def base_backup(server: Postgres) -> Path:
    folder = server.folder / "backup"
    own(server, folder)
    program = server.programs / "pg_basebackup"
    if not program.exists():
        program = Path(shutil.which("pg_basebackup") or "pg_basebackup")
    subprocess.run(
        [str(program), "-D", str(folder), "-d", server.url, "--checkpoint=fast", "-X", "none"],
        check=True, capture_output=True, cwd=server.folder, **server._as_user(),
    )  # fmt: skip
    return folder


def archived(server: Postgres) -> None:
    """Waits until everything that was committed is in the archive."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert row is not None
        last = connection.execute("SELECT 1")
        for _ in range(200):
            last = connection.execute("SELECT last_archived_wal FROM pg_stat_archiver")
            if ((last.fetchone() or [None])[0] or "") >= row[0]:
                return
            connection.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("the WAL was not archived")


class Restored(Postgres):
    """Runs a server on a copy of the base backup, recovered from the WAL up to a moment."""

    def __init__(self, source: Postgres, backup: Path, until: datetime) -> None:
        super().__init__(
            restore_command=f"cp {source.folder}/wal/%f %p",
            recovery_target_time=until.isoformat(),
            recovery_target_action="promote",
        )
        self.external, self.source, self.backup = None, source, backup

    def _prepare(self) -> None:
        self.user, self.programs = self.source.user, self.source.programs
        shutil.copytree(self.backup, self.data, symlinks=True)
        (self.data / "recovery.signal").touch()
        self.data.chmod(0o700)
        if self.user:
            for path in (self.folder, self.data, *self.data.rglob("*")):
                os.chown(path, self.user.pw_uid, self.user.pw_gid)


def rows_of(server: Postgres, database: str, query: str, *values: str) -> list[Any]:
    url = server.url.rpartition("/")[0] + "/" + database
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode(), values).fetchall()


def words_of(
    server: Postgres, database: str, conversation: str, keys: Path, holders: list[DeviceKey]
) -> set[str]:
    """Returns what somebody with all this can read. It uses no code of the platform."""
    found = rows_of(server, database, "SELECT purge_at FROM chat_conversation WHERE id = %s", conversation)
    if not found:
        return set()
    secrets = secrets_of(server, database, conversation, found[0][0], keys, holders)
    words = set()
    boxes = "SELECT box, epoch, by, message FROM chat_entry WHERE conversation_id = %s AND box IS NOT NULL"
    for box, epoch, by, message in rows_of(server, database, boxes, conversation):
        for secret in secrets.get(epoch, []):
            place = {
                "conversation": unb64url(conversation),
                "epoch": epoch,
                "sender": unb64url(by),
                "item": unb64url(message),
            }
            words.add(sealing.open_box(secret, bytes(box), **place)[1])
    return words


def secrets_of(
    server: Postgres,
    database: str,
    conversation: str,
    purge_at: datetime,
    keys: Path,
    holders: list[DeviceKey],
) -> dict[int, list[bytes]]:
    """Returns the epoch secrets: it tries each wrap under every retention key that is left, then under every
    private key."""
    members = {
        row[0]: Seat(unb64url(row[0]), row[1], bytes(row[2] or b""))
        for row in rows_of(
            server, database, "SELECT id, role, key FROM chat_member WHERE conversation_id = %s", conversation
        )
    }
    grants = rows_of(
        server,
        database,
        "SELECT facts FROM chat_entry WHERE kind = 'granted' AND conversation_id = %s",
        conversation,
    )
    rosters = {facts["epoch"]: [members[member] for member in facts["members"]] for (facts,) in grants}
    files = [path.read_bytes() for path in keys.glob("*.slots")]
    outer_keys = [file[at : at + 32] for file in files for at in range(0, GIVEN_OUT, 32)]
    secrets: dict[int, list[bytes]] = {}
    wraps = 'SELECT member_id, "grant", epoch, sealed FROM chat_wrap WHERE conversation_id = %s'
    for member, grant, epoch, sealed in rows_of(server, database, wraps, conversation):
        identity = unb64url(conversation)
        place = b"hl1 outer" + identity + epoch.to_bytes(4) + unb64url(member)
        place += int(purge_at.timestamp()).to_bytes(8)
        hash_ = sealing.roster_hash(identity, epoch, rosters[grant]) if grant == epoch else b""
        for wrap in (inner for key in outer_keys if (inner := without_outer(key, bytes(sealed), place))):
            for holder in holders:
                secret = opened(holder, wrap, identity, epoch, unb64url(member), hash_)
                secrets.setdefault(epoch, []).extend([secret] if secret else [])
    return secrets


def without_outer(key: bytes, sealed: bytes, place: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], place)
    except InvalidTag:
        return None


def opened(
    holder: DeviceKey, wrap: bytes, conversation: bytes, epoch: int, member: bytes, roster: bytes
) -> bytes | None:
    try:
        if roster:
            return sealing.open_wrap(holder, wrap, conversation, epoch, member, roster=roster)
        return sealing.open_history(holder, wrap, conversation, epoch, member)
    except Unverified:
        return None


def now_of(server: Postgres) -> datetime:
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        moment: datetime = row[0]
        return moment


async def test_a_backup_opens_no_word_of_what_was_erased_all_of_its_neighbour_and_after_d_nothing(
    archiving: Postgres, platform: Platform
) -> None:
    supervisor, counsellor = await floor(platform), await carla(platform)
    review = await make_key(supervisor, "helpwanted")
    caller = await anna(platform)
    await caller.start()
    await caller.post(BEFORE)
    talk = await counsellor.take()
    conversation, keys = talk.conversation, platform.var / "keys"
    neighbour = await bilal(platform)
    await neighbour.start()
    await neighbour.post(BESIDE)
    beside = (await counsellor.take()).conversation
    backup = await asyncio.to_thread(base_backup, archiving)
    await counsellor.post(conversation, AFTER)
    moment = now_of(archiving)
    await neighbour.post(AFTER)  # a commit after that moment, which a recovery needs as its end
    await asyncio.to_thread(archived, archiving)
    assert b64url(review.public) in str(talk.entries), "the review seat is let in"
    holders = {"review": review, "counsellor": counsellor.key, "supervisor": supervisor.key}
    database = platform.stores["DATABASE_URL"].rpartition("/")[2]

    with Restored(archiving, backup, moment) as restored:
        await until_promoted(restored)
        for name in ("review", "counsellor"):
            assert words_of(restored, database, conversation, keys, [holders[name]]) == {BEFORE, AFTER}, name
            assert words_of(restored, database, beside, keys, [holders[name]]) == {BESIDE}
        assert (await caller.erase())["copies"] is True
        assert words_of(restored, database, conversation, keys, list(holders.values())) == set()
        assert words_of(restored, database, beside, keys, [review]) == {BESIDE}
        await neighbour.leave()
        await asyncio.to_thread(until_gone, archiving, database, beside, keys)
        assert words_of(restored, database, beside, keys, list(holders.values())) == set()
    await asyncio.to_thread(archived, archiving)
    with Restored(archiving, backup, moment) as restored:
        await until_promoted(restored)
        kept = "SELECT count(*) FROM chat_wrap WHERE conversation_id = %s"
        for gone in (conversation, beside):
            assert rows_of(restored, database, kept, gone)[0][0] >= 2, "the backup still has the wraps"
            assert words_of(restored, database, gone, keys, list(holders.values())) == set()
    await go_home(platform)


async def until_promoted(server: Postgres) -> None:
    for _ in range(300):
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        if row == (False,):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the restored server stayed in recovery")


def until_gone(server: Postgres, database: str, conversation: str, keys: Path) -> None:
    """Waits until the rows are gone at their date, and the key at D."""
    count = "SELECT count(*) FROM chat_conversation WHERE id = %s"
    with psycopg.connect(server.url, autocommit=True) as connection:
        for _ in range(1200):
            gone = rows_of(server, database, count, conversation)[0][0] == 0
            if gone and not list(keys.glob("*.slots")):
                return
            connection.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("it was not purged")
