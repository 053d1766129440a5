"""How many people an hour needs: said for the hours that are open, by the timetable and what if."""

from datetime import time

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
