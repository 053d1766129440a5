"""Whatever clocks, settings, holds, erasures and kills do: nothing survives its date, and nothing goes before
it."""

import contextlib
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chat.conversation import endings, erasing
from chat.keys import slots
from chat.models import Conversation, KeyShare, Line, Member, Wrap
from chat.retention import clock_guard, line_keys, purge
from chat.supervision import needs_approval
from helpline.lib.errors import Refusal
from tests.faults.scale import LONG
from tests.queue.test_queue_machine import Undo
from tests.support.domain.cast import a_caller, a_counsellor, a_line, says
from tests.support.domain.keeping import (
    MAX_HELD,
    SPAN,
    Kept,
    Killed,
    Promises,
    journal_is_as_promised,
    keys_are_as_promised,
    killed_before,
)
from tests.support.domain.supervisors import a_supervisor, holds_it, makes_key
from tests.support.domain.undone import undone

pytestmark = pytest.mark.timeout(600)
# Around the dates: an hour, the retentions, the span, D, the ends of holds.
HOURS = (0.5, 3, 11.9, 12.1, 25, 100, 24 * 31, 24 * 89)
RETENTIONS = (0, 1, 2, 24, 72, 24 * 90)
CHANGES = (None, 0, 24 * 90)


class Keeping(RuleBasedStateMachine):
    """Runs one line with a review key, one counsellor, two supervisors, and callers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        place = Path(self.folder.name)
        folders = [place / "keys", place / "mirror"]
        self.settings = override_settings(KEY_FOLDERS=folders, JOURNAL=place / "purged.log")
        self.settings.enable()
        slots.forget()
        self.now = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
        self.travel = time_machine.travel(self.now, tick=False)
        self.clock = self.travel.start()
        self.atomic = undone()
        self.atomic.__enter__()
        self.kept: list[Kept] = []
        self.generation = 0

    def teardown(self) -> None:
        self.atomic.__exit__(Undo, Undo(), None)
        self.travel.stop()
        self.settings.disable()
        slots.forget()
        clock_guard._run = clock_guard._Run()
        self.folder.cleanup()

    @initialize(hours=st.sampled_from([1, 24, 24, 24 * 90]))
    def a_line_with_a_review_key(self, hours: int) -> None:
        self.line = a_line()
        self.carla = a_counsellor("Carla", self.line, now=self.now)
        self.floor, self.hanna = (a_supervisor(name, self.line) for name in ("Floor", "Hanna"))
        self.a_new_review_key_is_made()
        needs_approval.set_keeping(self.floor.person, "helpwanted", hours=hours, two=False, now=self.now)
        self.somebody_calls(answered=True, ends=True)

    @rule()
    def a_new_review_key_is_made(self) -> None:
        self.generation += 1
        makes_key(self.floor, self.generation)

    @rule(answered=st.booleans(), ends=st.booleans())
    def somebody_calls(self, answered: bool, ends: bool) -> None:
        caller = a_caller(now=self.now)
        kept = Kept(caller, self.now, self._retention(), self.generation, answered=answered)
        if answered:
            self.carla.takes_next(now=self.now)
        caller.grants(now=self.now)
        says(caller.seat, epoch=1, now=self.now)
        # Carla takes the next one; a caller who is not answered does not wait for her.
        Conversation.objects.filter(pk=caller.conversation).update(state="active")
        seats = Member.objects.filter(conversation=caller.conversation, person=self.carla.person)
        seats.update(person=None)
        self.kept.append(kept)
        if ends:
            self._leaves(kept)

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def a_caller_leaves(self, data: Any) -> None:
        with contextlib.suppress(Refusal):
            self._leaves(self._one(data))

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def a_caller_makes_a_new_key(self, data: Any) -> None:
        """Opens a conversation also after D, while the worker is down: the hour's key must not come back."""
        kept = self._one(data)
        if not kept.deleted:
            with contextlib.suppress(Refusal):
                kept.caller.grants(now=self.now)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), held_first=st.booleans())
    def a_caller_erases(self, data: Any, held_first: bool) -> None:
        kept = self._one(data)
        if held_first:
            self._hold(kept, days=1, swapped=False)
        self._erases(kept)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), days=st.sampled_from([1, 1, 7, 30, 90, 91]), swapped=st.booleans())
    def two_supervisors_hold(self, data: Any, days: int, swapped: bool) -> None:
        self._hold(self._one(data), days, swapped)

    @precondition(lambda self: any(kept.is_held(self.now) for kept in self.kept))
    @rule(data=st.data(), days=st.sampled_from([7, 90]), swapped=st.booleans())
    def a_hold_is_renewed_shortly_before_its_end(self, data: Any, days: int, swapped: bool) -> None:
        held = [kept for kept in self.kept if kept.is_held(self.now)]
        kept = data.draw(st.sampled_from(held))
        self._come_to(max(self.now, kept.held_until - timedelta(hours=1)))
        self._purge()
        self._hold(kept, days, swapped)

    @rule(hours=st.sampled_from(RETENTIONS))
    def a_supervisor_sets_the_retention(self, hours: int) -> None:
        needs_approval.set_keeping(self.floor.person, "helpwanted", hours=hours, two=False, now=self.now)

    @rule(hours=st.sampled_from(HOURS), down=st.booleans())
    def time_passes(self, hours: float, down: bool) -> None:
        """Lets time pass, some of it without a worker."""
        self._come_to(self.now + timedelta(hours=hours))
        if not down:
            self._purge()

    @precondition(lambda self: self.kept)
    @rule(skipped=st.sampled_from([0, 0, 1, 2]), killed=st.integers(0, 60), erased=st.booleans())
    def the_next_date_comes(self, skipped: int, killed: int, erased: bool) -> None:
        """Moves the clock to just before the next instant at which something may end, or must not, and to
        that instant."""
        dates = {moment for kept in self.kept for moment in kept.dates(self._retention())}
        coming = sorted(moment for moment in dates if moment > self.now)
        for moment in coming[skipped : skipped + 1]:
            self._come_to(max(self.now, moment - timedelta(seconds=1)))
            self._purge()
            self._come_to(moment)
            for kept in self.kept:
                if erased and moment in kept.dates(self._retention()):
                    self._erases(kept)
            self._purge(killed)

    @precondition(lambda self: any(not kept.deleted for kept in self.kept))
    @rule(
        data=st.data(),
        held=st.booleans(),
        hours=st.sampled_from([None, 0, 24 * 90]),
        killed=st.integers(0, 60),
    )
    def one_comes_to_its_own_date(self, data: Any, held: bool, hours: int | None, killed: int) -> None:
        """Moves the clock to a conversation's own date, whether it is on hold or its retention was
        changed."""
        kept = data.draw(st.sampled_from([kept for kept in self.kept if not kept.deleted]))
        if held:
            self._hold(kept, days=7, swapped=False)
        if hours is not None:
            self.a_supervisor_sets_the_retention(hours)
        self._come_to(max(self.now, kept.rows_end(self._retention())))
        self._purge(killed)

    @rule(answered=st.booleans(), killed=st.integers(0, 60))
    def somebody_calls_and_the_worker_is_down_until_d(self, answered: bool, killed: int) -> None:
        self.somebody_calls(answered, ends=False)
        self._come_to(self.kept[-1].d)
        self._purge(killed)

    @precondition(lambda self: self.kept)
    @rule(hours=st.sampled_from([-2000, -30, -1, 2, 47, 49, 100, 3000]), new_process=st.booleans())
    def the_clock_jumps(self, hours: int, new_process: bool) -> None:
        """Makes the clock jump. Nothing is purged by a wrong clock; somebody confirms it, and the purge goes
        on."""
        self._purge()
        if new_process and not 0 < hours <= 48:  # a worker may have been stopped for so long
            clock_guard._run = clock_guard._Run()
        before = self._everything()
        self.clock.move_to(self.now + timedelta(hours=hours))
        with pytest.raises(clock_guard.ClockHalted):
            purge.purge(self.now + timedelta(hours=hours))
        assert self._everything() == before
        self._come_to(self.now)
        with pytest.raises(clock_guard.ClockHalted):  # it stays halted until somebody confirms the clock
            purge.purge(self.now)
        self._purge()

    @invariant()
    def a_backup_is_made_of_every_wrap(self) -> None:
        by_pk = {kept.pk: kept for kept in self.kept}
        for wrap in Wrap.objects.filter(member__role="review").select_related("conversation"):
            kept, row = by_pk[wrap.conversation_id], wrap.conversation
            kept.slot = row.slot
            assert row.review_slot
            place = (wrap.member_id, wrap.epoch, bytes(wrap.sealed))
            kept.backup.setdefault(place, set()).add(row.review_slot)

    def _come_to(self, moment: datetime) -> None:
        self.now = moment
        self.clock.move_to(moment)

    def _purge(self, killed: int = 0) -> None:
        """Purges as the worker does, by a clock that was always right, and once more if it was killed."""
        earlier = [kept for kept in self.kept if kept.deleted]
        for kept in self.kept:
            if kept.ended is None and self.now >= kept.opened + SPAN:
                kept.ended = self.now  # found open: it ends first
        try:
            with killed_before(killed):
                self._go_round()
        except Killed:
            transaction.set_rollback(False)  # a durable block was a transaction of its own
            for promises in self._promises():
                promises.hold_where_it_was_killed()
            self._go_round()
        for kept in self.kept:
            kept.gone = kept.is_past(self.now, self._retention())
            kept.deleted = kept.deleted or kept.is_due(self.now, self._retention())
        for promises in self._promises():
            promises.are_kept()
        keys_are_as_promised(self.now)
        journal_is_as_promised(self.kept, earlier)
        assert purge.overdue(self.now) == 0
        named = {kept.generation for kept in self.kept if not kept.deleted} | {self.generation}
        assert set(KeyShare.objects.values_list("key__generation", flat=True)) == named

    def _go_round(self) -> None:
        clock_guard.trust(self.now)
        purge.end_staff_wraps(self.now)
        purge.purge(self.now)
        line_keys.destroy_old()

    def _promises(self) -> list[Promises]:
        return [Promises(kept, self.now, self._retention()) for kept in self.kept]

    def _everything(self) -> list[Any]:
        keys = sorted(Path(self.folder.name).rglob("*.slots"))
        return [keys, *(list(model.objects.values_list("pk")) for model in (Conversation, Wrap, Member))]

    def _erases(self, kept: Kept) -> None:
        try:
            held = erasing.erase(kept.caller.seat, now=self.now).hold is not None
        except Refusal:
            return
        assert held == kept.is_held(self.now)
        kept.erased, kept.erased_on_hold, kept.deleted = True, held, not held
        kept.ended = kept.ended or self.now

    def _leaves(self, kept: Kept) -> None:
        endings.leave(kept.caller.seat, now=self.now)
        kept.ended = self.now

    def _hold(self, kept: Kept, days: int, swapped: bool) -> None:
        pair = (self.hanna, self.floor) if swapped else (self.floor, self.hanna)
        try:
            made = holds_it(*pair, kept.caller, self.now + timedelta(days=days), self.now)
        except Refusal:
            return
        kept.first_held = kept.first_held or self.now
        assert self.now < made.until <= kept.first_held + MAX_HELD
        kept.held_until = made.until

    def _retention(self) -> timedelta:
        return Line.objects.get().retention

    def _one(self, data: Any) -> Kept:
        kept: Kept = data.draw(st.sampled_from(self.kept))
        return kept


@pytest.fixture(autouse=True)
def _a_database(db: None) -> None:
    """Rolls back each run."""


def test_whatever_is_erased_held_and_purged_in_whatever_order_goes_at_its_date() -> None:
    run_state_machine_as_test(Keeping, settings=settings(max_examples=5, stateful_step_count=20))


@pytest.mark.long
def test_whatever_is_erased_held_and_purged_in_whatever_order_goes_at_its_date_for_longer() -> None:
    run_state_machine_as_test(
        Keeping, settings=settings(max_examples=40 if LONG else 24, stateful_step_count=20)
    )
