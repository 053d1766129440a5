"""Once its caller has erased a conversation, no copy of the database opens it, even with all keys that are
left."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from chat.conversation import coming_back, erasing
from chat.keys import outer, slot_files, slots
from chat.models import Conversation, JournalHead, Line, Puncture, Slot, SlotFile, Wrap
from chat.retention import hosts, journal, purge
from helpline.lib import clock
from helpline.lib.errors import Gone, TryAgain
from tests.support.domain.cast import Caller, Counsellor, a_caller, later
from tests.support.domain.keeping import Killed, killed_before
from tests.support.domain.supervisors import holds_it, makes_key, purge_at, row_of, talked

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400

type Copy = list[tuple[dict[str, Any], bytes, Slot]]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, own_keys: Path, settings: Settings) -> list[Path]:
    places = [tmp_path / "one", tmp_path / "two"]
    settings.KEY_FOLDERS = places
    return places


@pytest.fixture
def anna(floor: Counsellor, carla: Counsellor) -> Caller:
    makes_key(floor)
    return talked(carla, ended=False)


@pytest.fixture
def bilal(anna: Caller, carla: Counsellor) -> Caller:
    """Makes a conversation of the same hour, in the same file."""
    return talked(carla, ended=False)


def copy_of(caller: Caller) -> Copy:
    """Returns what a backup of the database has of a conversation's secrets."""
    row = row_of(caller)
    found = []
    for wrap in Wrap.objects.filter(conversation=row.pk).select_related("member"):
        slot = row.review_slot if wrap.member.role == "review" else row.slot
        assert slot
        place = {"conversation": row.pk, "epoch": wrap.epoch, "member": wrap.member_id}
        found.append((place, bytes(wrap.sealed), slot))
    return found


def opens(copy: Copy) -> int:
    return sum(outer.open_wrap(sealed, **place, slot=slot) is not None for place, sealed, slot in copy)


def test_nothing_of_it_opens_from_any_copy_and_all_of_its_neighbour_does(anna: Caller, bilal: Caller) -> None:
    mine, theirs = copy_of(anna), copy_of(bilal)
    assert {slot.file for _, _, slot in mine} == {slot.file for _, _, slot in theirs}
    assert opens(mine) == len(mine) > 0
    assert erasing.erase(anna.seat, now=clock.now()) == erasing.Erased(copies=True, hold=None)
    assert opens(mine) == 0
    assert opens(theirs) == len(theirs) > 0


def test_past_its_date_the_same_holds_without_anybody_erasing_it(carla: Counsellor, folders: object) -> None:
    anna, bilal = talked(carla), talked(carla, ended=False)
    mine, theirs = copy_of(anna), copy_of(bilal)
    purge_at(later(clock.now(), DAY - 5))
    assert opens(mine) == len(mine)
    purge_at(later(clock.now(), DAY + 5))
    assert not Conversation.objects.filter(pk=anna.conversation).exists()
    assert (opens(mine), opens(theirs)) == (0, len(theirs))


def refuse_writing(monkeypatch: pytest.MonkeyPatch, folder: Path, after: int = 0) -> None:
    """Makes a folder in which after so many times nothing can be opened for writing any more."""
    real, times = os.open, iter(range(10_000))

    def opened(path: Any, flags: int, *more: Any, **other: Any) -> int:
        if flags & os.O_WRONLY and Path(path).is_relative_to(folder) and next(times) >= after:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, flags, *more, **other)

    monkeypatch.setattr(os, "open", opened)


