"""In acute danger the line's steps are shown beside the conversation, and nobody is called without the
caller's knowledge."""

from datetime import timedelta

import pytest

from chat.care import debriefs
from chat.conversation import acute, endings, presence, reading, risk
from chat.conversation.seats import Seat
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.lines import templates
from chat.models import AcuteStep, Conversation, Line, Member
from chat.retention import purge
from chat.states import How
from chat.supervision import audit_trail, floor
from counsellors.models import AuditRow
from helpline import languages
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, Forbidden, NotFound
from tests.support.domain.cast import Caller, Counsellor, later, taken

pytestmark = pytest.mark.django_db


def acute_with(carla: Counsellor) -> tuple[Caller, Seat]:
    anna, seat = taken(carla)
    risk.flag(seat, 2, now=clock.now())
    return anna, seat


def took(pk: str) -> list[tuple[str, str, str]]:
    return [(row.code, row.how, row.by.alias) for row in acute.taken_in([pk])[pk]]


@pytest.mark.parametrize("name", templates.names())
def test_every_line_has_steps_that_tell_the_caller_before_others_are_called(name: str) -> None:
    steps = templates.protocol(name)
    codes = [step.code for step in steps]
    assert len(set(codes)) == len(codes) >= 5
    telling = [number for number, step in enumerate(steps) if step.tells]
    outside = [number for number, step in enumerate(steps) if step.outside]
    assert len(telling) == 1
    assert min(outside) > telling[0]
    assert any(step.calls_in for step in steps)
    known = set(templates.read(name).services)
    for step in steps:
        assert languages.is_complete(step.do)
        assert languages.is_complete(step.label)
        assert {*step.say} in (set(), {"nl", "nl.formal", "en"})
        assert set(step.numbers) <= known, step.code
        assert not step.outside or step.numbers, "whom to call"
        assert " je " not in f" {step.say.get('nl.formal')} ".lower(), "with u"


def test_nobody_is_called_before_the_caller_was_told_or_it_is_on_record_why_not(carla: Counsellor) -> None:
    anna, seat = acute_with(carla)
    with pytest.raises(Conflict):
        acute.take_step(seat, "call", "done", now=clock.now())
    with pytest.raises(BadFrame):
        acute.take_step(seat, "tell", "not_needed", now=clock.now())
    acute.take_step(seat, "tell", "danger", now=clock.now())
    acute.take_step(seat, "call", "done", now=later(clock.now(), 60))
    assert took(anna.conversation) == [("tell", "danger", "Carla"), ("call", "done", "Carla")]


def test_a_step_that_has_nothing_to_do_with_telling_is_done_or_not_needed(carla: Counsellor) -> None:
    _, seat = acute_with(carla)
    with pytest.raises(BadFrame):
        acute.take_step(seat, "stay", "danger", now=clock.now())
    with pytest.raises(BadFrame):
        acute.take_step(seat, "dance", "done", now=clock.now())
    acute.take_step(seat, "report", "not_needed", now=clock.now())


@pytest.mark.parametrize("flagged", ["before", "after"])
def test_that_a_colleague_came_is_on_record_by_itself_and_what_was_said_of_it_before_stays(
    helpwanted: Line, carla: Counsellor, daan: Counsellor, flagged: str
) -> None:
    anna, seat = acute_with(carla) if flagged == "before" else taken(carla)
    asked = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    invitations.accept(asked.pk, daan.person, daan.device.pk, now=clock.now())
    risk.flag(seat, 2, now=clock.now())
    assert took(anna.conversation) == [("together", "done", "Daan")]
    acute.take_step(seat, "together", "not_needed", now=clock.now())
    risk.flag(seat, 1, now=clock.now())
    risk.flag(seat, 2, now=clock.now())
    assert took(anna.conversation) == [("together", "not_needed", "Carla")]


def test_without_a_flag_there_is_no_protocol_and_lowering_the_flag_keeps_what_was_done(
    carla: Counsellor,
) -> None:
    anna, seat = taken(carla)
    with pytest.raises(Conflict):
        acute.take_step(seat, "ask", "done", now=clock.now())
    risk.flag(seat, 2, now=clock.now())
    acute.take_step(seat, "ask", "done", now=clock.now())
    risk.flag(seat, 1, now=clock.now())
    acute.take_step(seat, "stay", "done", now=clock.now())
    assert [code for code, *_ in took(anna.conversation)] == ["ask", "stay"]


