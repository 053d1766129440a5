"""The curve of a day has one point for each line and minute, for the line's supervisors, for eight weeks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from time_machine import TimeMachineFixture

from chat.models import Line, Sample
from chat.retention import clock_guard
from chat.runtime.rounds import Rounds
from chat.supervision import samples
from helpline.lib.errors import NotFound
from tests.support.domain.cast import Counsellor, a_caller, later

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(own_keys: object, time_machine: TimeMachineFixture) -> None:
    """Gives rounds, which purge, too, keys of this test's own."""
    time_machine.move_to(NOON)


def test_a_point_tells_how_the_line_stood(helpwanted: Line, carla: Counsellor) -> None:
    a_caller(now=later(NOON, -300))
    talking = a_caller(urgency=2, now=later(NOON, -100))
    a_caller(now=later(NOON, -50))
    assert carla.takes_next(NOON).conversation == talking.conversation
    samples.take(now=later(NOON, 20))
    point = Sample.objects.get()
    assert (point.line, point.at) == (helpwanted, NOON)
    assert (point.waiting, point.active, point.on, point.longest) == (2, 1, 1, 320)


def test_workers_that_take_the_same_moment_leave_one_point_of_each_line(
    helpwanted: Line, stopitnow: Line
) -> None:
    samples.take(now=later(NOON, 1))
    a_caller(now=later(NOON, 2))
    samples.take(now=later(NOON, 3))
    assert list(Sample.objects.order_by("line").values_list("line", "waiting")) == [
        ("helpwanted", 0),
        ("stopitnow", 0),
    ]


def test_rounds_take_a_point_a_minute_and_forget_after_eight_weeks(helpwanted: Line) -> None:
    rounds = Rounds()
    for second in (0, 1, 59, 60, 61, 125):
        rounds.go(later(NOON, second))
    assert [point.at for point in Sample.objects.order_by("at")] == [later(NOON, s) for s in (0, 60, 120)]
    end = NOON + timedelta(weeks=8, seconds=60)
    clock_guard.trust(end)
    Rounds().go(end)
    assert Sample.objects.order_by("at").first() == Sample.objects.get(at=later(NOON, 120))


def test_today_begins_at_midnight_here_and_ends_now(helpwanted: Line, floor: Counsellor) -> None:
    midnight = datetime(2026, 11, 17, 23, tzinfo=UTC)  # in Amsterdam
    for at in (later(midnight, -60), midnight, later(midnight, 60), later(midnight, 3600)):
        samples.take(now=at)
    points = samples.today(floor.person, "helpwanted", now=later(midnight, 1800))
    assert [point.at for point in points] == [midnight, later(midnight, 60)]


def test_a_long_day_is_thinned_evenly_and_ends_with_the_newest(helpwanted: Line, floor: Counsellor) -> None:
    Sample.objects.bulk_create(
        Sample(line=helpwanted, at=later(NOON, 30 * number), waiting=0, active=0, on=0, longest=0)
        for number in range(700)
    )
    points = [point.at for point in samples.today(floor.person, "helpwanted", now=later(NOON, 30 * 700))]
    assert len(points) <= samples.MAX_POINTS
    assert points[-1] == later(NOON, 30 * 699)
    assert {b - a for a, b in pairwise(points)} == {timedelta(seconds=90)}


def test_the_other_line_s_day_is_not_there_to_see(stopitnow: Line, floor: Counsellor) -> None:
    samples.take(now=NOON)
    with pytest.raises(NotFound):
        samples.today(floor.person, "stopitnow", now=NOON)
