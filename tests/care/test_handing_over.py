"""At the end of a shift a supervisor asks everybody on the line at once to hand over. Nothing is forced."""

import pytest

from chat import bells
from chat.supervision import interventions
from counsellors import duty
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support.domain.cast import Counsellor, taken
from tests.support.domain.fixtures import Rung

pytestmark = pytest.mark.django_db


def test_who_is_on_duty_or_in_a_conversation_is_asked_and_nobody_else(
    carla: Counsellor, daan: Counsellor, esra: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    taken(carla)
    duty.change(carla.person, "off", 1, now=clock.now())
    heard = rung(lambda: interventions.ask_to_hand_over(floor.person, "helpwanted"))
    asked = [bell for bell in heard if isinstance(bell, bells.HandoverAsked)]
    assert {bell.person for bell in asked} == {carla.person.pk, daan.person.pk}
    assert {(bell.line, bell.by) for bell in asked} == {("helpwanted", floor.person.handle)}
    assert AuditRow.objects.get(action="handover").detail == "2 people"


def test_who_went_home_is_left_alone(carla: Counsellor, floor: Counsellor) -> None:
    duty.change(carla.person, "off", 1, now=clock.now())
    assert interventions.ask_to_hand_over(floor.person, "helpwanted") == 0


def test_another_line_is_behind_the_wall(carla: Counsellor, otto: Counsellor) -> None:
    with pytest.raises(NotFound):
        interventions.ask_to_hand_over(otto.person, "helpwanted")
