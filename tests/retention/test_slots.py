"""Every conversation has a slot with its own key, which is given out once and zeroed alone."""

import errno
import hashlib
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from chat.keys import outer, slot_files, slots
from chat.models import Conversation, Line, Puncture, Slot, SlotFile
from helpline.lib import clock, encoding, file_timeouts
from helpline.lib.errors import TryAgain
from tests.support.domain.cast import a_caller

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "sealing-v1.json").read_text())
OUTER, SLOT = VECTOR["outer"], VECTOR["letters"]["slot"]
CONVERSATION = encoding.encode(bytes(16))
HOUR = 3600

pytestmark = pytest.mark.django_db


@pytest.fixture
def folders(tmp_path: Path, own_keys: Path, settings: Settings) -> list[Path]:
    places = [tmp_path / "one", tmp_path / "two"]
    settings.KEY_FOLDERS = places
    return places


def an_hour_to_come() -> datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=37)


def place(**more: Any) -> dict[str, Any]:
    return {"conversation": CONVERSATION, "member": encoding.encode(bytes(8)), "epoch": 3} | more


def contents(folders: list[Path]) -> list[bytes]:
    return [path.read_bytes() for folder in folders for path in sorted(folder.iterdir())]


def note_and_finish(*some: Slot) -> bool:
    slots.note(some, now=clock.now())
    return slots.finish(some)


def test_a_slot_of_a_file_opens_the_bytes_of_the_vectors(folders: list[Path]) -> None:
    content = hashlib.shake_256(b"hl1 vectors slots").digest(slot_files.FILE_BYTES)
    assert hashlib.sha256(content).hexdigest() == SLOT["sha256"]
    slot = Slot(datetime.fromtimestamp(SLOT["purge_at"], UTC), 7, SLOT["number"])
    for folder in folders:
        folder.mkdir()
        slot_files.path_of(folder, slot.hour, slot.file).write_bytes(content)
    where = {
        "conversation": encoding.encode(bytes.fromhex(VECTOR["letters"]["conversation"])),
        "member": encoding.encode(bytes.fromhex(SLOT["member"])),
    }
    stored = bytes.fromhex(SLOT["stored"])
    opened = outer.open_wrap(stored, **where, epoch=SLOT["epoch"], slot=slot)
    assert opened is not None
    assert opened.hex() == SLOT["wrap"]
    assert outer.open_wrap(stored, **where, epoch=SLOT["epoch"] + 1, slot=slot) is None
    assert [path.name for path in folders[0].iterdir()] == ["20270115T080000Z.7.slots"]


def test_the_outer_layer_has_the_bytes_of_the_vectors_under_any_slot(folders: list[Path]) -> None:
    slot = Slot(datetime.fromtimestamp(OUTER["purge_at"], UTC), 1, 4095)
    for folder in folders:
        folder.mkdir()
        key = bytes.fromhex(OUTER["retention_key"])
        slot_files.path_of(folder, slot.hour, 1).write_bytes(bytes(4095 * 32) + key)
    where = {
        "conversation": encoding.encode(bytes.fromhex(VECTOR["conversation"])),
        "member": encoding.encode(bytes.fromhex(OUTER["member"])),
    }
    opened = outer.open_wrap(bytes.fromhex(OUTER["stored"]), **where, epoch=OUTER["epoch"], slot=slot)
    assert opened is not None
    assert opened.hex() == OUTER["wrap"]


def test_a_file_is_private_and_whole_in_every_folder_and_the_same_in_all(folders: list[Path]) -> None:
    slot = slots.take(an_hour_to_come())
    paths = [slot_files.path_of(folder, slot.hour, slot.file) for folder in folders]
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600, 0o600]
    assert [len(content) for content in contents(folders)] == [131_072, 131_072]
    assert len(set(contents(folders))) == 1
    assert [path.name for folder in folders for path in folder.iterdir()] == [paths[0].name] * 2


