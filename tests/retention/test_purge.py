"""What was purged cannot be read any more."""

import contextlib
import os
import shutil
import sqlite3
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from chat.conversation import coming_back, endings, erasing
from chat.conversation.log import since
from chat.conversation.seats import require_seat
from chat.keys import slot_files, slots
from chat.models import (
    Conversation,
    Entry,
    Invitation,
    JournalHead,
    Lease,
    Line,
    Member,
    Purged,
    Slot,
    Wrap,
)
from chat.retention import clock_guard, journal, purge
from counsellors import audit, audit_heads
from counsellors.models import AuditRow, EntryLink, Session
from counsellors.signin import entry_links
from helpline.lib import clock
from helpline.lib.errors import Gone, NotFound
from tests.support.domain.cast import Caller, Counsellor, a_caller, later, says

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = 3600


@pytest.fixture(autouse=True)
def folder(own_keys: Path) -> Path:
    return own_keys


def ended(carla: Counsellor | None = None) -> Caller:
    """Makes a conversation that has just ended, answered by Carla or by nobody."""
    anna = a_caller()
    if carla is not None:
        carla.takes_next()
        anna.grants()
        says(anna.seat, epoch=1)
    endings.leave(anna.seat, now=clock.now())
    return anna


def purge_at(moment: datetime) -> int:
    """Purges as the worker does, by a clock that was always right."""
    clock_guard.trust(moment)
    return purge.purge(moment)


def nothing_is_left() -> bool:
    tables = (Conversation, Entry, Member, Wrap, Lease, Invitation)
    return not any(table.objects.exists() for table in tables)


def test_rows_go_when_the_retention_after_the_end_is_over(carla: Counsellor) -> None:
    ended(carla)
    now = clock.now()
    assert purge_at(later(now, 24 * HOUR - 5)) == 0
    assert purge_at(later(now, 24 * HOUR + 5)) == 1
    assert nothing_is_left()


def test_a_conversation_that_nobody_answered_goes_after_an_hour(helpwanted: Line) -> None:
    ended()
    now = clock.now()
    assert purge_at(later(now, HOUR - 5)) == 0
    assert purge_at(later(now, HOUR + 5)) == 1


def test_a_shorter_retention_acts_on_what_exists_and_a_longer_one_does_not(carla: Counsellor) -> None:
    ended(carla)
    now = clock.now()
    Line.objects.update(retention=timedelta(hours=72))
    assert purge_at(later(now, 24 * HOUR + 5)) == 1
    ended(carla)
    Line.objects.update(retention=timedelta(hours=2))
    assert purge_at(later(now, 2 * HOUR + 60)) == 1


def test_an_open_conversation_is_never_purged(carla: Counsellor) -> None:
    anna = a_caller()
    assert purge_at(later(clock.now(), 11 * HOUR)) == 0
    require_seat(anna.seat)


def test_the_key_of_an_hour_goes_at_that_hour_and_not_before(carla: Counsellor, folder: Path) -> None:
    anna = ended(carla)
    hour = Conversation.objects.get(pk=anna.conversation).purge_at
    assert [path.name for path in (folder / "keys").glob("*.slots")] == [
        f"{hour.strftime(slot_files.HOUR)}.1.slots"
    ]
    purge_at(hour - timedelta(seconds=1))
    assert list((folder / "keys").glob("*.slots"))
    purge_at(hour)
    assert not list((folder / "keys").glob("*.slots"))


def test_a_destroyed_key_is_overwritten_before_it_is_unlinked(carla: Counsellor, folder: Path) -> None:
    anna = ended(carla)
    hour = Conversation.objects.get(pk=anna.conversation).purge_at
    path = slot_files.path_of(folder / "keys", hour, 1)
    os.link(path, folder / "kept")  # another name for the same bytes on disk
    before = (folder / "kept").read_bytes()
    purge_at(hour)
    assert (folder / "kept").read_bytes() == bytes(len(before))


def test_who_is_found_open_at_d_because_the_worker_was_down_is_ended_first(helpwanted: Line) -> None:
    anna = a_caller()
    hour = Conversation.objects.get(pk=anna.conversation).purge_at
    assert purge_at(hour) == 1
    assert nothing_is_left()


