"""Supervisors see the present load, and open, close and limit a line."""

from datetime import timedelta

import pytest

from chat.conversation import endings, presence
from chat.models import Conversation, Line, Work
from chat.supervision.board import board
from counsellors import duty
from counsellors.models import Person, Role
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller, later, state_of


@pytest.fixture
def floor(helpwanted: Line) -> Person:
    """Returns the supervisor of Helpwanted."""
    person = Person.objects.create_user("floor", None, "Floor")
    Role.objects.create(person=person, name=Role.Name.SUPERVISOR)
    Work.objects.create(person=person, line=helpwanted)
    return person


def test_the_board_counts_who_waits_who_talks_and_who_is_on_duty(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    duty.change(daan.person, "break", 2, now=now)
    talking, waiting = a_caller(now=now), a_caller(urgency=2, now=later(now, 1000))
    away = a_caller(urgency=2, now=later(now, 2))
    presence.depart(away.socket, now=now)
    carla.takes_next(now)
    talking.grants(later(now, 5))
    sums = board(helpwanted, now=later(now, 10))
    assert (sums.open, sums.waiting, sums.urgent, sums.urgent_away, sums.active) == (True, 2, 2, 1, 1)
    assert (sums.away, sums.oldest, sums.oldest_here) == (1, later(now, 2), later(now, 1000))
    assert (sums.on, sums.on_break, sums.slots, sums.free) == (1, 1, 4, 3)
    assert (sums.answered, sums.within, sums.abandoned, sums.overdue) == (1, 1, 0, 0)
    assert state_of(waiting) == "waiting"


def test_the_day_s_figures_outlive_the_conversations(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    slow, quick, left = (a_caller(now=later(now, -when)) for when in (61, 30, 16))
    endings.leave(a_caller(now=later(now, -15)).seat, now=now)
    endings.leave(left.seat, now=now)
    for caller in (slow, quick):
        carla.takes_next(now)
        caller.grants(now)
        caller.grants(later(now, 1))
        endings.leave(caller.seat, now=later(now, 2))
    Conversation.objects.all().delete()
    sums = board(helpwanted, now=later(now, 3))
    assert (sums.answered, sums.within, sums.abandoned) == (2, 1, 1)


def test_yesterday_s_figures_are_not_today_s(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    caller = a_caller(now=now)
    carla.takes_next(now)
    caller.grants(now)
    assert board(helpwanted, now=now + timedelta(days=1)).answered == 0


def test_nobody_talks_in_what_has_ended(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    talking, over, gone = (a_caller(now=later(now, second)) for second in range(3))
    for caller in (talking, over):
        carla.takes_next(later(now, 3))
        caller.grants(later(now, 4))
    for caller in (over, gone):
        endings.leave(caller.seat, now=later(now, 20))
    sums = board(helpwanted, now=later(now, 21))
    assert (sums.active, sums.waiting) == (1, 0)
