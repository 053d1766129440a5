"""Waiting callers are told their place and minutes, which a process computes once and sends when they
change."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import bells, protocol
from chat.consumers import queue_news
from chat.consumers.queue_news import _LineNews
from chat.figures import counters
from chat.models import Conversation, Figure, Line
from chat.queue import estimates, rank
from chat.queue.estimates import Range, Recent, Slot
from chat.runtime import deadlines
from counsellors import duty
from helpline.lib import clock
from tests.support.domain.cast import Caller, Counsellor, a_caller
from tests.support.domain.fixtures import Rung


class Tab:
    """Represents a caller's socket, as far as queue news needs it."""

    opened = True

    def __init__(self) -> None:
        self.frames: list[protocol.CallerQueueOut] = []

    async def write(self, frame: protocol.CallerQueueOut) -> None:
        self.frames.append(frame)


@pytest.fixture
def news(helpwanted: object, monkeypatch: pytest.MonkeyPatch) -> _LineNews:
    async def at_once(work: Callable[..., Any], *facts: object) -> Any:
        return work(*facts)

    monkeypatch.setattr(queue_news, "in_database", at_once)
    return _LineNews("helpwanted")


def tell(news: _LineNews) -> None:
    """Sends the news without a loop, so that it uses this test's own connection."""
    telling = news.tell()
    with contextlib.suppress(StopIteration):
        while True:  # other tasks run in between
            telling.send(None)


def waits(news: _LineNews) -> tuple[Caller, Tab]:
    caller, tab = a_caller(), Tab()
    news.waiting[caller.conversation] = tab  # type: ignore[assignment]
    return caller, tab


@pytest.fixture
def known(carla: Counsellor) -> None:
    """Makes enough known conversations: half an hour each, and one slot."""
    duty.change(carla.person, "on", 1, now=clock.now())
    counters.count(counters.HANDLING, "30", "helpwanted", now=clock.now(), value=10)


def test_each_is_told_the_minutes_of_its_place_once(news: _LineNews, known: None) -> None:
    tabs = [waits(news)[1] for _ in range(12)]
    tell(news)
    tell(news)
    frames = [frame for tab in tabs for frame in tab.frames]
    assert [frame.ahead for frame in frames] == [*range(11), 15]
    assert frames[0].minutes == (0, 2)
    assert frames[1].minutes == (30, 35)
    assert frames[11].minutes is None, "more than two hours: nobody knows"


def test_a_crowd_s_news_leave_others_as_much_time_as_they_take(
    news: _LineNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([100.0, 103.0, 200.0, 200.2])
    monkeypatch.setattr(queue_news, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    tell(news)
    assert news.again_at == 106.0
    tell(news)
    assert news.again_at == pytest.approx(201.0)


def test_who_moves_up_is_told_so(news: _LineNews, known: None, carla: Counsellor) -> None:
    waits(news)
    _, tab = waits(news)
    tell(news)
    carla.takes_next()
    estimates.forget()
    tell(news)
    assert [(frame.ahead, frame.minutes) for frame in tab.frames] == [(1, (30, 35)), (0, (30, 35))]


def comes_to_their_turn(seconds: int = 0) -> Caller:
    caller, at = a_caller(), clock.now() + timedelta(seconds=seconds)
    Conversation.objects.filter(pk=caller.conversation).update(state="active", active_at=at)
    return caller


def test_who_waits_is_told_how_many_came_to_their_turn_since(news: _LineNews, known: None) -> None:
    """Those who came before, and those who are back in the queue, are not counted."""
    comes_to_their_turn(-5)
    _, tab = waits(news)
    tell(news)
    first = comes_to_their_turn(5)
    tell(news)
    Conversation.objects.filter(pk=first.conversation).update(state="waiting")
    tell(news)
    assert [frame.served for frame in tab.frames if frame.ahead == 0] == [0, 1, 0]


def test_many_who_were_served_are_told_by_fives(news: _LineNews, known: None) -> None:
    _, tab = waits(news)
    for number in range(1, 14):
        comes_to_their_turn(number)
        tell(news)
    assert [frame.served for frame in tab.frames] == [*range(1, 11)]


def test_a_wait_that_may_pass_an_hour_is_told_as_one(news: _LineNews, known: None) -> None:
    """Each takes half an hour, so the third may wait longer. If nothing is known, nothing is said."""
    tabs = [waits(news)[1] for _ in range(3)]
    tell(news)
    assert [tab.frames[-1].long for tab in tabs] == [False, False, True]
    Figure.objects.all().delete()
    estimates.forget()
    tell(news)
    assert [(tab.frames[-1].minutes, tab.frames[-1].long) for tab in tabs] == [(None, False)] * 3


def test_a_crowd_costs_one_computation_and_as_many_queries_as_one_caller(
    news: _LineNews, known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    curve_of = estimates.curve_of

    def counted(recent: Recent, slots: Sequence[Slot]) -> list[Range | None]:
        made.append(recent)
        return curve_of(recent, slots)

    monkeypatch.setattr(estimates, "curve_of", counted)
    costs = []
    for crowd in (1, 20):
        for _ in range(crowd):
            waits(news)
        made.clear()
        estimates.forget()
        with CaptureQueriesContext(connection) as asked:
            tell(news)
        costs.append((len(made), len(asked)))
    assert costs == [(1, costs[0][1])] * 2


def test_while_nobody_waits_nothing_is_computed(
    news: _LineNews, known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(estimates, "curve_of")
    tell(news)
    assert rank.places("helpwanted") == []


def test_who_waits_on_a_line_that_closed_is_told_and_when_nobody_is_there_until_when(
    news: _LineNews, carla: Counsellor
) -> None:
    _, tab = waits(news)
    now = clock.now()
    tell(news)
    Line.objects.update(state=Line.State.CLOSED)
    deadlines.meet(now=now)
    tell(news)
    duty.change(carla.person, "off", 1, now=now)
    deadlines.meet(now=now)
    tell(news)
    Line.objects.update(state=Line.State.OPEN)
    tell(news)
    places = [frame for frame in tab.frames if isinstance(frame, protocol.CallerQueueOut)]
    until = clock.stamp(now + settings.CLOSING)
    assert [(frame.closed, frame.until) for frame in places] == [
        (False, None),
        (True, None),
        (True, until),
        (False, None),
    ]


def test_who_waits_on_a_closed_line_is_not_kept_longer_because_the_clock_was_set_back(
    carla: Counsellor, helpwanted: object
) -> None:
    now = clock.now()
    a_caller(now=now)
    Line.objects.update(state=Line.State.CLOSED, unstaffed_since=now + timedelta(hours=6))
    duty.change(carla.person, "off", 1, now=now)
    deadlines.meet(now=now)
    assert Line.objects.get(pk="helpwanted").unstaffed_since == now


def test_whoever_waits_hears_at_once_that_the_last_counsellor_of_a_closed_line_left(
    carla: Counsellor, helpwanted: object, rung: Rung
) -> None:
    Line.objects.update(state=Line.State.CLOSED)
    duty.change(carla.person, "off", 1, now=clock.now())
    assert bells.QueueChanged("helpwanted") in rung(lambda: deadlines.meet(now=clock.now()))
