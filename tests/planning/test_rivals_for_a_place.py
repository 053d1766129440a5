"""If two want the same place at once, one gets it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from chat.planning import places, swaps
from chat.planning.models import Place
from helpline.lib.errors import Refusal
from tests.planning.cast import NOW, a_shift, on
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def at_once(*actions: Callable[[], object]) -> list[bool]:
    """Returns which of them succeeded. A database that serialises writers runs them one after the other."""
    together = Barrier(len(actions) if connection.vendor == "postgresql" else 1)

    def act(action: Callable[[], object]) -> bool:
        together.wait()
        try:
            action()
        except Refusal:
            return False
        finally:
            if connection.vendor == "postgresql":
                connection.close()
        return True

    if connection.vendor != "postgresql":
        return [act(action) for action in actions]
    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(act, actions))


def test_of_two_who_take_the_last_place_one_gets_it(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    for day in range(ROUNDS):
        shift = a_shift(floor, day, wanted=1)
        done = at_once(
            lambda pk=shift.pk: places.take(carla.person, pk, now=NOW),  # type: ignore[misc]
            lambda pk=shift.pk: places.take(daan.person, pk, now=NOW),  # type: ignore[misc]
        )
        assert (sum(done), len(on(shift))) == (1, 1)


def test_nobody_takes_two_shifts_of_one_hour(floor: Counsellor, carla: Counsellor) -> None:
    for day in range(ROUNDS):
        one, other = a_shift(floor, day), a_shift(floor, day, "20:00", "23:00")
        done = at_once(
            lambda pk=one.pk: places.take(carla.person, pk, now=NOW),  # type: ignore[misc]
            lambda pk=other.pk: places.take(carla.person, pk, now=NOW),  # type: ignore[misc]
        )
        assert sum(done) == 1


def test_who_is_taken_off_while_the_other_agrees_to_swap_takes_no_colleague_along(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    for week in range(ROUNDS):
        mine, theirs = a_shift(floor, 7 * week), a_shift(floor, 7 * week + 1)
        places.take(carla.person, mine.pk, now=NOW)
        places.take(daan.person, theirs.pk, now=NOW)
        asked = swaps.ask(carla.person, mine.pk, Place.objects.get(shift=theirs).pk, now=NOW)
        off, agreed = at_once(
            lambda pk=mine.pk: places.take_off(floor.person, pk, carla.person.handle),  # type: ignore[misc]
            lambda pk=asked.pk: swaps.agree(daan.person, pk, now=NOW),  # type: ignore[misc]
        )
        assert off != agreed
        assert "Daan" in {**on(mine), **on(theirs)}
        assert off == ("Carla" not in {**on(mine), **on(theirs)})


def test_who_calls_in_sick_while_the_other_agrees_to_swap_is_sick_on_one_of_the_two(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    for week in range(ROUNDS):
        mine, theirs = a_shift(floor, 7 * week), a_shift(floor, 7 * week + 1)
        places.take(carla.person, mine.pk, now=NOW)
        places.take(daan.person, theirs.pk, now=NOW)
        asked = swaps.ask(carla.person, mine.pk, Place.objects.get(shift=theirs).pk, now=NOW)
        sick, agreed = at_once(
            lambda pk=mine.pk: places.call_in_sick(carla.person, pk, now=NOW),  # type: ignore[misc]
            lambda pk=asked.pk: swaps.agree(daan.person, pk, now=NOW),  # type: ignore[misc]
        )
        assert sick or agreed
        states = [*on(mine).items(), *on(theirs).items()]
        assert len(states) == 2
        assert sick == (("Carla", "sick") in states)
