"""A supervisor moves a caller to the front, on record."""

import pytest

from chat import bells
from chat.conversation import departures, endings
from chat.models import Conversation
from chat.queue import front, rank
from helpline.lib import clock
from helpline.lib.errors import Conflict
from tests.support.domain.cast import Counsellor, a_caller, later, taken
from tests.support.domain.fixtures import Rung
from tests.support.domain.supervisors import audited


def test_a_caller_who_is_moved_comes_first_and_the_line_is_told(
    carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    now = clock.now()
    anna, bilal = a_caller(urgency=2, now=later(now, -60)), a_caller(now=now)
    assert rung(lambda: front.move_to_front(floor.person, bilal.conversation, "risk")) == [
        bells.QueueChanged("helpwanted")
    ]
    assert rank.places("helpwanted") == [(bilal.conversation, 0), (anna.conversation, 1)]
    assert audited("queue_front", floor.person) == ["risk"]
    assert carla.takes_next().conversation == bilal.conversation


def test_who_is_moved_last_is_first_also_before_who_was_requeued(
    floor: Counsellor, carla: Counsellor
) -> None:
    now = clock.now()
    dropped, seat = taken(carla, now)
    anna, bilal = a_caller(now=later(now, 1)), a_caller(now=later(now, 2))
    departures.expel(seat.member, now=later(now, 3))
    for caller in (anna, bilal):
        front.move_to_front(floor.person, caller.conversation, "again")
    order = [pk for pk, _ in rank.places("helpwanted")]
    assert order == [bilal.conversation, anna.conversation, dropped.conversation]


def test_a_move_is_forgotten_once_the_caller_was_taken_and_came_back_to_the_queue(
    floor: Counsellor, carla: Counsellor
) -> None:
    anna = a_caller()
    front.move_to_front(floor.person, anna.conversation, "promised")
    seat = carla.takes_next()
    departures.expel(seat.member, now=clock.now())
    row = Conversation.objects.get()
    assert (row.moved, row.requeued) == ("", True)


def test_only_who_waits_is_moved(floor: Counsellor, carla: Counsellor) -> None:
    anna, seat = taken(carla)
    with pytest.raises(Conflict):
        front.move_to_front(floor.person, anna.conversation, "risk")
    endings.close(seat, now=clock.now())
    with pytest.raises(Conflict):
        front.move_to_front(floor.person, anna.conversation, "risk")
    assert audited("queue_front", floor.person) == []
