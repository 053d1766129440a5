"""What callers say in two taps is linked to nobody, counted in fives, and bounded by who talked."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from chat.figures import counters, feedback
from chat.models import Figure, Line, WaitingAnswer
from helpline.lib import clock
from helpline.lib.errors import BadFrame, NotFound


def talked(many: int) -> None:
    counters.count(counters.ANSWERED, "", "helpwanted", now=clock.now(), value=many)


def gives(answer: str = "yes", many: int = 1) -> None:
    for _ in range(many):
        feedback.give("helpwanted", {"heard": answer}, now=clock.now())


def counted() -> dict[str, int]:
    return dict(Figure.objects.filter(name="feedback_heard").values_list("key", "value"))


def test_four_answers_wait_without_a_time_and_the_fifth_counts_them_all(helpwanted: Line) -> None:
    talked(10)
    gives("yes", 3)
    gives("no")
    assert counted() == {}
    assert {field.name for field in WaitingAnswer._meta.fields} == {"id", "line", "name", "answer", "value"}
    gives("some")
    assert counted() == {"yes": 3, "no": 1, "some": 1}
    assert not WaitingAnswer.objects.exists()


def test_more_answers_than_conversations_in_a_day_are_thrown_away(helpwanted: Line) -> None:
    talked(5)
    gives("no", 40)
    assert counted() == {"no": 5}
    assert not WaitingAnswer.objects.exists()


def test_the_questions_are_counted_apart_and_the_lines_too(helpwanted: Line, stopitnow: Line) -> None:
    talked(9)
    gives("yes", 4)
    for _ in range(4):
        feedback.give("helpwanted", {"knows_on": "yes"}, now=clock.now())
    feedback.give("stopitnow", {"heard": "yes"}, now=clock.now())
    assert counted() == {}


@pytest.mark.parametrize("answers", [{}, {"heard": "a lot"}, {"name": "yes"}, {"heard": "yes", "x": "yes"}])
def test_what_is_no_answer_is_refused(helpwanted: Line, answers: dict[str, str]) -> None:
    talked(9)
    with pytest.raises(BadFrame):
        feedback.give("helpwanted", answers, now=clock.now())
    with pytest.raises(NotFound):
        feedback.give("elsewhere", {"heard": "yes"}, now=clock.now())


ORIGIN = settings.ORIGINS[0]
BODY = {"line": "helpwanted", "heard": "yes", "knows_on": "no"}


def posts(body: Any, *, origin: str = ORIGIN, kind: str = "application/json") -> int:
    sent = body if isinstance(body, str) else json.dumps(body)
    answer = Client().post("/api/feedback/", sent, content_type=kind, headers={"origin": origin})
    assert not answer.cookies
    return answer.status_code


def test_the_answer_over_http_is_the_same_for_everything_and_only_our_page_counts(helpwanted: Line) -> None:
    talked(9)
    for strange in ("", "[]", "null", '{"line": 7}', '{"line": "helpwanted", "heard": []}', "\ud83d"):
        assert posts(strange.encode("utf-8", "replace").decode()) == 204
    assert posts(BODY, origin="https://example.org") == 204
    assert posts(BODY, kind="text/plain") == 204
    assert not WaitingAnswer.objects.exists()
    assert posts(BODY) == 204
    assert set(WaitingAnswer.objects.values_list("name", "answer")) == {("heard", "yes"), ("knows_on", "no")}
