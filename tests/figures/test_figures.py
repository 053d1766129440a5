"""These tests say what is counted, when, and under which key. Counters contain no conversation and outlive
all of them."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from chat.conversation import endings, presence
from chat.figures import counters
from chat.models import Figure, Line
from chat.runtime import deadlines
from counsellors import duty
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller, a_line, later


def counted(*names: str) -> dict[tuple[str, str], int]:
    rows = Figure.objects.filter(name__in=names)
    return {(name, key): value for name, key, value in rows.values_list("name", "key", "value")}


@pytest.fixture
def now() -> datetime:
    """Returns the beginning of an hour, so that a test's counts are in one row."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


def test_a_start_is_counted_by_urgency_once_it_is_committed(
    helpwanted: Line, now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for urgency in (0, 0, 2):
            a_caller(urgency=urgency, now=now)
        assert not counted("started")
    assert counted("started") == {("started", "0"): 2, ("started", "2"): 1}


def test_the_first_grant_counts_the_wait_and_later_ones_count_nothing(
    carla: Counsellor, now: datetime
) -> None:
    anna = a_caller(now=now)
    carla.takes_next(later(now, 100))
    for seconds in (119, 300):
        anna.grants(later(now, seconds))
    assert counted("answered", "answered_within", "waited_minutes") == {
        ("answered", ""): 1,
        ("waited_minutes", "1"): 1,
    }


def test_a_talk_is_counted_at_its_end_from_the_moment_it_was_taken(carla: Counsellor, now: datetime) -> None:
    anna = a_caller(now=now)
    seat = carla.takes_next(later(now, 600))
    anna.grants(later(now, 610))
    endings.close(seat, now=later(now, 600 + 25 * 60 - 1))
    assert counted("handling_minutes", "abandoned", "left_minutes") == {("handling_minutes", "24"): 1}


def test_four_hours_and_more_are_one_key(carla: Counsellor, now: datetime) -> None:
    anna = a_caller(now=now)
    seat = carla.takes_next(now)
    anna.grants(now)
    endings.close(seat, now=now + timedelta(hours=7))
    assert counted("handling_minutes") == {("handling_minutes", "240"): 1}


def test_who_was_lost_and_gave_up_waiting_again_had_no_talk_that_ended(
    carla: Counsellor, now: datetime
) -> None:
    anna = a_caller(now=now)
    carla.takes_next(now)
    anna.grants(now)
    presence.arrive("carla", device=carla.device.pk, now=now)
    presence.depart("carla", now=now)
    deadlines.meet(now=later(now, 61))
    endings.leave(anna.seat, now=later(now, 900))
    assert counted("handling_minutes", "abandoned") == {}


def test_who_leaves_the_queue_is_counted_after_a_quarter_of_a_minute(helpwanted: Line, now: datetime) -> None:
    for seconds in (15, 16, 200):
        endings.leave(a_caller(now=now).seat, now=later(now, seconds))
    assert counted("abandoned", "left_minutes") == {
        ("abandoned", ""): 2,
        ("left_minutes", "0"): 1,
        ("left_minutes", "3"): 1,
    }


@pytest.mark.parametrize(("came", "pauses"), [(0, {("pause_minutes", "4"): 1}), (700, {})])
def test_a_pause_between_two_callers_counts_while_the_next_one_waits(
    carla: Counsellor, now: datetime, came: int, pauses: dict[tuple[str, str], int]
) -> None:
    duty.change(carla.person, "on", 1, now=now)
    anna = a_caller(now=now)
    seat = carla.takes_next(now)
    anna.grants(now)
    bilal = a_caller(now=later(now, came))
    endings.close(seat, now=later(now, 600))
    carla.takes_next(later(now, 600 + 299))
    bilal.grants(later(now, 600 + 299))
    assert counted("pause_minutes") == pauses


def test_the_pause_of_a_slot_begins_with_its_own_last_talk(carla: Counsellor, now: datetime) -> None:
    duty.change(carla.person, "on", 2, now=now)
    callers = [a_caller(now=later(now, second)) for second in range(-4, 0)]
    seats = [carla.takes_next(now) for _ in range(2)]
    for caller in callers[:2]:
        caller.grants(now)
    for seat, ended in zip(seats, (600, 780), strict=True):
        endings.close(seat, now=later(now, ended))
    for caller, taken in zip(callers[2:], (900, 1500), strict=True):
        carla.takes_next(later(now, taken))
        caller.grants(later(now, taken))
    assert counted("pause_minutes") == {("pause_minutes", "5"): 1, ("pause_minutes", "12"): 1}


@pytest.mark.django_db(transaction=True)
def test_two_who_count_at_once_both_count() -> None:
    line, now = a_line().pk, clock.now()

    def count_ten_times() -> None:
        for _ in range(10):
            counters.count_all({("answered", ""): 1, ("waited_minutes", "3"): 2}, line, now=now)
        connection.close()

    rivals = [threading.Thread(target=count_ten_times) for _ in range(3)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert counted("answered", "waited_minutes") == {("answered", ""): 30, ("waited_minutes", "3"): 60}
