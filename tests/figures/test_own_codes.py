"""A line's own codes are offered at once, counted, ended and brought back, and are never another line's."""

from datetime import datetime

import pytest

from chat import bells
from chat.conversation import endings
from chat.figures import codes, own_codes, wrapup
from chat.figures.own_codes import CodeTaken, Named, NoName, TooManyCodes
from chat.models import Figure, Line, OwnCode
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import BadFrame, NotFound
from tests.support.domain.cast import Counsellor, a_caller, later
from tests.support.domain.fixtures import Rung
from tests.support.texts import both

QUISHING = Named("detail", both("Valse QR-code", "Fake QR code"))


def added(floor: Counsellor, named: Named = QUISHING, now: datetime | None = None) -> str:
    return own_codes.add(floor.person, "helpwanted", named, now=now or clock.now())[-1].code


def wraps_up(carla: Counsellor, code: str) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {"detail": code}, now=clock.now())


def test_a_new_code_is_offered_to_the_line_s_staff_at_once_and_counted(
    helpwanted: Line, carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    heard = rung(lambda: added(floor))
    assert {bell.person for bell in heard if isinstance(bell, bells.CodesChanged)} == {
        carla.person.pk,
        floor.person.pk,
    }
    offered, own = codes.offered_to(carla.person)
    assert "valse_qr_code" in offered["detail"]
    assert offered["detail"][-1] == "other", "another comes last"
    assert [row.says["nl"] for row in own] == ["Valse QR-code"]
    for _ in range(5):
        wraps_up(carla, "valse_qr_code")
    assert Figure.objects.get(name="wrapup_detail").key == "valse_qr_code"
    assert AuditRow.objects.filter(action="code", detail="valse_qr_code added").exists()


def test_a_code_that_ended_is_offered_no_more_and_an_open_form_may_still_send_it(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    code = added(floor)
    own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    offered, own = codes.offered_to(carla.person)
    assert code not in offered["detail"]
    assert own == []
    wraps_up(carla, code)
    assert codes.own_words("helpwanted")[code] == {"nl": "Valse QR-code", "en": "Fake QR code"}


def test_a_name_is_never_used_again(helpwanted: Line, floor: Counsellor) -> None:
    code = added(floor)
    own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    for named in (
        QUISHING,
        Named("subject", both("valse  QR-code", "Something")),
        Named("detail", both("Sextortion", "Off")),
    ):
        with pytest.raises(CodeTaken):
            added(floor, named)
    with pytest.raises(NotFound):
        own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    for named in (Named("detail", both("…", "Something")), Named("detail", both("Iets"))):
        with pytest.raises(NoName):
            added(floor, named)


def test_another_line_neither_offers_nor_takes_it(
    helpwanted: Line, stopitnow: Line, carla: Counsellor, esra: Counsellor, floor: Counsellor
) -> None:
    code = added(floor)
    assert code not in codes.offered_to(esra.person)[0]["detail"]
    anna = a_caller(line="stopitnow")
    esra.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    with pytest.raises(BadFrame):
        wrapup.wrap_up(esra.person, anna.conversation, {"detail": code}, now=clock.now())
    with pytest.raises(NotFound):
        own_codes.of_line(floor.person, "stopitnow")
    with pytest.raises(NotFound):
        own_codes.add(floor.person, "stopitnow", QUISHING, now=clock.now())
    with pytest.raises(NotFound):
        own_codes.end(floor.person, "stopitnow", code, now=clock.now())


def test_forty_are_offered_at_most(helpwanted: Line, floor: Counsellor) -> None:
    for number in range(40):
        added(floor, Named("detail", both(f"Nieuw {number}", f"New {number}")))
    with pytest.raises(TooManyCodes):
        added(floor)
    own_codes.end(floor.person, "helpwanted", "nieuw_7", now=clock.now())
    assert added(floor) == "valse_qr_code"


# A question of the line's own

PLATFORM = Named("", both("Waar begon het?", "Where did it begin?"))


def a_question(floor: Counsellor) -> str:
    question = added(floor, PLATFORM)
    for nl, en in (("In een spel", "In a game"), ("Ergens anders", "Somewhere else")):
        added(floor, Named(question, both(nl, en)))
    return question


def answers(carla: Counsellor, question: str, code: str, line: str = "helpwanted") -> None:
    anna = a_caller(line=line)
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {question: code}, now=clock.now())


def test_a_question_of_the_line_s_own_is_asked_with_its_answers_in_their_order_and_counted_by_fives(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    question = a_question(floor)
    assert question == "q_waar_begon_het"
    offered, _ = codes.offered_to(carla.person)
    assert offered[question] == ["in_een_spel", "ergens_anders"]
    for _ in range(4):
        answers(carla, question, "in_een_spel")
    assert not Figure.objects.filter(name=f"wrapup_{question}").exists()
    answers(carla, question, "in_een_spel")
    assert Figure.objects.get(name=f"wrapup_{question}").value == 5


def test_a_question_ends_with_its_answers_and_an_open_form_may_still_send_them(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    question = a_question(floor)
    rows = own_codes.end(floor.person, "helpwanted", question, now=clock.now())
    assert all(row.ended for row in rows)
    assert question not in codes.offered_to(carla.person)[0]
    answers(carla, question, "in_een_spel")
    with pytest.raises(NotFound):
        added(floor, Named(question, both("Nog een", "One more")))
    with pytest.raises(CodeTaken):
        added(floor, PLATFORM)


def test_what_ended_comes_back_a_question_with_the_answers_that_ended_with_it(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    question = a_question(floor)
    now = clock.now()
    own_codes.end(floor.person, "helpwanted", "ergens_anders", now=now)
    own_codes.end(floor.person, "helpwanted", question, now=later(now, 1))
    with pytest.raises(NotFound):
        own_codes.bring_back(floor.person, "helpwanted", "ergens_anders")
    own_codes.bring_back(floor.person, "helpwanted", question)
    assert codes.offered_to(carla.person)[0][question] == ["in_een_spel"]
    own_codes.bring_back(floor.person, "helpwanted", "ergens_anders")
    assert codes.offered_to(carla.person)[0][question] == ["in_een_spel", "ergens_anders"]
    with pytest.raises(NotFound):
        own_codes.bring_back(floor.person, "helpwanted", question)
    assert AuditRow.objects.filter(action="code", detail=f"{question} brought_back").exists()


def test_a_form_that_is_full_takes_nothing_back(
    helpwanted: Line, floor: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = added(floor)
    own_codes.end(floor.person, "helpwanted", code, now=clock.now())
    monkeypatch.setattr(own_codes, "MAX_CODES", 0)
    with pytest.raises(TooManyCodes):
        own_codes.bring_back(floor.person, "helpwanted", code)
    assert OwnCode.objects.get(code=code).ended is not None


def test_an_answer_belongs_to_a_question_that_this_line_asks(
    helpwanted: Line,
    stopitnow: Line,
    carla: Counsellor,
    esra: Counsellor,
    otto: Counsellor,
    floor: Counsellor,
) -> None:
    question = a_question(floor)
    for unknown in ("age", "q_onzin", "in_een_spel"):
        with pytest.raises(NotFound):
            added(floor, Named(unknown, both("Iets", "Something")))
    with pytest.raises(NotFound):
        own_codes.add(otto.person, "stopitnow", Named(question, both("Iets", "Something")), now=clock.now())
    with pytest.raises(BadFrame):
        answers(esra, question, "in_een_spel", line="stopitnow")


def test_a_long_question_has_a_name_that_fits_every_counter(helpwanted: Line, floor: Counsellor) -> None:
    longest = added(floor, Named("", both("Ontzettend lange vraag hier", "A terribly long question")))
    assert len(f"letter_wrapup_{longest}") <= 32
