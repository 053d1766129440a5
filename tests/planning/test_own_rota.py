"""A volunteer sees their shifts, takes and offers places, swaps, and calls in sick."""

from datetime import timedelta

import pytest

from chat.models import Line
from chat.planning import calendar_feed, moving, own_rota, places, preferences, rounds, swaps, week
from chat.planning.models import CalendarFeed, Place, RotaPreferences, Shift, Swap
from chat.planning.places import Full, OnAnother, Over
from chat.planning.preferences import Preferences
from chat.planning.swaps import AskedAlready, NotFreeThen
from chat.supervision import leaving
from helpline.lib.errors import Conflict, NotFound
from tests.planning.cast import MONDAY, NOW, a_shift, on, when
from tests.support.domain.cast import Counsellor, a_counsellor
from tests.support.domain.rival import faster

pytestmark = pytest.mark.django_db


def test_one_sees_one_s_own_and_what_one_could_take(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    mine, full, open_one = a_shift(floor), a_shift(floor, 1, wanted=1), a_shift(floor, 2)
    a_shift(floor, 0, "21:00", "23:00")  # while Carla is on her own
    a_shift(floor, 60)  # too far away
    places.put_on(floor.person, mine.pk, carla.person.handle, now=NOW)
    places.put_on(floor.person, full.pk, daan.person.handle, now=NOW)
    assert [place.shift_id for place in own_rota.coming(carla.person, now=NOW)] == [mine.pk]
    assert [shift.pk for shift in own_rota.could_take(carla.person, now=NOW)] == [open_one.pk]
    places.offer(daan.person, full.pk, now=NOW)
    assert [shift.pk for shift in own_rota.could_take(carla.person, now=NOW)] == [full.pk, open_one.pk]


def test_an_offer_that_is_kept_at_the_last_moment_is_taken_by_nobody(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor, wanted=1)
    places.take(carla.person, shift.pk, now=NOW)
    places.offer(carla.person, shift.pk, now=NOW)
    kept = Place.objects.filter(shift=shift)
    with (
        pytest.raises(Full),
        faster('UPDATE "planning_place"', lambda: kept.update(state=Place.State.PLANNED)),
    ):
        places.take(daan.person, shift.pk, now=NOW)
    assert [*on(shift)] == ["Carla"]


def test_a_sick_call_about_a_place_that_was_just_swapped_makes_nobody_else_sick(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor, wanted=1)
    places.take(carla.person, shift.pk, now=NOW)
    swapped = Place.objects.filter(shift=shift)
    with (
        pytest.raises(Conflict),
        faster('UPDATE "planning_place"', lambda: swapped.update(person=daan.person)),
    ):
        places.call_in_sick(carla.person, shift.pk, now=NOW)
    assert "sick" not in on(shift).values()


def test_an_offered_place_goes_to_who_takes_it_first_and_not_to_the_second(
    floor: Counsellor, carla: Counsellor, daan: Counsellor, helpwanted: object
) -> None:
    shift = a_shift(floor, wanted=1)
    places.take(carla.person, shift.pk, now=NOW)
    places.offer(carla.person, shift.pk, now=NOW)
    places.take(daan.person, shift.pk, now=NOW)
    assert on(shift) == {"Daan": "planned"}
    with pytest.raises(Full):
        places.take(carla.person, shift.pk, now=NOW)
    with pytest.raises(NotFound):
        places.keep(carla.person, shift.pk, now=NOW)


def test_an_offer_is_taken_back_unless_somebody_was_faster(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor, wanted=1)
    places.take(carla.person, shift.pk, now=NOW)
    places.offer(carla.person, shift.pk, now=NOW)
    places.keep(carla.person, shift.pk, now=NOW)
    assert on(shift) == {"Carla": "planned"}
    places.offer(carla.person, shift.pk, now=NOW)
    with (
        pytest.raises(Conflict),
        faster('UPDATE "planning_place"', lambda: Place.objects.filter(shift=shift).delete()),
    ):
        places.keep(carla.person, shift.pk, now=NOW)


def test_a_sick_call_leaves_the_shift_one_short_until_somebody_takes_it(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor, wanted=1)
    places.take(carla.person, shift.pk, now=NOW)
    places.call_in_sick(carla.person, shift.pk, now=NOW)
    seen = own_rota.one(daan.person, shift.pk, now=NOW)
    assert seen is not None
    assert own_rota.lacking(seen) == 1
    with pytest.raises(Conflict):
        places.call_in_sick(carla.person, shift.pk, now=NOW)
    places.take(daan.person, shift.pk, now=NOW)
    assert on(shift) == {"Carla": "sick", "Daan": "planned"}
    places.well_again(carla.person, shift.pk, now=NOW)
    assert on(shift) == {"Carla": "planned", "Daan": "planned"}


def test_who_took_another_shift_meanwhile_does_not_come_after_all(
    floor: Counsellor, carla: Counsellor
) -> None:
    sick, instead = a_shift(floor), a_shift(floor, 0, "20:00", "23:00")
    places.take(carla.person, sick.pk, now=NOW)
    places.call_in_sick(carla.person, sick.pk, now=NOW)
    places.take(carla.person, instead.pk, now=NOW)
    with pytest.raises(OnAnother):
        places.well_again(carla.person, sick.pk, now=NOW)


def test_what_is_over_changes_no_more(floor: Counsellor, carla: Counsellor) -> None:
    shift = a_shift(floor)
    places.take(carla.person, shift.pk, now=NOW)
    later = shift.ends_at
    for action in (places.offer, places.call_in_sick, places.take):
        with pytest.raises((Over, NotFound)):
            action(carla.person, shift.pk, now=later)
    assert on(shift) == {"Carla": "planned"}


def test_who_does_not_work_for_the_line_finds_nothing(floor: Counsellor, esra: Counsellor) -> None:
    shift = a_shift(floor)
    assert own_rota.could_take(esra.person, now=NOW) == []
    assert own_rota.one(esra.person, shift.pk, now=NOW) is None
    for action in (places.take, places.offer, places.call_in_sick):
        with pytest.raises(NotFound):
            action(esra.person, shift.pk, now=NOW)
    with pytest.raises(NotFound):
        places.take(floor.person, shift.pk, now=NOW)  # a supervisor takes no callers


@pytest.fixture
def two(floor: Counsellor, carla: Counsellor, daan: Counsellor) -> tuple[Place, Place]:
    """Makes two shifts: Carla's on Monday and Daan's on Tuesday."""
    monday, tuesday = a_shift(floor), a_shift(floor, 1)
    places.take(carla.person, monday.pk, now=NOW)
    places.take(daan.person, tuesday.pk, now=NOW)
    return Place.objects.get(shift=monday), Place.objects.get(shift=tuesday)


def test_two_swap_when_the_other_says_yes(
    two: tuple[Place, Place], carla: Counsellor, daan: Counsellor
) -> None:
    mine, theirs = two
    assert [place.pk for place in swaps.could_have(carla.person, mine, now=NOW)] == [theirs.pk]
    swap = swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)
    with pytest.raises(AskedAlready):
        swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)
    assert [one.pk for one in swaps.asked_of(daan.person, now=NOW)] == [swap.pk]
    assert [one.pk for one in swaps.asked_by(carla.person, now=NOW)] == [swap.pk]
    with pytest.raises(NotFound):
        swaps.agree(carla.person, swap.pk, now=NOW)  # she may not decide it
    swaps.agree(daan.person, swap.pk, now=NOW)
    assert (on(mine.shift), on(theirs.shift)) == ({"Daan": "planned"}, {"Carla": "planned"})
    assert not Swap.objects.exists()


