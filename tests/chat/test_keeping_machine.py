"""Whatever clocks, settings, holds and erasures do: nothing survives its date, and nothing goes before it."""

import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chat import clock_guard, conversations, erasing, purge, retention, review_keys, steering
from chat.models import Conversation, Entry, Line, Member, Wrap
from chat.seats import hold
from helpline.lib.errors import Refusal
from tests.chat.cast import Caller, a_caller, a_counsellor, a_line, says
from tests.chat.supervisors import a_supervisor, holds_it, makes_key
from tests.chat.test_queue_machine import Undo

pytestmark = pytest.mark.timeout(600)
# About the dates there are: an hour, the retentions, the span, D, the ends of holds.
HOURS = (0.5, 0.99, 1.01, 3, 11.9, 12.1, 23, 24, 25, 37, 100, 24 * 7, 24 * 31, 24 * 89, 2300)
SPAN, UNANSWERED = timedelta(hours=12), timedelta(hours=1)


@dataclass
class Kept:
    """What the promises say of one conversation, told apart from the code under test."""

    caller: Caller
    opened: datetime
    retention: timedelta
    ended: datetime | None = None
    answered: bool = False
    erased: bool = False
    held_until: datetime | None = None
    deleted: bool = False
    backup: dict[tuple[str, int, bytes], set[datetime]] = field(default_factory=dict)

    @property
    def d(self) -> datetime:
        """Rounded up to the hour."""
        latest = self.opened + self.retention + SPAN
        whole = latest.replace(minute=0, second=0, microsecond=0)
        return whole if whole == latest else whole + timedelta(hours=1)

    def rows_end(self, retention_now: timedelta) -> datetime:
        lasts = min(self.retention, retention_now)
        return (self.ended or self.d) + (lasts if self.answered else min(lasts, UNANSWERED))

    def dates(self, retention_now: timedelta) -> list[datetime]:
        held = [self.held_until] if self.held_until else []
        lasting = (UNANSWERED, self.retention, retention_now)
        return [self.d, *held, *((self.ended or self.d) + each for each in lasting)]

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and now < self.held_until

    def is_past(self, now: datetime, retention_now: timedelta) -> bool:
        return self.erased or now >= self.d or now >= self.rows_end(retention_now)


