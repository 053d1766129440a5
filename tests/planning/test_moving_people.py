"""A supervisor moves somebody from one shift to another, and sees beforehand where that is impossible."""

import pytest

from chat.models import Line, Work
from chat.planning import places, shifts, week
from chat.planning.bells import RotaChanged
from chat.planning.models import Place, Shift, Swap
from chat.planning.places import OnAnother, OnItAlready, Over
from counsellors.models import Role
from helpline.lib.errors import NotFound
from tests.planning.cast import MONDAY, NOW, a_shift, on
from tests.support.domain.cast import Counsellor
from tests.support.domain.fixtures import Rung

pytestmark = pytest.mark.django_db


def put_on(floor: Counsellor, who: Counsellor, *planned: Shift) -> None:
    for shift in planned:
        places.put_on(floor.person, shift.pk, who.person.handle, now=NOW)


def test_who_is_moved_is_on_the_other_shift_only_also_where_both_are_at_one_time(
    floor: Counsellor, carla: Counsellor, every_bell: Rung
) -> None:
    early, over = a_shift(floor, 0, "10:00", "14:00"), a_shift(floor, 0, "13:00", "17:00")
    put_on(floor, carla, early)
    rung = every_bell(lambda: places.move(floor.person, early.pk, carla.person.handle, over.pk, now=NOW))
    assert RotaChanged(floor.person.pk, "helpwanted") in rung
    assert (on(early), on(over)) == ({}, {"Carla": "planned"})


def test_who_cannot_be_moved_stays_where_they_are(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    first, second, third = a_shift(floor), a_shift(floor, 1), a_shift(floor, 1, "20:00", "23:00")
    put_on(floor, carla, first, third)
    put_on(floor, daan, first, second)
    past = a_shift(floor, -7)
    for who, onto, refusal in (
        (carla, second, OnAnother),
        (daan, second, OnItAlready),
        (daan, first, OnItAlready),
        (daan, past, Over),
    ):
        with pytest.raises(refusal):
            places.move(floor.person, first.pk, who.person.handle, onto.pk, now=NOW)
    assert on(first) == {"Carla": "planned", "Daan": "planned"}


def test_who_is_sick_or_not_there_is_not_moved(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    first, second = a_shift(floor), a_shift(floor, 1)
    put_on(floor, carla, first)
    places.call_in_sick(carla.person, first.pk, now=NOW)
    for who in (carla, daan):
        with pytest.raises(NotFound):
            places.move(floor.person, first.pk, who.person.handle, second.pk, now=NOW)
    assert (on(first), on(second)) == ({"Carla": "sick"}, {})


def test_nobody_is_moved_to_or_from_a_line_that_is_not_the_supervisor_s(
    floor: Counsellor, otto: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    own, theirs = a_shift(floor), a_shift(otto, 1, line="stopitnow")
    Work.objects.create(person=carla.person, line=stopitnow)
    put_on(floor, carla, own)
    with pytest.raises(NotFound):
        places.move(floor.person, own.pk, carla.person.handle, theirs.pk, now=NOW)
    with pytest.raises(NotFound):
        places.move(otto.person, own.pk, carla.person.handle, theirs.pk, now=NOW)
    assert (on(own), on(theirs)) == ({"Carla": "planned"}, {})


def test_who_is_no_counsellor_any_more_is_not_moved(floor: Counsellor, carla: Counsellor) -> None:
    first, second = a_shift(floor), a_shift(floor, 1)
    put_on(floor, carla, first)
    Role.objects.filter(person=carla.person).delete()
    with pytest.raises(NotFound):
        places.move(floor.person, first.pk, carla.person.handle, second.pk, now=NOW)


def test_a_swap_that_was_asked_about_the_old_place_is_gone(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    first, second, free = a_shift(floor), a_shift(floor, 1), a_shift(floor, 2)
    put_on(floor, carla, first)
    put_on(floor, daan, second)
    given, wanted = (Place.objects.get(person=who.person) for who in (carla, daan))
    Swap.objects.create(given=given, wanted=wanted)
    places.move(floor.person, second.pk, daan.person.handle, free.pk, now=NOW)
    assert not Swap.objects.exists()


def test_a_week_names_who_is_on_a_shift_then_that_it_does_not_show_and_not_which(
    floor: Counsellor, otto: Counsellor, carla: Counsellor, daan: Counsellor, stopitnow: Line
) -> None:
    """It may be another line's shift, or one of the Sunday before that ends in this week. Somebody who is
    sick there is free."""
    for who in (carla, daan):
        Work.objects.create(person=who.person, line=stopitnow)
    night = a_shift(floor, -1, "22:00", "06:00")
    early, late = a_shift(floor, 0, "05:00", "09:00"), a_shift(floor, 0, "19:00", "22:00")
    theirs = a_shift(otto, 0, "18:00", "20:00", line="stopitnow")
    put_on(floor, carla, night)
    for who in (carla, daan):
        places.put_on(otto.person, theirs.pk, who.person.handle, now=NOW)
    places.call_in_sick(daan.person, theirs.pk, now=NOW)
    found = week.of(floor.person, "helpwanted", MONDAY)
    assert found.elsewhere == {early.pk: [carla.person.handle], late.pk: [carla.person.handle]}
    shifts.drop(floor.person, night.pk)
    assert week.of(floor.person, "helpwanted", MONDAY).elsewhere[early.pk] == []