def test_no_slot_is_given_out_twice_by_whatever_processes_and_starts(folders: list[Path]) -> None:
    hour, given_out = an_hour_to_come(), []
    for _ in range(5):
        given_out += [slots.take(hour) for _ in range(40)]
        slots.forget()  # as if the process ended
    assert len(set(given_out)) == 200
    assert SlotFile.objects.get().given == 5 * 2 * slots.RESERVED_AT_ONCE


def test_a_file_that_is_given_out_whole_is_followed_by_a_new_one(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    first = slots.take(hour)
    SlotFile.objects.update(given=slot_files.SLOTS - slots.RESERVED_AT_ONCE)
    slots.forget()
    last = [slots.take(hour) for _ in range(slots.RESERVED_AT_ONCE)]
    assert {slot.file for slot in last} == {first.file}
    assert max(last).number == slot_files.SLOTS - 1
    assert slots.take(hour).file == first.file + 1


def test_after_a_restore_no_file_that_is_there_gives_out_any_more(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    before = [slots.take(hour) for _ in range(3)]
    SlotFile.objects.all().delete()  # the backup is older than the file
    slots.close_files()
    assert slots.take(hour).file > max(before).file
    slots.close_files()
    assert slots.take(hour).file > max(before).file + 1


def test_a_number_lies_above_all_in_any_folder(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    folders[1].mkdir()
    slot_files.path_of(folders[1], hour, 12).write_bytes(b"of a rival that was killed")
    assert slots.take(hour).file == 13


def test_of_many_who_make_a_file_at_once_each_has_one_of_its_own(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    with ThreadPoolExecutor(8) as pool:
        made = [number for number in pool.map(lambda _: slot_files.make(hour, above=0), range(16)) if number]
    assert len(made) == len(set(made)) > 0


def test_an_hour_that_has_passed_gets_no_file(folders: list[Path]) -> None:
    with pytest.raises(ValueError, match="passed"):
        slots.take(clock.now() - timedelta(seconds=1))
    assert not any(folder.exists() for folder in folders)


def test_zeroed_in_every_folder_a_key_opens_nothing_and_its_neighbours_go_on(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    mine, neighbour = slots.take(hour), slots.take(hour)
    sealed = {slot: outer.seal_wrap(b"w" * 113, **place(slot=slot)) for slot in (mine, neighbour)}
    before = contents(folders)[0]
    assert note_and_finish(mine)
    assert outer.open_wrap(sealed[mine], **place(slot=mine)) is None
    assert outer.open_wrap(sealed[neighbour], **place(slot=neighbour)) == b"w" * 113
    after = contents(folders)
    start = mine.number * 32
    assert after == [before[:start] + bytes(32) + before[start + 32 :]] * 2
    assert not Puncture.objects.exists()


@pytest.mark.parametrize("zeroed", [0, 1])
def test_zeros_in_one_folder_are_enough_and_a_start_brings_them_to_all(
    folders: list[Path], zeroed: int
) -> None:
    slot = slots.take(an_hour_to_come())
    sealed = outer.seal_shelf(b"s" * 32, conversation=CONVERSATION, slot=slot)
    path = slot_files.path_of(folders[zeroed], slot.hour, slot.file)
    with path.open("r+b") as file:
        file.seek(slot.number * 32)
        file.write(bytes(32))
    assert outer.open_shelf(sealed, conversation=CONVERSATION, slot=slot) is None
    slots.begin()
    assert len(set(contents(folders))) == 1
    assert contents(folders)[0][slot.number * 32 :][:32] == bytes(32)


def test_nothing_is_sealed_under_zeros_or_without_a_file(folders: list[Path]) -> None:
    slot = slots.take(an_hour_to_come())
    note_and_finish(slot)
    for gone in (slot, Slot(slot.hour, 99, 0), None):
        with pytest.raises(TryAgain):
            outer.seal_shelf(b"s" * 32, conversation=CONVERSATION, slot=gone)


def test_a_slot_whose_file_was_lost_since_it_was_reserved_is_given_to_nobody(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    lost = slots.take(hour)
    slots.take(hour + timedelta(hours=1))
    for folder in folders:
        slot_files.path_of(folder, hour, lost.file).unlink()
    assert slots.take(hour).file > lost.file


def test_into_a_folder_that_lost_all_its_files_no_new_one_is_written_until_they_are_given_up(
    folders: list[Path],
) -> None:
    """This happens if its volume is not mounted."""
    hour = an_hour_to_come()
    first = slots.take(hour)
    slot_files.path_of(folders[1], hour, first.file).unlink()
    slots.forget()
    SlotFile.objects.update(given=slot_files.SLOTS)
    with pytest.raises(TryAgain):
        slots.take(hour)
    assert list(folders[1].iterdir()) == []
    slot_files.path_of(folders[0], hour, first.file).unlink()
    slots.give_up_lost(clock.now())
    assert slots.take(hour).file > first.file, "nothing is given out again"
    assert slots.missing_in(folders[1], now=clock.now()) == 0


def test_a_host_that_reads_stale_pages_undoes_no_zeros_and_gives_no_slot_again(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client of a network file system may read stale pages for up to a minute (nfs(5), `acregmax`)."""
    hour = an_hour_to_come()
    mine, theirs, living = (slots.take(hour) for _ in range(3))
    stale = {path: path.read_bytes() for folder in folders for path in folder.iterdir()}
    assert note_and_finish(mine)
    with monkeypatch.context() as other_host:
        other_host.setattr(os, "pread", lambda open_file, length, at: stale[of(open_file)][at : at + length])
        other_host.setattr(Path, "read_bytes", lambda path: stale[path])
        assert slot_files.read(mine) is not None, "it sees the page of before"
        slots.forget()
        assert not {mine, theirs, living} & {slots.take(hour) for _ in range(40)}
        assert note_and_finish(theirs)
        slot_files.spread_zeros()
    assert [slot_files.read(one) for one in (mine, theirs)] == [None, None]
    assert slot_files.read(living) is not None


def of(open_file: int) -> Path:
    return Path(f"/proc/self/fd/{open_file}").readlink()


def test_only_what_changed_since_is_compared_again(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slots.take(an_hour_to_come())
    slots.begin()
    compared: list[object] = []

    def watched(contents: list[bytes]) -> set[int]:
        compared.append(contents)
        return set()

    monkeypatch.setattr(slot_files, "_unevenly_zeroed", watched)
    slots.begin()
    assert compared == []
    note_and_finish(slot)
    slots.begin()
    assert len(compared) == 1


def refusing(monkeypatch: pytest.MonkeyPatch, folder: Path, number: int = errno.EROFS) -> None:
    """Makes a folder in which nothing can be opened for writing from now on."""
    real = os.open

    def opened(path: Any, flags: int, *more: Any, **other: Any) -> int:
        if flags & os.O_WRONLY and Path(path).is_relative_to(folder):
            raise OSError(number, os.strerror(number))
        return real(path, flags, *more, **other)

    monkeypatch.setattr(os, "open", opened)


def test_where_a_folder_cannot_be_written_nothing_is_noted(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slots.take(an_hour_to_come())
    refusing(monkeypatch, folders[1])
    with pytest.raises(OSError, match="Read-only"):
        slots.note([slot], now=clock.now())
    assert not Puncture.objects.exists()


def test_a_folder_that_lost_its_files_is_one_that_cannot_be_written(folders: list[Path]) -> None:
    """It is like an empty mount point of a missing volume."""
    slot = slots.take(an_hour_to_come())
    slot_files.path_of(folders[0], slot.hour, slot.file).unlink()
    with pytest.raises(FileNotFoundError):
        slots.note([slot], now=clock.now())


def test_a_folder_that_was_added_later_has_no_older_files_and_need_not(
    folders: list[Path], settings: Settings, tmp_path: Path
) -> None:
    slot = slots.take(an_hour_to_come())
    settings.KEY_FOLDERS = [*folders, tmp_path / "three"]
    assert note_and_finish(slot)
    assert not (tmp_path / "three").exists()


def test_a_folder_that_stops_answering_leaves_the_note_and_is_told_as_late(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slots.take(an_hour_to_come())
    now = clock.now()
    slots.note([slot], now=now)
    refusing(monkeypatch, folders[1], errno.ESTALE)
    assert not slots.finish([slot])
    assert not slots.finish_noted()
    assert slots.late(now + timedelta(seconds=61)) == 1
    monkeypatch.undo()
    slots.begin()
    assert slots.late(now + timedelta(seconds=61)) == 0
    assert contents(folders)[1][slot.number * 32 :][:32] == bytes(32)


def test_uneven_zeros_in_a_folder_that_cannot_be_written_stop_no_start(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slots.take(an_hour_to_come())
    with slot_files.path_of(folders[0], slot.hour, slot.file).open("r+b") as file:
        file.seek(slot.number * 32)
        file.write(bytes(32))
    refusing(monkeypatch, folders[1])
    slots.begin()
    assert len(set(contents(folders))) == 2
    monkeypatch.undo()
    slots.begin()
    assert len(set(contents(folders))) == 1


def test_a_disk_that_fills_up_leaves_no_part_of_a_file_and_asks_to_try_again(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, writes = os.write, iter(range(10))

    def full(descriptor: int, data: bytes) -> int:
        if next(writes) == 3:  # in the middle of the second folder's
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data[: slot_files.FILE_BYTES // 2])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(TryAgain):
            slots.take(an_hour_to_come())
    assert [path.name for folder in folders for path in folder.iterdir()] == []
    assert slots.take(an_hour_to_come()).file == 1


def test_a_folder_that_never_answers_is_given_up_within_seconds(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slots.take(an_hour_to_come())
    slots.note([slot], now=clock.now())
    monkeypatch.setattr(file_timeouts, "TIMEOUT_SECONDS", 0.05)
    pipe = slot_files.path_of(folders[0], slot.hour, slot.file)
    pipe.unlink()
    os.mkfifo(pipe)  # opening it for writing waits for a reader that never comes
    try:
        assert not slots.finish([slot])
        assert Puncture.objects.count() == 1
    finally:
        os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))


def test_a_key_in_a_folder_that_never_answers_is_asked_for_again_and_no_thread_waits_for_it(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slots.take(an_hour_to_come())
    monkeypatch.setattr(file_timeouts, "TIMEOUT_SECONDS", 0.05)
    pipe = slot_files.path_of(folders[1], slot.hour, slot.file)
    pipe.unlink()
    os.mkfifo(pipe)  # opening it for reading waits for a writer that never comes
    try:
        with pytest.raises(TryAgain):
            outer.seal_shelf(b"s" * 32, conversation=CONVERSATION, slot=slot)
    finally:
        os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))


def test_an_hour_that_has_come_takes_its_files_and_their_rows(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    slot = slots.take(hour)
    later = slots.take(hour + timedelta(hours=1))
    slots.note([slot], now=clock.now())
    assert slot_files.destroy_until(hour) == 1
    slots.forget_until(hour)
    assert [row.hour for row in SlotFile.objects.all()] == [later.hour]
    assert not Puncture.objects.exists()
    assert {path.name for folder in folders for path in folder.iterdir()} == {
        slot_files.path_of(folders[0], later.hour, later.file).name
    }


def test_a_start_on_open_conversations_of_before_is_refused(folders: list[Path], helpwanted: Line) -> None:
    a_caller()
    slots.begin()
    Conversation.objects.update(slot_file=None)
    with pytest.raises(slots.KeysOfBefore):
        slots.begin()


@given(
    opened=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    days=st.integers(0, 90),
)
def test_the_purge_instant_is_a_full_hour_after_the_longest_span_and_the_retention(
    opened: datetime, days: int
) -> None:
    least = opened + timedelta(hours=12, days=days)
    purge_at = outer.purge_instant(opened + timedelta(hours=12), timedelta(days=days))
    assert least <= purge_at < least + timedelta(hours=1)
    assert purge_at.timestamp() % HOUR == 0
