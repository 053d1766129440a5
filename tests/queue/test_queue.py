"""These tests check the order of the queue."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.conversation import endings, presence
from chat.models import Conversation, Line
from chat.queue import next_caller, rank
from chat.requests.queue import queue_frame
from counsellors import duty
from counsellors.models import Device
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_caller, later


def test_who_waits_longest_is_first(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    anna, bilal = a_caller(now=now), a_caller(now=later(now, 1))
    assert rank.places("helpwanted") == [(anna.conversation, 0, "nl"), (bilal.conversation, 1, "nl")]
    assert carla.takes_next().conversation == anna.conversation


def test_an_acute_caller_passes_those_of_the_last_quarter_of_an_hour_and_nobody_before(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    early, recent = a_caller(now=later(now, -901)), a_caller(now=later(now, -899))
    acute = a_caller(urgency=2, now=now)
    order = [carla.takes_next().conversation for _ in range(3)]
    assert order == [early.conversation, acute.conversation, recent.conversation]


def test_a_console_is_told_how_many_its_counsellor_could_take_now(
    helpwanted: Line, carla: Counsellor
) -> None:
    a_caller(locale="nl")
    a_caller(locale="en", urgency=2)
    away = a_caller(locale="en")
    presence.depart(away.socket, now=clock.now())
    told = {}
    for languages in ("", "nl", "en", "nl en", "pl"):
        carla.person.languages = languages
        frame = queue_frame(rank.load("helpwanted"), carla.person)
        assert (frame.waiting, frame.urgent) == (3, 1)
        told[languages] = frame.here
    assert told == {"": 2, "nl": 1, "en": 1, "nl en": 2, "pl": 0}


def test_a_caller_whose_browser_let_nobody_in_is_not_told_as_one_to_take(
    helpwanted: Line, carla: Counsellor
) -> None:
    a_caller()
    Conversation.objects.update(passed_over_at=clock.now())
    frame = queue_frame(rank.load("helpwanted"), carla.person)
    assert (frame.waiting, frame.here) == (1, 0)


def test_a_queue_in_which_nobody_waits_has_no_oldest(helpwanted: Line, carla: Counsellor) -> None:
    frame = queue_frame(rank.load("helpwanted"), carla.person)
    assert (frame.waiting, frame.here, frame.oldest, frame.urgent) == (0, 0, None, 0)


def test_a_caller_who_is_away_is_skipped_keeps_the_place_and_counts_for_nobody(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna, bilal = a_caller(now=now), a_caller(now=later(now, 1))
    presence.depart(anna.socket, now=now)
    assert rank.places("helpwanted") == [(anna.conversation, 0, "nl"), (bilal.conversation, 0, "nl")]
    assert carla.takes_next().conversation == bilal.conversation
    with pytest.raises(NotFound):
        carla.takes_next()
    presence.arrive("a new socket", member=anna.seat.member, now=now)
    assert carla.takes_next().conversation == anna.conversation


def test_nobody_takes_a_caller_off_duty_on_a_break_or_beyond_the_slots(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    a_caller()
    a_caller()
    for state in ("off", "break"):
        duty.change(carla.person, state, 4, now=now)
        with pytest.raises(Conflict):
            carla.takes_next()
    duty.change(carla.person, "on", 1, now=now)
    carla.takes_next()
    with pytest.raises(Conflict):
        carla.takes_next()


def test_only_an_approved_device_takes_a_caller(helpwanted: Line, carla: Counsellor) -> None:
    a_caller()
    for state in (Device.State.PENDING, Device.State.REVOKED):
        Device.objects.filter(pk=carla.device.pk).update(state=state)
        with pytest.raises(Conflict):
            carla.takes_next()
    for device in (None, "unknown"):
        with pytest.raises(Conflict):
            next_caller.take_next(carla.person, device, None, now=clock.now())


def test_a_caller_in_another_language_is_skipped_and_keeps_the_place(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    daan.person.languages = "nl de"
    now = clock.now()
    anna, bilal = a_caller(locale="en", now=now), a_caller(now=later(now, 1))
    assert daan.takes_next().conversation == bilal.conversation
    with pytest.raises(NotFound):
        daan.takes_next()
    assert carla.takes_next().conversation == anna.conversation, "no languages: every language"


def test_an_ended_conversation_frees_the_slot(helpwanted: Line, carla: Counsellor) -> None:
    duty.change(carla.person, "on", 1, now=clock.now())
    anna, bilal = a_caller(), a_caller()
    carla.takes_next()
    endings.leave(anna.seat, now=clock.now())
    assert carla.takes_next().conversation == bilal.conversation


BOOSTS = st.integers(0, 1800).map(lambda seconds: timedelta(seconds=seconds))
CALLS = st.lists(st.tuples(st.integers(0, 5400), st.sampled_from([0, 1, 2])), min_size=2, max_size=12)


@given(soon=BOOSTS, acute=BOOSTS, calls=CALLS)
def test_by_rank_nobody_is_passed_for_longer_than_the_largest_boost(
    soon: timedelta, acute: timedelta, calls: list[tuple[int, int]]
) -> None:
    line = Line(boost_soon=soon, boost_acute=acute)
    boosts = {0: timedelta(), 1: soon, 2: acute}
    begin = clock.now()
    callers = [(later(begin, second), urgency) for second, urgency in calls]
    order = sorted(callers, key=lambda caller: rank.rank_of(line, caller[1], caller[0]))
    for place, (passed, urgency) in enumerate(order):
        for first, urgent in order[:place]:
            assert first - passed <= boosts[urgent] <= max(boosts.values())
            if urgent == urgency:
                assert first <= passed, "among equals who came first is first"


@given(st.integers(0, 10_000))
def test_the_place_shown_is_exact_to_ten_and_never_too_small(ahead: int) -> None:
    shown = rank.rounded(ahead)
    assert shown == ahead if ahead <= 10 else ahead <= shown < ahead + 5
