"""A code that somebody wrote down opens the same conversation once; nothing else does."""

import hashlib
import secrets

import pytest

from chat.conversation import coming_back, endings, erasing, quick_exit
from chat.keys import slot_files
from chat.models import Conversation, Line, ReturnCode
from chat.retention import purge
from helpline.lib import clock
from helpline.lib.errors import Conflict, Ended, NotFound, TakenOver
from tests.support.domain.cast import (
    BOX,
    Counsellor,
    a_caller,
    a_line,
    comes_back,
    kinds,
    later,
    says,
    taken,
    writes_down,
)
from tests.support.domain.rival import faster

pytestmark = pytest.mark.usefixtures("own_keys")  # some of these end, which a journal records for ever


def test_who_types_the_code_is_in_the_same_conversation_with_what_opens_it(helpwanted: Line) -> None:
    anna = a_caller()
    says(anna.seat)
    code = writes_down(anna)
    back = comes_back(code)
    assert back.resumed.seat.conversation == anna.conversation
    assert (back.resumed.state, back.resumed.seq, back.box) == ("waiting", 2, BOX)
    assert back.token != anna.opened.token
    with pytest.raises(TakenOver):
        says(anna.seat)
    again = coming_back.resume(anna.conversation, back.token, socket="reload", now=clock.now())
    assert again.shelf == back.resumed.shelf
    assert again.shelf != anna.opened.shelf, "what the other device kept stays shut"
    with pytest.raises(NotFound):
        coming_back.resume(anna.conversation, anna.opened.token, socket="old", now=clock.now())


def test_who_comes_back_is_told_what_they_chose_and_not_what_staff_flagged(helpwanted: Line) -> None:
    anna = a_caller()
    Conversation.objects.filter(pk=anna.conversation).update(urgency=1, risk=2)
    back = comes_back(writes_down(anna))
    again = coming_back.resume(anna.conversation, back.token, socket="reload", now=clock.now())
    assert [back.resumed.urgency, again.urgency] == [1, 1]


def test_the_line_s_staff_see_that_somebody_came_back_by_code_and_the_caller_s_own_log_stays_as_it_was(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    code = writes_down(anna)
    before = kinds(anna.seat)
    back = comes_back(code)
    assert kinds(seat)[-1] == "returned"
    assert kinds(back.resumed.seat) == before


def test_a_code_is_used_once_and_opens_its_own_line_only(helpwanted: Line) -> None:
    a_line("stopitnow")
    code = writes_down(a_caller())
    for wrong, line in ((code, "stopitnow"), (code, "elsewhere"), (secrets.token_bytes(32), "helpwanted")):
        with pytest.raises(NotFound):
            comes_back(wrong, line)
    comes_back(code)
    with pytest.raises(NotFound):
        comes_back(code)


def test_who_never_heard_the_answer_asks_again_and_nobody_else_does(helpwanted: Line) -> None:
    anna = a_caller()
    code, browser = writes_down(anna), secrets.token_bytes(32)
    comes_back(code, user=browser)
    for other in (None, secrets.token_bytes(32)):
        with pytest.raises(NotFound):
            comes_back(code, user=other)
    again = comes_back(code, user=browser)
    assert coming_back.resume(anna.conversation, again.token, socket="s", now=clock.now())
    assert browser not in bytes(ReturnCode.objects.get().user or b"")


def test_a_return_is_not_undone_by_an_old_tab_s_exit_or_resume(helpwanted: Line) -> None:
    anna = a_caller()
    code, returned = writes_down(anna), []
    with faster('UPDATE "chat_conversation"', lambda: returned.append(comes_back(code))):
        quick_exit.exit_quickly(anna.conversation, anna.opened.token, now=clock.now())
    assert coming_back.resume(anna.conversation, returned[0].token, socket="s", now=clock.now())
    bilal = a_caller()
    second = writes_down(bilal)
    with (
        faster('UPDATE "chat_conversation"', lambda: comes_back(second)),
        pytest.raises(NotFound),
    ):
        coming_back.resume(bilal.conversation, bilal.opened.token, socket="old", now=clock.now())


def test_of_two_who_type_it_at_once_one_is_in(helpwanted: Line) -> None:
    code = writes_down(a_caller())
    with faster('DELETE FROM "chat_returncode"', lambda: comes_back(code)), pytest.raises(NotFound):
        comes_back(code)


def test_a_new_code_replaces_the_one_before_and_none_is_left_when_it_is_forgotten(helpwanted: Line) -> None:
    anna = a_caller()
    first, second = writes_down(anna), writes_down(anna)
    with pytest.raises(NotFound):
        comes_back(first)
    coming_back.forget_code(anna.seat)
    with pytest.raises(NotFound):
        comes_back(second)


def test_the_same_code_again_brings_what_opens_the_newest_epoch(helpwanted: Line) -> None:
    anna = a_caller()
    code = secrets.token_bytes(32)
    for box in (BOX, BOX + BOX):
        coming_back.keep_code(anna.seat, hashlib.sha256(code).digest(), box, now=clock.now())
    assert comes_back(code).box == BOX + BOX


def test_nobody_keeps_the_code_of_somebody_else(helpwanted: Line) -> None:
    anna, bilal = a_caller(), a_caller()
    code = writes_down(anna)
    with pytest.raises(Conflict):
        coming_back.keep_code(bilal.seat, hashlib.sha256(code).digest(), BOX, now=clock.now())
    assert comes_back(code).resumed.seat.conversation == anna.conversation


def test_after_a_quick_exit_only_the_code_opens_it(helpwanted: Line, carla: Counsellor) -> None:
    anna, _ = taken(carla)
    code = writes_down(anna)
    quick_exit.exit_quickly(anna.conversation, anna.opened.token, now=clock.now())
    with pytest.raises(NotFound):
        coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=clock.now())
    back = comes_back(code)
    assert back.resumed.state == "active"
    assert back.resumed.shelf is not None


def test_after_the_end_no_code_is_kept_any_more_and_one_that_was_still_opens_it(helpwanted: Line) -> None:
    anna = a_caller()
    code = writes_down(anna)
    endings.leave(anna.seat, now=clock.now())
    with pytest.raises(Ended):
        writes_down(anna)
    with pytest.raises(Ended):
        coming_back.forget_code(anna.seat)
    back = comes_back(code, now=later(clock.now(), 1000))
    assert (back.resumed.state, back.resumed.shelf) == ("ended", None)


def test_it_goes_with_the_conversation(helpwanted: Line) -> None:
    anna, bilal = a_caller(), a_caller()
    erased, purged = writes_down(anna), writes_down(bilal)
    erasing.erase(anna.seat, now=clock.now())
    endings.leave(bilal.seat, now=clock.now())
    purge.purge(later(clock.now(), 90_000))
    assert not ReturnCode.objects.exists()
    for code in (erased, purged):
        with pytest.raises(NotFound):
            comes_back(code)


def test_a_copy_of_the_database_opens_nothing_without_the_hour_s_key(helpwanted: Line) -> None:
    anna = a_caller()
    code = writes_down(anna)
    row = ReturnCode.objects.get()
    assert BOX not in bytes(row.sealed)
    assert code != bytes(row.hash)
    slot_files.destroy_until(Conversation.objects.get().purge_at)
    with pytest.raises(NotFound):
        comes_back(code)