def test_a_swap_is_refused_or_taken_back_and_nothing_changes(
    two: tuple[Place, Place], carla: Counsellor, daan: Counsellor, esra: Counsellor
) -> None:
    mine, theirs = two
    for who in (daan, carla):
        swap = swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)
        with pytest.raises(NotFound):
            swaps.refuse(esra.person, swap.pk, now=NOW)
        swaps.refuse(who.person, swap.pk, now=NOW)
    assert (on(mine.shift), on(theirs.shift)) == ({"Carla": "planned"}, {"Daan": "planned"})


def test_a_swap_after_something_changed_is_off(
    two: tuple[Place, Place], floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    mine, theirs = two
    swap = swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)
    busy = a_shift(floor, 0, "18:00", "20:00")
    places.take(daan.person, busy.pk, now=NOW)
    with pytest.raises(NotFreeThen):
        swaps.agree(daan.person, swap.pk, now=NOW)
    places.take_off(floor.person, busy.pk, daan.person.handle)
    sick = Place.objects.filter(pk=theirs.pk)
    with (
        pytest.raises(Conflict),
        faster('SELECT "planning_place"', lambda: sick.update(state=Place.State.SICK)),
    ):
        swaps.agree(daan.person, swap.pk, now=NOW)


def test_a_swap_that_was_asked_about_other_hours_is_off(
    two: tuple[Place, Place], floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    mine, theirs = two
    swap = swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)
    moving.change(floor.person, theirs.shift_id, when(1), 3)  # for more people, at the same hours
    assert Swap.objects.filter(pk=swap.pk).exists()
    with (
        pytest.raises(Conflict),
        faster('SELECT "planning_shift"', lambda: moving.change(floor.person, theirs.shift_id, when(3), 2)),
    ):
        swaps.agree(daan.person, swap.pk, now=NOW)
    assert (on(mine.shift), on(theirs.shift)) == ({"Carla": "planned"}, {"Daan": "planned"})


def test_what_has_begun_is_swapped_no_more(
    two: tuple[Place, Place], carla: Counsellor, daan: Counsellor
) -> None:
    mine, theirs = two
    swap = swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)
    begun = mine.shift.starts_at
    assert swaps.asked_of(daan.person, now=begun) == []
    assert swaps.could_have(carla.person, mine, now=begun) == []
    with pytest.raises(NotFound):
        swaps.agree(daan.person, swap.pk, now=begun)