def test_after_the_caller_is_gone_the_last_steps_can_still_be_recorded(carla: Counsellor) -> None:
    anna, seat = acute_with(carla)
    endings.leave(anna.seat, now=clock.now())
    acute.take_step(seat, "tell", "caller_gone", now=clock.now())
    acute.take_step(seat, "call", "done", now=clock.now())
    assert len(took(anna.conversation)) == 2


def test_nobody_says_of_a_caller_who_is_here_that_they_are_gone(carla: Counsellor) -> None:
    anna, seat = acute_with(carla)
    with pytest.raises(acute.CallerHere):
        acute.take_step(seat, "tell", "caller_gone", now=clock.now())
    with pytest.raises(Conflict):
        acute.take_step(seat, "call", "done", now=clock.now())
    assert took(anna.conversation) == []
    presence.depart(anna.socket, now=clock.now())
    acute.take_step(seat, "tell", "caller_gone", now=clock.now())
    assert [code for code, *_ in took(anna.conversation)] == ["tell"]


def test_a_partner_takes_no_step_and_is_told_of_none(carla: Counsellor) -> None:
    anna, seat = acute_with(carla)
    acute.take_step(seat, "ask", "done", now=clock.now())
    Member.objects.filter(pk=seat.member).update(role="partner")
    with pytest.raises(Forbidden):
        acute.take_step(Seat(seat.conversation, seat.member, "partner"), "stay", "done", now=clock.now())
    assert reading.open_seat(seat, 0).steps == []
    assert anna


def test_who_opens_it_sees_the_steps_and_so_does_the_floor_at_the_same_moment(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna, seat = acute_with(carla)
    acute.take_step(seat, "ask", "done", now=clock.now())
    assert [row.code for row in reading.open_seat(seat, 0).steps] == ["ask"]
    (line,) = floor.floors([helpwanted.pk], now=clock.now())
    (talk,) = next(worker for worker in line.people if worker.person == carla.person).talks
    assert [(row.code, row.how) for row in talk.steps] == [("ask", "done")]
    assert talk.conversation == anna.conversation


def test_each_step_is_in_the_audit_by_code_and_the_other_supervisor_reads_it_there(
    carla: Counsellor, hanna: Counsellor
) -> None:
    anna, seat = acute_with(carla)
    acute.take_step(seat, "ask", "done", now=clock.now())
    rows = AuditRow.objects.filter(action="acute_step")
    assert [(row.actor, row.subject, row.detail) for row in rows] == [
        (carla.person.handle, anna.recorded_as, "ask done")
    ]
    assert {row.action for row, _ in audit_trail.trail(hanna.person)} >= {"acute", "acute_step"}


def test_the_protocol_of_another_line_is_behind_the_wall(carla: Counsellor, stopitnow: Line) -> None:
    assert acute.protocol_of(carla.person, "helpwanted")
    with pytest.raises(NotFound):
        acute.protocol_of(carla.person, stopitnow.pk)


def test_after_the_end_everybody_who_was_in_it_while_it_was_acute_has_a_debrief_by_itself(
    carla: Counsellor, daan: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    anna, _ = acute_with(carla)
    assert debriefs.wanted(floor.person) == [], "not in the middle of it"
    endings.leave(anna.seat, now=clock.now())
    assert [(row.person, row.why) for row in debriefs.wanted(floor.person)] == [(carla.person, "acute")]
    assert debriefs.wanted(otto.person) == [], "another line's"
    bilal, _ = taken(daan)
    endings.leave(bilal.seat, now=clock.now())
    assert len(debriefs.wanted(floor.person)) == 1, "an ordinary end asks for nothing"


def test_who_was_not_there_any_more_when_it_became_acute_has_none(
    carla: Counsellor, floor: Counsellor
) -> None:
    anna, seat = taken(carla)
    Member.objects.filter(pk=seat.member).update(left_at=clock.now() - timedelta(minutes=5), left_seq=9)
    Conversation.objects.filter(pk=anna.conversation).update(acute_at=clock.now(), risk=2)
    endings.leave(anna.seat, now=clock.now())
    assert debriefs.wanted(floor.person) == []


def test_the_steps_go_with_the_conversation(carla: Counsellor, own_keys: object) -> None:
    anna, seat = acute_with(carla)
    acute.take_step(seat, "ask", "done", now=clock.now())
    purge.delete([anna.conversation])
    assert not AcuteStep.objects.exists()
