"""Erlang A is compared with other calculations, and with the simulator over the stored grid."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.planning import erlang
from chat.planning.erlang import GOALS, Load
from tests.planning import grid
from tests.support import chance

CI_PLAYS = 10
loads = st.builds(Load, st.floats(0.01, 2), st.floats(3, 60), st.floats(1, 60))


def chain(load: Load, places: int) -> tuple[float, float]:
    """Returns the probability of a free place and the share that leaves, calculated state by state (birth and
    death)."""
    weights, busy = [1.0], 0
    while weights[-1] > 1e-14 * max(weights) or busy < places + load.arrivals * load.handling:
        busy += 1
        going = min(busy, places) / load.handling + max(0, busy - places) / load.patience
        weights.append(weights[-1] * load.arrivals / going)
    total = sum(weights)
    leaving = sum(weight * max(0, many - places) / load.patience for many, weight in enumerate(weights))
    return sum(weights[:places]) / total, leaving / total / load.arrivals


@given(loads, st.integers(1, 40))
def test_who_is_helped_at_once_and_who_leaves_is_what_the_states_one_by_one_say(
    load: Load, places: int
) -> None:
    free, left = chain(load, places)
    assert erlang.helped_within(load, places, 0) == pytest.approx(free, abs=0.002)
    assert erlang.helped_within(load, places, 10_000) == pytest.approx(1 - left, abs=0.002)


@given(loads, st.integers(1, 40), st.floats(0, 30))
def test_one_more_place_or_minute_never_helps_fewer(load: Load, places: int, minutes: float) -> None:
    helped = erlang.helped_within(load, places, minutes)
    assert -1e-6 <= helped <= 1 + 1e-6
    assert erlang.helped_within(load, places + 1, minutes) >= helped - 1e-4
    assert erlang.helped_within(load, places, minutes + 1) >= helped - 1e-4


def test_nobody_comes_and_nobody_is_there() -> None:
    assert erlang.helped_within(Load(0, 20, 10), 0, 1) == 0
    assert erlang.helped_within(Load(0, 20, 10), 1, 1) == 1
    assert erlang.people_needed(Load(0, 20, 10), 2) == 1
    assert math.isclose(erlang.helped_within(Load(1e-9, 20, 10), 190, 1), 1)


@given(loads, st.integers(1, 4))
def test_the_fewest_who_reach_the_goals_and_one_fewer_does_not(load: Load, slots: int) -> None:
    people = erlang.people_needed(load, slots)
    reached = [
        all(erlang.helped_within(load, many * slots, goal.within) >= goal.share for goal in GOALS)
        for many in (people - 1, people)
    ]
    assert reached == [False, True] or people == erlang.MAX_PEOPLE


def test_over_the_grid_advice_is_within_one_person_and_never_two_too_few() -> None:
    rows = grid.kept()
    assert len(rows) == grid.MANY
    assert [one for one, _, _ in rows] == list(grid.situations()), "make advice-grid"
    off = [said - needed for _, said, needed in rows]
    assert sum(abs(one) <= 1 for one in off) >= 0.95 * len(off)
    assert min(off) > -2
    assert [grid.advised(one) for one, _, _ in rows] == [said for _, said, _ in rows], "make advice-grid"


@pytest.mark.long
def test_ten_of_the_grid_are_played_again_and_come_out_as_they_were_kept() -> None:
    for situation, said, needed in random.Random(chance.seed("grid")).sample(grid.kept(), CI_PLAYS):
        assert grid.play(situation) == (situation, said, needed)


def test_more_than_two_hundred_are_asked_of_nobody() -> None:
    assert erlang.people_needed(Load(60, 60, 10), 1) == 200
