"""Boxes of a removal case: who may store one, on which lines, and how many in a letter."""

import pytest

from chat.cases import settings, writing
from chat.conversation import boxes
from chat.conversation.drafts import Draft, Posted
from chat.conversation.seats import Seat
from chat.letters.writing import WaitForTheAnswer
from chat.models import Conversation, Letter, Line
from counsellors.models import AuditRow
from helpline.lib import clock, encoding
from helpline.lib.errors import BadFrame, NotFound
from tests.support.domain.cast import Counsellor, a_box, a_line, taken
from tests.support.domain.letters import a_letter, answer, keeps_code, sent, takes_letter, writes, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeps(helpwanted: Line) -> Line:
    """Makes Helpwanted keep removal cases."""
    Line.objects.filter(pk=helpwanted.pk).update(cases=True)
    return helpwanted


def a_case(seat: Seat) -> Draft:
    message, epoch = encoding.new_id(), Conversation.objects.get(pk=seat.conversation).epoch
    box = a_box(seat, epoch=epoch, message=message, kind=boxes.CASE)
    return Draft(seat, message, epoch, box)


def adds(seat: Seat) -> Posted:
    return writing.post(a_case(seat), now=clock.now())


def test_caller_and_counsellor_add_to_the_case_in_a_chat(keeps: Line, carla: Counsellor) -> None:
    anna, seat = taken(carla)
    assert adds(anna.seat).seq < adds(seat).seq


def test_a_line_that_keeps_no_cases_takes_none(helpwanted: Line, carla: Counsellor) -> None:
    anna, seat = taken(carla)
    for one in (anna.seat, seat):
        with pytest.raises(BadFrame):
            adds(one)


def test_what_is_stored_already_is_answered_alike_after_the_line_stopped(
    keeps: Line, carla: Counsellor
) -> None:
    anna, _ = taken(carla)
    draft = a_case(anna.seat)
    first = writing.post(draft, now=clock.now())
    Line.objects.filter(pk=keeps.pk).update(cases=False)
    assert writing.post(draft, now=clock.now()).seq == first.seq


def test_neither_a_partner_nor_a_note_holds_a_case() -> None:
    assert boxes.CASE not in boxes.kinds_for("partner", "message")
    for role in ("counsellor", "colleague", "letters", "caller"):
        assert boxes.CASE in boxes.kinds_for(role, "message")
        assert boxes.CASE not in boxes.kinds_for(role, "note")


def test_in_a_letter_ten_between_two_answers_and_none_of_them_promises_anything(
    post_box: Line, carla: Counsellor
) -> None:
    Line.objects.update(cases=True)
    anna = a_letter()
    keeps_code(anna)
    adds(anna.seat)
    assert written(anna) == "draft", "a case alone sends no letter"
    asked = writes(anna)
    Letter.objects.filter(pk=anna.conversation).update(case_boxes=9)
    adds(anna.seat)
    with pytest.raises(WaitForTheAnswer):
        adds(anna.seat)
    seat = takes_letter(carla)
    answer(seat, asked.seq)
    adds(anna.seat)
    assert Letter.objects.get(pk=anna.conversation).case_boxes == 1
    assert written(anna) == "answered"
    assert Letter.objects.get(pk=anna.conversation).due_at is None


def test_a_letter_s_taker_adds_to_the_case_and_the_take_goes_on(post_box: Line, carla: Counsellor) -> None:
    Line.objects.update(cases=True)
    anna = sent()
    seat = takes_letter(carla)
    adds(seat)
    assert written(anna) == "taken"
    with pytest.raises(BadFrame):
        writing.post(a_case(seat), answers=3, now=clock.now())


def test_a_supervisor_switches_cases_of_an_own_line_and_the_audit_says_so(floor: Counsellor) -> None:
    settings.switch(floor.person, "helpwanted", keeps=True)
    settings.switch(floor.person, "helpwanted", keeps=True)
    assert Line.objects.get(pk="helpwanted").cases
    [row] = AuditRow.objects.filter(action="cases")
    assert (row.subject, row.detail) == ("helpwanted", "on")
    a_line("stopitnow")
    with pytest.raises(NotFound):
        settings.switch(floor.person, "stopitnow", keeps=True)
