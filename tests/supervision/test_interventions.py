"""A supervisor asks for a break, joins, or ends an idle conversation. Each is recorded."""

from collections.abc import Callable

import pytest

from chat import bells, states
from chat.conversation import departures, endings, presence
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.lines import timetables
from chat.lines.hours import DAY_AND_NIGHT, Schedule
from chat.models import Conversation, Line, Member, Service
from chat.queue import front
from chat.supervision import alerts, audit_trail, interventions
from counsellors import duty
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import Conflict, Ended, NotFound
from tests.support.domain.cast import (
    Caller,
    Counsellor,
    a_caller,
    a_partner,
    kinds,
    later,
    says,
    state_of,
    taken,
)
from tests.support.domain.fixtures import Rung

# What is recorded


def test_the_other_supervisors_of_the_line_see_in_the_record_what_was_done(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    anna, bilal = taken(carla, later(clock.now(), -3600))[0], a_caller()
    for name, action in ACTIONS.items():
        action(floor, bilal if name == "front" else anna, carla)
    expected = [
        ("queue_front", "risk"),
        ("rest", "asked"),
        ("listen", "asked"),
        ("end", "silent"),
        ("hours", "0 dates"),
        ("alerting", "waiting 1 minutes 1"),
    ]
    seen = [(row.action, row.detail) for row, alias in audit_trail.trail(hanna.person) if alias == "Floor"]
    assert [row for row in seen[::-1] if row[0] != "enrolled"] == expected
    # Concerns his own device.
    assert {row.action for row, _ in audit_trail.trail(otto.person)} == {"enrolled"}


# Asking for a break


def test_a_counsellor_on_duty_is_asked_for_a_rest_and_stays_on_duty(
    carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    handle = carla.person.handle
    assert rung(lambda: interventions.ask_for_rest(floor.person, handle)) == [
        bells.RestAsked(carla.person.pk, floor.person.handle)
    ]
    mine = duty.of(carla.person)
    assert mine is not None
    assert mine.state == "on"
    assert AuditRow.objects.get(action="rest").subject == handle


@pytest.mark.parametrize("state", ["break", "off"])
def test_who_is_not_on_duty_is_asked_for_nothing(carla: Counsellor, floor: Counsellor, state: str) -> None:
    duty.change(carla.person, state, 1, now=clock.now())
    with pytest.raises(Conflict):
        interventions.ask_for_rest(floor.person, carla.person.handle)
    assert not AuditRow.objects.filter(action="rest").exists()


def test_a_rest_is_for_counsellors_of_an_own_line(
    floor: Counsellor, hanna: Counsellor, esra: Counsellor
) -> None:
    for who in (hanna.person.handle, esra.person.handle, "nobody"):
        with pytest.raises(NotFound):
            interventions.ask_for_rest(floor.person, who)


# Asking to join


def test_a_no_to_listening_in_is_told_to_a_supervisor_of_the_line_by_who_leads_and_recorded_nowhere(
    floor: Counsellor, otto: Counsellor, carla: Counsellor, daan: Counsellor, rung: Rung
) -> None:
    anna, seat = taken(carla)
    before = AuditRow.objects.count()
    assert rung(lambda: interventions.refuse_to_listen(seat, floor.person.handle)) == [
        bells.ListenRefused(floor.person.pk, carla.person.handle, anna.conversation)
    ]
    for other in (otto, daan):
        with pytest.raises(NotFound):
            interventions.refuse_to_listen(seat, other.person.handle)
    assert AuditRow.objects.count() == before


def test_whoever_is_in_charge_is_asked_and_nobody_joins_by_that(
    carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    anna, _ = taken(carla)
    assert rung(lambda: interventions.ask_to_listen(floor.person, anna.conversation)) == [
        bells.ListenAsked(carla.person.pk, floor.person.handle, anna.conversation)
    ]
    assert AuditRow.objects.get(action="listen").subject == anna.recorded_as
    assert not Member.objects.filter(person=floor.person).exists()
    assert interventions.asker(floor.person.handle) == floor.person
    assert interventions.leads(carla.person, carla.device.pk, anna.conversation)
    assert not interventions.leads(carla.person, "her other device", anna.conversation)
    assert not interventions.leads(floor.person, floor.device.pk, anna.conversation)


def test_nobody_listens_where_nobody_of_the_line_is_in_charge(carla: Counsellor, floor: Counsellor) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    with pytest.raises(Conflict):
        interventions.ask_to_listen(floor.person, anna.conversation)
    seat = carla.takes_next(now)
    with pytest.raises(Conflict):  # not let in yet
        interventions.ask_to_listen(floor.person, anna.conversation)
    anna.grants(now)
    gijs = a_partner("Gijs", Service.objects.create(slug="csg", name="CSG", desk=True))
    asked = invitations.invite(seat, states.How.HANDOFF, To(service="csg"), None, now=now)
    invitations.consent(anna.seat, asked.pk, yes=True, history=False, now=now)
    invitations.accept(asked.pk, gijs.person, gijs.device.pk, now=now)
    anna.grants(now)
    departures.leave(seat, now=now)
    with pytest.raises(Conflict):  # another service's
        interventions.ask_to_listen(floor.person, anna.conversation)
    assert not AuditRow.objects.filter(action="listen").exists()


def test_a_service_that_rings_keeps_no_supervisor_from_asking_and_one_who_is_invited_only_answers(
    carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    a_partner("Gijs", Service.objects.create(slug="csg", name="CSG", desk=True))
    asked = invitations.invite(seat, states.How.HANDOFF, To(service="csg"), None, now=now)
    invitations.consent(anna.seat, asked.pk, yes=True, history=False, now=now)
    assert rung(lambda: interventions.ask_to_listen(floor.person, anna.conversation)) == [
        bells.ListenAsked(carla.person.pk, floor.person.handle, anna.conversation)
    ]
    invitations.withdraw(asked.pk, carla.person, carla.device.pk, now=now)
    invitations.invite(seat, states.How.CONSULT, To(staff=floor.person.handle), None, now=now)
    with pytest.raises(Conflict):
        interventions.ask_to_listen(floor.person, anna.conversation)


def test_who_sits_there_asks_no_more_and_after_the_end_nobody_does(
    carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    anna, seat = taken(carla)
    asked = invitations.invite(seat, states.How.CONSULT, To(staff=floor.person.handle), None, now=now)
    invitations.accept(asked.pk, floor.person, floor.device.pk, now=now)
    with pytest.raises(Conflict):
        interventions.ask_to_listen(floor.person, anna.conversation)
    endings.close(seat, now=now)
    with pytest.raises(Ended):
        interventions.ask_to_listen(floor.person, anna.conversation)


# Ending


def test_a_dead_conversation_is_ended_as_silent_and_on_record(carla: Counsellor, floor: Counsellor) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    says(seat, epoch=1, now=later(now, 60))
    with pytest.raises(Conflict):
        interventions.end_idle(floor.person, anna.conversation, now=later(now, 959))
    interventions.end_idle(floor.person, anna.conversation, now=later(now, 960))
    assert state_of(anna) == "ended"
    assert kinds(anna.seat)[-1] == "ended"
    last = Conversation.objects.get().entries.order_by("seq").last()
    assert last is not None
    assert (last.facts, last.by) == ({"reason": "silent", "idle": True}, ""), "the caller was here"
    assert AuditRow.objects.get(action="end").subject == anna.recorded_as
    with pytest.raises(Ended):
        interventions.end_idle(floor.person, anna.conversation, now=later(now, 2000))


def test_a_caller_who_is_away_for_a_quarter_of_an_hour_makes_it_dead(
    carla: Counsellor, floor: Counsellor
) -> None:
    now = clock.now()
    anna, seat = taken(carla, now)
    presence.depart(anna.socket, now=now)
    says(seat, epoch=1, now=later(now, 890))
    with pytest.raises(Conflict):
        interventions.end_idle(floor.person, anna.conversation, now=later(now, 899))
    interventions.end_idle(floor.person, anna.conversation, now=later(now, 900))
    ended = Conversation.objects.get().entries.get(kind="ended")
    assert ended.facts == {"reason": "silent"}, "who was away did stay away"


def test_who_waits_is_not_dead_however_long(floor: Counsellor, helpwanted: Line) -> None:
    now = clock.now()
    anna = a_caller(now=later(now, -2000))
    with pytest.raises(Conflict):
        interventions.end_idle(floor.person, anna.conversation, now=now)
    assert state_of(anna) == "waiting"


# Other lines

ACTIONS: dict[str, Callable[[Counsellor, Caller, Counsellor], object]] = {
    "front": lambda who, anna, _: front.move_to_front(who.person, anna.conversation, "risk"),
    "rest": lambda who, _, carla: interventions.ask_for_rest(who.person, carla.person.handle),
    "listen": lambda who, anna, _: interventions.ask_to_listen(who.person, anna.conversation),
    "end": lambda who, anna, _: interventions.end_idle(who.person, anna.conversation, now=clock.now()),
    "hours": lambda who, *_: timetables.read(who.person, "helpwanted", now=clock.now()),
    "sethours": lambda who, *_: timetables.change(
        who.person, "helpwanted", Schedule(DAY_AND_NIGHT), keep=True, now=clock.now()
    ),
    "alerting": lambda who, *_: alerts.thresholds(who.person, "helpwanted"),
    "setalerting": lambda who, *_: alerts.set_thresholds(who.person, "helpwanted", waiting=1, minutes=1),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("active", [False, True])
def test_the_other_line_s_supervisor_finds_nothing_and_changes_nothing(
    carla: Counsellor, otto: Counsellor, action: str, active: bool
) -> None:
    now = later(clock.now(), -3600)
    anna = taken(carla, now)[0] if active else a_caller(now=now)
    before = [list(rows.values()) for rows in (Conversation.objects.all(), Line.objects.order_by("pk"))]
    with pytest.raises(NotFound):
        ACTIONS[action](otto, anna, carla)
    assert before == [
        list(rows.values()) for rows in (Conversation.objects.all(), Line.objects.order_by("pk"))
    ]
    assert not AuditRow.objects.filter(actor=otto.person.handle).exclude(action="enrolled").exists()


@pytest.mark.parametrize("action", ["front", "listen", "end"])
def test_an_erased_conversation_is_found_by_nobody(floor: Counsellor, carla: Counsellor, action: str) -> None:
    anna, seat = taken(carla)
    endings.close(seat, now=clock.now())
    Conversation.objects.update(gone_at=clock.now())
    with pytest.raises(NotFound):
        ACTIONS[action](floor, anna, carla)
