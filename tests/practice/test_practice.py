"""Somebody practises with made-up callers on a hidden practice line, which is not counted and alerts
nobody."""

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import IntegrityError
from django.test import Client

from chat import states
from chat.care import carrying, debriefs
from chat.conversation import acute, endings, joining, risk
from chat.conversation.seats import Seat
from chat.figures import wrapup
from chat.handoff import guests, invitations
from chat.handoff.invitations import To
from chat.lines import hidden, open_now
from chat.models import Conversation, Figure, Invitation, Line, Member, Outgoing, Practising, Sample, Service
from chat.practice import made_up_callers, practising
from chat.queue import entrance, next_caller
from chat.supervision import samples
from counsellors import duty
from counsellors.models import AuditRow, Person
from counsellors.signin import accounts
from helpline.lib import clock, encoding, guest_links
from helpline.lib.errors import Conflict, LineClosed, NotFound, UnknownLine
from tests.support.domain.cast import Caller, Counsellor, a_caller, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(carla: Counsellor) -> Line:
    """Returns the practice line, with Carla off duty and practising."""
    duty.change(carla.person, "off", 1, now=clock.now())
    return practising.begin(carla.person, "helpwanted", now=clock.now())


@pytest.fixture
def csg() -> Service:
    return Service.objects.create(slug="csg", name="CSG", desk=True)


def player() -> Person:
    """Returns the player of the caller: the person who practises, or anybody."""
    return Person.objects.filter(practising__isnull=False).first() or Person.objects.all()[0]


def plays(line: Line, ticket: str | None = None) -> Caller:
    socket = encoding.new_id()
    shown = hidden.ticket(line, player()) if ticket is None else ticket
    opened = entrance.enter(line.pk, "nl", 1, ticket=shown, socket=socket, now=clock.now())
    return Caller(opened, socket)


def practised(carla: Counsellor, line: Line) -> tuple[Caller, Seat]:
    anna = plays(line)
    member = made_up_callers.take_next(carla.person, carla.device.pk, now=clock.now())
    anna.grants()
    return anna, Seat(member.conversation_id, member.pk, member.role)


def test_who_is_on_duty_does_not_practise(carla: Counsellor) -> None:
    with pytest.raises(Conflict):
        practising.begin(carla.person, "helpwanted", now=clock.now())
    assert hidden.of(carla.person) is None


def test_another_line_s_twin_is_behind_the_wall(carla: Counsellor, stopitnow: Line) -> None:
    duty.change(carla.person, "off", 1, now=clock.now())
    with pytest.raises(NotFound):
        practising.begin(carla.person, stopitnow.pk, now=clock.now())


@pytest.mark.parametrize("ticket", ["", "made-up", "of another"])
def test_without_a_ticket_the_twin_is_a_line_that_does_not_exist(twin: Line, ticket: str) -> None:
    shown = hidden.ticket(Line.objects.get(pk="helpwanted"), player()) if ticket == "of another" else ticket
    with pytest.raises(UnknownLine):
        plays(twin, shown)


def test_a_made_up_caller_is_taken_off_duty_and_no_real_one_is(carla: Counsellor, twin: Line) -> None:
    a_caller()
    with pytest.raises(NotFound):
        made_up_callers.take_next(carla.person, carla.device.pk, now=clock.now())
    with pytest.raises(Conflict):
        next_caller.take_next(carla.person, carla.device.pk, None, now=clock.now())
    anna = plays(twin)
    member = made_up_callers.take_next(carla.person, carla.device.pk, now=clock.now())
    assert member.conversation_id == anna.conversation


def test_who_does_not_practise_gets_no_made_up_caller_and_the_queue_never_gives_one(
    carla: Counsellor, daan: Counsellor, twin: Line
) -> None:
    plays(twin)
    with pytest.raises(Conflict):
        made_up_callers.take_next(daan.person, daan.device.pk, now=clock.now())
    with pytest.raises(NotFound):
        daan.takes_next()


def test_nothing_of_it_is_counted_on_record_or_asks_for_care(
    carla: Counsellor, floor: Counsellor, twin: Line
) -> None:
    anna, seat = practised(carla, twin)
    recorded_as = anna.recorded_as
    risk.flag(seat, 2, now=clock.now())
    acute.take_step(seat, "ask", "done", now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {"weight": "heavy"}, now=clock.now())
    endings.close_as_unserious(seat, now=clock.now())
    made_up_callers.stop(carla.person, now=clock.now())
    samples.take(now=clock.now())
    assert not Figure.objects.exists()
    assert not Sample.objects.filter(line=twin).exists()
    assert not AuditRow.objects.filter(subject=recorded_as).exists()
    assert debriefs.wanted(floor.person) == []
    assert [load.talks for load in carrying.of_line(floor.person, "helpwanted", now=clock.now())[1]] == [0]


