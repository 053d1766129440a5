"""Supervisors see load as it is, and steer a line."""

from datetime import timedelta

import pytest

from chat.conversation import endings, presence, risk
from chat.conversation.seats import Seat
from chat.figures import wrapup
from chat.lines import open_or_close
from chat.models import Conversation, Figure, Line, Member, Work
from chat.runtime import deadlines
from chat.supervision.board import board
from counsellors import duty
from counsellors.models import AuditRow, Person, Role
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, Forbidden, LineClosed, LineFull, NotFound
from tests.support.domain.cast import Counsellor, a_caller, a_counsellor, kinds, later, state_of


@pytest.fixture
def floor(helpwanted: Line) -> Person:
    """The supervisor of Helpwanted."""
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
    away = a_caller(now=later(now, 2))
    presence.depart(away.socket, now=now)
    carla.takes_next(now)
    talking.grants(later(now, 5))
    sums = board(helpwanted, now=later(now, 10))
    assert (sums.open, sums.waiting, sums.urgent, sums.active) == (True, 2, 1, 1)
    assert sums.oldest == later(now, 2)
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


def test_a_supervisor_closes_throttles_and_opens_the_own_line_on_record(
    helpwanted: Line, stopitnow: Line, floor: Person
) -> None:
    open_or_close.open_or_close(floor, "helpwanted", state="closed", most=None, reason="storing")
    with pytest.raises(LineClosed):
        a_caller()
    open_or_close.open_or_close(floor, "helpwanted", state="open", most=1, reason=None)
    a_caller()
    with pytest.raises(LineFull):
        a_caller()
    with pytest.raises(NotFound):
        open_or_close.open_or_close(floor, "stopitnow", state="closed", most=None, reason=None)
    assert AuditRow.objects.filter(action="line", actor=floor.handle).count() == 2


def test_after_closing_time_those_who_wait_are_served_until_nobody_is_there_for_ten_minutes(
    helpwanted: Line, carla: Counsellor, floor: Person
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    open_or_close.open_or_close(floor, "helpwanted", state="closed", most=None, reason=None)
    duty.change(carla.person, "break", 1, now=now)
    deadlines.meet(now=now)
    duty.change(carla.person, "off", 1, now=later(now, 50))
    for second in (55, 300, 654):
        presence.renew([anna.socket], heard_since=now, now=later(now, second))
        deadlines.meet(now=later(now, second))
        assert state_of(anna) == "waiting"
    presence.renew([anna.socket], heard_since=now, now=later(now, 656))
    deadlines.meet(now=later(now, 656))
    assert state_of(anna) == "ended"
    assert Conversation.objects.get().entries.order_by("seq").last().facts["reason"] == "line_closed"  # type: ignore[union-attr]


def test_a_counsellor_who_comes_back_keeps_the_line_going(
    helpwanted: Line, carla: Counsellor, floor: Person
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    open_or_close.open_or_close(floor, "helpwanted", state="closed", most=None, reason=None)
    duty.change(carla.person, "off", 1, now=now)
    deadlines.meet(now=now)
    duty.change(carla.person, "on", 1, now=later(now, 590))
    for second in (590, 620, 640):
        presence.renew([anna.socket], heard_since=now, now=later(now, second))
        deadlines.meet(now=later(now, second))
    assert state_of(anna) == "waiting"
    assert carla.takes_next(later(now, 641)).conversation == anna.conversation


def test_a_flag_is_for_the_line_s_staff_and_supervisors(
    carla: Counsellor, daan: Counsellor, esra: Counsellor, floor: Person
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    risk.flag(seat, 2)
    assert [risk.risk_for(who, anna.conversation) for who in (carla.person, floor)] == [2, 2]
    assert [risk.risk_for(who.person, anna.conversation) for who in (daan, esra)] == [None, None]
    assert kinds(anna.seat)[-1] == "granted", "the caller is told nothing"


def test_a_partner_may_not_flag(carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    Member.objects.filter(pk=seat.member).update(role="partner")
    with pytest.raises(Forbidden):
        risk.flag(Seat(seat.conversation, seat.member, "partner"), 1)


def test_a_wrap_up_is_counted_once_and_only_with_known_codes(
    carla: Counsellor, daan: Counsellor, helpwanted: Line
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    now = clock.now()
    endings.leave(anna.seat, now=now)
    for codes in ({"subject": "my name is Anna"}, {"remarks": "peers"}):
        with pytest.raises(BadFrame):
            wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    with pytest.raises(NotFound):
        wrapup.wrap_up(daan.person, anna.conversation, {"subject": "peers"}, now=now)
    codes = {"subject": "peers", "detail": "sextortion"}
    wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    with pytest.raises(Conflict):
        wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    rows = Figure.objects.filter(name__startswith="wrapup_").values_list("name", "key", "value")
    assert set(rows) == {("wrapup_subject", "peers", 1), ("wrapup_detail", "sextortion", 1)}


def test_a_counsellor_of_the_other_line_does_not_count(helpwanted: Line, esra: Counsellor) -> None:
    a_counsellor("Hans", Line.objects.get(pk="stopitnow"))
    assert board(helpwanted, now=clock.now()).on == 0
