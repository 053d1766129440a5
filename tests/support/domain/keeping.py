"""Says what is promised about ended conversations, written independently of the code under test, and kills
processes."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection

from chat.conversation.seats import require_seat
from chat.keys import outer, slot_files
from chat.models import Conversation, Entry, KeyShare, Member, Purged, Slot, Wrap
from chat.retention import journal
from helpline.lib.errors import Refusal
from tests.support.domain.cast import Caller

SPAN, UNANSWERED, STAFF_WRAPS = timedelta(hours=12), timedelta(hours=1), timedelta(hours=1)
MAX_HELD = timedelta(days=90)

type Place = tuple[str, int, bytes]


@dataclass(repr=False)
class Kept:
    """Holds one conversation and the dates that it was promised."""

    caller: Caller
    opened: datetime
    retention: timedelta
    generation: int
    ended: datetime | None = None
    answered: bool = False
    erased: bool = False
    erased_on_hold: bool = False
    first_held: datetime | None = None
    held_until: datetime | None = None
    gone: bool = False  # a purge found it past its date, so a longer retention does not bring it back
    deleted: bool = False
    slot: Slot | None = None
    backup: dict[Place, set[Slot]] = field(default_factory=dict)
    recorded_as: str = field(init=False)

    def __post_init__(self) -> None:
        self.recorded_as = self.caller.recorded_as  # while there is a row to ask

    def __repr__(self) -> str:
        return f"<opened {self.opened:%d %H:%M}, D {self.d:%d %H:%M}>"

    @property
    def pk(self) -> str:
        return self.caller.conversation

    @property
    def d(self) -> datetime:
        """Returns D, rounded up to the hour."""
        latest = self.opened + self.retention + SPAN
        whole = latest.replace(minute=0, second=0, microsecond=0)
        return whole if whole == latest else whole + timedelta(hours=1)

    def rows_end(self, retention_now: timedelta) -> datetime:
        lasts = min(self.retention, retention_now)
        return (self.ended or self.d) + (lasts if self.answered else min(lasts, UNANSWERED))

    def dates(self, retention_now: timedelta) -> list[datetime]:
        held = [self.held_until] if self.held_until else []
        lasting = (UNANSWERED, self.retention, retention_now)
        return [self.d, *held, self.opened + SPAN, *((self.ended or self.d) + each for each in lasting)]

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and now < self.held_until

    def is_past(self, now: datetime, retention_now: timedelta) -> bool:
        dated = now >= self.d or now >= self.rows_end(retention_now)
        return bool(self.ended) and (self.erased or self.gone or dated)

    def is_due(self, now: datetime, retention_now: timedelta) -> bool:
        return self.is_past(now, retention_now) and not self.is_held(now)

    def staff_reads(self, now: datetime, retention_now: timedelta) -> bool:
        """Returns whether a staff seat still has keys: until an hour after the end, or the end of the
        rows."""
        over = self.ended is not None and now >= self.ended + STAFF_WRAPS
        return self.answered and not over and not self.is_past(now, retention_now)


class Promises:
    """Checks the database, the keys and every backup ever made, without knowing anything else."""

    def __init__(self, kept: Kept, now: datetime, retention_now: timedelta) -> None:
        self.kept, self.now, self.retention_now = kept, now, retention_now

    def are_kept(self) -> None:
        """Checks the promises after a purge that has finished."""
        kept = self.kept
        assert self._is_there() is not kept.deleted
        assert Entry.objects.filter(conversation=kept.pk).exists() is self._is_there()
        if not kept.deleted:
            self._is_whole()
            staff = Wrap.objects.filter(conversation=kept.pk).exclude(member__role="review")
            assert staff.exists() is kept.staff_reads(self.now, self.retention_now)
            self._is_seen_by_whom_it_should()
        self.hold_for_backups()

    def hold_where_it_was_killed(self) -> None:
        """Checks the promises after a kill: what is not due is complete; of what is due everything is there,
        or nothing can be read."""
        if not self.kept.is_due(self.now, self.retention_now) and self.kept.ended:
            self._is_whole()
        elif self._is_there():
            whole = Entry.objects.filter(conversation=self.kept.pk).exists()
            assert whole or not any(self._opens(*place) for place in self._review_places())

    def hold_for_backups(self) -> None:
        for (member, epoch, sealed), slots in self.kept.backup.items():
            for slot in slots:
                opens = self._opens(member, epoch, sealed, slot)
                assert opens is self._should_open(slot), "a copy in a backup opens as long as what it copied"

    def _should_open(self, slot: Slot) -> bool:
        """Returns whether its keys should exist. Its own key ends when it is gone for everybody but a hold;
        those of its holds, earlier ones too, when it is gone for good."""
        kept = self.kept
        if self.now >= slot.hour:
            return False
        if slot == kept.slot:
            return not (kept.erased or kept.gone or kept.deleted)
        return not kept.deleted

    def _is_whole(self) -> None:
        places = self._review_places()
        assert places
        assert all(self._opens(*place) for place in places)
        until = max(self.kept.d, self.kept.held_until or self.kept.d)
        assert {place[-1].hour for place in places} == {until}
        own = KeyShare.objects.filter(key__generation=self.kept.generation)
        assert own.exists(), "whoever may read it still has the key"

    def _is_there(self) -> bool:
        return Conversation.objects.filter(pk=self.kept.pk).exists()

    def _review_places(self) -> list[tuple[str, int, bytes, Slot]]:
        rows = Wrap.objects.filter(conversation=self.kept.pk, member__role="review")
        return [
            (row.member_id, row.epoch, bytes(row.sealed), slot)
            for row in rows.select_related("conversation")
            if (slot := row.conversation.review_slot)
        ]

    def _is_seen_by_whom_it_should(self) -> None:
        present = Member.objects.present().filter(conversation=self.kept.pk).exists()
        gone = self.kept.is_past(self.now, self.retention_now)
        assert present is not gone
        try:
            require_seat(self.kept.caller.seat)
        except Refusal:
            assert gone
        else:
            assert not gone

    def _opens(self, member: str, epoch: int, sealed: bytes, slot: Slot) -> bool:
        place: dict[str, Any] = {"conversation": self.kept.pk, "epoch": epoch, "member": member}
        return outer.open_wrap(sealed, **place, slot=slot) is not None


def keys_are_as_promised(now: datetime) -> None:
    """Checks that the keys are the same in every folder, readable for nobody else, and none is of an hour
    that has passed."""
    names = [{path.name for path in folder.glob("*.slots")} for folder in settings.KEY_FOLDERS]
    assert all(each == names[0] for each in names)
    present = now.astimezone(UTC).strftime(slot_files.HOUR)
    assert not [name for name in names[0] if name.split(".")[0] <= present]


def journal_is_as_promised(everybody: list[Kept], earlier: list[Kept]) -> None:
    """Checks the journal: it has lines for what is gone, and for what was erased under a hold, numbered
    without a gap. The file has what was gone before this purge. The rest would be written with the commit,
    and the machine's runs never commit."""
    written = [(line.number, line.digest, line.held) for line in journal._lines()]
    pending = Purged.objects.filter(written=False).order_by("number")
    rows = [*written, *pending.values_list("number", "conversation_hash", "held")]
    assert [number for number, _, _ in rows] == list(range(1, len(rows) + 1))
    assert _hashes(earlier) <= {digest for _, digest, held in written if not held}
    for held, expected in ((False, _hashes(everybody)), (True, _hashes(everybody, erased_on_hold=True))):
        assert {row[1] for row in rows if row[2] is held} == expected


def _hashes(some: list[Kept], *, erased_on_hold: bool = False) -> set[str]:
    chosen = [kept for kept in some if (kept.erased_on_hold if erased_on_hold else kept.deleted)]
    return {journal.hash_of(kept.recorded_as) for kept in chosen}


class Killed(BaseException):
    """Is raised where a process dies, and is never caught."""


@contextmanager
def killed_before(number: int) -> Iterator[None]:
    """Kills before the step with this number: a statement, a write, a flush, an unlinking. 0 kills
    nowhere."""
    things = itertools.count(1)

    def die() -> None:
        if next(things) == number:
            raise Killed

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        # What Django does to undo a transaction, the database does by itself when a process dies.
        if not str(args[0]).startswith(("ROLLBACK", "RELEASE")):
            die()
        return execute(*args)

    def before(original: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **options: Any) -> Any:
            die()
            return original(*args, **options)

        return watched

    with (
        connection.execute_wrapper(statement),
        mock.patch.object(os, "write", before(os.write)),
        mock.patch.object(os, "pwrite", before(os.pwrite)),
        mock.patch.object(os, "fsync", before(os.fsync)),
        mock.patch.object(Path, "unlink", before(Path.unlink)),
    ):
        yield
