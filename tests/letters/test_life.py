"""A letter is a draft, sent, taken, answered, continued, and ended."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chat.conversation import coming_back, endings, log, quick_exit
from chat.letters import answers, takes, talking
from chat.letters.conditions import NoLetters
from chat.letters.writing import WaitForTheAnswer
from chat.models import Conversation, Entry, Figure, Lease, Letter, Line
from chat.runtime import deadlines
from chat.supervision import work_and_roles
from counsellors.models import Duty
from helpline.lib import clock
from helpline.lib.errors import Conflict, Gone, NotFound, StaleEpoch
from tests.support.domain.cast import Caller, Counsellor, a_counsellor, later
from tests.support.domain.certifying import Installation
from tests.support.domain.letters import (
    a_letter,
    an_answer,
    answer,
    keeps_code,
    row,
    sent,
    takes_letter,
    writes,
    written,
)

HOUR = 3600


def kinds(anna: Caller) -> list[str]:
    """Returns the kinds of all entries, also those that the caller is not sent."""
    rows = Entry.objects.filter(conversation=anna.conversation).order_by("seq")
    return list(rows.values_list("kind", flat=True))


def due(anna: Caller) -> object:
    return Letter.objects.get(pk=anna.conversation).due_at


def test_the_keys_of_the_line_sit_first_and_the_letters_seat_has_no_alias(post_box: Line) -> None:
    anna = a_letter()
    assert kinds(anna) == ["opened", "joined", "joined", "granted"]
    assert anna.opened.letters is not None
    assert (anna.opened.letters.role, anna.opened.letters.alias) == ("letters", "")
    assert bytes(anna.opened.letters.key or b"") == bytes(post_box.letters_key or b"")
    assert (row(anna).state, written(anna)) == ("active", "draft")


@pytest.mark.parametrize("first", ["message", "code"])
def test_a_letter_is_sent_once_both_a_message_and_a_code_are_stored(post_box: Line, first: str) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    one, two = (writes, keeps_code) if first == "message" else (keeps_code, writes)
    one(anna, now=now)
    assert written(anna) == "draft"
    two(anna, now=now)
    assert written(anna) == "new"
    assert due(anna) == now + timedelta(hours=24)
    assert kinds(anna)[-1] == "sent"


def test_an_intake_alone_sends_nothing(post_box: Line) -> None:
    anna = a_letter()
    keeps_code(anna)
    writes(anna, kind=2)
    assert written(anna) == "draft"


def test_whoever_works_next_answers_and_the_caller_reads_it_by_code_as_often_as_wanted(
    post_box: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    asked = writes(anna, now=now)
    code = keeps_code(anna, now)
    seat = takes_letter(carla, now=later(now, 60))
    assert written(anna) == "taken"
    answer(seat, asked.seq, now=later(now, 120))
    assert (written(anna), due(anna)) == ("answered", None)
    assert kinds(anna)[-3:] == ["taken", "message", "answered"]
    for minute in (3, 4, 15):
        back = coming_back.return_by_code(
            "helpwanted", code, socket=f"phone {minute}", now=later(now, 60 * minute)
        )
        assert back.resumed.written == "answered"
    assert kinds(anna).count("returned") == 2, "once in ten minutes"
    with pytest.raises(Gone):
        log.since(seat, 0)


def test_the_taker_alone_reads_it_and_only_while_the_take_lasts(
    post_box: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna = sent()
    seat = takes_letter(carla)
    assert "message" in [one.entry.kind for one in log.since(seat, 0).entries]
    with pytest.raises(NotFound):
        takes_letter(daan)
    takes.give_back(seat, now=clock.now())
    assert written(anna) == "new"
    with pytest.raises(Gone):
        log.since(seat, 0)
    with pytest.raises(NotFound, match="not_found"):
        takes_letter(carla)  # a letter that was given back is not offered to the same person for a day
    assert takes_letter(daan).conversation == anna.conversation


def test_acute_letters_come_first_and_then_the_smallest_promise(
    post_box: Line, carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    first, second = sent(now=now), sent(now=later(now, 1))
    acute = sent(now=later(now, 2), urgency=2)
    order = [takes_letter(who).conversation for who in (carla, carla, daan)]
    assert order == [acute.conversation, first.conversation, second.conversation]


def test_who_has_two_letters_gets_no_third(post_box: Line, carla: Counsellor) -> None:
    for _ in range(3):
        sent()
    takes_letter(carla)
    takes_letter(carla)
    with pytest.raises(takes.EnoughLetters):
        takes_letter(carla)


def test_who_gave_three_back_today_gets_no_other(post_box: Line, carla: Counsellor) -> None:
    for _ in range(4):
        sent()
    for _ in range(3):
        takes.give_back(takes_letter(carla), now=clock.now())
    with pytest.raises(takes.GaveBackEnough):
        takes_letter(carla)


def test_a_device_without_a_share_is_offered_nothing(
    post_box: Line, installation: Installation, floor: Counsellor
) -> None:
    sent()
    newcomer = a_counsellor("Gijs", post_box)
    installation.certifies(floor, newcomer.device)
    with pytest.raises(NotFound):
        takes_letter(newcomer)


def test_writing_back_promises_anew_from_then_and_only_to_the_letter_s_end(
    post_box: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    asked = writes(anna, now=now)
    keeps_code(anna, now)
    answer(takes_letter(carla, now=now), asked.seq, now=later(now, HOUR))
    writes(anna, now=later(now, 2 * HOUR))
    assert written(anna) == "new"
    assert due(anna) == later(now, 26 * HOUR)
    writes(anna, now=later(now, 3 * HOUR))
    assert due(anna) == later(now, 26 * HOUR), "a promise never moves"
    assert kinds(anna).count("sent") == 2


def test_an_answer_to_the_first_of_two_messages_leaves_the_letter_new_from_the_second(
    post_box: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    first = writes(anna, now=now)
    keeps_code(anna, now)
    second = writes(anna, now=later(now, HOUR))
    seat = takes_letter(carla, now=later(now, 2 * HOUR))
    answer(seat, first.seq, now=later(now, 3 * HOUR))
    assert written(anna) == "new"
    assert due(anna) == later(now, 25 * HOUR)
    again = takes_letter(carla, now=later(now, 4 * HOUR))
    for no in (first.seq, second.seq + 1, 0):
        with pytest.raises(answers.NothingToAnswer):
            answer(again, no, now=later(now, 4 * HOUR))
    answer(again, second.seq, now=later(now, 4 * HOUR))
    assert written(anna) == "answered"


def test_a_take_without_a_word_of_its_taker_ends_and_a_late_answer_counts_while_nobody_else_has_it(
    post_box: Line, carla: Counsellor, signed_in: None
) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    asked = writes(anna, now=now)
    keeps_code(anna, now)
    seat = takes_letter(carla, now=now)
    takes.hear(seat, now=later(now, 1800))
    deadlines.meet(now=later(now, 3700))
    assert written(anna) == "taken"
    deadlines.meet(now=later(now, 1800 + 3601))
    assert written(anna) == "new"
    answer(seat, asked.seq, now=later(now, 7000))
    assert written(anna) == "answered"


def test_a_late_answer_after_somebody_else_took_it_is_refused(
    post_box: Line, carla: Counsellor, daan: Counsellor, signed_in: None
) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    asked = writes(anna, now=now)
    keeps_code(anna, now)
    seat = takes_letter(carla, now=now)
    deadlines.meet(now=later(now, 3601))
    takes_letter(daan, now=later(now, 3602))
    with pytest.raises(NotFound):
        answer(seat, asked.seq, now=later(now, 3603))
    assert written(anna) == "taken"


def test_the_same_answer_again_gets_the_same_ok_and_is_stored_once(post_box: Line, carla: Counsellor) -> None:
    anna = a_letter()
    asked = writes(anna)
    keeps_code(anna)
    seat = takes_letter(carla)
    draft = an_answer(seat)
    first = answers.post(draft, answers=asked.seq, now=clock.now())
    assert answers.post(draft, answers=asked.seq, now=clock.now()) == first
    assert kinds(anna).count("answered") == 1


def test_who_answered_may_take_it_again_to_add_something_and_gives_it_back_answered(
    post_box: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna = a_letter()
    asked = writes(anna)
    keeps_code(anna)
    answer(takes_letter(carla), asked.seq)
    with pytest.raises(NotFound):
        takes_letter(daan, of=anna)
    seat = takes_letter(carla, of=anna)
    answer(seat, None)
    takes.give_back(seat, now=clock.now())
    assert (written(anna), due(anna)) == ("answered", None)


def test_ten_messages_between_two_answers_are_enough(post_box: Line, carla: Counsellor) -> None:
    now = clock.now()
    anna = sent(now=now)
    for second in range(9):
        last = writes(anna, now=later(now, second))
    with pytest.raises(WaitForTheAnswer):
        writes(anna, now=later(now, 20))
    writes(anna, kind=2, now=later(now, 21))
    answer(takes_letter(carla), last.seq)
    writes(anna, now=later(now, 30))


def test_a_letter_s_code_is_never_forgotten_and_a_replaced_one_tells_when(post_box: Line) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    writes(anna, now=now)
    old = keeps_code(anna, now)
    with pytest.raises(Conflict):
        coming_back.forget_code(anna.seat)
    keeps_code(anna, later(now, 60))
    with pytest.raises(Conflict) as refused:
        coming_back.return_by_code("helpwanted", old, socket="phone", now=later(now, 90))
    assert refused.value.facts == {"at": clock.stamp(later(now, 60))}


def test_in_an_epoch_without_the_letters_seat_nothing_is_stored(post_box: Line) -> None:
    anna = a_letter(grants=False)
    with pytest.raises(StaleEpoch):
        writes(anna)
    anna.grants()
    writes(anna)
    Conversation.objects.filter(pk=anna.conversation).update(epoch=2)
    with pytest.raises(StaleEpoch):
        writes(anna)


@pytest.mark.parametrize("way", ["leave", "quick exit"])
def test_leaving_ends_a_draft_and_closes_the_tab_of_a_letter_that_was_sent(post_box: Line, way: str) -> None:
    def goes(anna: Caller) -> None:
        if way == "leave":
            endings.leave(anna.seat, now=clock.now())
        else:
            quick_exit.exit_quickly(anna.conversation, anna.opened.token, now=clock.now())

    draft, letter = a_letter(), a_letter()
    writes(letter)
    code = keeps_code(letter)
    goes(draft)
    goes(letter)
    assert (row(draft).state, row(letter).state) == ("ended", "active")
    assert (row(letter).token_hash, row(letter).shelf) == (None, None)
    back = coming_back.return_by_code("helpwanted", code, socket="phone", now=clock.now())
    assert back.resumed.written == "new"


def test_an_absent_caller_and_no_staff_change_nothing_of_a_letter(post_box: Line, signed_in: None) -> None:
    now = clock.now()
    anna = sent(now=now)
    draft = a_letter(now=now)
    deadlines.meet(now=later(now, 6 * HOUR))
    assert (row(anna).state, written(anna)) == ("active", "new")
    assert row(draft).state == "ended"
    deadlines.meet(now=later(now, 7 * 24 * HOUR))
    assert row(anna).state == "ended"


def test_for_letters_that_lie_the_worker_need_not_be_awake_but_for_one_that_is_being_written(
    post_box: Line,
) -> None:
    Duty.objects.all().delete()
    sent()
    Lease.objects.all().delete()
    assert not deadlines.somebody_is_there()
    a_letter()
    Lease.objects.all().delete()
    assert deadlines.somebody_is_there()


def test_a_line_that_lacks_something_takes_no_letter(post_box: Line) -> None:
    some: tuple[dict[str, Any], ...] = (
        {"letters": "never"},
        {"letters_key": None},
        {"alert_mail": ""},
        {"people_of_the_day": []},
    )
    for lacks in some:
        whole = {name: getattr(post_box, name) for name in lacks}
        Line.objects.filter(pk="helpwanted").update(**lacks)
        with pytest.raises(NoLetters):
            a_letter()
        Line.objects.filter(pk="helpwanted").update(**whole)
    a_letter()


def test_where_letters_are_for_closing_time_an_open_line_takes_none(post_box: Line) -> None:
    Line.objects.filter(pk="helpwanted").update(letters="closed")
    with pytest.raises(NoLetters):
        a_letter()
    Line.objects.filter(pk="helpwanted").update(state="closed")
    a_letter()


def test_letters_and_the_time_that_their_answers_take_are_counted_apart_from_chats(
    post_box: Line, carla: Counsellor
) -> None:
    now = clock.now()
    for wait in (0, 25 * HOUR):  # the promise is 24 hours
        anna = sent(now=now)
        seat = takes_letter(carla, now=later(now, wait))
        posted = Entry.objects.get(conversation=anna.conversation, kind="message")
        answer(seat, posted.seq, now=later(now, wait + 19 * 60))
    found: Counter[tuple[str, str]] = Counter()
    for name, key, value in Figure.objects.values_list("name", "key", "value"):
        found[name, key] += value
    assert found == {
        ("letters", "sent"): 2, ("letters", "answered"): 2, ("letters", "in_time"): 1,
        ("letter_minutes", "19"): 2,
    }  # fmt: skip


def test_a_person_who_was_taken_off_the_line_answers_no_letter_late(
    post_box: Line, carla: Counsellor, floor: Counsellor, signed_in: None
) -> None:
    """Whoever was silent for an hour may still answer, but not in the name of a line that they left."""
    now = clock.now()
    anna = a_letter(now=now)
    asked = writes(anna, now=now)
    keeps_code(anna, now)
    seat = takes_letter(carla, now=now)
    deadlines.meet(now=later(now, 3661))
    assert written(anna) == "new"
    takes.end_of_person(carla.person, ["helpwanted"])
    with pytest.raises(NotFound):
        answer(seat, asked.seq, now=later(now, 3700))


def test_who_is_no_counsellor_any_more_has_no_letter(
    post_box: Line, carla: Counsellor, floor: Counsellor, signed_in: None
) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    asked = writes(anna, now=now)
    keeps_code(anna, now)
    seat = takes_letter(carla, now=now)
    work_and_roles.take_role(carla.person.handle, "counsellor", now=now)
    assert written(anna) == "new"
    with pytest.raises(NotFound):
        answer(seat, asked.seq, now=later(now, 60))


def test_an_answered_letter_whose_caller_is_about_to_be_let_in_is_taken_by_nobody(
    post_box: Line, carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    anna = a_letter(now=now)
    asked = writes(anna, now=now)
    keeps_code(anna, now)
    answer(takes_letter(carla, now=now), asked.seq, now=now)
    talking.queue(anna.seat, now=now)
    daan.takes_next(later(now, 1))
    with pytest.raises(NotFound):
        takes_letter(carla, of=anna, now=later(now, 2))
