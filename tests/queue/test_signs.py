"""The signs of pressure are read before a place costs anything, and seldom."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import TimeMachineFixture

from chat.conversation import endings, erasing, presence
from chat.figures import counters
from chat.models import Line
from chat.queue import pressure, signs
from chat.queue.pressure import Level, Signs
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller, says, taken

PLACES = 10
AT = datetime(2026, 11, 18, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _ten_places(helpwanted: Line, settings: Settings, time_machine: TimeMachineFixture) -> None:
    settings.QUEUE_MAX, settings.PRESSURE_LEAST = PLACES, 2
    settings.PRESSURE_FROM = 0.2
    time_machine.move_to(AT, tick=False)


def seen() -> Signs:
    signs.forget()
    return looked().signs


def looked() -> signs.Look:
    found = signs.look("helpwanted", now=clock.now())
    assert found is not None
    return found


def level() -> Level:
    return signs.level_of("helpwanted", now=clock.now())


def test_who_is_away_takes_no_place() -> None:
    callers = [a_caller() for _ in range(4)]
    presence.depart(callers[0].socket, now=clock.now())
    assert (seen().here, seen().away) == (3, 1)


def test_who_comes_goes_and_could_return_with_hundreds_pays_as_if_they_were_here() -> None:
    for _ in range(12):
        presence.depart(a_caller().socket, now=clock.now())
    signs.forget()
    assert level() == Level.WORK
    assert (looked().signs.here, looked().signs.came) == (0, 12)


def test_who_came_before_the_last_minutes_is_no_rush(time_machine: TimeMachineFixture) -> None:
    for _ in range(3):
        a_caller()
    time_machine.shift(timedelta(minutes=5))
    a_caller()
    assert (seen().here, seen().came) == (4, 1)


def test_the_usual_is_the_mean_of_this_hour_of_the_day_over_four_weeks() -> None:
    for days in range(1, 29):
        counters.count(counters.STARTED, "0", "helpwanted", now=AT - timedelta(days=days), value=24)
    counters.count(counters.STARTED, "0", "helpwanted", now=AT - timedelta(days=29), value=5_000)
    counters.count(counters.STARTED, "0", "helpwanted", now=AT - timedelta(hours=1), value=5_000)
    counters.count(counters.STARTED, "0", "helpwanted", now=AT, value=5_000)
    for _ in range(3):
        a_caller()
    assert seen().usual == pytest.approx(24 / 12)


def test_a_box_counts_while_nobody_of_the_staff_was_ever_let_in(
    carla: Counsellor, time_machine: TimeMachineFixture
) -> None:
    anna, seat = taken(carla)
    says(anna.seat, epoch=1)
    silent, wrote, left, left_long_ago = a_caller(), a_caller(), a_caller(), a_caller()
    a_caller()
    for caller in (wrote, left, left_long_ago):
        says(caller.seat)
    assert seen().unread == 3
    endings.leave(left_long_ago.seat, now=clock.now() - timedelta(minutes=6))
    endings.leave(left.seat, now=clock.now())
    endings.leave(silent.seat, now=clock.now())
    endings.close(seat, now=clock.now())
    a_caller()
    assert seen().unread == 1


def test_who_was_not_serious_counts_for_an_hour_also_once_erased(
    carla: Counsellor, time_machine: TimeMachineFixture
) -> None:
    anna, seat = taken(carla)
    endings.close_as_unserious(seat, now=clock.now())
    assert seen().unserious == 1
    erasing.erase(anna.seat, now=clock.now())
    assert seen().unserious == 1
    time_machine.shift(timedelta(minutes=59))
    assert seen().unserious == 1
    time_machine.shift(timedelta(minutes=2))
    assert seen().unserious == 0


def test_a_line_is_looked_at_once_a_second_however_many_come(
    django_assert_num_queries: DjangoAssertNumQueries, time_machine: TimeMachineFixture
) -> None:
    for _ in range(8):
        a_caller()
    assert level() == Level.WORK
    with django_assert_num_queries(0):
        for _ in range(1_000):
            level()
    a_caller()
    time_machine.shift(timedelta(seconds=1))
    assert level() == Level.HARD


def test_a_quiet_line_costs_three_statements_a_second_and_a_full_one_each_start(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    a_caller()
    with django_assert_num_queries(3):
        assert level() == Level.NONE
    for _ in range(PLACES - 1):
        a_caller()
    signs.forget()
    with django_assert_num_queries(3):
        assert level() == Level.FULL


def test_those_who_came_in_since_the_last_look_count_at_once_and_after_a_few_it_looks_again(
    settings: Settings,
) -> None:
    settings.QUEUE_MAX = 100
    for _ in range(30):
        a_caller()
    works = [looked().pressure.work]
    for _ in range(3):
        signs.let_in("helpwanted")  # on their way or refused elsewhere, and so not stored
        works.append(looked().pressure.work)
    assert works[0] < works[1] < works[2]
    assert works[3] == works[0]


def test_who_crosses_the_share_is_the_last_to_come_in_for_nothing(settings: Settings) -> None:
    settings.QUEUE_MAX = 100
    for _ in range(19):
        a_caller()
    assert level() == Level.NONE
    a_caller()
    signs.let_in("helpwanted")
    assert level() == Level.WORK


def test_that_a_line_is_full_is_seen_anew_each_time() -> None:
    callers = [a_caller() for _ in range(PLACES)]
    assert level() == Level.FULL
    endings.leave(callers[0].seat, now=clock.now())
    assert level() == Level.HARD


def test_a_closed_line_and_an_unknown_one_are_under_no_pressure(helpwanted: Line) -> None:
    for _ in range(PLACES):
        a_caller()
    helpwanted.state = Line.State.CLOSED
    helpwanted.save()
    assert signs.look("helpwanted", now=clock.now()) is None
    assert signs.look("nowhere", now=clock.now()) is None


def test_who_is_refused_by_a_full_line_is_told_when_by_how_many_came_lately(helpwanted: Line) -> None:
    for _ in range(PLACES):
        a_caller()
    found = signs.look("helpwanted", now=clock.now())
    assert found is not None
    assert (found.pressure.level, found.signs.came) == (Level.FULL, PLACES)


@pytest.mark.parametrize(("came", "again"), [(0, 120), (2, 120), (10, 30), (300, 10)])
def test_another_try_makes_sense_once_a_place_is_likely_to_be_free(came: int, again: int) -> None:
    found = signs.Look(AT, Signs(10, 10, came=came), pressure.of(Signs(10, 10)))
    assert found.again == again