def test_the_journal_holds_one_line_a_purge_and_no_id(carla: Counsellor, folder: Path) -> None:
    callers = [ended(carla) for _ in range(3)]
    expected = {journal.hash_of(caller.recorded_as) for caller in callers}
    purge_at(later(clock.now(), 25 * HOUR))
    lines = (folder / "purged.log").read_text().splitlines()
    assert [line.split(" ")[0] for line in lines] == ["1", "2", "3"]
    assert {line.split(" ")[2] for line in lines} == expected
    assert len({tuple(line.split(" ")[3:]) for line in lines}) == 3, "each had a slot of its own"
    assert not [c for c in callers if c.conversation in "".join(lines)]
    assert not Purged.objects.exists()
    assert (folder / "purged.log").stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_left_behind_is_written_at_the_next_start_once(
    carla: Counsellor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = ended(carla)
    with monkeypatch.context() as patched:
        patched.setattr(journal, "write_pending", lambda: None)
        purge.delete([anna.conversation])
    assert not (folder / "purged.log").exists()
    (folder / "purged.log").write_text("")
    for _ in range(2):
        journal.write_pending()
    assert len((folder / "purged.log").read_text().splitlines()) == 1


def test_a_torn_line_is_written_again_whole(carla: Counsellor, folder: Path) -> None:
    purge.delete([ended(carla).conversation])
    whole = (folder / "purged.log").read_text()
    with (folder / "purged.log").open("a") as file:
        file.write("2 2026-11-")
    purge.delete([ended(carla).conversation])
    text = (folder / "purged.log").read_text()
    assert text.startswith(whole)
    assert [line.split(" ")[0] for line in text.splitlines()] == ["1", "2"]


def test_a_restored_backup_is_noticed_and_what_was_purged_goes_again(carla: Counsellor, folder: Path) -> None:
    kept, gone = ended(carla), ended(carla)
    with (folder / "purged.log").open("w") as file:  # what the file learned after the backup was made
        file.write(f"1 2026-11-26T14:00:00Z {journal.hash_of(gone.recorded_as)} 1 0\n")
    assert journal.is_restored()
    call_command("restore-check", stdout=StringIO())
    assert not journal.is_restored()
    assert list(Conversation.objects.values_list("pk", flat=True)) == [kept.conversation]
    assert JournalHead.objects.get().number == 1


def test_a_backup_that_was_restored_in_any_way_signs_everybody_out_and_is_on_record(
    carla: Counsellor, folder: Path, settings: Settings
) -> None:
    settings.AUDIT_HEADS = folder / "audit-heads"
    audit.record(carla.person, "wall")
    audit_heads.write(clock.now())
    AuditRow.objects.all().delete()  # the copy is older
    entry_links.make(carla.person, by=carla.person, now=clock.now())
    client = Client()
    client.force_login(carla.person)
    gone = ended(carla)
    (folder / "purged.log").write_text(f"1 2026-11-26T14:00:00Z {journal.hash_of(gone.recorded_as)} 1 0\n")
    call_command("restore-check", stdout=StringIO())
    assert not Session.objects.exists()
    assert not EntryLink.objects.exists()
    assert audit_heads.first_missing(clock.now()) is None


def test_what_went_again_after_a_restore_stands_in_no_file_of_sqlite(carla: Counsellor, folder: Path) -> None:
    gone = ended(carla)
    box = bytes(Entry.objects.get(kind="message").box or b"")
    database = Path(connection.settings_dict["NAME"])
    files = [database, database.with_name(f"{database.name}-wal")]
    assert any(box in file.read_bytes() for file in files), "the search can find"
    with (folder / "purged.log").open("w") as file:
        file.write(f"1 2026-11-26T14:00:00Z {journal.hash_of(gone.recorded_as)} 1 0\n")
    call_command("restore-check", stdout=StringIO())
    assert not any(box in file.read_bytes() for file in files)


def test_erase_deletes_at_once_for_everybody_and_leaves_a_line(carla: Counsellor, folder: Path) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    erasing.erase(anna.seat, now=clock.now())
    assert nothing_is_left()
    for who in (anna.seat, seat):
        with pytest.raises(Gone):
            since(who, 0)
    with pytest.raises(NotFound):
        coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now())
    assert len((folder / "purged.log").read_text().splitlines()) == 1


def test_an_ended_conversation_can_be_erased_too(carla: Counsellor) -> None:
    anna = ended(carla)
    erasing.erase(anna.seat, now=clock.now())
    assert nothing_is_left()


def test_a_staff_seat_s_keys_go_an_hour_after_it_left_or_the_end_and_the_review_s_stay(
    carla: Counsellor,
) -> None:
    ended(carla)
    now = clock.now()
    assert purge.end_staff_wraps(later(now, HOUR - 5)) == 0
    assert Wrap.objects.exists()
    assert purge.end_staff_wraps(later(now, HOUR + 5)) == 1
    assert Conversation.objects.exists()


