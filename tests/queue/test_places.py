"""A line's places are for those who wait and are connected. Entering takes few statements and a short
lock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.conversation import coming_back, presence
from chat.keys import slots
from chat.models import Conversation, Entry, Figure, Lease, Line, Member
from chat.queue import admission, rank
from helpline.lib import clock
from helpline.lib.errors import LineClosed, LineFull
from tests.support.domain.cast import Counsellor, a_caller, a_point, later, says, state_of
from tests.support.domain.rival import faster

# What entering costs: the rows, and what has to wait for the others' commits.
ROWS, LOCKED = 6, 2


def with_places(line: Line, most: int) -> None:
    line.most_waiting = most
    line.save()


def test_who_is_away_keeps_the_rank_and_not_the_room(helpwanted: Line, carla: Counsellor) -> None:
    with_places(helpwanted, 1)
    anna, now = a_caller(), clock.now()
    says(anna.seat)
    with pytest.raises(LineFull):
        a_caller()
    presence.depart(anna.socket, now=now)
    bilal = a_caller()
    coming_back.resume(anna.conversation, anna.opened.token, socket="anna's", now=later(now, 5))
    assert rank.here("helpwanted") == 2
    with pytest.raises(LineFull):
        a_caller()
    assert carla.takes_next(later(now, 6)).conversation == anna.conversation
    assert state_of(bilal) == "waiting"


def test_a_talk_takes_no_place(helpwanted: Line, carla: Counsellor) -> None:
    with_places(helpwanted, 1)
    anna = a_caller()
    carla.takes_next()
    assert state_of(anna) == "active"
    assert state_of(a_caller()) == "waiting"


def test_who_finds_the_last_place_taken_at_the_end_leaves_nothing_behind(helpwanted: Line) -> None:
    """For two processes at once see tests/faults/processes/test_queue_limit.py."""
    with_places(helpwanted, 1)

    def lower() -> None:
        Line.objects.update(most_waiting=0)

    with faster('INSERT INTO "chat_lease"', lower), pytest.raises(LineFull):
        a_caller()
    assert [model.objects.count() for model in (Conversation, Member, Entry, Lease, Figure)] == [0] * 5


def test_who_comes_while_a_supervisor_closes_the_line_is_told_so(helpwanted: Line) -> None:
    def close() -> None:
        Line.objects.update(state=Line.State.CLOSED)

    with faster('INSERT INTO "chat_lease"', close), pytest.raises(LineClosed):
        a_caller()
    assert not Conversation.objects.exists()


def test_who_comes_in_costs_few_statements_and_the_lock_of_the_line_comes_last(helpwanted: Line) -> None:
    helpwanted.review_key = a_point()
    helpwanted.save()
    slots.forget()  # so that the first one reserves for both, whatever ran before in this process
    a_caller()
    with CaptureQueriesContext(connection) as found:
        a_caller()
    statements = [query["sql"] for query in found]
    begun = next(place for place, sql in enumerate(statements) if sql.startswith("SAVEPOINT"))
    before, (*asked, commit) = statements[:begun], statements[begun + 1 :]
    assert all(sql.startswith("SELECT") for sql in before), "its key is one of many reserved at once"
    assert commit.startswith("RELEASE")  # a test is a transaction, too
    assert not [sql for sql in asked if "SAVEPOINT" in sql]
    assert len(before) + len(asked) <= ROWS + LOCKED
    claim, count = asked[-LOCKED:]
    assert 'FROM "chat_line"' in claim
    assert "COUNT" in count


def test_a_full_line_is_told_without_a_row_or_a_lock(helpwanted: Line) -> None:
    with_places(helpwanted, 0)
    with CaptureQueriesContext(connection) as found, pytest.raises(LineFull):
        admission.find_place("helpwanted", now=clock.now())
    assert not [query for query in found if not query["sql"].startswith("SELECT")]
