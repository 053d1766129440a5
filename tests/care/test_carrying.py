"""The conversations of each person are counted by day and shown to the person and the supervisor. No limit is
enforced."""

from datetime import timedelta

import pytest

from chat import bells
from chat.care import carrying
from chat.care.carrying import Limits
from chat.conversation import departures, endings
from chat.figures import wrapup
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.models import Carried, Conversation, Member
from chat.states import How
from counsellors import devices
from counsellors.models import AuditRow, Device
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support.domain.cast import Counsellor, a_caller, a_point, taken
from tests.support.domain.fixtures import Rung

pytestmark = pytest.mark.django_db


def test_each_conversation_counts_and_the_heavy_ones_apart(
    carla: Counsellor, daan: Counsellor, floor: Counsellor
) -> None:
    _, seat = taken(carla)
    taken(carla)
    wrapup.wrap_up(carla.person, seat.conversation, {"weight": "heavy"}, now=clock.now())
    taken(daan)
    limits, loads = carrying.of_line(floor.person, "helpwanted", now=clock.now())
    assert limits == Limits(None, None)
    assert [(load.person.alias, load.talks_today, load.heavy_today) for load in loads] == [
        ("Carla", 2, 1),
        ("Daan", 1, 0),
    ]


def test_it_counts_while_it_is_open_and_once_when_it_is_over(
    carla: Counsellor, daan: Counsellor, floor: Counsellor
) -> None:
    _, closed = taken(carla)
    anna, left = taken(carla)
    asked = invitations.invite(left, How.CONSULT, To(staff=daan.person.handle), None, now=clock.now())
    invitations.accept(asked.pk, daan.person, daan.device.pk, now=clock.now())
    anna.grants()
    endings.close(closed, now=clock.now())
    endings.close(left, now=clock.now())
    departures.leave(left, now=clock.now())  # the console removes what is over
    a_caller()
    carla.takes_next()  # somebody whom the caller's browser has not let in has talked with nobody
    _, loads = carrying.of_line(floor.person, "helpwanted", now=clock.now())
    assert [(load.person.alias, load.talks_today) for load in loads] == [("Carla", 2), ("Daan", 1)]
    assert sorted(Carried.objects.values_list("talks", flat=True)) == [1, 2]


def test_who_comes_back_to_a_caller_or_moves_to_another_device_had_one_conversation(
    carla: Counsellor, floor: Counsellor
) -> None:
    def had() -> int:
        _, loads = carrying.of_line(floor.person, "helpwanted", now=clock.now())
        return {load.person.alias: load.talks_today for load in loads}["Carla"]

    anna, seat = taken(carla)
    Member.objects.filter(pk=seat.member).update(here=False, presence_since=clock.now())
    departures.lose(seat.member, away_since=clock.now(), now=clock.now())
    assert had() == 1
    carla.takes_next()
    anna.grants()
    assert had() == 1
    phone = devices.register(
        carla.person, devices.candidate(carla.person, a_point(), "phone"), now=clock.now()
    )
    Device.objects.filter(pk=phone.pk).update(state=Device.State.APPROVED)
    departures.take_over(anna.conversation, carla.person, phone.pk, now=clock.now())
    assert had() == 1  # also when the caller's browser never lets the phone in
    endings.leave(anna.seat, now=clock.now())
    assert had() == 1


def test_a_seat_that_leaves_after_the_longest_span_and_before_the_sweep_counts(carla: Counsellor) -> None:
    _, seat = taken(carla)
    a_second_ago = clock.now() - timedelta(seconds=1)
    Conversation.objects.filter(pk=seat.conversation).update(expires_at=a_second_ago)
    departures.leave(seat, now=clock.now())
    assert list(Carried.objects.values_list("talks", flat=True)) == [1]


def test_a_week_is_seven_local_days_and_yesterday_is_not_today(carla: Counsellor, floor: Counsellor) -> None:
    now = clock.now()
    for days in (0, 1, 6, 7):
        carrying.carry(carla.person, "helpwanted", now=now - timedelta(days=days), talks=1, heavy=1)
    _, (load,) = carrying.of_line(floor.person, "helpwanted", now=now)
    assert (load.talks_today, load.heavy_today, load.talks, load.heavy) == (1, 1, 3, 3)


def test_what_was_agreed_is_shown_to_whom_it_concerns_and_stops_nobody(
    carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    heard = rung(lambda: carrying.set_limits(floor.person, "helpwanted", Limits(1, None)))
    assert heard == [bells.CareChanged(carla.person.pk)]
    taken(carla)
    taken(carla)
    (load,) = carrying.own(carla.person, now=clock.now())
    assert (load.talks_today, load.line.most_talks) == (2, 1)
    assert AuditRow.objects.get(action="limits").detail == "talks 1 heavy any"


def test_another_line_s_people_and_limits_are_behind_the_wall(carla: Counsellor, otto: Counsellor) -> None:
    with pytest.raises(NotFound):
        carrying.of_line(otto.person, "helpwanted", now=clock.now())
    with pytest.raises(NotFound):
        carrying.set_limits(otto.person, "helpwanted", Limits(1, 1))


def test_after_eight_weeks_the_sums_of_a_day_are_gone(carla: Counsellor) -> None:
    now = clock.now()
    for weeks in (7, 9):
        carrying.carry(carla.person, "helpwanted", now=now - timedelta(weeks=weeks), talks=1)
    carrying.forget_old(now)
    assert Carried.objects.count() == 1
