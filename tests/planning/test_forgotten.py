"""The rota's past stays when somebody who left is forgotten, and has their mail address no longer."""

from datetime import timedelta

import pytest
from django.conf import settings

from chat.planning import places, rounds
from chat.planning.models import Place, RotaPreferences
from chat.supervision import forgetting, needs_approval
from helpline.lib import clock
from tests.planning.cast import NOW, a_shift
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db


def test_who_was_on_a_past_shift_is_somebody_who_left(floor: Counsellor, carla: Counsellor) -> None:
    shift = a_shift(floor)
    places.put_on(floor.person, shift.pk, carla.person.handle, now=NOW)
    RotaPreferences.objects.create(person=carla.person, mail="carla@post.example")
    over = shift.ends_at + timedelta(hours=1)
    needs_approval.let_leave(floor.person, carla.person.handle, now=clock.now())
    for moment in (over, over + settings.FORGET_STAFF):
        rounds.each_minute(moment)
        forgetting.forget_old(moment)
    assert Place.objects.get(shift=shift).person.alias == f"oud-collega {carla.person.pk}"
    assert not RotaPreferences.objects.filter(person=carla.person).exists()