def test_a_handoff_goes_to_nobody_outside_and_whoever_practises_plays_the_service(
    carla: Counsellor, twin: Line, csg: Service
) -> None:
    anna, seat = practised(carla, twin)
    invitation = invitations.invite(seat, states.How.HANDOFF, To(service=csg.pk), None, now=clock.now())
    assert invitation.guest, "no desk of the real service rings"
    invitations.consent(anna.seat, invitation.pk, yes=True, history=True, now=clock.now())
    assert not Outgoing.objects.exists()
    assert "/guest/#" in guests.practice_link(twin, carla.person)
    with pytest.raises(NotFound):
        guests.practice_link(Line.objects.get(pk="helpwanted"), carla.person)
    assert Invitation.objects.get().contact == states.Contact.TAKEN


def test_of_two_who_practise_a_handoff_each_gets_the_link_of_their_own(
    carla: Counsellor, daan: Counsellor, twin: Line, csg: Service, floor: Counsellor
) -> None:
    duty.change(daan.person, "off", 1, now=clock.now())
    practising.begin(daan.person, "helpwanted", now=clock.now())
    asked = []
    for who in (carla, daan):
        anna, seat = practised(who, twin)
        found = invitations.invite(seat, states.How.HANDOFF, To(service=csg.pk), None, now=clock.now())
        invitations.consent(anna.seat, found.pk, yes=True, history=True, now=clock.now())
        asked.append(guest_links.address(found.pk))
    assert [guests.practice_link(twin, who.person) for who in (carla, daan)] == asked
    assert guests.practice_link(twin, floor.person) == asked[1], "a trainer plays the newest"


def test_two_who_practise_and_take_the_same_initial_at_once_both_get_a_caller(
    carla: Counsellor, twin: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    practised(carla, twin)
    anna = plays(twin)
    join, tried = joining.join_staff, []

    def loses_once(*args: Any, **kwargs: Any) -> Member:
        tried.append(kwargs["moves"]["initial"])
        if len(tried) == 1:
            raise IntegrityError
        return join(*args, **kwargs)

    monkeypatch.setattr(joining, "join_staff", loses_once)
    member = made_up_callers.take_next(carla.person, carla.device.pk, now=clock.now())
    assert (member.conversation_id, len(tried)) == (anna.conversation, 2)


def test_stopping_ends_what_is_open_there_and_nothing_else(
    carla: Counsellor, daan: Counsellor, twin: Line
) -> None:
    anna, _ = practised(carla, twin)
    bilal = a_caller()
    daan.takes_next()
    made_up_callers.stop(carla.person, now=clock.now())
    assert Conversation.objects.get(pk=anna.conversation).state == states.Conversation.ENDED
    assert Conversation.objects.get(pk=bilal.conversation).state == states.Conversation.ACTIVE
    assert hidden.of(carla.person) is None


def test_who_forgot_to_stop_does_so_after_twelve_hours(carla: Counsellor, twin: Line) -> None:
    made_up_callers.forget_old(clock.now())
    assert Practising.objects.exists()
    Practising.objects.update(since=clock.now() - timedelta(hours=13))
    made_up_callers.forget_old(clock.now())
    assert not Practising.objects.exists()
    assert twin


def test_practice_that_a_killed_process_did_not_end_is_ended_later(
    carla: Counsellor, twin: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, _ = practised(carla, twin)
    with monkeypatch.context() as patch:
        patch.setattr(made_up_callers, "_end", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            made_up_callers.stop(carla.person, now=clock.now())
    made_up_callers.forget_old(later(clock.now(), 13 * 3600))
    assert Conversation.objects.get(pk=anna.conversation).state == states.Conversation.ENDED


def test_the_twin_is_none_of_the_real_lines(carla: Counsellor, twin: Line) -> None:
    plays(twin)
    assert twin.pk not in Line.objects.real().values_list("pk", flat=True)


def test_whoever_waits_on_the_twin_is_told_so_as_on_any_line(twin: Line) -> None:
    plays(twin)
    assert open_now.for_waiting(twin.pk, now=clock.now())[0], (
        "what tells the queue asks this of every line that somebody waits on"
    )
    with pytest.raises(UnknownLine):
        open_now.find(twin.pk)


def test_a_tab_that_is_left_open_starts_no_caller_once_nobody_practises(
    carla: Counsellor, twin: Line
) -> None:
    made_up_callers.stop(carla.person, now=clock.now())
    with pytest.raises(LineClosed):
        plays(twin)
    practising.begin(carla.person, "helpwanted", now=clock.now())
    assert plays(twin)


def test_the_hidden_line_has_the_same_name_in_every_release(twin: Line) -> None:
    """Under another name the practice line of a running installation would not be found again."""
    assert twin.pk == "practice-fc207ad4ccd7"


def test_the_page_of_the_made_up_caller_says_where_practice_begins(
    carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "signed_in", lambda _request: carla.person)
    browser = Client()
    early = browser.get("/practice/helpwanted/")
    assert early.status_code == 404
    assert "ga uit dienst en kies Oefenen" in early.text
    assert browser.get("/practice/somebody-elses/").status_code == 404
    duty.change(carla.person, "off", 1, now=clock.now())
    practising.begin(carla.person, "helpwanted", now=clock.now())
    assert browser.get("/practice/helpwanted/").status_code == 200
