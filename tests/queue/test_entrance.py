"""A place on a line under pressure is earned by work. A quiet line asks for none, and a full one neither."""

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from chat.models import Conversation, Figure, Line, UsedWork
from chat.queue import entrance, rank, signs, tally, work
from helpline.lib import clock, encoding
from helpline.lib.errors import LineClosed, LineFull, UnknownLine, WorkAsked
from tests.support.domain.cast import Counsellor, a_caller
from tests.support.work import solve

PLACES, FREE = 10, 8  # the ninth place has to be earned


@pytest.fixture(autouse=True)
def _ten_places(helpwanted: Line, settings: Settings) -> None:
    settings.QUEUE_MAX, settings.PRESSURE_LEAST, settings.WORK_SCALE = PLACES, 2, 0.005
    tally.forget()


def comes(line: str = "helpwanted", *, answer: str = "", urgency: int = 0) -> str:
    """Lets somebody in. Returns the conversation."""
    opened = entrance.enter(line, "nl", urgency, answer=answer, socket=encoding.new_id(), now=clock.now())
    return opened.seat.conversation


def is_asked(answer: str = "", *, urgency: int = 0) -> str:
    """Lets somebody be asked for work. Returns the challenge."""
    with pytest.raises(WorkAsked) as asked:
        comes(answer=answer, urgency=urgency)
    return str(asked.value.facts["challenge"])


@pytest.fixture
def pressed() -> None:
    """Makes a line on which eight wait."""
    for _ in range(FREE):
        a_caller()


def test_while_a_line_is_quiet_nothing_is_asked() -> None:
    for _ in range(FREE):
        comes()
    assert not Figure.objects.filter(name__startswith="work").exists()


def test_one_who_does_the_work_gets_the_place(pressed: None) -> None:
    conversation = comes(answer=solve(is_asked()))
    assert Conversation.objects.get(pk=conversation).state == "waiting"
    assert rank.waiting("helpwanted").count() == FREE + 1


def test_a_flood_without_work_takes_no_place_and_costs_no_statement(
    pressed: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    is_asked()
    garbage = solve(work.challenge("stopitnow", 20_000, now=clock.now()))
    with django_assert_num_queries(0):
        for answer in ["", "A" * 4_000, garbage] * 30:
            is_asked(answer)
    assert rank.waiting("helpwanted").count() == FREE


def test_used_work_is_answered_with_a_fresh_challenge(pressed: None) -> None:
    first = is_asked()
    answer = solve(first)
    comes(answer=answer)
    assert is_asked(answer) not in {first, answer}


def test_who_says_to_be_acute_moves_ahead_only_with_work(pressed: None) -> None:
    challenge = is_asked(urgency=2)
    acute = comes(answer=solve(challenge), urgency=2)
    assert rank.waiting("helpwanted").order_by("rank").first() == Conversation.objects.get(pk=acute)
    is_asked(urgency=2)


def test_a_full_line_says_so_asks_nothing_and_stores_nothing(
    pressed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = solve(is_asked())
    for _ in range(PLACES - FREE):
        a_caller()
    signs.forget()
    monkeypatch.setattr(work, "challenge", None)
    for given in ("", answer):
        with pytest.raises(LineFull) as full:
            comes(answer=given)
        again = full.value.facts["again"]
        assert isinstance(again, int)
        assert 10 <= again <= 120
    assert rank.waiting("helpwanted").count() == PLACES
    assert not UsedWork.objects.exists()


def test_a_rival_who_took_the_last_place_in_between_leaves_a_full_line(
    pressed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = solve(is_asked())
    a_caller()
    a_caller()
    with pytest.raises(LineFull) as full:
        comes(answer=answer)
    assert "again" in full.value.facts


def test_a_closed_line_and_an_unknown_one_say_that_first(pressed: None, helpwanted: Line) -> None:
    is_asked()
    signs.forget()
    helpwanted.state = Line.State.CLOSED
    helpwanted.save()
    with pytest.raises(LineClosed):
        comes()
    with pytest.raises(UnknownLine):
        comes("nowhere")


def test_a_line_that_is_quiet_again_looks_at_no_work(carla: Counsellor, pressed: None) -> None:
    answer = solve(is_asked())
    for _ in range(4):
        carla.takes_next()
    signs.forget()
    comes(answer=answer)
    assert not UsedWork.objects.exists()


def test_what_was_asked_earned_and_refused_is_counted_in_one_statement(
    pressed: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        is_asked()
    comes(answer=solve(is_asked()))
    comes(answer=solve(is_asked()))
    with pytest.raises(LineFull):
        comes()
    counted = Figure.objects.exclude(name="started")
    assert not counted.exists()
    with django_assert_num_queries(1):
        tally.write(now=clock.now())
    assert dict(counted.values_list("name", "value")) == {"work_asked": 7, "work_earned": 2, "line_full": 1}
    with django_assert_num_queries(0):
        tally.write(now=clock.now())
