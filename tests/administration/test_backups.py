"""A backup is encrypted for a key elsewhere, contains no key, and brings back nothing that was purged."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from chat.administration import backups, health
from chat.models import Process
from chat.retention import clock_guard
from helpline.lib import backup_files, clock
from tests.support.cast import anna, bilal, carla
from tests.support.frames import Refused
from tests.support.platform import Platform
from tests.support.servers import Postgres

SAID = "gezegd vóór de reservekopie"


class Copied(Platform):
    """Stands for an installation whose commands get the same settings as its processes."""

    def _environment(self, **more: str) -> dict[str, str]:
        return super()._environment(**{**self.settings, **more})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder for the keys of age and for the copies."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "copies").mkdir()
    return folder


@pytest.fixture(scope="module")
def identity(place: Path) -> Path:
    """Returns the private half of an age key, which is on another machine in production."""
    if shutil.which("age-keygen") is None:
        words = "age is not installed (apt-get install age)"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    return new_identity(place / "key.txt")


def new_identity(path: Path) -> Path:
    subprocess.run(["age-keygen", "-o", str(path)], check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def platform(postgres: Postgres, identity: Path, place: Path) -> Iterator[Copied]:
    recipient = subprocess.run(
        ["age-keygen", "-y", str(identity)], check=True, capture_output=True, text=True
    )
    with Copied(
        database_url=postgres.fresh_database(),
        BACKUP_FOLDER=str(place / "copies"),
        BACKUP_RECIPIENT=recipient.stdout.strip(),
    ) as running:
        yield running


def conversations(platform: Platform) -> set[str]:
    with psycopg.connect(platform.stores["DATABASE_URL"]) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM chat_conversation")}


@pytest.mark.stack
@pytest.mark.timeout(240)
async def test_a_restored_backup_brings_talks_back_and_nothing_that_was_purged(
    platform: Copied, identity: Path, place: Path
) -> None:
    counsellor = await carla(platform)
    caller, erased = await bilal(platform), await anna(platform)
    await caller.start()
    talk = await counsellor.take()
    await caller.post(SAID)
    await erased.start()
    token = erased.token
    made = await asyncio.to_thread(platform.manage, "backup")
    assert made.returncode == 0, made.stderr
    (copy,) = (place / "copies").iterdir()
    assert copy.stat().st_mode & 0o077 == 0, "for the account's eyes"
    assert copy.read_bytes().startswith(b"age-encryption.org/v1"), "sealed"
    await erased.erase()
    await erased.disconnect()
    await caller.post("gezegd daarna")
    # What a later release's migration does.
    with psycopg.connect(platform.stores["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE later (of varchar(22) REFERENCES chat_conversation)")

    await asyncio.to_thread(platform.stop)
    back = await asyncio.to_thread(platform.manage, "restore", str(copy), "--identity", str(identity))
    assert back.returncode == 0, back.stderr
    assert f"The database is now the copy {copy.name}." in back.stdout
    assert "1 conversations deleted again" in back.stdout
    assert conversations(platform) == {talk.conversation}
    chain = await asyncio.to_thread(platform.manage, "audit", "verify")
    assert "the chain is whole" in chain.stdout, chain.stderr
    await asyncio.to_thread(platform.start)

    returned = caller.another_tab()
    platform.guests.append(returned)
    await returned.reopen()
    assert returned.talk.texts() == [SAID], "what was said until the copy was made can be read"
    stranger = await anna(platform)
    with pytest.raises(Refused) as refusal:
        await stranger.request("resume", conversation=erased.conversation, token=token, since=0)
    assert refusal.value.code == "not_found"


@pytest.mark.stack
def test_a_backup_opens_neither_without_its_key_nor_by_half_and_says_why(
    platform: Copied, identity: Path, place: Path
) -> None:
    assert platform.manage("backup").returncode == 0
    copy = max((place / "copies").iterdir())
    before = conversations(platform)
    refused = platform.manage("restore", str(copy), "--identity", str(new_identity(place / "other.txt")))
    assert refused.returncode == 1
    assert "Nothing was changed" in refused.stderr
    assert conversations(platform) == before

    half = place / "half.age"  # a disk that was full, a transfer that broke
    half.write_bytes(copy.read_bytes()[: -copy.stat().st_size // 2])
    refused = platform.manage("restore", str(half), "--identity", str(identity))
    assert refused.returncode == 1
    assert "What the program said: age: error:" in refused.stderr
    assert "cascades" not in refused.stderr
    assert conversations(platform) == before


@pytest.mark.stack
@pytest.mark.timeout(240)
def test_of_a_copy_that_was_cut_off_it_is_said_what_was_wrong_with_it(
    platform: Copied, identity: Path, place: Path
) -> None:
    """PostgreSQL's notices of what it drops are longer than what is shown."""
    assert platform.manage("backup").returncode == 0
    platform.stop()
    whole, before = max((place / "copies").iterdir()), conversations(platform)
    cut = place / "cut.age"
    cut.write_bytes(whole.read_bytes()[:-100])
    refused = platform.manage("restore", str(cut), "--identity", str(identity))
    assert refused.returncode == 1
    assert "age: error" in refused.stderr
    assert "age: report" not in refused.stderr
    assert "NOTICE" not in refused.stderr
    assert conversations(platform) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("copies", "keys"), [("x/keys/copies", "x/keys"), ("x", "x/keys"), ("x/copies", "x/keys")]
)
def test_a_folder_that_lies_with_the_keys_is_refused(
    copies: str, keys: str, tmp_path: Path, settings: Any
) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENT = tmp_path / copies, "age1x"
    settings.KEY_FOLDERS = [tmp_path / keys]
    for folder in (settings.BACKUP_FOLDER, *settings.KEY_FOLDERS):
        folder.mkdir(parents=True, exist_ok=True)
    with pytest.raises(CommandError, match="Put them apart"):
        call_command("backup")