def test_who_is_well_again_comes_to_the_shift_as_it_is_now(
    two: tuple[Place, Place], floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    monday, tuesday = two
    places.call_in_sick(carla.person, monday.shift_id, now=NOW)
    places.take(carla.person, tuesday.shift_id, now=NOW)
    onto_tuesday = when(1, "20:00", "21:00")
    with (
        pytest.raises(OnAnother),
        faster(
            'SELECT "planning_shift"', lambda: moving.change(floor.person, monday.shift_id, onto_tuesday, 2)
        ),
    ):
        places.well_again(carla.person, monday.shift_id, now=NOW)


def test_sick_people_are_asked_for_no_swap(
    two: tuple[Place, Place], carla: Counsellor, daan: Counsellor
) -> None:
    mine, theirs = two
    swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)
    places.call_in_sick(daan.person, theirs.shift_id, now=NOW)
    assert not Swap.objects.exists()
    assert swaps.could_have(carla.person, mine, now=NOW) == []
    with pytest.raises(NotFound):
        swaps.ask(carla.person, mine.shift_id, theirs.pk, now=NOW)


def test_nobody_takes_a_second_shift_at_the_same_time_on_whichever_line(
    floor: Counsellor, carla: Counsellor
) -> None:
    a, b = a_shift(floor), a_shift(floor, 0, "20:00", "23:00")
    places.take(carla.person, a.pk, now=NOW)
    with pytest.raises(OnAnother):
        places.take(carla.person, b.pk, now=NOW)


def test_a_shift_of_a_line_that_has_ended_keeps_nobody_from_another(
    floor: Counsellor, carla: Counsellor, stopitnow: Line
) -> None:
    ended, wanted = a_shift(floor), a_shift(floor, 0, "20:00", "23:00")
    Shift.objects.filter(pk=ended.pk).update(line=stopitnow)
    Place.objects.create(shift_id=ended.pk, person=carla.person)
    assert week.of(floor.person, "helpwanted", MONDAY).elsewhere == {wanted.pk: [carla.person.handle]}
    Line.objects.filter(pk=stopitnow.pk).update(ended_at=NOW)
    assert week.of(floor.person, "helpwanted", MONDAY).elsewhere == {wanted.pk: []}
    places.take(carla.person, wanted.pk, now=NOW)
    assert on(wanted) == {"Carla": "planned"}


def test_who_leaves_is_missed_on_the_shifts_to_come_and_read_nowhere(
    floor: Counsellor, carla: Counsellor
) -> None:
    past, coming = a_shift(floor), a_shift(floor, 7)
    for shift in (past, coming):
        places.take(carla.person, shift.pk, now=NOW)
    preferences.store(carla.person, Preferences(most_hours=8, mail="carla@example.org"))
    calendar_feed.make(carla.person, now=NOW)
    afterwards = past.ends_at + timedelta(hours=1)
    leaving.leave(carla.person, by=floor.person, now=afterwards)
    rounds.each_minute(afterwards)
    assert (on(past), on(coming)) == ({"Carla": "planned"}, {})
    assert not RotaPreferences.objects.exists()
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("asking", [True, False], ids=["of the one who asked", "of the one who was asked"])
def test_who_takes_over_a_place_is_traded_away_by_no_swap_that_was_asked_before(
    asking: bool, floor: Counsellor, carla: Counsellor, daan: Counsellor, helpwanted: Line
) -> None:
    hers, his = a_shift(floor, wanted=1), a_shift(floor, 1, wanted=1)
    places.take(carla.person, hers.pk, now=NOW)
    places.take(daan.person, his.pk, now=NOW)
    swap = swaps.ask(carla.person, hers.pk, Place.objects.get(shift=his).pk, now=NOW)
    gives, keeps, shift = (carla, daan, hers) if asking else (daan, carla, his)
    places.offer(gives.person, shift.pk, now=NOW)
    ferhat = a_counsellor("Ferhat", helpwanted)
    places.take(ferhat.person, shift.pk, now=NOW)
    for who in (ferhat, keeps):
        with pytest.raises(Conflict):
            swaps.agree(who.person, swap.pk, now=NOW)
        assert swaps.asked_of(who.person, now=NOW) == swaps.asked_by(who.person, now=NOW) == []
    assert on(shift) == {"Ferhat": "planned"}


def test_two_shifts_of_which_one_begins_when_the_other_ends_go_together(
    floor: Counsellor, carla: Counsellor
) -> None:
    early, late = a_shift(floor, 0, "16:00", "19:00"), a_shift(floor)
    latest = a_shift(floor, 0, "22:00", "23:00")
    for shift in (late, early, latest):
        places.take(carla.person, shift.pk, now=NOW)
    assert [on(shift) for shift in (early, late, latest)] == [{"Carla": "planned"}] * 3
