"""A closed line lets nobody in. Those who wait are served while a counsellor is there."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from chat.conversation import departures, endings, presence
from chat.lines import open_now, open_or_close
from chat.models import Conversation, Line, WeeklyHours
from chat.runtime import deadlines
from chat.supervision.board import board
from counsellors import duty
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import LineClosed, LineFull, NotFound, WrongField
from tests.support.domain.cast import Counsellor, a_caller, a_counsellor, later, state_of, taken


def test_a_supervisor_closes_throttles_and_opens_the_own_line_on_record(
    helpwanted: Line, stopitnow: Line, floor: Counsellor
) -> None:
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="closed", most=None, reason="storing", now=clock.now()
    )
    with pytest.raises(LineClosed):
        a_caller()
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="open", most=1, reason=None, now=clock.now()
    )
    a_caller()
    with pytest.raises(LineFull):
        a_caller()
    with pytest.raises(NotFound):
        open_or_close.open_or_close(
            floor.person, "stopitnow", state="closed", most=None, reason=None, now=clock.now()
        )
    rows = AuditRow.objects.filter(action="line", actor=floor.person.handle).order_by("pk")
    assert list(rows.values_list("detail", flat=True)) == ["closed", "open limit 1"]


def test_a_limit_that_is_lowered_or_taken_away_is_on_record_as_that(
    helpwanted: Line, floor: Counsellor
) -> None:
    """Somebody who limits a closed line has not closed it again."""
    for most in (5, 3, None):
        open_or_close.open_or_close(
            floor.person, "helpwanted", state="closed", most=most, reason=None, now=clock.now()
        )
    rows = AuditRow.objects.filter(action="line", actor=floor.person.handle).order_by("pk")
    assert list(rows.values_list("detail", flat=True)) == ["closed limit 5", "limit 3", "no_limit"]


def test_after_closing_time_those_who_wait_are_served_until_nobody_is_there_for_ten_minutes(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="closed", most=None, reason=None, now=clock.now()
    )
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


def test_who_loses_their_counsellor_long_after_closing_time_has_the_ten_minutes_too(
    helpwanted: Line, carla: Counsellor
) -> None:
    """Carla goes off duty at closing time and talks on: nobody was on duty all the while."""
    now = clock.now()
    anna, seat = taken(carla, now)
    Line.objects.update(state="closed")
    duty.change(carla.person, "off", 1, now=now)
    deadlines.meet(now=now)
    lost = later(now, 3600)
    departures.expel(seat.member, now=lost)
    for second in (1, 300, 599):
        presence.renew({anna.socket: now}, now=later(lost, second))
        deadlines.meet(now=later(lost, second))
        assert state_of(anna) == "waiting"
        assert open_now.for_waiting("helpwanted", now=lost) == (False, later(lost, 600))
    presence.renew({anna.socket: now}, now=later(lost, 600))
    deadlines.meet(now=later(lost, 600))
    assert state_of(anna) == "ended"


def test_whoever_is_taken_or_goes_while_a_queue_is_sent_away_hinders_nobody(
    helpwanted: Line, carla: Counsellor, floor: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The four stand in the worker's list when it has ended the first of them."""
    now = clock.now()
    anna, bilal, coen, dilan = (a_caller(now=later(now, n)) for n in range(4))
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="closed", most=None, reason=None, now=clock.now()
    )
    duty.change(carla.person, "off", 1, now=now)
    deadlines.meet(now=now)
    end = endings.end
    ended: list[str] = []

    def ends(conversation: Conversation, reason: str, **facts: Any) -> None:
        end(conversation, reason, **facts)
        if not ended:
            ended.append(conversation.pk)
            Conversation.objects.filter(pk=bilal.conversation).update(state="active")
            Conversation.objects.filter(pk=coen.conversation).delete()

    monkeypatch.setattr(endings, "end", ends)
    moment = later(now, 601)
    presence.renew({who.socket: now for who in (anna, bilal, coen, dilan)}, now=moment)
    deadlines.meet(now=moment)
    assert [state_of(who) for who in (anna, bilal, dilan)] == ["ended", "active", "ended"]


