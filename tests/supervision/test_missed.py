"""An unanswered call or caller is on the board for a day, or until a supervisor has seen it."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from chat import states
from chat.conversation import departures, endings, erasing, quick_exit, risk
from chat.conversation.seats import Seat, seat_in
from chat.handoff import invitation_states, invitations
from chat.handoff.invitations import To
from chat.models import Conversation, Invitation, Line, Member, Missed, Service
from chat.queue import front
from chat.requests.supervision.board import floor_frames
from chat.supervision import audit_trail, missed, signed_out
from chat.supervision.floor import floors
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_caller, a_partner, later, taken
from tests.support.domain.rival import faster


@pytest.fixture
def gijs(db: None) -> Counsellor:
    return a_partner("Gijs", Service.objects.create(slug="csg", name="CSG", desk=True))


def rows() -> list[tuple[str, bool, str]]:
    found = Missed.objects.order_by("at", "pk")
    return [(row.kind, row.acute, row.asked_by.alias if row.asked_by else "") for row in found]


def asks(seat: Seat, who: Counsellor, *, now: datetime) -> Invitation:
    return invitations.invite(seat, states.How.CONSULT, To(staff=who.person.handle), None, now=now)


# What is recorded


def test_a_call_that_nobody_answers_in_time_is_noted_with_who_called(
    carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    _, seat = taken(carla, now)
    asked = asks(seat, daan, now=now)
    invitation_states.expire(asked.pk, now=later(now, 59))
    assert rows() == [], "it still rings"
    invitation_states.expire(asked.pk, now=later(now, 60))
    assert rows() == [("call", False, "Carla")]
    invitation_states.expire(asked.pk, now=later(now, 61))
    assert len(rows()) == 1


def test_a_call_to_which_everybody_says_no_is_noted_and_is_acute_in_an_acute_conversation(
    carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    _, seat = taken(carla, now)
    risk.flag(seat, 2, now=now)
    invitations.decline(asks(seat, daan, now=now).pk, daan.person, daan.device.pk, now=now)
    assert rows() == [("call", True, "Carla")]


def test_a_call_that_is_answered_or_taken_back_is_not_noted(carla: Counsellor, daan: Counsellor) -> None:
    now = clock.now()
    _, seat = taken(carla, now)
    invitations.withdraw(asks(seat, daan, now=now).pk, carla.person, carla.device.pk, now=now)
    invitations.accept(asks(seat, daan, now=now).pk, daan.person, daan.device.pk, now=now)
    assert rows() == []


@pytest.mark.parametrize("how", ["signs out", "is away too long", "is expelled"])
def test_a_call_that_rang_when_its_counsellor_went_is_noted_once(
    carla: Counsellor, daan: Counsellor, how: str
) -> None:
    now = clock.now()
    _, seat = taken(carla, now)
    risk.flag(seat, 2, now=now)
    asked = asks(seat, daan, now=now)
    if how == "signs out":
        signed_out.is_gone(carla.person.pk, carla.device.pk)
    elif how == "is away too long":
        Member.objects.filter(pk=seat.member).update(here=False, presence_since=now)
        assert departures.lose(seat.member, away_since=now, now=later(now, 50))
    else:
        assert departures.expel(seat.member, now=later(now, 5))
    invitation_states.expire(asked.pk, now=later(now, 60))
    assert sorted(rows()) == [("call", True, "Carla"), ("lost", True, "")]
    asked.refresh_from_db(fields=["state"])
    assert asked.state == states.Invitation.WITHDRAWN


def test_a_call_that_ends_with_its_conversation_or_with_a_transfer_is_not_noted(
    carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    asks(seat, daan, now=now)
    endings.leave(anna.seat, now=now)
    bilal, seat = taken(carla, now)
    to = To(staff=daan.person.handle)
    transfer = invitations.invite(seat, states.How.TRANSFER, to, None, now=now)
    invitations.accept(transfer.pk, daan.person, daan.device.pk, now=now)
    bilal.grants(now)
    assert rows() == []


def test_a_handoff_that_the_caller_never_answered_has_rung_for_nobody(
    carla: Counsellor, gijs: Counsellor
) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    never = invitations.invite(seat, states.How.HANDOFF, To(service="csg"), None, now=now)
    invitation_states.expire(never.pk, now=later(now, 3600))
    assert rows() == []
    rang = invitations.invite(seat, states.How.HANDOFF, To(service="csg"), None, now=later(now, 3600))
    invitations.consent(anna.seat, rang.pk, yes=True, history=False, now=later(now, 3601))
    invitation_states.expire(rang.pk, now=later(now, 3900))
    assert rows() == [("call", False, "Carla")]


def test_a_service_that_did_not_come_is_named_with_its_number_and_one_that_asked_by_its_name(
    carla: Counsellor, gijs: Counsellor
) -> None:
    now = clock.now()
    Service.objects.filter(pk="csg").update(phone="0800-0188")
    anna, seat = taken(carla, now)
    there = invitations.invite(seat, states.How.HANDOFF, To(service="csg"), None, now=now)
    invitations.consent(anna.seat, there.pk, yes=True, history=True, now=now)
    invitation_states.expire(there.pk, now=later(now, 300))
    row = floor_frames(["helpwanted"], later(now, 300))[0].missed[0]
    assert (row.by, row.service, row.phone, row.of) == ("Carla", "CSG", "0800-0188", "")

    now = later(now, 600)
    there = invitations.invite(seat, states.How.HANDOFF, To(service="csg"), None, now=now)
    invitations.consent(anna.seat, there.pk, yes=True, history=True, now=now)
    partner = invitations.accept(there.pk, gijs.person, gijs.device.pk, now=now)
    anna.grants(now)
    departures.leave(seat, now=now)
    seat = seat_in(anna.conversation, gijs.person, gijs.device.pk)
    assert seat.member == partner.pk
    Service.objects.create(slug="helpwanted", name="Helpwanted")
    back = invitations.invite(seat, states.How.HANDOFF, To(service="helpwanted"), None, now=now)
    invitations.consent(anna.seat, back.pk, yes=True, history=True, now=now)
    invitation_states.expire(back.pk, now=later(now, 300))
    row = floor_frames(["helpwanted"], later(now, 300))[0].missed[0]
    assert (row.by, row.service, row.of) == ("Gijs", "", "CSG")


@pytest.mark.parametrize("how", ["leaves", "exits", "erases", "is away"])
def test_an_acute_caller_who_leaves_the_queue_is_noted_however_they_left(helpwanted: Line, how: str) -> None:
    now = clock.now()
    anna = a_caller(urgency=2, now=later(now, -300))
    if how == "leaves":
        endings.leave(anna.seat, now=now)
    elif how == "exits":
        quick_exit.exit_quickly(anna.conversation, anna.opened.token, now=now)
    elif how == "erases":
        erasing.erase(anna.seat, now=now)
    else:
        endings.end(Conversation.objects.get(pk=anna.conversation), "abandoned", now=now)
    assert rows() == [("left", True, "")]


def test_an_acute_caller_who_lost_a_counsellor_and_leaves_is_noted_too(carla: Counsellor) -> None:
    now = clock.now()
    anna, seat = taken(carla, later(now, -600))
    risk.flag(seat, 2, now=now)
    front.requeue(Conversation.objects.get(pk=anna.conversation), now=now)
    endings.leave(anna.seat, now=later(now, 60))
    assert rows() == [("left", True, "")]


def test_an_acute_caller_who_is_left_alone_is_noted_for_the_next_day_and_needs_no_second_row_now(
    carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    _, seat = taken(carla, now)
    risk.flag(seat, 2, now=now)
    departures.expel(seat.member, now=now)
    assert rows() == [("lost", True, "")]
    assert missed.newest(["helpwanted"], now=now) == {}, "who waits stands in the queue"
    daan.takes_next(now)
    _, seat = taken(carla, now)
    departures.expel(seat.member, now=now)
    assert len(rows()) == 1, "nothing was acute"


def test_a_caller_who_is_not_acute_or_was_taken_is_not_noted(carla: Counsellor) -> None:
    now = clock.now()
    endings.leave(a_caller(urgency=1, now=now).seat, now=now)
    acute = a_caller(urgency=2, now=now)
    carla.takes_next(now)
    acute.grants(now)
    endings.leave(acute.seat, now=now)
    assert rows() == []


def test_practice_notes_nothing(helpwanted: Line) -> None:
    practice = Line.objects.create(
        slug="practice-helpwanted", name="P", practice_for=helpwanted, retention=timedelta()
    )
    anna = a_caller(practice.pk, urgency=2)
    endings.leave(anna.seat, now=clock.now())
    assert rows() == []


def test_a_row_names_neither_the_conversation_nor_its_second(helpwanted: Line) -> None:
    now = clock.now().replace(second=17, microsecond=5)
    anna = a_caller(urgency=2, now=later(now, -70))
    endings.leave(anna.seat, now=now)
    row = Missed.objects.get()
    assert (row.at, row.since) == (
        now.replace(second=0, microsecond=0),
        later(now, -70).replace(second=0, microsecond=0),
    )
    assert not [
        name
        for name, value in vars(row).items()
        if value in (anna.conversation, anna.recorded_as, anna.seat.member)
    ]


# What the board shows


def make(number: int, line: str = "helpwanted", *, now: datetime) -> None:
    for ago in range(number):
        at = now - timedelta(minutes=ago)
        Missed.objects.create(line_id=line, kind="left", acute=True, since=at, at=at)


def test_the_board_is_given_the_newest_five_of_each_line_and_how_many_there_are(
    helpwanted: Line, stopitnow: Line
) -> None:
    now = clock.now()
    make(9, now=now)
    make(1, "stopitnow", now=now)
    both = floors(["helpwanted", "stopitnow"], now=now)
    assert [(len(one.missed), one.missed_in_all) for one in both] == [(5, 9), (1, 1)]
    assert [row.at for row in both[0].missed] == [now - timedelta(minutes=ago) for ago in range(5)]


def test_after_a_day_it_is_shown_no_more_and_then_deleted(helpwanted: Line) -> None:
    now = clock.now()
    make(1, now=later(now, -86_400))
    assert floors(["helpwanted"], now=now)[0].missed == []
    assert missed.forget_old(later(now, -1)) == 0
    assert missed.forget_old(now) == 1


# Seen


def test_who_has_seen_it_is_on_record_and_it_is_gone_for_every_supervisor(
    helpwanted: Line, floor: Counsellor, hanna: Counsellor
) -> None:
    make(2, now=clock.now())
    first = Missed.objects.order_by("-at")[0].pk
    missed.see(floor.person, "helpwanted", first, now=clock.now())
    assert [row.pk for row in floors(["helpwanted"], now=clock.now())[0].missed] != [first]
    assert Missed.objects.filter(seen_at=None).count() == 1
    seen = [(row.action, row.subject, row.detail) for row, _ in audit_trail.trail(hanna.person)]
    assert ("missed_seen", "helpwanted", "missed_left") in seen


def test_of_two_who_see_it_at_once_one_is_told_that_a_colleague_was_faster(
    helpwanted: Line, floor: Counsellor
) -> None:
    make(1, now=clock.now())
    pk = Missed.objects.get().pk
    seen = partial(Missed.objects.update, seen_at=clock.now())
    with faster('UPDATE "chat_missed"', seen), pytest.raises(Conflict):
        missed.see(floor.person, "helpwanted", pk, now=clock.now())
    assert "missed_seen" not in {row.action for row, _ in audit_trail.trail(floor.person)}


def test_another_line_s_is_not_found_and_stays(helpwanted: Line, floor: Counsellor, otto: Counsellor) -> None:
    make(1, now=clock.now())
    pk = Missed.objects.get().pk
    with pytest.raises(NotFound):
        missed.see(otto.person, "helpwanted", pk, now=clock.now())
    with pytest.raises(Conflict):
        missed.see(otto.person, "stopitnow", pk, now=clock.now())
    assert Missed.objects.count() == 1
