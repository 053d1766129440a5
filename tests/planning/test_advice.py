"""The advice says how many people each open hour needs, by the timetable and under other assumptions."""

from datetime import time, timedelta

import pytest

from chat.figures import counters
from chat.lines import schedules
from chat.lines.hours import Schedule
from chat.models import Line
from chat.planning import advice
from chat.planning.advice import Verdict, WhatIf
from chat.spans import Span
from tests.planning.cast import MONDAY, NOW
from tests.support.domain.cast import Counsellor


def open_hours(floor: Counsellor, longer: int = 0) -> list[int]:
    found = advice.of_week(floor.person, "helpwanted", MONDAY, WhatIf(longer=longer), now=NOW)
    return [one.at.hour for one in found.hours[:24] if one.verdict != Verdict.CLOSED]


def test_advice_is_for_the_hours_that_are_open_and_what_if_for_later_ones_too(
    floor: Counsellor, helpwanted: Line
) -> None:
    evening = (Span(time(19), time(22)),)
    schedules.replace_of_line(helpwanted, Schedule((evening,) * 7))
    assert open_hours(floor) == [19, 20, 21]
    assert open_hours(floor, longer=2) == [19, 20, 21, 22, 23]


def letters_of(floor: Counsellor) -> tuple[float, float] | None:
    found = advice.of_week(floor.person, "helpwanted", MONDAY, WhatIf(), now=NOW).letters
    return (found.week, found.hours) if found else None


def test_the_hours_that_letters_take_are_told_beside_the_table(floor: Counsellor, helpwanted: Line) -> None:
    assert letters_of(floor) is None
    for week in range(1, 5):
        at = NOW - timedelta(weeks=week)
        counters.count_all({("letters", "sent"): 6, ("letter_minutes", "19"): 1}, "helpwanted", now=at)
    assert letters_of(floor) == pytest.approx((6, 3)), (
        "too few answers to know how long one takes: half an hour"
    )
    counters.count(counters.LETTER_MINUTES, "19", "helpwanted", now=NOW - timedelta(days=1), value=4)
    assert letters_of(floor) == pytest.approx((6, 6 * 19.5 / 60))


def test_a_line_whose_letters_began_lately_counts_the_weeks_since(
    floor: Counsellor, helpwanted: Line
) -> None:
    counters.count(counters.LETTERS, "sent", "helpwanted", now=NOW - timedelta(days=2), value=8)
    assert letters_of(floor) == pytest.approx((8, 4))
