"""What somebody prefers is shown to the planner, and forbids nothing."""

from datetime import timedelta

import pytest

from chat.care import carrying
from chat.models import Line, Work
from chat.planning import concerns, places, preferences, week
from chat.planning.concerns import Concern
from chat.planning.preferences import NoSuchPreference, Preferences
from tests.planning.cast import MONDAY, NOW, a_shift
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db


def concerned(floor: Counsellor) -> list[list[str]]:
    """Returns the concerns of each shift of the week in order, of whoever is on it."""
    found = week.of(floor.person, "helpwanted", MONDAY)
    return [
        [str(one) for place in shift.places.all() for one in found.concerns.get(place.pk, [])]
        for shift in found.shifts
    ]


def put_on(
    floor: Counsellor, who: Counsellor, *days: int, opens: str = "19:00", closes: str = "22:00"
) -> None:
    for day in days:
        shift = a_shift(floor, day, opens, closes)
        places.put_on(floor.person, shift.pk, who.person.handle, now=NOW)


def test_more_hours_than_somebody_wants_in_a_week(floor: Counsellor, carla: Counsellor) -> None:
    put_on(floor, carla, 0, 1, opens="12:00", closes="16:00")
    preferences.store(carla.person, Preferences(most_hours=8))
    assert concerned(floor) == [[], []]
    preferences.store(carla.person, Preferences(most_hours=7))
    assert concerned(floor) == [["too_many_hours"], ["too_many_hours"]]


def test_two_lates_in_a_row(floor: Counsellor, carla: Counsellor) -> None:
    put_on(floor, carla, 0, 1, 3)
    put_on(floor, carla, 4, opens="09:00", closes="12:00")
    preferences.store(carla.person, Preferences(no_two_lates=True))
    assert concerned(floor) == [["two_lates"], ["two_lates"], [], []]


def test_the_day_after_a_heavy_one(floor: Counsellor, carla: Counsellor, helpwanted: Line) -> None:
    put_on(floor, carla, 0, 1)
    preferences.store(carla.person, Preferences(rest_after_heavy=True))
    monday = a_shift(floor, 0, "09:00", "10:00").starts_at
    carrying.carry(carla.person, "helpwanted", now=monday, heavy=1)
    assert concerned(floor) == [[], [], []]
    carrying.carry(carla.person, "helpwanted", now=monday, heavy=1)
    assert concerned(floor) == [[], [], ["after_heavy"]]
    helpwanted.most_heavy = 3
    helpwanted.save()
    assert concerned(floor) == [[], [], []]


def test_a_day_on_which_somebody_would_rather_not(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    put_on(floor, carla, 0, 1)
    put_on(floor, daan, 1, opens="18:00", closes="21:00")
    preferences.store(carla.person, Preferences(rather_not=(1, 6)))
    assert concerned(floor) == [[], [], ["rather_not"]]


def test_hours_on_another_line_count_too_and_do_not_tell_where(
    floor: Counsellor, otto: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    Work.objects.create(person=carla.person, line=stopitnow)
    put_on(floor, carla, 0, opens="12:00", closes="16:00")
    preferences.store(carla.person, Preferences(most_hours=6))
    other = a_shift(otto, 2, line="stopitnow")
    places.put_on(otto.person, other.pk, carla.person.handle, now=NOW)
    assert concerned(floor) == [["too_many_hours"]]


def test_who_would_take_a_shift_is_told_before(floor: Counsellor, carla: Counsellor) -> None:
    put_on(floor, carla, 0)
    preferences.store(carla.person, Preferences(most_hours=5, no_two_lates=True, rather_not=(1,)))
    free = a_shift(floor, 1)
    assert concerns.of_taking(carla.person.pk, [free])[free.pk] == [
        Concern.TOO_MANY_HOURS, Concern.TWO_LATES, Concern.RATHER_NOT,
    ]  # fmt: skip
    places.take(carla.person, free.pk, now=NOW)  # a warning, not a prohibition


def test_sick_hours_are_no_hours(floor: Counsellor, carla: Counsellor) -> None:
    put_on(floor, carla, 0, 1)
    preferences.store(carla.person, Preferences(most_hours=4))
    monday = a_shift(floor, 0, "09:00", "10:00")
    sick = next(
        shift for shift in week.of(floor.person, "helpwanted", MONDAY).shifts if shift.pk != monday.pk
    )
    places.call_in_sick(carla.person, sick.pk, now=NOW)
    assert concerned(floor) == [[], [], []]


@pytest.mark.parametrize(
    "wrong", [Preferences(most_hours=0), Preferences(most_hours=61), Preferences(rather_not=(7,))]
)
def test_what_is_no_preference_is_refused_and_the_old_one_stays(
    carla: Counsellor, wrong: Preferences
) -> None:
    preferences.store(carla.person, Preferences(most_hours=8))
    with pytest.raises(NoSuchPreference):
        preferences.store(carla.person, wrong)
    assert preferences.of(carla.person) == Preferences(most_hours=8)


def test_who_said_nothing_prefers_nothing(carla: Counsellor) -> None:
    assert preferences.of(carla.person) == Preferences()
    assert preferences.of(carla.person).most is None
    assert Preferences(most_hours=3).most == timedelta(hours=3)
