"""If somebody wants to talk about a conversation, a supervisor of the line sees it until it was done."""

import pytest

from chat import bells
from chat.care import debriefs
from chat.models import Debrief, Figure
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.fixtures import Rung
from tests.support.domain.rival import faster

pytestmark = pytest.mark.django_db


def test_asked_twice_it_stands_there_once_and_the_supervisors_of_the_line_are_told(
    carla: Counsellor, floor: Counsellor, otto: Counsellor, rung: Rung
) -> None:
    heard = rung(lambda: debriefs.ask(carla.person, "helpwanted", now=clock.now()))
    assert heard == [bells.CareChanged(carla.person.pk), bells.DebriefsChanged(floor.person.pk)]
    debriefs.ask(carla.person, "helpwanted", now=clock.now())
    assert [row.person for row in debriefs.wanted(floor.person)] == [carla.person]
    assert debriefs.wanted(otto.person) == []


def test_of_two_that_are_wanted_at_once_one_counts(carla: Counsellor) -> None:
    with faster("INSERT", lambda: a_debrief(carla)):
        debriefs.ask(carla.person, "helpwanted", now=clock.now())
    assert not Figure.objects.filter(name="debrief", key="asked").exists()


def a_debrief(who: Counsellor) -> None:
    Debrief.objects.create(person=who.person, line_id="helpwanted", why="asked", asked_at=clock.now())


def test_a_line_where_somebody_does_not_work_is_behind_the_wall(carla: Counsellor, esra: Counsellor) -> None:
    with pytest.raises(NotFound):
        debriefs.ask(carla.person, "stopitnow", now=clock.now())


def test_held_by_one_it_is_gone_for_both_and_can_be_asked_for_again(
    carla: Counsellor, floor: Counsellor, hanna: Counsellor
) -> None:
    debriefs.ask(carla.person, "helpwanted", now=clock.now())
    (row,) = debriefs.wanted(hanna.person)
    debriefs.hold(floor.person, row.pk, now=clock.now())
    with pytest.raises(Conflict):
        debriefs.hold(hanna.person, row.pk, now=clock.now())
    assert debriefs.wanted(hanna.person) == []
    assert AuditRow.objects.get(action="debriefed").subject == carla.person.handle
    debriefs.ask(carla.person, "helpwanted", now=clock.now())
    assert len(debriefs.wanted(hanna.person)) == 1


def test_nobody_debriefs_themself_and_nobody_of_another_line_does(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    debriefs.ask(floor.person, "helpwanted", now=clock.now())
    (row,) = debriefs.wanted(hanna.person)
    for who in (floor, otto):
        assert debriefs.wanted(who.person) == []
        with pytest.raises(NotFound):
            debriefs.hold(who.person, row.pk, now=clock.now())


def test_a_held_one_is_forgotten_after_eight_weeks_and_an_open_one_stays(
    carla: Counsellor, daan: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    for who in (carla, daan):
        debriefs.ask(who.person, "helpwanted", now=now)
    debriefs.hold(floor.person, debriefs.wanted(floor.person)[0].pk, now=now)
    much_later = later(now, 57 * 24 * 3600)
    debriefs.forget_old(later(now, 3600))
    assert Debrief.objects.count() == 2
    debriefs.forget_old(much_later)
    assert [row.held_at for row in Debrief.objects.all()] == [None]
