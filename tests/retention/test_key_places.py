"""The purge refuses keys in places that a copy of the database or a backup includes."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chat.models import Conversation
from chat.retention import clock_guard, journal, key_places, purge
from helpline import checks
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.supervisors import talked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_keys")]


@pytest.mark.parametrize("backup", ["", "keys"])
def test_keys_inside_a_backup_path_are_named(own_keys: Path, settings: Settings, backup: str) -> None:
    settings.BACKUP_PATHS = [own_keys / backup]
    with pytest.raises(key_places.KeysInReach, match=r"HELPLINE_KEYS: .* is inside the backup path"):
        key_places.require_out_of_reach()


def test_keys_beside_a_backup_path_are_out_of_reach(own_keys: Path, settings: Settings) -> None:
    settings.BACKUP_PATHS = [own_keys / "key", own_keys / "keys" / "deeper", own_keys / "elsewhere"]
    key_places.require_out_of_reach()


def test_a_link_does_not_hide_where_the_keys_really_lie(own_keys: Path, settings: Settings) -> None:
    (own_keys / "copied").mkdir()
    (own_keys / "link").symlink_to(own_keys / "copied")
    settings.BACKUP_PATHS = [own_keys / "copied"]
    settings.KEY_FOLDERS = [own_keys / "keys", own_keys / "link" / "keys"]
    (found,) = key_places.within_backups()
    assert "link" in found


@pytest.mark.parametrize("ours", ["keys", "purged.log"])
def test_keys_and_journal_inside_the_database_s_folder_are_named(
    own_keys: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, ours: str
) -> None:
    monkeypatch.setattr(key_places, "_data_folder", lambda: own_keys / "data")
    assert key_places.within_database() == []
    place = own_keys / "data" / ours
    settings.KEY_FOLDERS, settings.JOURNAL = (
        ([place], settings.JOURNAL) if ours == "keys" else (settings.KEY_FOLDERS, place)
    )
    (found,) = key_places.within_database()
    assert str(place) in found
    (error,) = checks.keys_are_not_in_the_database_s_folder(databases=["default"])
    assert error.id == "helpline.E006"


def test_the_purge_refuses_with_a_clear_error_and_deletes_nothing(
    carla: Counsellor, own_keys: Path, settings: Settings
) -> None:
    talked(carla)
    late = later(clock.now(), 40 * 3600)
    clock_guard.trust(late)
    settings.BACKUP_PATHS = [own_keys]
    with pytest.raises(key_places.KeysInReach):
        purge.purge(late)
    assert Conversation.objects.exists()
    assert list((own_keys / "keys").glob("*.slots"))
    with pytest.raises(CommandError, match="inside the backup path") as error:
        call_command("purge", "--clock-is-right", skip_checks=True)
    assert error.value.returncode == 1
    (wrong,) = checks.keys_are_in_no_backup()
    assert wrong.id == "helpline.E005"


def test_after_a_restore_what_was_purged_goes_and_the_keys_are_complained_of(
    carla: Counsellor, own_keys: Path, settings: Settings
) -> None:
    anna = talked(carla)
    (own_keys / "purged.log").write_text(f"1 2026-11-26T14:00:00Z {journal.hash_of(anna.recorded_as)} 1 0\n")
    settings.BACKUP_PATHS = [own_keys]
    with pytest.raises(CommandError, match="inside the backup path") as error:
        call_command("restore-check", skip_checks=True)
    assert error.value.returncode == 1
    assert not Conversation.objects.exists()
