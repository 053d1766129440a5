"""The live view shows who talks with whom, who waits and why in this place, with few queries."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import states
from chat.conversation import departures, endings, presence, risk
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.models import Conversation, Line, Member, Sample, Service, WeeklyHours, Work
from chat.queue import estimates, front, signs
from chat.supervision import alerts
from chat.supervision import floor as floor_module
from chat.supervision.board import board
from chat.supervision.floor import ActiveConversation, FloorLine, Urgency, Waiting, Worker, floors
from counsellors import duty
from counsellors.models import Device, Person
from helpline.lib import clock
from tests.support.domain.cast import (
    Caller,
    Counsellor,
    a_caller,
    a_counsellor,
    a_partner,
    later,
    says,
    taken,
)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Forgets the expected waits and the overdue purges of an earlier test."""
    estimates.forget()
    signs.forget()
    alerts.forget()


def the_floor(now: datetime | None = None, line: str = "helpwanted") -> FloorLine:
    (made,) = floors([line], now=now or clock.now())
    return made


def worker(made: FloorLine, who: Counsellor) -> Worker:
    return next(found for found in made.people if found.person == who.person)


def talk_of(made: FloorLine, caller: Caller) -> ActiveConversation:
    everywhere = [*made.elsewhere, *(talk for worker in made.people for talk in worker.talks)]
    return next(talk for talk in everywhere if talk.conversation == caller.conversation)


@pytest.fixture
def gijs(db: None) -> Counsellor:
    return a_partner("Gijs", Service.objects.create(slug="csg", name="CSG", desk=True))


