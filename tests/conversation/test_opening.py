"""A caller enters the queue."""

import pytest

from chat.conversation import coming_back, endings, quick_exit
from chat.keys import outer
from chat.models import Conversation, Line
from helpline.lib import clock, encoding
from helpline.lib.errors import LineClosed, LineFull, NotFound, TakenOver, UnknownLine
from tests.support.domain.cast import a_caller, a_point, kinds, later


def test_who_starts_waits_and_holds_what_a_browser_needs(helpwanted: Line) -> None:
    anna = a_caller()
    row = Conversation.objects.get()
    assert row.state == "waiting"
    assert kinds(anna.seat) == ["opened"]
    assert len(encoding.decode(anna.conversation)) == 16
    assert len(encoding.decode(anna.seat.member)) == 8
    assert len(anna.opened.shelf) == 32


def test_the_database_keeps_no_token_and_the_shelf_only_under_the_retention_key(helpwanted: Line) -> None:
    anna = a_caller()
    row = Conversation.objects.get()
    assert anna.opened.token.encode() not in bytes(row.token_hash or b"")
    assert anna.opened.shelf not in bytes(row.shelf or b"")
    assert outer.open_shelf(row.shelf, conversation=row.pk, slot=row.slot) == anna.opened.shelf


def test_the_review_seat_sits_down_first_where_the_line_has_a_review_key(helpwanted: Line) -> None:
    helpwanted.review_key = a_point()
    helpwanted.save()
    anna = a_caller()
    assert kinds(anna.seat) == ["opened", "joined"]
    assert anna.opened.review is not None
    assert anna.opened.review.role == "review"


def test_a_closed_line_a_full_queue_and_an_unknown_line_store_nothing(helpwanted: Line) -> None:
    helpwanted.most_waiting = 1
    helpwanted.save()
    a_caller()
    with pytest.raises(LineFull):
        a_caller()
    Line.objects.update(state=Line.State.CLOSED)
    with pytest.raises(LineClosed):
        a_caller()
    with pytest.raises(UnknownLine):
        a_caller("elsewhere")
    assert Conversation.objects.count() == 1


def test_a_token_opens_its_own_conversation_and_no_other(helpwanted: Line) -> None:
    anna, bilal = a_caller(), a_caller()
    for conversation, token in (
        (bilal.conversation, anna.opened.token),
        (encoding.new_id(), anna.opened.token),
        (anna.conversation, encoding.new_id(32)),
    ):
        with pytest.raises(NotFound):
            coming_back.resume(conversation, token, socket="s", now=clock.now())
    resumed = coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now())
    assert resumed.seat.member == anna.seat.member
    assert resumed.shelf == anna.opened.shelf


def test_the_newest_tab_takes_over_and_the_older_one_may_do_nothing(helpwanted: Line) -> None:
    anna = a_caller()
    newer = coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now())
    assert kinds(newer.seat) == ["opened"]
    with pytest.raises(TakenOver):
        kinds(anna.seat)


def test_after_a_quick_exit_the_token_opens_nothing_and_the_shelf_is_gone(helpwanted: Line) -> None:
    anna = a_caller()
    quick_exit.exit_quickly(anna.conversation, "wrong", now=clock.now())
    assert kinds(anna.seat) == ["opened"]
    quick_exit.exit_quickly(anna.conversation, anna.opened.token, now=clock.now())
    with pytest.raises(NotFound):
        coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now())
    assert Conversation.objects.get().shelf is None


def test_a_token_of_zero_bytes_does_not_open_a_conversation_that_was_left_quickly(helpwanted: Line) -> None:
    anna = a_caller()
    quick_exit.exit_quickly(anna.conversation, anna.opened.token, now=clock.now())
    for token in ("", encoding.encode(bytes(32))):
        with pytest.raises(NotFound):
            coming_back.resume(anna.conversation, token, socket="s", now=clock.now())


def test_the_shelf_key_ends_a_quarter_of_an_hour_after_the_conversation(helpwanted: Line) -> None:
    anna = a_caller()
    now = clock.now()
    endings.leave(anna.seat, now=now)
    soon = coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=later(now, 890))
    late = coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=later(now, 901))
    assert soon.state == late.state == "ended"
    assert soon.shelf == anna.opened.shelf
    assert late.shelf is None