@pytest.mark.django_db
def test_without_a_folder_or_a_recipient_it_says_what_to_name(tmp_path: Path, settings: Any) -> None:
    for folder, recipient in ((None, "age1x"), (tmp_path / "none", "age1x"), (tmp_path, "")):
        settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENT = folder, recipient
        with pytest.raises(CommandError, match="HELPLINE_BACKUP_RECIPIENT"):
            call_command("backup")


@pytest.mark.django_db
def test_a_copy_goes_after_a_week(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER = tmp_path
    now = datetime(2026, 11, 27, 3, 40, tzinfo=UTC)
    for days in (0, 6, 8, 30):
        (tmp_path / (now - timedelta(days=days)).strftime(backup_files.NAME)).touch()
    for theirs in ("something-else", "helpline-before-the-move.age"):
        (tmp_path / theirs).touch()
    killed, begun = (tmp_path / f"helpline-2026112{day}T034000Z.half" for day in (6, 7))
    for half in (killed, begun):
        half.touch()
    os.utime(killed, (0, 0))
    assert backups.forget_old(now) == 2
    assert not killed.exists()
    assert begun.exists(), "another process writes it"
    assert len(list(tmp_path.iterdir())) == 5
    assert backup_files.newest(now) == tmp_path / "helpline-20261127T034000Z.age"


@pytest.mark.django_db
def test_a_clock_that_is_a_month_ahead_deletes_no_copy_and_its_own_copy_hides_none(
    tmp_path: Path, settings: Any
) -> None:
    settings.BACKUP_FOLDER = tmp_path
    now = clock.now()
    clock_guard.trust(now)
    wrong, old = (tmp_path / (now + timedelta(days=days)).strftime(backup_files.NAME) for days in (30, -3))
    for copy in (wrong, old):
        copy.touch()
    assert backups.forget_old(now + timedelta(days=30)) == 0
    assert backup_files.newest(now) == old
    assert not backup_files.is_fresh(now)
    assert backup_files.age_seconds(now) > 0
    assert wrong.name in str(health.backup(now))
    assert health.backup(now).is_wrong


@pytest.mark.django_db
def test_nothing_is_brought_back_while_a_process_runs(tmp_path: Path) -> None:
    Process.objects.create(pk="A" * 22, host="chat1", seen_at=clock.now())
    for name in ("copy", "key"):
        (tmp_path / name).touch()
    with pytest.raises(CommandError, match=r"Stop them on every host.*chat1"):
        call_command("restore", str(tmp_path / "copy"), "--identity", str(tmp_path / "key"))


@pytest.mark.parametrize(
    ("host", "answer", "goes_on"),
    [
        ("", "", True),
        ("/run/postgresql", "", True),
        ("127.0.0.1", "", True),
        ("db1,db2", "yes", True),
        ("db1", "no", False),
    ],
)
def test_a_database_on_another_machine_is_not_replaced_unasked(
    host: str, answer: str, goes_on: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the machine of a drill, the settings may still name the database that is in use."""
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", host)
    for name in ("copy", "key"):
        (tmp_path / name).touch()
    monkeypatch.setattr("sys.stdin", StringIO(f"{answer}\n"))
    monkeypatch.setattr(backups, "bring_back", Mock(side_effect=backups.Failed("it was begun")))
    said = "it was begun" if goes_on else "Nothing was changed"
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(tmp_path / "copy"), "--identity", str(tmp_path / "key"))


@pytest.mark.parametrize("closed", ["copy", "key"])
def test_a_file_that_the_account_may_not_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    for name in ("copy", "key"):
        (tmp_path / name).touch()
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path).name != closed)
    with pytest.raises(CommandError, match=f"{tmp_path / closed}, or the account .* may not read it"):
        call_command("restore", str(tmp_path / "copy"), "--identity", str(tmp_path / "key"))


@pytest.mark.parametrize("size", ["1000", "10000000"])
def test_a_restore_whose_database_refuses_it_ends_with_the_database_s_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    """The programs before it still write: nobody reads what they write."""
    (tmp_path / "psql").write_text("#!/bin/sh\necho 'must be owner of table' >&2\nexit 3\n")
    (tmp_path / "psql").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(backups, "_database", dict)
    with pytest.raises(backups.Failed, match="must be owner of table"):
        backups._fill(["head", "-c", size, "/dev/zero"], ["cat"])