class Keeping(RuleBasedStateMachine):
    """One line with a review key, one counsellor, two supervisors, and callers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        place = Path(self.folder.name)
        self.settings = override_settings(KEY_FOLDERS=[place / "keys"], JOURNAL=place / "purged.log")
        self.settings.enable()
        retention._keys.clear()
        self.now = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
        self.travel = time_machine.travel(self.now, tick=False)
        self.clock = self.travel.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.kept: list[Kept] = []

    def teardown(self) -> None:
        self.atomic.__exit__(Undo, Undo(), None)
        self.travel.stop()
        self.settings.disable()
        retention._keys.clear()
        clock_guard._run.wall = None
        self.folder.cleanup()

    @initialize(hours=st.sampled_from([1, 24, 24, 24 * 90]))
    def a_line_with_a_review_key(self, hours: int) -> None:
        self.line = a_line()
        self.carla = a_counsellor("Carla", self.line, now=self.now)
        self.floor, self.hanna = (a_supervisor(name, self.line) for name in ("Floor", "Hanna"))
        makes_key(self.floor)
        steering.keep(self.floor.person, "helpwanted", hours=hours, two=False)
        self.somebody_calls(answered=True, ends=True)

    @rule(answered=st.booleans(), ends=st.booleans())
    def somebody_calls(self, answered: bool, ends: bool) -> None:
        caller = a_caller(now=self.now)
        kept = Kept(caller, self.now, Line.objects.get().retention, answered=answered)
        if answered:
            self.carla.takes_next(now=self.now)
        caller.grants(now=self.now)
        says(caller.seat, epoch=1, now=self.now)
        # Carla goes on with the next; who is not answered does not wait for her.
        Conversation.objects.filter(pk=caller.conversation).update(state="active")
        seats = Member.objects.filter(conversation=caller.conversation, person=self.carla.person)
        seats.update(person=None)
        if ends:
            conversations.leave(caller.seat, now=self.now)
            kept.ended = self.now
        self.kept.append(kept)

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def a_caller_leaves(self, data: Any) -> None:
        kept = self._one(data)
        try:
            conversations.leave(kept.caller.seat, now=self.now)
        except Refusal:
            return
        kept.ended = self.now

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def a_caller_erases(self, data: Any) -> None:
        kept = self._one(data)
        try:
            held = erasing.erase(kept.caller.seat, now=self.now)
        except Refusal:
            return
        assert held == kept.is_held(self.now)
        kept.erased, kept.deleted = True, not held
        kept.ended = kept.ended or self.now

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), days=st.sampled_from([1, 1, 7, 30, 90]), renewed_by_hanna=st.booleans())
    def two_supervisors_hold(self, data: Any, days: int, renewed_by_hanna: bool) -> None:
        kept = self._one(data)
        pair = (self.hanna, self.floor) if renewed_by_hanna else (self.floor, self.hanna)
        try:
            made = holds_it(*pair, kept.caller, self.now + timedelta(days=days), self.now)
        except Refusal:
            return
        assert self.now < made.until <= self.now + timedelta(days=90)
        kept.held_until = made.until

    @rule(hours=st.sampled_from([0, 1, 2, 24, 72, 24 * 90]))
    def a_supervisor_sets_the_retention(self, hours: int) -> None:
        steering.keep(self.floor.person, "helpwanted", hours=hours, two=False)

    @rule(hours=st.sampled_from(HOURS), down=st.sampled_from([False, False, True]))
    def time_passes(self, hours: float, down: bool) -> None:
        """Some of it with the worker down."""
        self._come_to(self.now + timedelta(hours=hours))
        if not down:
            self._purge()

    @precondition(lambda self: self.kept)
    @rule(skipped=st.sampled_from([0, 0, 0, 1, 2]))
    def the_next_date_comes(self, skipped: int) -> None:
        """Just before and just after the next instant at which something may end, or must not."""
        retention_now = Line.objects.get().retention
        dates = {moment for kept in self.kept for moment in kept.dates(retention_now)}
        coming = sorted(moment for moment in dates if moment > self.now)
        for moment in coming[skipped : skipped + 1]:
            for seconds in (-5, 5):
                self._come_to(max(self.now, moment + timedelta(seconds=seconds)))
                self._purge()

    def _come_to(self, moment: datetime) -> None:
        self.now = moment
        self.clock.move_to(moment)

    def _purge(self) -> None:
        for kept in self.kept:
            if kept.ended is None and self.now >= kept.opened + SPAN:
                kept.ended = self.now  # found open: it ends first
        clock_guard.trust(self.now)
        purge.purge(self.now)
        review_keys.destroy_old()
        retention_now = Line.objects.get().retention
        for kept in self.kept:
            if kept.ended and kept.is_past(self.now, retention_now) and not kept.is_held(self.now):
                kept.deleted = True
            self._is_as_promised(kept, retention_now)
        assert purge.overdue(self.now) == 0

    @invariant()
    def a_backup_is_made_of_every_wrap(self) -> None:
        rows = Wrap.objects.filter(member__role="review").select_related("conversation")
        by_pk = {kept.caller.conversation: kept for kept in self.kept}
        for wrap in rows:
            until = wrap.conversation.review_until
            place = (wrap.member_id, wrap.epoch, bytes(wrap.sealed))
            by_pk[wrap.conversation_id].backup.setdefault(place, set()).add(until)

    def _is_as_promised(self, kept: Kept, retention_now: timedelta) -> None:
        pk = kept.caller.conversation
        there = Conversation.objects.filter(pk=pk).exists()
        assert there is not kept.deleted
        assert Entry.objects.filter(conversation=pk).exists() is there
        wraps = list(Wrap.objects.filter(conversation=pk, member__role="review"))
        if there:
            assert wraps
            until = max(kept.d, kept.held_until or kept.d)
            assert all(self._opens(pk, w.member_id, w.epoch, bytes(w.sealed), until) for w in wraps)
            self._is_seen_by_whom_it_should(kept, retention_now)
        for (member, epoch, sealed), untils in kept.backup.items():
            for until in untils:
                opens = self._opens(pk, member, epoch, sealed, until)
                assert opens is (self.now < until), "a copy in a backup opens until its own instant"

    def _is_seen_by_whom_it_should(self, kept: Kept, retention_now: timedelta) -> None:
        hidden = bool(kept.ended) and kept.is_past(self.now, retention_now)
        if hidden:
            with pytest.raises(Refusal):
                hold(kept.caller.seat)
        elif not Conversation.objects.get(pk=kept.caller.conversation).gone_at:
            hold(kept.caller.seat)

    def _opens(self, conversation: str, member: str, epoch: int, sealed: bytes, until: datetime) -> bool:
        retention._keys.clear()  # as another process that starts now
        opened = retention.open_wrap(
            sealed, conversation=conversation, epoch=epoch, member=member, purge_at=until
        )
        return opened is not None

    def _one(self, data: Any) -> Kept:
        kept: Kept = data.draw(st.sampled_from(self.kept))
        return kept


TestKeeping = Keeping.TestCase
TestKeeping.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(autouse=True)
def _a_database(db: None) -> None:
    """Every run undoes what it did."""
