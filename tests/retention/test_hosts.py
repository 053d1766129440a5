"""Hosts with different key folders are not one helpline: the second one does not start, and says why."""

import errno
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from chat.keys import slot_files
from chat.management.commands import worker
from chat.models import Conversation, Line, Process, Wrap
from chat.retention import hosts
from chat.retention.hosts import KeysApart, KeysLost
from chat.runtime import key_check
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, later, taken
from tests.support.domain.supervisors import holds_it, makes_key, row_of, talked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, own_keys: Path) -> Iterator[None]:
    monkeypatch.setattr(hosts, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(hosts, "_own", hosts._Own())
    yield
    hosts.end()


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "_own", hosts._Own())


def with_folders_of_its_own(settings: Settings, folder: Path) -> None:
    settings.KEY_FOLDERS, settings.JOURNAL = [folder / "keys"], folder / "purged.log"


def test_processes_that_share_their_folders_start_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = clock.now()
    hosts.keep(now)
    another_process(monkeypatch)
    hosts.keep(now)
    assert Process.objects.count() == 2
    assert hosts.apart(now) == []


@pytest.mark.parametrize("which", ["KEY_FOLDERS", "JOURNAL"])
def test_a_host_with_a_folder_of_its_own_does_not_start_and_leaves_nothing_behind(
    which: str, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    now = clock.now()
    hosts.keep(now)
    another_process(monkeypatch)
    shared = settings.KEY_FOLDERS, settings.JOURNAL
    with_folders_of_its_own(settings, tmp_path / "other")
    if which == "KEY_FOLDERS":
        settings.JOURNAL = shared[1]
    else:
        settings.KEY_FOLDERS = shared[0]
    with pytest.raises(KeysApart):
        hosts.keep(now)
    assert Process.objects.count() == 1
    signs = [*(tmp_path / "other").rglob(f"*{hosts.SIGN}")]
    assert signs == []


def test_nobody_waits_for_a_process_that_was_killed_long_ago(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    now = clock.now()
    hosts.keep(now)
    another_process(monkeypatch)
    with_folders_of_its_own(settings, tmp_path / "other")
    hosts.keep(now + hosts.ALIVE_FOR + timedelta(seconds=1))


def test_a_process_does_not_wait_for_the_one_that_was_killed_before_it_on_its_port(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    """A wrong setting was corrected, and systemd starts the process anew."""
    now = clock.now()
    hosts.introduce(hosts.Job("callers", 8001))
    hosts.keep(now)
    with_folders_of_its_own(settings, tmp_path / "other")
    for port, starts in ((8002, False), (8001, True)):
        another_process(monkeypatch)
        hosts.introduce(hosts.Job("callers", port))
        if starts:
            hosts.keep(now)
        else:
            with pytest.raises(KeysApart):
                hosts.keep(now)


def test_a_sign_is_renewed_and_those_of_the_dead_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    hosts.keep(now)
    hosts.keep(later(now, 5))
    assert Process.objects.get().seen_at == now
    hosts.keep(later(now, 20))
    assert Process.objects.get().seen_at == later(now, 20)
    another_process(monkeypatch)
    day = now + hosts.RETENTION + timedelta(minutes=1)
    hosts.keep(day)
    hosts.keep(day + hosts.RENEW_INTERVAL)
    assert Process.objects.get().seen_at == day + hosts.RENEW_INTERVAL


def test_a_process_whose_folder_is_away_for_a_while_still_counts_as_alive_and_does_not_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = clock.now()
    hosts.keep(now)

    def away(_path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("chat.retention.hosts.os.utime", away)
    with pytest.raises(OSError, match="Read-only"):
        hosts.keep(later(now, 20))
    assert Process.objects.get().seen_at == later(now, 20)
    with time_machine.travel(later(now, 40), tick=False):
        worker.keep_keys()
    assert Process.objects.get().seen_at == later(now, 40)


def test_a_key_that_the_database_names_and_the_folder_lacks_stops_the_start(
    carla: Counsellor, settings: Settings, tmp_path: Path
) -> None:
    anna, _ = taken(carla)
    now = clock.now()
    hosts.keep(now)
    hosts.end()
    with_folders_of_its_own(settings, tmp_path / "empty")
    with pytest.raises(KeysLost, match=f"{Conversation.objects.get(pk=anna.conversation).purge_at:%Y-%m-%d}"):
        hosts.keep(now)
    assert "1 conversations lie under keys that are in no folder" in says("--keys-are-lost", "--dry-run")
    assert Wrap.objects.exists(), "it was only asked"
    with pytest.raises(CommandError, match="Nothing was given up"):
        says("--keys-are-lost", answer="no\n")
    with pytest.raises(CommandError, match="Nobody answers"):
        says("--keys-are-lost")
    assert Wrap.objects.exists()
    assert "1 conversations given up" in says("--keys-are-lost", answer="yes\n")
    assert not Wrap.objects.exists()
    hosts.keep(clock.now())


def says(*words: str, answer: str = "") -> str:
    out = StringIO()
    with patch("sys.stdin", StringIO(answer)):
        call_command("purge", *words, stdout=out)
    return out.getvalue()


def test_keys_in_a_folder_that_is_away_are_not_lost(
    carla: Counsellor, settings: Settings, tmp_path: Path
) -> None:
    taken(carla)
    (tmp_path / "away").touch()
    settings.KEY_FOLDERS = [tmp_path / "away"]
    with pytest.raises(CommandError, match=r"away cannot be a folder.*what it has is not lost"):
        says("--keys-are-lost", answer="yes\n")
    assert Wrap.objects.exists()


def test_keys_that_a_live_process_has_elsewhere_are_not_lost(
    carla: Counsellor, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    """A second host whose shared folder is not mounted has an empty folder of its own."""
    taken(carla)
    hosts.keep(clock.now())
    Process.objects.update(host="web-1")
    with_folders_of_its_own(settings, tmp_path / "empty")
    another_process(monkeypatch)
    with pytest.raises(KeysApart, match="web-1"):
        hosts.keep(clock.now())
    with pytest.raises(CommandError, match=r"runs on web-1.*is not lost"):
        says("--keys-are-lost", "--yes")
    assert Wrap.objects.exists()


def test_what_a_key_still_opens_is_not_deleted(carla: Counsellor) -> None:
    taken(carla)
    before = Wrap.objects.count()
    assert before > 0
    assert hosts.under_lost_keys(clock.now()) == []
    hosts.give_up_lost_keys(clock.now())
    assert Wrap.objects.count() == before


@pytest.mark.parametrize("days", [1, 10], ids=["shorter than D", "longer than D"])
def test_a_hold_asks_for_no_key_but_the_one_that_its_wraps_lie_under(
    days: int, carla: Counsellor, floor: Counsellor, hanna: Counsellor
) -> None:
    Line.objects.filter(pk="helpwanted").update(retention=timedelta(days=5))
    makes_key(floor)
    anna = talked(carla)
    holds_it(floor, hanna, anna, later(clock.now(), days * 86_400))
    hosts.keep(clock.now())
    assert Wrap.objects.exists()


def test_where_the_key_of_a_hold_is_lost_only_what_lay_under_it_is_deleted(
    carla: Counsellor, floor: Counsellor, hanna: Counsellor, settings: Settings
) -> None:
    makes_key(floor)
    anna = talked(carla)
    holds_it(floor, hanna, anna, later(clock.now(), 10 * 86_400))
    held_until = row_of(anna).held_until
    assert held_until
    before = Wrap.objects.exclude(member__role="review").count()
    slot_files.path_of(settings.KEY_FOLDERS[0], held_until, 1).unlink()
    assert hosts.lost(clock.now()) == [held_until]
    assert hosts.under_lost_keys(clock.now()) == [row_of(anna)]
    hosts.give_up_lost_keys(clock.now())
    assert Wrap.objects.count() == before > 0


def test_the_start_says_what_to_do_and_a_demo_proves_nothing(
    carla: Counsellor, settings: Settings, tmp_path: Path
) -> None:
    taken(carla)
    with_folders_of_its_own(settings, tmp_path / "empty")
    settings.DEMO = True
    key_check.require(print)
    settings.DEMO = False
    with pytest.raises(CommandError, match="Bring the folder back"):
        key_check.require(print)