def test_where_a_key_folder_cannot_be_written_nothing_is_done(
    anna: Caller, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = copy_of(anna)
    refuse_writing(monkeypatch, folders[1])
    with pytest.raises(TryAgain):
        erasing.erase(anna.seat, now=clock.now())
    assert opens(copy_of(anna)) == len(mine)
    assert row_of(anna).is_open
    assert not Puncture.objects.exists()
    monkeypatch.undo()
    assert erasing.erase(anna.seat, now=clock.now()).copies


def test_a_folder_that_stops_after_the_commit_is_told_and_the_next_start_finishes(
    anna: Caller, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, now = copy_of(anna), clock.now()
    refuse_writing(monkeypatch, folders[1], after=1)
    assert erasing.erase(anna.seat, now=now) == erasing.Erased(copies=False, hold=None)
    with pytest.raises(Gone):
        erasing.erase(anna.seat, now=now)
    assert purge.overdue(later(now, 61)) == 1
    assert purge.overdue_lines(later(now, 61)) == {"helpwanted"}
    monkeypatch.undo()
    slots.begin()
    assert opens(mine) == 0
    assert purge.overdue(later(now, 61)) == 0


def test_killed_at_whatever_step_it_is_whole_or_finished_by_the_next_start(
    anna: Caller, bilal: Caller, own_keys: Path
) -> None:
    mine, theirs = copy_of(anna), copy_of(bilal)
    recorded_as, seen = anna.recorded_as, set()
    for number in range(1, 200):
        try:
            with killed_before(number):
                erasing.erase(anna.seat, now=clock.now())
            break
        except Killed:
            transaction.set_autocommit(True)
        gone = not Conversation.objects.filter(pk=anna.conversation).exists()
        seen.add((gone, opens(mine) > 0))
        assert opens(theirs) == len(theirs), number
        if gone:
            slots.begin()
            journal.write_pending()
            assert opens(mine) == 0, number
            assert journal.hash_of(recorded_as) in (own_keys / "purged.log").read_text(), number
            assert opens(theirs) == len(theirs), number
            break
        assert opens(mine) == len(mine), number
    assert (False, True) in seen
    assert number > 10


def test_restored_with_its_key_folders_it_is_zeroed_again_by_the_journal(
    anna: Caller, bilal: Caller, folders: list[Path], tmp_path: Path
) -> None:
    """The folders must be in no backup. If they were in one, the journal knows what to zero."""
    mine, theirs, row = copy_of(anna), copy_of(bilal), row_of(anna)
    for folder in folders:
        shutil.copytree(folder, tmp_path / "saved" / folder.name)
    erasing.erase(anna.seat, now=clock.now())
    for folder in folders:
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "saved" / folder.name, folder)
    Conversation.objects.bulk_create([row])  # this row is enough
    JournalHead.objects.update(number=0)
    assert opens(mine) == len(mine)
    call_command("restore-check", skip_checks=True)
    assert (opens(mine), opens(theirs)) == (0, len(theirs))
    assert SlotFile.objects.filter(given__lt=slot_files.SLOTS).count() == 0


def test_a_hold_keeps_the_review_seat_s_wraps_under_a_key_of_its_own_and_no_other(
    floor: Counsellor, hanna: Counsellor, anna: Caller
) -> None:
    before = copy_of(anna)
    holds_it(floor, hanna, anna, later(clock.now(), 10 * DAY))
    longest = holds_it(floor, hanna, anna, later(clock.now(), 20 * DAY))
    review = [part for part in copy_of(anna) if part[2] == row_of(anna).hold_slot]
    assert opens(review) == len(review) > 0
    assert erasing.erase(anna.seat, now=clock.now()).copies
    assert opens(before) == 0
    assert opens(review) == len(review)
    assert purge_at(longest.until) == 1
    assert opens(review) == 0


def test_of_a_renewed_hold_that_ended_before_d_no_copy_opens_once_its_conversation_is_erased(
    floor: Counsellor, hanna: Counsellor, anna: Caller
) -> None:
    holds_it(floor, hanna, anna, later(clock.now(), DAY // 4))
    first = copy_of(anna)
    longest = holds_it(floor, hanna, anna, later(clock.now(), DAY // 2))
    assert opens(first) == len(first), "a copy of then brings back what is held"
    assert erasing.erase(anna.seat, now=longest.until) == erasing.Erased(copies=True, hold=None)
    assert opens(first) == 0


def test_a_hold_that_ends_before_d_leaves_no_key_once_its_conversation_goes(
    floor: Counsellor, hanna: Counsellor, anna: Caller
) -> None:
    made = holds_it(floor, hanna, anna, later(clock.now(), DAY // 2))
    hold = row_of(anna).hold_slot
    assert hold
    assert hold.hour == row_of(anna).purge_at > made.until
    erasing.erase(anna.seat, now=clock.now())
    review = copy_of(anna)
    assert opens(review) > 0
    purge_at(made.until)
    assert opens(review) == 0
    assert slot_files.read(hold) is None


def test_a_conversation_whose_own_key_was_lost_is_erased_and_its_hold_keeps_its_own(
    floor: Counsellor, hanna: Counsellor, anna: Caller
) -> None:
    holds_it(floor, hanna, anna, later(clock.now(), 10 * DAY))
    Conversation.objects.update(slot_file=None, slot_number=None)
    hold = row_of(anna).hold_slot
    assert hold
    assert erasing.erase(anna.seat, now=clock.now()).copies
    assert slot_files.read(hold) is not None


def test_where_keys_are_lost_who_talks_goes_on_under_new_ones(
    anna: Caller, folders: list[Path], carla: Counsellor
) -> None:
    old = row_of(anna)
    for folder in folders:
        shutil.rmtree(folder)
    assert hosts.lost(clock.now()) == [old.purge_at]
    call_command("purge", "--keys-are-lost", "--yes", skip_checks=True)
    row = row_of(anna)
    assert row.slot
    assert row.slot != old.slot
    assert row.epoch == old.epoch + 1, "so that the caller's browser grants anew"
    assert hosts.lost(clock.now()) == []
    shelves = [
        coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now()).shelf
        for _ in range(2)
    ]
    assert shelves[0] == shelves[1] != anna.opened.shelf


def test_a_key_that_was_zeroed_is_not_a_lost_one(anna: Caller, bilal: Caller) -> None:
    erasing.erase(anna.seat, now=clock.now())
    assert hosts.lost(clock.now()) == []


def test_the_last_caller_of_an_hour_takes_no_file_away(helpwanted: Line, folders: list[Path]) -> None:
    anna = a_caller()
    erasing.erase(anna.seat, now=clock.now())
    assert len(list(folders[0].iterdir())) == 1


def test_an_erase_by_a_clock_past_d_zeroes_a_key_that_is_still_there(anna: Caller) -> None:
    """This happens if the purge was halted, or if this host's clock is ahead."""
    mine, late = copy_of(anna), later(row_of(anna).purge_at, 60)
    with time_machine.travel(late, tick=False):
        assert erasing.erase(anna.seat, now=late).copies
        assert opens(mine) == 0


def test_a_key_folder_that_cannot_be_read_is_a_moment_away_and_no_fault(
    anna: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = row_of(anna)

    def broken(_slot: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(slot_files, "read", broken)
    with pytest.raises(TryAgain):
        outer.open_shelf(conversation.shelf, conversation=conversation.pk, slot=conversation.slot)
    with pytest.raises(TryAgain):
        outer.seal_shelf(outer.new_shelf(), conversation=conversation.pk, slot=conversation.slot)


def test_a_restored_database_is_not_purged_before_it_is_checked(anna: Caller, own_keys: Path) -> None:
    (own_keys / "purged.log").write_text(f"7 2026-11-26T14:00:00Z {journal.hash_of('another')} 1 0\n")
    with pytest.raises(purge.NotChecked):
        purge.purge(clock.now())
    with pytest.raises(CommandError, match="restore-check"):
        call_command("purge", skip_checks=True)


def test_a_backup_that_is_brought_back_while_a_purge_waits_for_its_turn_is_not_purged_either(
    anna: Caller, own_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def turn_after_a_restore(_patience: float) -> Iterator[None]:
        (own_keys / "purged.log").write_text(f"7 2026-11-26T14:00:00Z {journal.hash_of('another')} 1 0\n")
        yield

    monkeypatch.setattr(purge, "_alone", turn_after_a_restore)
    with pytest.raises(purge.NotChecked):
        purge.purge(clock.now())
    assert Conversation.objects.exists()


def test_at_d_a_folder_that_cannot_be_written_halts_the_purge_and_not_the_worker(
    anna: Caller, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    erasing.erase(anna.seat, now=clock.now())
    refuse_writing(monkeypatch, folders[1])
    with pytest.raises(purge.FolderAway, match="Read-only"):
        purge_at(later(clock.now(), 2 * DAY))
