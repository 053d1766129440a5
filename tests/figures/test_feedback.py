"""Callers give feedback in two taps, with the ticket of their conversation. It is linked to nobody and
counted in batches of five."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from time_machine import TimeMachineFixture

from chat import one_use, states
from chat.conversation import coming_back, endings, erasing
from chat.figures import batches, feedback
from chat.figures.feedback import NoTicket
from chat.models import Conversation, Figure, Line, UsedWork, WaitingAnswer
from chat.runtime.rounds import Rounds
from helpline.lib import clock
from helpline.lib.errors import BadFrame
from tests.support.domain.cast import Caller, Counsellor, a_caller


def a_ticket(line: str = "helpwanted") -> str:
    """Returns the ticket of a conversation that ended just now."""
    ended = Conversation(line_id=line, state=states.Conversation.ENDED, answered=True, ended_at=clock.now())
    given = feedback.ticket(ended, now=clock.now())
    assert given
    return given


def waiting() -> list[dict[str, str]]:
    """Returns what waits, as somebody with the keys can read it."""
    told = [answer for row in WaitingAnswer.objects.all() if (answer := batches.opened(row))]
    return sorted(({answer.name.removeprefix("feedback_"): answer.key} for answer in told), key=str)


def gives(answer: str = "yes", many: int = 1) -> None:
    for _ in range(many):
        feedback.give(a_ticket(), {"heard": answer}, now=clock.now())


def counted() -> dict[str, int]:
    return dict(Figure.objects.filter(name="feedback_heard").values_list("key", "value"))


def test_four_answers_wait_without_a_time_and_the_fifth_counts_them_all(helpwanted: Line) -> None:
    gives("yes", 3)
    gives("no")
    assert counted() == {}
    assert waiting() == [{"heard": "no"}, *[{"heard": "yes"}] * 3]
    gives("some")
    assert counted() == {"yes": 3, "no": 1, "some": 1}
    assert not WaitingAnswer.objects.exists()


def test_the_questions_are_counted_apart_and_the_lines_too(helpwanted: Line, stopitnow: Line) -> None:
    gives("yes", 4)
    for _ in range(4):
        feedback.give(a_ticket(), {"knows_on": "yes"}, now=clock.now())
    feedback.give(a_ticket("stopitnow"), {"heard": "yes"}, now=clock.now())
    assert counted() == {}


@pytest.mark.parametrize("answers", [{}, {"heard": "a lot"}, {"name": "yes"}, {"heard": "yes", "x": "yes"}])
def test_what_is_no_answer_is_refused_and_uses_no_ticket_up(
    helpwanted: Line, answers: dict[str, str]
) -> None:
    given = a_ticket()
    with pytest.raises(BadFrame):
        feedback.give(given, answers, now=clock.now())
    feedback.give(given, {"heard": "yes"}, now=clock.now())
    assert waiting() == [{"heard": "yes"}]


# The ticket


def a_talk(carla: Counsellor) -> Caller:
    """Lets Anna talk with Carla."""
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    return anna


def ticket_of(anna: Caller) -> str | None:
    return feedback.ticket(Conversation.objects.get(pk=anna.conversation), now=clock.now())


def resumes(anna: Caller) -> str | None:
    back = coming_back.resume(anna.conversation, anna.opened.token, socket="another", now=clock.now())
    return back.ticket


def test_it_is_given_after_the_end_of_a_talk_and_is_the_same_at_each_coming_back(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna = a_talk(carla)
    assert ticket_of(anna) is None
    endings.leave(anna.seat, now=clock.now())
    first = ticket_of(anna)
    assert first
    assert resumes(anna) == resumes(anna) == first


def test_who_talked_with_nobody_gets_none(helpwanted: Line) -> None:
    anna = a_caller()
    endings.leave(anna.seat, now=clock.now())
    assert resumes(anna) is None


def test_it_answers_each_question_once(helpwanted: Line) -> None:
    given = a_ticket()
    feedback.give(given, {"heard": "no"}, now=clock.now())
    for again in ({"heard": "no"}, {"heard": "yes"}, {"knows_on": "yes", "heard": "yes"}):
        with pytest.raises(NoTicket):
            feedback.give(given, again, now=clock.now())
    feedback.give(given, {"knows_on": "some"}, now=clock.now())
    assert waiting() == [{"heard": "no"}, {"knows_on": "some"}]


def test_a_rival_tab_that_answers_in_between_leaves_one_answer(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, use = a_ticket(), one_use.use

    def rival(what: str, until: Any) -> bool:
        monkeypatch.setattr(one_use, "use", use)
        feedback.give(given, {"heard": "yes"}, now=clock.now())
        return use(what, until)

    monkeypatch.setattr(one_use, "use", rival)
    with pytest.raises(NoTicket):
        feedback.give(given, {"heard": "no"}, now=clock.now())


@pytest.mark.parametrize("given", ["", "a:b", "\ud800", signing.Signer().sign_object(["helpwanted"])])
def test_what_this_server_did_not_give_out_is_none(helpwanted: Line, given: str) -> None:
    with pytest.raises(NoTicket):
        feedback.give(given, {"heard": "yes"}, now=clock.now())
    assert not UsedWork.objects.exists()


def test_it_answers_until_the_day_after_the_end_and_is_given_no_longer(
    helpwanted: Line, carla: Counsellor, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(clock.now().replace(hour=14, minute=0, second=0, microsecond=0), tick=False)
    ended = Conversation(line=helpwanted, state="ended", answered=True, ended_at=clock.now())
    given = a_ticket()
    time_machine.shift(timedelta(hours=33, minutes=59))
    feedback.give(given, {"heard": "yes"}, now=clock.now())
    time_machine.shift(timedelta(minutes=1))
    with pytest.raises(NoTicket):
        feedback.give(given, {"knows_on": "yes"}, now=clock.now())
    assert feedback.ticket(ended, now=clock.now()) is None


def test_what_is_stored_of_it_names_no_conversation_tells_no_time_and_dies(
    helpwanted: Line, carla: Counsellor, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(clock.now().replace(hour=14, minute=7, second=3), tick=False)
    anna = a_talk(carla)
    endings.leave(anna.seat, now=clock.now())
    given = ticket_of(anna)
    assert given
    assert anna.conversation not in signing.b64_decode(given.partition(":")[0].encode()).decode()
    feedback.give(given, {"heard": "yes"}, now=clock.now())
    row = UsedWork.objects.values().get()
    assert set(row) == {"mark", "expires_at"}
    assert row["mark"] not in given
    assert anna.conversation not in row["mark"]
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert row["expires_at"] == midnight + timedelta(days=2)
    time_machine.move_to(midnight + timedelta(days=2))
    Rounds().go(clock.now())
    assert not UsedWork.objects.exists()


def test_an_erased_talk_s_ticket_still_answers_and_nothing_comes_back_of_the_talk(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna = a_talk(carla)
    endings.leave(anna.seat, now=clock.now())
    given = ticket_of(anna)
    assert given
    erasing.erase(anna.seat, now=clock.now())
    feedback.give(given, {"heard": "yes"}, now=clock.now())
    assert waiting() == [{"heard": "yes"}]
    assert not Conversation.objects.exists()


# Over HTTP

ORIGIN = settings.ORIGINS[0]
ANSWERS = {"heard": "yes", "knows_on": "no"}


def posts(body: Any, *, origin: str = ORIGIN, kind: str = "application/json") -> tuple[int, str]:
    sent = body if isinstance(body, str) else json.dumps(body)
    answer = Client().post("/api/feedback/", sent, content_type=kind, headers={"origin": origin})
    assert not answer.cookies
    return answer.status_code, answer.content.decode()


def test_an_answer_with_a_ticket_counts_and_once(helpwanted: Line) -> None:
    given = a_ticket()
    assert posts({"ticket": given} | ANSWERS) == (204, "")
    assert waiting() == [{"heard": "yes"}, {"knows_on": "no"}]
    assert posts({"ticket": given} | ANSWERS) == (403, NoTicket.__doc__)


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"ticket": 7}', '{"heard": "yes"}', "\ud83d", "[" * 9_000]
)
def test_what_is_no_answer_is_refused_in_a_sentence(helpwanted: Line, body: str) -> None:
    status, said = posts(body.encode("utf-8", "replace").decode())
    assert status in {400, 403}
    assert said in {NoTicket.__doc__, BadFrame.__doc__}


def test_without_a_ticket_nothing_counts_nor_from_another_site_or_as_another_form(helpwanted: Line) -> None:
    for _ in range(178):
        assert posts({"line": "helpwanted"} | ANSWERS)[0] == 400
    made_up = {"ticket": "made:up"} | ANSWERS
    assert posts(made_up) == (403, NoTicket.__doc__)
    good = {"ticket": a_ticket()} | ANSWERS
    assert posts(good, origin="https://example.org")[0] == 403
    assert posts(good, kind="text/plain")[0] == 403
    assert not WaitingAnswer.objects.exists()
    assert not Figure.objects.filter(name__startswith="feedback").exists()
    assert posts(good)[0] == 204
