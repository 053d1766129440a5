"""A line that is closed lets nobody in; those who wait are served while somebody is there."""

import pytest

from chat.conversation import presence
from chat.lines import open_or_close
from chat.models import Conversation, Line
from chat.runtime import deadlines
from chat.supervision.board import board
from counsellors import duty
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import LineClosed, LineFull, NotFound
from tests.support.domain.cast import Counsellor, a_caller, a_counsellor, later, state_of


def test_a_supervisor_closes_throttles_and_opens_the_own_line_on_record(
    helpwanted: Line, stopitnow: Line, floor: Counsellor
) -> None:
    open_or_close.open_or_close(floor.person, "helpwanted", state="closed", most=None, reason="storing")
    with pytest.raises(LineClosed):
        a_caller()
    open_or_close.open_or_close(floor.person, "helpwanted", state="open", most=1, reason=None)
    a_caller()
    with pytest.raises(LineFull):
        a_caller()
    with pytest.raises(NotFound):
        open_or_close.open_or_close(floor.person, "stopitnow", state="closed", most=None, reason=None)
    rows = AuditRow.objects.filter(action="line", actor=floor.person.handle).order_by("pk")
    assert list(rows.values_list("detail", flat=True)) == ["closed", "open limit 1"]


def test_a_limit_that_is_lowered_or_taken_away_is_on_record_as_that(
    helpwanted: Line, floor: Counsellor
) -> None:
    """A line that is closed was not closed again by who limits it."""
    for most in (5, 3, None):
        open_or_close.open_or_close(floor.person, "helpwanted", state="closed", most=most, reason=None)
    rows = AuditRow.objects.filter(action="line", actor=floor.person.handle).order_by("pk")
    assert list(rows.values_list("detail", flat=True)) == ["closed limit 5", "limit 3", "no_limit"]


def test_after_closing_time_those_who_wait_are_served_until_nobody_is_there_for_ten_minutes(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    open_or_close.open_or_close(floor.person, "helpwanted", state="closed", most=None, reason=None)
    duty.change(carla.person, "break", 1, now=now)
    deadlines.meet(now=now)
    duty.change(carla.person, "off", 1, now=later(now, 50))
    for second in (55, 300, 654):
        presence.renew({anna.socket: now}, now=later(now, second))
        deadlines.meet(now=later(now, second))
        assert state_of(anna) == "waiting"
    presence.renew({anna.socket: now}, now=later(now, 656))
    deadlines.meet(now=later(now, 656))
    assert state_of(anna) == "ended"
    assert Conversation.objects.get().entries.order_by("seq").last().facts["reason"] == "line_closed"  # type: ignore[union-attr]


def test_a_counsellor_who_comes_back_keeps_the_line_going(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    open_or_close.open_or_close(floor.person, "helpwanted", state="closed", most=None, reason=None)
    duty.change(carla.person, "off", 1, now=now)
    deadlines.meet(now=now)
    duty.change(carla.person, "on", 1, now=later(now, 590))
    for second in (590, 620, 640):
        presence.renew({anna.socket: now}, now=later(now, second))
        deadlines.meet(now=later(now, second))
    assert state_of(anna) == "waiting"
    assert carla.takes_next(later(now, 641)).conversation == anna.conversation


def test_a_counsellor_of_the_other_line_does_not_count(helpwanted: Line, esra: Counsellor) -> None:
    a_counsellor("Hans", Line.objects.get(pk="stopitnow"))
    assert board(helpwanted, now=clock.now()).on == 0
