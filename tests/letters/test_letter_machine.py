"""Whatever clocks, kills, silences and closures do: no letter that was sent is unanswered without a promise
that is counted once it is broken, none is lost, and none outlives its end."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest
import time_machine
from django.conf import settings as ours
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chat.conversation import endings, erasing
from chat.keys import slots
from chat.letters import alarms, takes, talking
from chat.models import Conversation, Entry, Letter, Line
from chat.runtime import deadlines
from helpline.lib import clock
from helpline.lib.errors import Refusal
from tests.faults.scale import LONG
from tests.queue.test_queue_machine import Undo
from tests.support.domain.cast import Caller, Counsellor
from tests.support.domain.keeping import Killed, killed_before
from tests.support.domain.letters import a_letter, answer, keeps_code, takes_letter, writes
from tests.support.domain.undone import undone

pytestmark = pytest.mark.timeout(600)
DAY = timedelta(days=1)
# Around the dates: TAKEN, the warning, the promise, two days before the end, the end.
HOURS = (0.1, 0.1, 0.4, 0.4, 0.9, 1.1, 1.1, 22.5, 22.5, 24.1, 119, 169)

MANY = 4  # letters, before some are erased


@dataclass
class Kept:
    """Holds a letter as the caller knows it. `asked` has number and time of each message."""

    anna: Caller
    ends: datetime
    asked: list[tuple[int, datetime]] = field(default_factory=list)
    answered_upto: int = 0
    has_code: bool = False
    talks_at: datetime | None = None
    is_erased: bool = False
    is_over: bool = False

    @property
    def is_sent(self) -> bool:
        return self.has_code and bool(self.asked)

    @property
    def open_questions(self) -> list[datetime]:
        return [at for seq, at in self.asked if seq > self.answered_upto]

    def is_past(self, now: datetime) -> bool:
        """Returns whether the letter is past its end. While its caller waits to talk, it may outlive that."""
        if self.row.state == "waiting" and self.talks_at is not None:
            return now >= self.talks_at + ours.OPEN_SPAN
        return now >= self.ends

    @property
    def row(self) -> Conversation:
        return Conversation.objects.get(pk=self.anna.conversation)


class Letters(RuleBasedStateMachine):
    """Runs two counsellors of one line, and callers who write."""

    def __init__(self, people: tuple[Counsellor, ...]) -> None:
        super().__init__()
        slots.forget()
        self.people = people
        self.now = clock.now()
        self.travel = time_machine.travel(self.now, tick=False)
        self.clock = self.travel.start()
        self.atomic = undone()
        self.atomic.__enter__()
        self.kept: list[Kept] = []
        self.was_down = False

    def teardown(self) -> None:
        self.atomic.__exit__(Undo, Undo(), None)
        self.travel.stop()
        slots.forget()

    @rule(
        code_first=st.booleans(),
        steps=st.sampled_from([1, 2, 2, 2]),
        urgency=st.sampled_from([0, 0, 2]),
        more=st.sampled_from([0, 1, 2]),
    )
    def somebody_writes(self, code_first: bool, steps: int, urgency: int, more: int) -> None:
        """Sends a letter, or leaves it a draft."""
        with contextlib.suppress(Refusal):
            anna = a_letter(urgency=urgency, now=self.now)
            kept = Kept(anna, self.now + Line.objects.get().letters_last)
            self.kept.append(kept)
            both = [self._keeps_code, self._writes]
            for step in (both if code_first else both[::-1])[:steps]:
                step(kept, 0)
            for _ in range(more if steps > 1 else 0):
                self._come_to(self.now + timedelta(minutes=5))
                self._writes(kept, 0)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), killed=st.integers(0, 40))
    def they_write_more(self, data: Any, killed: int) -> None:
        self._writes(self._one(data), killed)

    @precondition(lambda self: self.kept)
    @rule(who=st.integers(0, 1), killed=st.integers(0, 40), upto=st.sampled_from([1, 1, 2]))
    def a_counsellor_takes_and_answers(self, who: int, killed: int, upto: int) -> None:
        """Answers a letter; after a kill in the middle the answer is sent again. `upto` is the oldest
        question alone, or one more."""
        with contextlib.suppress(Refusal):
            seat = takes_letter(self.people[who], now=self.now)
            kept = next(one for one in self.kept if one.anna.conversation == seat.conversation)
            asked = [seq for seq, _ in kept.asked if seq > kept.answered_upto][:upto]
            for dies in (killed, 0):
                if self._unless_killed(lambda: answer(seat, asked[-1], now=self.now), dies):
                    kept.answered_upto = asked[-1]
                    break

    @precondition(lambda self: self.kept)
    @rule(who=st.integers(0, 1), back=st.booleans(), killed=st.integers(0, 40))
    def a_counsellor_takes_and_does_not_answer(self, who: int, back: bool, killed: int) -> None:
        """Takes a letter without answering: gives it back, or is silent until TAKEN ends."""
        with contextlib.suppress(Refusal):
            seat = takes_letter(self.people[who], now=self.now)
            if back:
                self._unless_killed(lambda: takes.give_back(seat, now=self.now), killed)

    @precondition(lambda self: self.kept)
    @rule(who=st.integers(0, 1), late=st.booleans())
    def a_counsellor_answers_after_an_hour_of_silence(self, who: int, late: bool) -> None:
        """Answers after an hour of silence, which counts if nobody else took the letter."""
        with contextlib.suppress(Refusal):
            seat = takes_letter(self.people[who], now=self.now)
            kept = next(one for one in self.kept if one.anna.conversation == seat.conversation)
            self._come_to(self.now + timedelta(minutes=61))
            if late:
                takes_letter(self.people[1 - who], now=self.now)
            last = kept.asked[-1][0]
            answer(seat, last, now=self.now)
            kept.answered_upto = last

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), who=st.integers(0, 1), back=st.booleans())
    def who_answered_takes_it_again(self, data: Any, who: int, back: bool) -> None:
        """Takes an answered letter again and adds nothing: gives it back, or is silent."""
        with contextlib.suppress(Refusal):
            seat = takes_letter(self.people[who], of=self._one(data).anna, now=self.now)
            if back:
                takes.give_back(seat, now=self.now)
            else:
                self._come_to(self.now + timedelta(minutes=61))

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), killed=st.integers(0, 40), drops_out=st.sampled_from([False, False, True]))
    def a_caller_wants_to_talk_and_gives_up(self, data: Any, killed: int, drops_out: bool) -> None:
        kept = self._one(data)
        with contextlib.suppress(Refusal):
            waits_already = not kept.is_erased and kept.row.state == "waiting"
            if self._unless_killed(lambda: talking.queue(kept.anna.seat, now=self.now), killed):
                kept.talks_at = kept.talks_at if waits_already else self.now
            if drops_out:
                endings.leave(kept.anna.seat, now=self.now)
                kept.is_over = kept.is_over or not kept.is_sent

    @precondition(lambda self: len(self.kept) > MANY)
    @rule(data=st.data())
    def a_caller_erases(self, data: Any) -> None:
        kept = self._one(data)
        with contextlib.suppress(Refusal):
            erasing.erase(kept.anna.seat, now=self.now)
            kept.is_erased = True

    @rule(state=st.sampled_from([Line.State.OPEN, Line.State.CLOSED]))
    def a_supervisor_opens_or_closes_the_line(self, state: Line.State) -> None:
        Line.objects.update(state=state)

    @rule(hours=st.sampled_from(HOURS), down=st.booleans(), killed=st.integers(0, 60))
    def time_passes(self, hours: float, down: bool, killed: int) -> None:
        """Lets time pass, some of it without a worker, and once with the worker killed during its round."""
        self._come_to(self.now + timedelta(hours=hours), down=down, killed=killed)

    @invariant()
    def nothing_is_lost_and_nothing_waits_unpromised(self) -> None:
        broken = 0
        rows, letters = Conversation.objects.in_bulk(), Letter.objects.in_bulk()
        stored = set(Entry.objects.filter(kind="message").values_list("conversation", "seq"))
        for kept in self.kept:
            if kept.is_erased:
                continue
            row, letter = rows[kept.anna.conversation], letters[kept.anna.conversation]
            if kept.is_over or kept.is_past(self.now):
                assert not row.is_open, "nothing outlives its end"
                if row.state != "ended" and letter.due_at is not None:  # the worker was down
                    broken += letter.due_at <= self.now
                continue
            if not kept.is_sent and not row.is_open:
                continue  # nobody came back to the draft
            assert row.is_open, "only its caller and its own end close a letter"
            assert {(row.pk, seq) for seq, _ in kept.asked} <= stored
            if not kept.is_sent:
                assert (row.written, letter.due_at) == ("draft", None)
            elif questions := kept.open_questions:
                assert row.written in ("new", "taken")
                assert letter.due_at == min(kept.ends, questions[0] + DAY), "a promise never moves"
                broken += letter.due_at <= self.now
            else:
                assert row.written in ("answered", "taken")
                assert letter.due_at is None
                is_heard = letter.heard_at is not None and letter.heard_at > self.now - ours.TAKEN
                assert row.written == "answered" or is_heard or self.was_down, "TAKEN ends a silent take"
        assert alarms.overdue("helpwanted", now=self.now) == broken

    def _come_to(self, moment: datetime, *, down: bool = False, killed: int = 0) -> None:
        self.now, self.was_down = moment, down
        self.clock.move_to(moment)
        if not down and not self._unless_killed(lambda: deadlines.meet(now=moment), killed):
            deadlines.meet(now=moment)

    def _writes(self, kept: Kept, killed: int) -> None:
        def write() -> None:
            posted = writes(kept.anna, now=self.now)
            kept.asked.append((posted.seq, self.now))

        with contextlib.suppress(Refusal):
            self._unless_killed(write, killed)

    def _keeps_code(self, kept: Kept, killed: int) -> None:
        def keep() -> None:
            keeps_code(kept.anna, self.now)
            kept.has_code = True

        with contextlib.suppress(Refusal):
            self._unless_killed(keep, killed)

    def _unless_killed(self, act: Any, killed: int) -> bool:
        """Returns whether it was done. A process that dies in the middle leaves nothing of it."""
        try:
            with killed_before(killed):
                act()
        except Killed:
            transaction.set_rollback(False)
            return False
        return True

    def _one(self, data: Any) -> Kept:
        kept: Kept = self.kept[data.draw(st.integers(0, len(self.kept) - 1))]
        return kept


def test_whatever_happens_to_letters_none_is_lost_or_waits_unpromised(
    post_box: Line, carla: Counsellor, daan: Counsellor, signed_in: None
) -> None:
    run_state_machine_as_test(
        cast("type[Letters]", partial(Letters, (carla, daan))),
        settings=settings(max_examples=3, stateful_step_count=25),
    )


@pytest.mark.long
def test_whatever_happens_to_letters_none_is_lost_or_waits_unpromised_for_longer(
    post_box: Line, carla: Counsellor, daan: Counsellor, signed_in: None
) -> None:
    run_state_machine_as_test(
        cast("type[Letters]", partial(Letters, (carla, daan))),
        settings=settings(max_examples=60 if LONG else 12, stateful_step_count=50),
    )
