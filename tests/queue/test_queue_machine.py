"""A state machine of the queue: whatever people do, in any order, its promises hold."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
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

from chat import states
from chat.conversation import coming_back, endings, presence
from chat.conversation.seats import Seat
from chat.models import Conversation, Member
from chat.queue import front, rank
from chat.runtime import deadlines
from counsellors import duty
from helpline.lib import clock
from helpline.lib.errors import Refusal
from tests.faults.scale import LONG
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_counsellor, a_line
from tests.support.domain.supervisors import a_supervisor
from tests.support.domain.undone import undone

pytestmark = pytest.mark.timeout(300)


BOOSTS = st.sampled_from([timedelta(), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=15)])


class Undo(Exception):
    """Ends a run and rolls back what it stored."""


class Queue(RuleBasedStateMachine):
    """Runs callers who come, go, sleep and wake; rival counsellors, one of whom speaks Dutch only, who take,
    close and fall silent; and a supervisor who moves somebody to the front."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = undone()
        self.atomic.__enter__()
        self.now: datetime = clock.now()
        self.callers: list[Caller] = []
        self.seats: list[Seat] = []
        self.hung_up: set[str] = set()

    def teardown(self) -> None:
        self.atomic.__exit__(Undo, Undo(), None)

    @initialize(soon=BOOSTS, acute=BOOSTS)
    def a_line_and_two_rivals(self, soon: timedelta, acute: timedelta) -> None:
        line = a_line(boost_soon=soon, boost_acute=acute)
        self.boosts = {0: timedelta(), 1: soon, 2: acute}
        self.rivals = [a_counsellor(name, line, slots=3, now=self.now) for name in ("Carla", "Daan")]
        self.rivals[1].person.languages = "nl"
        self.rivals[1].person.save()
        self.floor = a_supervisor("Floor", line).person
        for rival in self.rivals:
            presence.arrive(rival.person.username, device=rival.device.pk, now=self.now)

    @rule(
        after=st.sampled_from([0, 0, 46, 90]),
        urgency=st.sampled_from([0, 0, 1, 2]),
        locale=st.sampled_from(["nl", "nl", "en"]),
    )
    def somebody_calls(self, after: int, urgency: int, locale: str) -> None:
        self.now += timedelta(seconds=after)
        self.callers.append(a_caller(urgency=urgency, locale=locale, now=self.now))

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_supervisor_moves_somebody_to_the_front(self, data: Any) -> None:
        caller: Caller = data.draw(st.sampled_from(self.callers))
        try:
            front.move_to_front(self.floor, caller.conversation, "risk")
        except Refusal as error:
            assert error.code == "conflict"
            assert Conversation.objects.get(pk=caller.conversation).state != "waiting"
        else:
            assert rank.places("helpwanted")[0][0] == caller.conversation

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_caller_s_phone_sleeps(self, data: Any) -> None:
        presence.depart(data.draw(st.sampled_from(self.callers)).socket, now=self.now)

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_caller_comes_back(self, data: Any) -> None:
        caller: Caller = data.draw(st.sampled_from(self.callers))
        resumed = coming_back.resume(
            caller.conversation, caller.opened.token, socket=f"{caller.socket}+", now=self.now
        )
        place = self.callers.index(caller)
        opened = replace(caller.opened, seat=resumed.seat)
        self.callers[place] = Caller(opened, f"{caller.socket}+")

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_caller_leaves(self, data: Any) -> None:
        caller: Caller = data.draw(st.sampled_from(self.callers))
        try:
            endings.leave(caller.seat, now=self.now)
        except Refusal as error:
            assert error.code == "ended"

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_caller_s_browser_grants(self, data: Any) -> None:
        caller: Caller = data.draw(st.sampled_from(self.callers))
        try:
            caller.grants(self.now)
        except Refusal as error:
            assert error.code in {"ended", "conflict"}

    @rule(data=st.data())
    def a_rival_takes_the_next(self, data: Any) -> None:
        rival: Counsellor = data.draw(st.sampled_from(self.rivals))
        expected = self._first_who_may_be_taken(rival)
        try:
            seat = rival.takes_next(self.now)
        except Refusal as error:
            assert error.code == "conflict" or (error.code == "not_found" and expected is None)
        else:
            assert seat.conversation == expected
            self.seats.append(seat)

    @precondition(lambda self: self.seats)
    @rule(data=st.data())
    def a_counsellor_closes(self, data: Any) -> None:
        try:
            endings.close(data.draw(st.sampled_from(self.seats)), now=self.now)
        except Refusal as error:
            assert error.code in {"ended", "not_found", "forbidden"}

    @rule(data=st.data())
    def a_console_dies(self, data: Any) -> None:
        rival: Counsellor = data.draw(st.sampled_from(self.rivals))
        presence.depart(rival.person.username, now=self.now)

    @rule(data=st.data())
    def a_console_comes_back(self, data: Any) -> None:
        rival: Counsellor = data.draw(st.sampled_from(self.rivals))
        presence.arrive(rival.person.username, device=rival.device.pk, now=self.now)
        duty.change(rival.person, "on", 3, now=self.now)

    @rule(seconds=st.sampled_from([1, 19, 21, 46, 61, 601]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        deadlines.meet(now=self.now)

    @invariant()
    def a_conversation_has_one_caller_and_an_open_one_a_dense_log(self) -> None:
        for conversation in Conversation.objects.all():
            seqs = list(conversation.entries.order_by("seq").values_list("seq", flat=True))
            assert seqs == list(range(1, conversation.last_seq + 1))
            assert conversation.members.filter(role=states.SeatRole.CALLER).count() == 1

    @invariant()
    def who_waits_is_with_nobody_and_who_talks_is_with_somebody(self) -> None:
        for conversation in Conversation.objects.filter(state__in=states.OPEN):
            staff = Member.objects.present().staff().filter(conversation=conversation).count()
            assert (staff > 0) == (conversation.state == states.Conversation.ACTIVE)
            assert staff <= 1  # nobody was invited, so never two who can both write

    @invariant()
    def nobody_holds_more_than_the_slots(self) -> None:
        for rival in getattr(self, "rivals", ()):
            seats = Member.objects.present().filter(person=rival.person)
            assert seats.filter(conversation__state__in=states.OPEN).count() <= 3

    @invariant()
    def places_count_only_callers_who_are_here(self) -> None:
        ahead = 0
        for conversation, place, _ in rank.places("helpwanted"):
            assert place == ahead
            ahead += Member.objects.get(conversation=conversation, role="caller").here

    @invariant()
    def a_finished_conversation_says_so_last(self) -> None:
        for conversation in Conversation.objects.exclude(state__in=states.OPEN):
            kinds = list(conversation.entries.order_by("seq").values_list("kind", flat=True))
            assert kinds.count("ended") == 1

    @invariant()
    def nobody_is_passed_for_longer_than_the_largest_boost_but_by_a_move_or_a_requeue(self) -> None:
        rows = {row.pk: row for row in Conversation.objects.all()}
        order = [rows[conversation] for conversation, *_ in rank.places("helpwanted")]
        for place, first in enumerate(order):
            for passed in order[place + 1 :]:
                if not (first.moved or first.requeued):
                    lead = first.opened_at - passed.opened_at
                    assert lead <= self.boosts[first.urgency] <= max(self.boosts.values())

    def _first_who_may_be_taken(self, rival: Counsellor) -> str | None:
        """Returns the first caller who may be taken, calculated from the rows in Python and not by the code
        under test."""
        waiting = Conversation.objects.filter(state="waiting", passed_over_at=None).order_by("rank", "pk")
        for conversation in waiting:
            spoken = rival is self.rivals[0] or conversation.locale == "nl"
            if spoken and conversation.members.get(role="caller").here:
                return conversation.pk
        return None


@pytest.fixture(autouse=True)
def _a_database(db: None) -> None:
    """Rolls back each run."""


def test_whoever_comes_goes_and_takes_in_whatever_order_the_queue_is_fair() -> None:
    run_state_machine_as_test(Queue, settings=settings(max_examples=5, stateful_step_count=30))


@pytest.mark.long
def test_whoever_comes_goes_and_takes_in_whatever_order_the_queue_is_fair_for_longer() -> None:
    run_state_machine_as_test(
        Queue, settings=settings(max_examples=25 if LONG else 14, stateful_step_count=30)
    )