@pytest.mark.parametrize(("days", "reason"), [(100, "silence"), (-1, "backwards")])
def test_a_clock_that_jumps_halts_the_purge_until_somebody_says_it_is_right(
    carla: Counsellor, days: int, reason: str
) -> None:
    ended(carla)
    now = clock.now()
    clock_guard.check(now)
    with time_machine.travel(now + timedelta(days=days), tick=False):
        for _ in range(2):
            with pytest.raises(CommandError, match=reason) as error:
                call_command("purge")
            assert error.value.returncode == 1
        assert clock_guard.is_halted()
        assert Conversation.objects.exists()
        call_command("purge", "--clock-is-right", stdout=StringIO())
        assert not clock_guard.is_halted()
    assert Conversation.objects.exists() is (days < 0)


def test_a_jump_within_a_run_is_seen_against_the_monotonic_clock(folder: Path) -> None:
    now = clock.now()
    clock_guard.check(now)
    clock_guard._file().unlink()
    with pytest.raises(clock_guard.ClockHalted):
        clock_guard.check(now + timedelta(minutes=61))


def test_overdue_counts_what_should_be_gone(carla: Counsellor) -> None:
    ended(carla)
    now = clock.now()
    assert purge.overdue(later(now, 24 * HOUR)) == 0
    assert purge.overdue(later(now, 25 * HOUR)) == 1
    purge_at(later(now, 25 * HOUR))
    assert purge.overdue(later(now, 25 * HOUR)) == 0


def test_whatever_hangs_from_a_conversation_goes_with_it() -> None:
    """Members and conversations are deleted without being read, so nothing cascades from them."""
    kinds = {Conversation: {*purge.HANGING, Member}, Member: {*purge.HANGING, Lease}}
    for model, deleted in kinds.items():
        hanging = {one.related_model for one in model._meta.related_objects}
        assert hanging <= deleted, f"name it in the purge: {hanging - deleted}"


def test_a_second_purge_finds_nothing_to_do(carla: Counsellor) -> None:
    ended(carla)
    late = later(clock.now(), 40 * HOUR)
    assert [purge_at(late), purge_at(late)] == [1, 0]


def test_after_a_purge_or_an_erase_the_bytes_are_not_in_the_database_files(
    carla: Counsellor, settings: Settings
) -> None:
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    says(anna.seat, epoch=1)
    needles = [bytes(wrap.sealed) for wrap in Wrap.objects.all()]
    needles += [bytes(entry.box or b"") for entry in Entry.objects.exclude(box=None)]
    files = [path for path in database.parent.iterdir() if path.name.startswith(database.name)]
    assert all(any(needle in path.read_bytes() for path in files) for needle in needles)
    erasing.erase(anna.seat, now=clock.now())
    found = [
        path.name for path in files for needle in needles if path.exists() and needle in path.read_bytes()
    ]
    assert found == []


@pytest.mark.parametrize("held", [timedelta(0), timedelta(days=2)], ids=["not held", "held beyond D"])
def test_the_date_alone_takes_no_key_from_a_conversation_that_has_not_ended(
    carla: Counsellor, folder: Path, held: timedelta
) -> None:
    """A clock that was set ahead reaches the date while people talk."""
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    says(anna.seat, epoch=1)
    hour = Conversation.objects.get().purge_at
    slot = slots.take(hour + held)
    Conversation.objects.update(
        held_until=hour + held,
        hold_file=slot.file,
        hold_number=slot.number,
        expires_at=hour + timedelta(hours=1),
    )
    assert purge_at(hour) == 0
    kept = {path.name for path in (folder / "keys").glob("*.slots")}
    assert kept == {slot_files.path_of(folder, moment, 1).name for moment in (hour, slot.hour)}
    says(anna.seat, epoch=1)


def test_a_copy_of_the_file_from_before_an_erase_has_wraps_and_no_key_for_them(
    carla: Counsellor, settings: Settings, tmp_path: Path
) -> None:
    anna, bilal = ended(carla), ended(carla)
    slot = Conversation.objects.get(pk=bilal.conversation).slot
    assert slot
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    for path in database.parent.glob(f"{database.name}*"):
        shutil.copy(path, tmp_path / path.name.replace(database.name, "backup"))
    erasing.erase(anna.seat, now=clock.now())
    with contextlib.closing(sqlite3.connect(tmp_path / "backup")) as backup:
        rows = backup.execute("SELECT conversation_id FROM chat_wrap").fetchall()
    assert {pk for (pk,) in rows} == {anna.conversation, bilal.conversation}
    left = [slot_files.read(Slot(slot.hour, slot.file, number)) for number in range(slots.RESERVED_AT_ONCE)]
    assert left.count(None) == 1