def test_a_counsellor_who_comes_back_keeps_the_line_going(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="closed", most=None, reason=None, now=clock.now()
    )
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


NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)  # a Wednesday, 12:00 in Amsterdam


def opens(floor: Counsellor, *, until: datetime | None = None, now: datetime) -> Line:
    open_or_close.open_or_close(
        floor.person, "helpwanted", state="open", most=None, reason=None, until=until, now=now
    )
    return Line.objects.get(pk="helpwanted")


def test_a_line_that_is_opened_by_hand_follows_its_hours_again_at_the_chosen_time(
    helpwanted: Line, floor: Counsellor
) -> None:
    Line.objects.update(state=Line.State.HOURS)
    WeeklyHours.objects.create(line=helpwanted, weekday=0, opens=time(10), closes=time(12))
    now, until = NOON, later(NOON, 3600)
    line = opens(floor, until=until, now=now)
    assert (line.steered_at, line.steered_by, line.steered_until) == (now, floor.person, until)
    assert open_now.opening(line, now=later(now, 3590)).open
    assert not open_now.opening(line, now=until).open, "also before the worker has looked"
    deadlines.meet(now=later(now, 3590))
    assert Line.objects.get(pk="helpwanted").state == Line.State.OPEN
    deadlines.meet(now=until)
    line.refresh_from_db()
    assert (line.state, line.steered_at, line.steered_until) == (Line.State.HOURS, None, None)
    rows = AuditRow.objects.filter(action="line").order_by("pk").values_list("actor", "detail")
    assert list(rows) == [(floor.person.handle, "open"), ("", "hours")]


def test_who_keeps_a_line_open_for_longer_is_faster_than_its_end(helpwanted: Line, floor: Counsellor) -> None:
    Line.objects.update(state=Line.State.HOURS)
    now = clock.now()
    opens(floor, until=later(now, 60), now=now)
    opens(floor, until=later(now, 600), now=later(now, 59))
    open_or_close.follow_hours("helpwanted", now=later(now, 61))
    assert Line.objects.get(pk="helpwanted").state == Line.State.OPEN


def test_without_a_chosen_time_it_ends_with_the_hours_or_after_a_day(
    helpwanted: Line, floor: Counsellor
) -> None:
    Line.objects.update(state=Line.State.HOURS)
    assert opens(floor, now=NOON).steered_until == NOON + open_or_close.LONGEST_BY_HAND
    Line.objects.update(state=Line.State.HOURS)
    WeeklyHours.objects.create(line=helpwanted, weekday=2, opens=time(10), closes=time(22))
    assert opens(floor, now=NOON).steered_until == datetime(2026, 11, 25, 21, tzinfo=UTC)


def test_who_only_limits_an_open_line_changes_neither_since_when_nor_until_when(
    helpwanted: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    Line.objects.update(state=Line.State.HOURS)
    now = clock.now()
    opened = opens(floor, until=later(now, 600), now=now)
    open_or_close.open_or_close(
        hanna.person, "helpwanted", state="open", most=3, reason=None, now=later(now, 60)
    )
    line = Line.objects.get(pk="helpwanted")
    assert (line.most_waiting, line.steered_by, line.steered_until) == (3, floor.person, opened.steered_until)


@pytest.mark.parametrize(("state", "hours"), [("open", -1), ("open", 25), ("closed", 1), ("hours", 1)])
def test_an_end_that_is_past_or_over_a_day_away_or_not_of_an_open_line_is_refused(
    helpwanted: Line, floor: Counsellor, state: str, hours: int
) -> None:
    now = clock.now()
    until = now + timedelta(hours=hours)
    with pytest.raises(WrongField):
        open_or_close.open_or_close(
            floor.person, "helpwanted", state=state, most=None, reason=None, until=until, now=now
        )