def test_whoever_is_on_duty_stands_there_with_the_conversations_and_their_newest_word(
    carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    duty.change(daan.person, "break", 2, now=now)
    anna, seat = taken(carla, now)
    says(seat, epoch=1, now=later(now, 30))
    risk.flag(seat, 2, now=clock.now())
    made = the_floor(later(now, 60))
    assert [(one.person.alias, one.duty, one.slots) for one in made.people] == [
        ("Carla", "on", 4),
        ("Daan", "break", 2),
    ]
    talk = ActiveConversation(
        anna.conversation, "A", now, last=later(now, 30), risk=2, urgency=0, here=True, dead=False
    )
    assert worker(made, carla).talks == [talk]
    assert worker(made, daan).talks == []
    assert made.flagged == 1


def test_a_conversation_still_says_how_urgent_its_caller_called_it(carla: Counsellor) -> None:
    anna = a_caller(urgency=2)
    carla.takes_next()
    anna.grants()
    assert talk_of(the_floor(), anna).urgency == 2


def test_a_conversation_says_since_when_its_caller_is_alone(carla: Counsellor, floor: Counsellor) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    asked = invitations.invite(seat, states.How.CONSULT, To(staff=floor.person.handle), None, now=now)
    second = invitations.accept(asked.pk, floor.person, floor.device.pk, now=now)
    assert talk_of(the_floor(), anna).alone is None
    Member.objects.filter(pk=seat.member).update(here=False, presence_since=later(now, 10))
    assert talk_of(the_floor(), anna).alone is None, "Floor is there"
    Member.objects.filter(pk=second.pk).update(here=False, presence_since=later(now, 20))
    assert talk_of(the_floor(), anna).alone == later(now, 20)


def test_who_is_off_duty_stands_there_only_with_conversations(carla: Counsellor, daan: Counsellor) -> None:
    now = clock.now()
    anna, _ = taken(carla, now)
    for who in (carla, daan):
        duty.change(who.person, "off", 0, now=now)
    made = the_floor()
    assert [one.person for one in made.people] == [carla.person]
    assert talk_of(made, anna).last is None


def test_a_conversation_stands_under_everybody_of_the_line_who_sits_there(
    carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    asked = invitations.invite(seat, states.How.CONSULT, To(staff=floor.person.handle), None, now=now)
    invitations.accept(asked.pk, floor.person, floor.device.pk, now=now)
    made = the_floor()
    for who in (carla, floor):
        assert [talk.conversation for talk in worker(made, who).talks] == [anna.conversation]
    assert made.elsewhere == []


def test_what_only_another_service_holds_is_elsewhere(carla: Counsellor, gijs: Counsellor) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    asked = invitations.invite(seat, states.How.HANDOFF, To(service="csg"), None, now=now)
    assert the_floor(now).ringing == 0, "the caller has not said yes"
    invitations.consent(anna.seat, asked.pk, yes=True, history=False, now=now)
    assert the_floor(now).ringing == 1
    assert the_floor(later(now, 121)).ringing == 0, "nobody answered in time"
    member = invitations.accept(asked.pk, gijs.person, gijs.device.pk, now=now)
    anna.grants(now)
    assert the_floor(now).elsewhere == [], "both are there"
    departures.leave(seat, now=now)
    made = the_floor(now)
    assert [talk.conversation for talk in made.elsewhere] == [anna.conversation]
    assert worker(made, carla).talks == []
    assert member.person not in [one.person for one in made.people]


def test_the_queue_says_why_each_is_in_this_place(carla: Counsellor, floor: Counsellor) -> None:
    now = clock.now()
    dropped = a_caller(now=later(now, -5000))
    carla.takes_next(now)
    first, acute = a_caller(now=later(now, -600)), a_caller(urgency=2, now=later(now, -10))
    soon = a_caller(urgency=1, now=later(now, -5))
    moved = a_caller(now=now)
    front.move_to_front(floor.person, moved.conversation, "risk")
    front.requeue(Conversation.objects.get(pk=dropped.conversation), now=now)
    rows = the_floor(now).waiting
    assert [(row.conversation, row.why, row.reason, row.boost) for row in rows] == [
        (dropped.conversation, "requeued", "", 0),
        (moved.conversation, "moved", "risk", 0),
        (acute.conversation, "urgent", "", 15),
        (first.conversation, "waited", "", 0),
        (soon.conversation, "waited", "", 0),
    ]


def test_the_boost_shown_is_the_one_that_counted_also_when_the_line_s_has_changed(helpwanted: Line) -> None:
    a_caller(urgency=2)
    Line.objects.update(boost_acute=timedelta())
    (row,) = the_floor().waiting
    assert (row.why, row.boost) == ("urgent", 15)


def test_only_the_first_of_the_queue_are_shown_with_who_is_away_and_all_are_counted(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor_module, "MAX_WAITING_SHOWN", 20)
    now = clock.now()
    callers = [a_caller(now=later(now, second)) for second in range(20)]
    a_caller(urgency=2, now=later(now, 5000))
    a_caller(urgency=2, now=later(now, 5001))
    presence.depart(callers[1].socket, now=now)
    rows: list[Waiting] = the_floor(later(now, 30)).waiting
    assert [row.conversation for row in rows] == [caller.conversation for caller in callers[:20]]
    assert [row.here for row in rows[:3]] == [True, False, True]
    assert the_floor(later(now, 30)).urgencies == [
        Urgency(2, 2, 0, later(now, 5000)),
        Urgency(0, 20, 1, now),
    ]


def test_it_says_since_when_nobody_is_on_duty_by_the_last_minute_in_which_somebody_was(
    carla: Counsellor,
) -> None:
    now = clock.now()
    minute = now.replace(second=0, microsecond=0)
    for ago, on in ((30, 2), (9, 1), (5, 0)):
        at = minute - timedelta(minutes=ago)
        Sample.objects.create(line_id="helpwanted", at=at, waiting=0, active=0, on=on, longest=0, open=True)
    assert the_floor(now).unstaffed is None, "Carla is there"
    duty.change(carla.person, "break", 0, now=now)
    assert the_floor(now).unstaffed == minute - timedelta(minutes=9)
    Sample.objects.filter(on=0).update(open=False)
    assert the_floor(now).unstaffed == minute - timedelta(minutes=5), "closed until then"


def test_it_says_since_when_somebody_waits_whom_nobody_on_duty_understands(carla: Counsellor) -> None:
    now = clock.now()
    Person.objects.filter(pk=carla.person.pk).update(languages="nl")
    a_caller(now=later(now, -600))
    assert the_floor(now).unspoken is None, "Carla speaks Dutch"
    anna, bilal = (a_caller(now=later(now, -ago), locale="en") for ago in (300, 60))
    assert the_floor(now).unspoken == later(now, -300)
    presence.depart(anna.socket, now=now)
    assert the_floor(now).unspoken == later(now, -60), f"{anna.conversation} is away"
    duty.change(carla.person, "break", 0, now=now)
    assert the_floor(now).unspoken == later(now, -600), f"nobody is on duty for {bilal.conversation} either"


def test_waits_are_foretold_by_who_is_here_before(helpwanted: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    callers = [a_caller(now=later(now, second)) for second in range(3)]
    presence.depart(callers[1].socket, now=now)
    monkeypatch.setattr(estimates, "ranges_for", lambda _, aheads, **__: [(n, n + 1) for n in aheads])
    made = the_floor(later(now, 30))
    assert [row.minutes for row in made.waiting] == [(0, 1), (1, 2), (1, 2)]
    assert made.minutes == (2, 3), "of somebody who came now"


@pytest.mark.parametrize(
    ("said", "sat", "away", "dead"),
    [
        (900, 2000, None, True),
        (899, 2000, None, False),
        (None, 900, None, True),
        (None, 899, None, False),
        (2000, 899, None, False),
        (10, 2000, 900, True),
        (10, 2000, 899, False),
    ],
)
def test_dead_is_where_nothing_was_said_and_nobody_sat_down_or_the_caller_is_away_for_a_quarter_of_an_hour(
    carla: Counsellor, said: int | None, sat: int, away: int | None, dead: bool
) -> None:
    now = clock.now()
    anna, seat = taken(carla, later(now, -sat))
    if said is not None:
        says(seat, epoch=1, now=later(now, -said))
    if away is not None:
        presence.depart(anna.socket, now=later(now, -away))
    Member.objects.filter(role="caller").update(joined_at=later(now, -3000))
    assert talk_of(the_floor(now), anna).dead is dead


def test_another_line_is_not_found_on_the_board_either(carla: Counsellor, esra: Counsellor) -> None:
    anna, _ = taken(carla, clock.now())
    a_caller()
    made = the_floor(line="stopitnow")
    assert [one.person for one in made.people] == [esra.person]
    assert (made.waiting, made.elsewhere, worker(made, esra).talks) == ([], [], [])
    both = floors(["helpwanted", "stopitnow"], now=clock.now())
    assert [one.line.pk for one in both] == ["helpwanted", "stopitnow"]
    assert talk_of(both[0], anna).here


def test_an_ended_conversation_leaves_the_floor(carla: Counsellor) -> None:
    _, seat = taken(carla, clock.now())
    endings.close(seat, now=clock.now())
    assert worker(the_floor(), carla).talks == []


def test_a_talk_on_another_line_takes_a_slot_here_too(
    helpwanted: Line, stopitnow: Line, carla: Counsellor
) -> None:
    Work.objects.create(person=carla.person, line=stopitnow)
    Device.objects.update(state=Device.State.APPROVED)  # it was to be approved again, for that line
    duty.change(carla.person, "on", 2, now=clock.now())
    a_caller("stopitnow")
    carla.takes_next()
    taken(carla)
    seen = worker(the_floor(), carla)
    assert (len(seen.talks), seen.busy, seen.slots) == (1, 2, 2)


def test_it_says_when_the_line_closes_and_when_who_still_waits_is_sent_away(helpwanted: Line) -> None:
    now = datetime(2026, 11, 27, 20, tzinfo=UTC)
    WeeklyHours.objects.create(line=helpwanted, weekday=now.weekday(), opens=time(9), closes=time(22))
    Line.objects.filter(pk=helpwanted.pk).update(state=Line.State.HOURS)
    assert the_floor(now).changes == datetime(2026, 11, 27, 21, tzinfo=UTC)
    assert (the_floor(now).waiting_ends, the_floor(now).by_hours) == (None, None)
    closed = later(now, 7200)
    Line.objects.filter(pk=helpwanted.pk).update(unstaffed_since=closed)
    assert the_floor(closed).waiting_ends == closed + settings.CLOSING
    assert the_floor(closed).changes == datetime(2026, 12, 4, 8, tzinfo=UTC)
    Line.objects.filter(pk=helpwanted.pk).update(state=Line.State.OPEN)
    assert the_floor(closed).changes is None
    assert (the_floor(now).by_hours, the_floor(closed).by_hours) == (True, False)


def test_who_was_flagged_as_acute_stays_so_in_the_queue_and_it_says_since_when_a_caller_is_away(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    risk.flag(seat, 2, now=now)
    presence.depart(anna.socket, now=later(now, 5))
    talk = talk_of(the_floor(later(now, 10)), anna)
    assert (talk.here, talk.away) == (False, later(now, 5))
    departures.expel(seat.member, now=later(now, 20))
    made = the_floor(later(now, 30))
    (one,) = made.waiting
    assert (one.urgency, one.here, one.away) == (2, False, later(now, 5))
    assert made.urgencies == [Urgency(2, 1, 1, None)]
    sums = board(helpwanted, now=later(now, 30))
    assert (sums.urgent, sums.urgent_away) == (1, 1)


def test_many_conversations_cost_as_many_queries_as_one(helpwanted: Line, stopitnow: Line) -> None:
    for line in (helpwanted, stopitnow):
        talks(a_counsellor(f"First of {line.pk}", line), line.pk)
        a_caller(line.pk)
    few = queries()
    Conversation.objects.filter(state="waiting").delete()
    for number in range(5):
        hand = a_counsellor(f"C{number}", helpwanted)
        for _ in range(3):
            talks(hand, "helpwanted")
    for _ in range(25):
        a_caller(urgency=1)
    a_caller("stopitnow")
    assert queries() == few
    assert few <= 40


def talks(hand: Counsellor, line: str) -> None:
    """Makes a caller whom this counsellor takes, with a message from both."""
    anna = a_caller(line)
    seat = hand.takes_next()
    anna.grants()
    says(anna.seat, epoch=1)
    says(seat, epoch=1)


def queries() -> int:
    estimates.forget()
    signs.forget()
    alerts.forget()
    with CaptureQueriesContext(connection) as found:
        floors(["helpwanted", "stopitnow"], now=clock.now())
    return len(found)
