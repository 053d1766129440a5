"""What a place costs depends on the signs of a line alone."""

import pytest
from pytest_django import Settings

from chat.queue import pressure
from chat.queue.pressure import MAX_HARD_ITERATIONS, MAX_ITERATIONS, MIN_ITERATIONS, Level, Signs

NONE, WORK, HARD, FULL = Level.NONE, Level.WORK, Level.HARD, Level.FULL

ROWS = {
    "nobody is here": (Signs(200, 0), NONE),
    "a quiet evening": (Signs(200, 12, came=3, usual=2.5), NONE),
    "a rush below six places of ten costs nothing": (Signs(200, 119, came=119), NONE),
    "ten thousand who wait on twenty thousand places meet nothing": (
        Signs(20_000, 10_000, came=10_000, unread=10_000),
        NONE,
    ),
    "six places of ten, taken in a rush": (Signs(200, 120, came=120), WORK),
    "six places of ten, taken slowly": (Signs(200, 120, came=9), NONE),
    "six places of ten, as fast as it is usual at this hour": (Signs(200, 120, came=60, usual=40.0), NONE),
    "six places of ten, faster than twice the usual": (Signs(200, 120, came=90, usual=40.0), WORK),
    "eight places of ten, however slowly": (Signs(200, 160), WORK),
    "eight places of ten, as usual as can be": (Signs(200, 160, came=20, usual=40.0), WORK),
    "a hundred who came in a rush and are away": (Signs(200, 23, away=100, came=123), WORK),
    "a flood that comes, goes and stays away": (Signs(200, 3, away=2_400, came=2_400), WORK),
    "so many away for long, and hardly anybody new": (Signs(200, 30, away=110, came=4), NONE),
    "the last tenth is hard": (Signs(200, 180), HARD),
    "the last place is hard": (Signs(200, 199, came=199), HARD),
    "no place is left": (Signs(200, 200), FULL),
    "more than there are places": (Signs(200, 230), FULL),
    "a line without places": (Signs(0, 0), FULL),
    "fewer than ten are never too many": (Signs(10, 9, came=9), NONE),
    "a throttled line of five is full, and asks nothing before": (Signs(5, 4, came=4), NONE),
    "unread boxes alone are no sign below the share": (Signs(200, 119, came=119, unread=500), NONE),
    "unread boxes alone are no rush": (Signs(200, 130, came=5, unread=130), NONE),
    "one who was not serious lowers the share": (Signs(200, 110, came=60, unserious=1), WORK),
    "but below it nothing is asked": (Signs(200, 109, came=60, unserious=1), NONE),
    "and without a rush nothing is asked": (Signs(200, 110, came=3, unserious=1), NONE),
    "a hundred who were not serious lower it to a tenth": (Signs(200, 20, came=20, unserious=100), WORK),
    "and no further": (Signs(200, 19, came=19, unserious=100), NONE),
}


@pytest.mark.parametrize(("signs", "level"), ROWS.values(), ids=ROWS.keys())
def test_a_place_costs(signs: Signs, level: Level) -> None:
    found = pressure.of(signs)
    assert found.level == level
    assert (found.work > 0) == (level in {WORK, HARD})


def test_work_begins_light_and_rises_to_its_bound_before_the_last_tenth() -> None:
    work = [pressure.of(Signs(200, here, came=here)).work for here in range(120, 180)]
    assert work[0] == MIN_ITERATIONS
    assert work == sorted(work)
    assert MAX_ITERATIONS * 0.95 < work[-1] <= MAX_ITERATIONS


def test_the_last_tenth_rises_to_the_hardest_and_no_further() -> None:
    work = [pressure.of(Signs(200, here, came=here)).work for here in range(180, 200)]
    assert work[0] == MAX_ITERATIONS
    assert work == sorted(work)
    assert MAX_HARD_ITERATIONS * 0.9 < work[-1] <= MAX_HARD_ITERATIONS


def test_boxes_that_nobody_read_only_raise() -> None:
    work = [pressure.of(Signs(200, 130, came=130, unread=unread)).work for unread in (0, 40, 130, 1_000)]
    assert work == sorted(work)
    assert work[0] < work[1] < work[2]
    hard = [pressure.of(Signs(200, 185, came=185, unread=unread)).work for unread in (0, 60, 10_000)]
    assert hard == sorted(set(hard))


def test_no_box_makes_light_work_hard() -> None:
    """Somebody who writes much from many sockets makes others pay, but not much more."""
    light = pressure.of(Signs(200, 121, came=121, unread=10_000)).work
    assert light <= MIN_ITERATIONS + 0.4 * (MAX_ITERATIONS - MIN_ITERATIONS)
    assert pressure.of(Signs(200, 180, came=180, unread=10_000)).work <= MAX_ITERATIONS + 0.31 * (
        MAX_HARD_ITERATIONS - MAX_ITERATIONS
    )


def test_who_is_away_raises_the_work_to_its_bound_and_no_further() -> None:
    work = [pressure.of(Signs(200, 5, away=away, came=away)).work for away in (115, 150, 175, 5_000)]
    assert work == sorted(work)
    assert work[-1] == MAX_ITERATIONS


def test_who_sets_the_share_to_one_never_meets_it(settings: Settings) -> None:
    settings.PRESSURE_FROM = 1.0
    assert pressure.of(Signs(200, 199, came=199)).level == NONE


def test_the_work_is_scaled_for_slower_phones(settings: Settings) -> None:
    settings.WORK_SCALE = 0.5
    assert pressure.of(Signs(200, 120, came=120)).work == MIN_ITERATIONS // 2
