"""The expected wait is tested: how often it is right, when it is not shown, and what it costs."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from chat.conversation import presence
from chat.figures import counters
from chat.models import Conversation, Figure, Line
from chat.queue import estimates
from chat.queue.estimates import MAX_CALLERS_BEFORE, Recent, Slot, curve_of
from counsellors import duty
from helpline.lib import clock
from tests.faults.scale import LONG
from tests.support.domain.cast import Counsellor, a_caller, later, taken
from tests.support.domain.evening import Evening
from tests.support.domain.undone import undone

BEGIN = datetime(2026, 11, 18, 17, tzinfo=UTC)
HALF_HOURS = [30] * 10


def talked(minutes: list[int], *, now: datetime, line: str = "helpwanted") -> None:
    """Records how long recent conversations took."""
    for key in minutes:
        counters.count(counters.HANDLING, str(key), line, now=now)


def told(caller: str) -> tuple[int | None, int | None]:
    row = Conversation.objects.get(pk=caller)
    return row.promised_low, row.promised_high


@pytest.fixture(scope="module")
def yesterday() -> list[Figure]:
    """Returns the counters that an evening left. The first test that needs them plays it."""
    return []


@pytest.fixture
def an_evening_before(helpwanted: Line, yesterday: list[Figure], time_machine: TimeMachineFixture) -> None:
    if not yesterday:
        time_machine.move_to(BEGIN - timedelta(days=1))
        with undone():
            Evening(helpwanted, BEGIN - timedelta(days=1), seed=0, callers=90, hours=2).play()
            yesterday += Figure.objects.all()
            transaction.set_rollback(True)
    time_machine.move_to(BEGIN)
    for row in yesterday:
        counters.count(row.name, row.key, row.line_id, now=row.hour, value=row.value)
    estimates.forget()


@pytest.mark.parametrize("seed", [1, 2, 3] if LONG else [2])
@pytest.mark.long
def test_on_a_busy_evening_four_waits_of_five_are_as_was_said_in_a_range_of_ten_minutes(
    helpwanted: Line, an_evening_before: None, seed: int
) -> None:
    evening = Evening(helpwanted, BEGIN, seed)
    evening.play()
    told = [(evening.promised[who], waited) for who, waited in evening.waited.items()]
    shown = [(span, waited.total_seconds() / 60) for span, waited in told if span is not None]
    inside = sum(low <= waited <= high for (low, high), waited in shown)
    width = median(high - low for (low, high), _ in shown)
    print(f"{inside / len(shown):.0%} of {len(shown)} inside, half of the ranges at most {width} wide")
    assert len(shown) > 150
    assert inside >= 0.8 * len(shown)
    assert width <= 10
    today = Figure.objects.filter(hour__gte=BEGIN, name__in=["foretold", "foretold_inside"])
    counted = dict(today.values_list("name").annotate(Sum("value")).order_by())
    assert counted == {"foretold": len(shown), "foretold_inside": inside}


def test_nobody_is_told_anything_before_ten_talks_are_known(carla: Counsellor) -> None:
    now = clock.now()
    talked(HALF_HOURS[1:], now=now)
    assert estimates.ranges_for("helpwanted", [0, 1], now=now) == [None, None]
    talked([30], now=now)
    assert None not in estimates.ranges_for("helpwanted", [0, 1], now=now + estimates.RECENT_CACHE_TTL)


def test_nobody_is_told_anything_while_no_counsellor_is_on_duty(carla: Counsellor) -> None:
    now = clock.now()
    talked(HALF_HOURS, now=now)
    for state in ("off", "break"):
        duty.change(carla.person, state, 4, now=now)
        assert estimates.ranges_for("helpwanted", [0], now=now) == [None]
        estimates.forget()


def test_talks_of_the_other_line_and_of_long_ago_are_nothing_to_go_by(
    carla: Counsellor, esra: Counsellor
) -> None:
    now = clock.now()
    talked(HALF_HOURS, now=now, line="stopitnow")
    talked(HALF_HOURS, now=now - timedelta(weeks=5))
    assert estimates.ranges_for("helpwanted", [0], now=now) == [None]
    assert estimates.ranges_for("stopitnow", [0], now=now) != [None]


def test_a_talk_that_has_lasted_is_soon_over(carla: Counsellor) -> None:
    now = clock.now()
    talked(HALF_HOURS, now=now - timedelta(hours=1))
    duty.change(carla.person, "on", 1, now=now)
    a_caller(now=now)
    carla.takes_next(now)
    assert estimates.ranges_for("helpwanted", [0, 1], now=later(now, 60)) == [(25, 35), (55, 65)]
    assert estimates.ranges_for("helpwanted", [0, 1], now=later(now, 1500)) == [(5, 7), (35, 40)]


def test_nobody_is_taken_after_the_talks_that_somebody_has_beyond_their_slots(carla: Counsellor) -> None:
    now = clock.now()
    talked(HALF_HOURS, now=now - timedelta(hours=1))
    begun = [later(now, -60 * minutes) for minutes in (25, 5)]
    for moment in begun:
        taken(carla, moment)
    duty.change(carla.person, "on", 1, now=now)
    assert estimates.ranges_for("helpwanted", [0], now=now) == [(25, 30)], "after the later of the two"
    estimates.forget()
    duty.change(carla.person, "on", 0, now=now)
    assert estimates.ranges_for("helpwanted", [0], now=now) == [None], "after neither"


def one_slot(minutes: float) -> list[Slot]:
    return [Slot(talking=True, on_break=False, minutes=minutes)]


def test_a_talk_ends_like_those_that_lasted_as_long_at_least() -> None:
    recent = Recent([10] * 20 + [50] * 5, [0])
    assert curve_of(recent, one_slot(30))[0] == (20, 25)
    assert curve_of(recent, one_slot(0))[0] == (10, 55)


def test_urgent_callers_make_the_third_wait_longer_and_those_who_give_up_shorter() -> None:
    talks, pauses = [20] * 10, [0]
    plain, behind_urgent, among_impatient = (
        curve_of(recent, one_slot(5))[2]
        for recent in (
            Recent(talks, pauses),
            Recent(talks, pauses, passing=((60.0, 0.01),)),
            Recent(talks, pauses, giving_up=0.02),
        )
    )
    assert plain == (55, 60)
    assert behind_urgent == (55, 105)
    assert among_impatient == (16, 60)


def test_whoever_is_on_a_break_comes_back_after_a_long_pause() -> None:
    recent = Recent([30] * 10, [1] * 8 + [12, 12])
    (at_work,) = curve_of(recent, [Slot(talking=False, on_break=False, minutes=0)])[:1]
    (on_break,) = curve_of(recent, [Slot(talking=False, on_break=True, minutes=5)])[:1]
    assert at_work is not None
    assert at_work[0] == 1
    assert on_break == (7, 8)


times = st.lists(st.integers(0, 240), min_size=10, max_size=30).map(sorted)
slots = st.lists(
    st.builds(Slot, talking=st.booleans(), on_break=st.booleans(), minutes=st.floats(0, 90)),
    min_size=1,
    max_size=12,
)


@given(times, st.lists(st.integers(0, 240), min_size=1, max_size=9).map(sorted), slots, st.floats(0, 0.2))
def test_who_comes_later_is_never_told_less_and_nobody_more_than_two_hours(
    talks: list[int], pauses: list[int], at_work: list[Slot], giving_up: float
) -> None:
    curve = curve_of(Recent(talks, pauses, giving_up, passing=((15.0, 0.2),)), at_work)
    assert len(curve) == MAX_CALLERS_BEFORE + 1
    known = [span for span in curve if span is not None]
    assert curve[: len(known)] == known, "unknown is only what is too far away"
    assert all(0 <= low < high <= 120 for low, high in known)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(known))


def test_the_line_is_read_once_a_second_and_its_history_once_a_minute(carla: Counsellor) -> None:
    now = clock.now()
    talked(HALF_HOURS, now=now)
    for seconds, queries in ((0, 6), (0.5, 0), (1.1, 3), (61, 6)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            estimates.ranges_for("helpwanted", [0, 5, 10, 1000], now=later(now, seconds))
        assert len(asked) == queries, seconds


@pytest.mark.parametrize(("waited", "inside"), [(30, 1), (600, 0)])
def test_what_was_shown_first_is_kept_and_held_against_the_true_wait(
    carla: Counsellor, waited: int, inside: int
) -> None:
    now = clock.now()
    talked(HALF_HOURS, now=now)
    anna = a_caller(now=now)
    assert told(anna.conversation) == (0, 2)
    carla.takes_next(later(now, waited))
    anna.grants(later(now, waited))
    counted = dict(Figure.objects.filter(name__startswith="foretold").values_list("name", "value"))
    assert (counted["foretold"], counted.get("foretold_inside", 0)) == (1, inside)


def test_only_callers_before_who_are_here_are_waited_for(carla: Counsellor) -> None:
    now = clock.now()
    duty.change(carla.person, "on", 1, now=now)
    talked(HALF_HOURS, now=now)
    first = a_caller(now=now)
    presence.depart(first.socket, now=now)
    assert told(a_caller(now=later(now, 2)).conversation) == (0, 2)
    behind = told(a_caller(now=later(now, 4)).conversation)
    assert behind == (30, 35)
    assert told(a_caller(urgency=2, now=later(now, 6)).conversation) == (0, 2), "goes first"


def test_whoever_looks_at_an_open_line_sees_what_a_caller_would_be_told(
    client: Client, helpwanted: Line, carla: Counsellor
) -> None:
    talked(HALF_HOURS, now=clock.now())
    assert client.get("/api/lines/helpwanted/").json()["minutes"] == [0, 2]
    Line.objects.update(state="closed")
    assert client.get("/api/lines/helpwanted/").json()["minutes"] is None
