"""A supervisor moves a caller to the front, and the audit records it."""

from datetime import datetime

import pytest

from chat import bells
from chat.conversation import departures, endings, presence
from chat.models import Conversation, Line, Member
from chat.queue import front, rank
from chat.runtime import deadlines
from chat.supervision import alerts, board
from chat.supervision import floor as floors
from helpline.lib import clock
from helpline.lib.errors import Conflict
from tests.support.domain.cast import Caller, Counsellor, a_caller, later, taken
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
    assert rank.places("helpwanted") == [(bilal.conversation, 0, "nl"), (anna.conversation, 1, "nl")]
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
    order = [pk for pk, *_ in rank.places("helpwanted")]
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


def test_of_those_who_were_left_alone_the_first_stays_first_and_before_everybody_else(
    carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    anna, bilal = taken(carla, now)[0], taken(daan, later(now, 1))[0]
    acute = a_caller(urgency=2, now=later(now, 2))
    for seconds, caller in ((3, anna), (4, bilal)):
        lose_staff_of(caller, later(now, seconds))
    order = [pk for pk, *_ in rank.places("helpwanted")]
    assert order == [anna.conversation, bilal.conversation, acute.conversation]


def test_callers_of_one_counsellor_who_is_lost_keep_the_order_in_which_they_came(
    carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    presence.arrive("console", device=carla.device.pk, now=now)
    callers = [taken(carla, later(now, second))[0] for second in range(3)]
    presence.renew({caller.socket: now for caller in callers}, now=later(now, 61))
    deadlines.meet(now=later(now, 61))
    in_order = [(caller.conversation, ahead, "nl") for ahead, caller in enumerate(callers)]
    assert rank.places("helpwanted") == in_order


def test_a_talk_is_no_waiting(carla: Counsellor, floor: Counsellor, helpwanted: Line) -> None:
    now = clock.now()
    anna, _ = taken(carla, later(now, -600))
    lose_staff_of(anna, later(now, -10))
    since = later(now, -10)
    load, board_ = rank.load("helpwanted"), board.board(helpwanted, now=now)
    (shown,) = floors.floors(["helpwanted"], now=now)[0].waiting
    assert [load.oldest, load.oldest_here, board_.oldest, board_.oldest_here, shown.since] == [since] * 5
    assert "wait" not in alerts.codes([helpwanted], now=now)["helpwanted"]


def lose_staff_of(caller: Caller, now: datetime) -> None:
    seat = Member.objects.present().staff().get(conversation=caller.conversation)
    departures.expel(seat.pk, now=now)
