"""A caller gets from a letter to a chat with one tap: into the queue, out of it, and through to a
counsellor."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from chat import bells
from chat.conversation import coming_back, endings, log, presence
from chat.figures import counters
from chat.letters import talking
from chat.models import Conversation, Entry, Figure, Letter, Line, Member
from chat.queue import rank
from chat.runtime import deadlines
from chat.supervision import staff_devices, work_and_roles
from helpline.lib import clock
from helpline.lib.errors import Conflict, Ended, Gone, LineClosed, LineFull, NotFound
from tests.support.domain.cast import Caller, Counsellor, a_caller, later, says
from tests.support.domain.fixtures import Rung
from tests.support.domain.letters import (
    a_letter,
    answer,
    keeps_code,
    row,
    sent,
    takes_letter,
    writes,
    written,
)


def wants_to_talk(anna: Caller, seconds: float = 0) -> None:
    talking.queue(anna.seat, now=later(clock.now(), seconds))


def test_a_letter_waits_like_a_start_of_now_and_stays_a_letter(post_box: Line, carla: Counsellor) -> None:
    anna, other = sent(), a_caller()
    wants_to_talk(anna)
    assert [pk for pk, *_ in rank.places("helpwanted")] == [other.conversation, anna.conversation]
    assert (row(anna).wire_state, row(anna).is_queued_letter, written(anna)) == ("active", True, "new")
    before = row(anna).rank
    wants_to_talk(anna, 30)
    assert row(anna).rank == before, "again changes nothing"
    with pytest.raises(NotFound):
        takes_letter(carla)  # it waits in the queue and is not offered as a letter


def test_from_a_counsellor_s_first_grant_on_it_is_a_chat_for_good(post_box: Line, carla: Counsellor) -> None:
    anna = sent()
    wants_to_talk(anna)
    seat = carla.takes_next()
    assert written(anna) == "new", "nobody was let in yet"
    anna.grants(history=True)
    assert (row(anna).state, written(anna)) == ("active", "")
    left = Entry.objects.filter(conversation=anna.conversation, kind="left").get()
    letters = Member.objects.get(conversation=anna.conversation, role="letters")
    assert (left.by, left.facts["reason"]) == (letters.pk, "transferred")
    anna.grants()
    says(anna.seat, epoch=row(anna).epoch)
    assert "sent" in [one.entry.kind for one in log.since(seat, 0).entries]
    with pytest.raises(Conflict):
        wants_to_talk(anna)


def test_it_counts_as_a_chat_that_waited_since_its_caller_asked(post_box: Line, carla: Counsellor) -> None:
    now = clock.now()
    anna = sent(now=now)
    assert not Figure.objects.filter(name=counters.STARTED).exists(), "a letter is in no figure of chats"
    talking.queue(anna.seat, now=later(now, 3 * 3600))
    member = carla.takes_next(later(now, 3 * 3600 + 130))
    assert member.conversation == anna.conversation
    anna.grants(later(now, 3 * 3600 + 130))
    waited = Figure.objects.get(name=counters.WAITED)
    assert (waited.key, waited.value) == ("2", 1)
    assert Figure.objects.filter(name=counters.STARTED).count() == 1


def test_a_release_keeps_letter_and_rank(post_box: Line, carla: Counsellor, signed_in: None) -> None:
    now = clock.now()
    anna = sent(now=now)
    talking.queue(anna.seat, now=now)
    before = row(anna).rank
    carla.takes_next(now)
    deadlines.meet(now=later(now, 21))
    assert (row(anna).state, row(anna).rank, written(anna)) == ("waiting", before, "new")
    assert not Entry.objects.filter(conversation=anna.conversation, kind="requeued").exists()


@pytest.mark.parametrize("state", ["taken", "answered"])
def test_it_works_from_a_taken_letter_whose_take_ends_and_from_an_answered_one(
    post_box: Line, carla: Counsellor, state: str
) -> None:
    anna = a_letter()
    asked = writes(anna)
    keeps_code(anna)
    seat = takes_letter(carla)
    if state == "answered":
        answer(seat, asked.seq)
    wants_to_talk(anna)
    assert row(anna).is_queued_letter
    assert written(anna) == ("new" if state == "taken" else "answered")
    with pytest.raises(Gone):
        log.since(seat, 0)


def test_a_draft_and_an_ended_letter_cannot_talk(post_box: Line) -> None:
    draft = a_letter()
    with pytest.raises(Conflict):
        wants_to_talk(draft)
    over = sent()
    endings.end(row(over), "expired", now=clock.now())
    with pytest.raises(Ended):
        wants_to_talk(over)


def test_where_a_start_is_refused_nothing_of_the_letter_changes(post_box: Line) -> None:
    anna = sent()
    before = row(anna).expires_at
    Line.objects.filter(pk="helpwanted").update(state="closed")
    with pytest.raises(LineClosed):
        wants_to_talk(anna)
    Line.objects.filter(pk="helpwanted").update(state="open", most_waiting=0)
    with pytest.raises(LineFull):
        wants_to_talk(anna)
    assert (row(anna).state, row(anna).expires_at) == ("active", before)
    assert Letter.objects.get().chat_at is None


@pytest.mark.parametrize("why", ["away", "closed", "left"])
def test_what_would_end_a_waiting_caller_only_takes_a_letter_out_of_the_queue(
    post_box: Line, every_bell: Rung, why: str, signed_in: None
) -> None:
    now = clock.now()
    anna = sent(now=now)
    talking.queue(anna.seat, now=now)
    if why == "closed":
        Line.objects.filter(pk="helpwanted").update(state="closed", unstaffed_since=now)

    def happens() -> None:
        if why == "left":
            endings.leave(anna.seat, now=later(now, 5))
        else:
            deadlines.meet(now=later(now, 700))

    rang = every_bell(happens)
    assert bells.LeftQueue(anna.conversation) in rang
    assert (row(anna).state, written(anna)) == ("active", "new")
    assert row(anna).expires_at == now + timedelta(days=7)


def test_in_the_queue_it_lasts_as_long_as_a_chat_from_then_and_the_letter_goes_on_after_it(
    post_box: Line, signed_in: None
) -> None:
    now = clock.now()
    anna = sent(now=now)
    talking.queue(anna.seat, now=later(now, 3600))
    assert row(anna).expires_at == later(now, 13 * 3600)
    last_day = later(now, 7 * 24 * 3600 - 3600)
    bilal = sent(now=now)
    talking.queue(bilal.seat, now=last_day)
    assert row(bilal).expires_at == later(last_day, 12 * 3600)
    endings.leave(bilal.seat, now=later(last_day, 2 * 3600))
    deadlines.meet(now=later(last_day, 2 * 3600))
    assert row(bilal).state == "ended", "dropped out after the end of the letter"


@pytest.mark.parametrize("ends_first", ["the queue", "the letter"])
def test_a_caller_who_waited_as_long_as_a_chat_lasts_has_the_letter_still(
    post_box: Line, signed_in: None, ends_first: str
) -> None:
    now = clock.now()
    anna = sent(now=now)
    asked = later(now, 0 if ends_first == "the queue" else 7 * 24 * 3600 - 60)
    talking.queue(anna.seat, now=asked)
    over = later(asked, 12 * 3600)
    presence.renew({anna.socket: over}, now=over)
    deadlines.meet(now=over)
    left = ("active", "new", False) if ends_first == "the queue" else ("ended", "new", False)
    assert (row(anna).state, written(anna), row(anna).is_queued_letter) == left


def test_a_quick_exit_ends_no_letter_while_the_worker_is_down(post_box: Line, signed_in: None) -> None:
    """This holds even if its time in the queue is over, because it is a letter for days."""
    anna = sent()
    wants_to_talk(anna)
    with time_machine.travel(later(clock.now(), 13 * 3600), tick=False):
        endings.leave(anna.seat, now=clock.now())
    assert (row(anna).state, written(anna), row(anna).is_queued_letter) == ("active", "new", False)


def test_a_caller_who_comes_back_by_code_still_waits(post_box: Line) -> None:
    anna = a_letter()
    writes(anna)
    code = keeps_code(anna)
    wants_to_talk(anna)
    back = coming_back.return_by_code("helpwanted", code, socket="phone", now=clock.now())
    assert (back.resumed.queued, back.resumed.state, back.resumed.written) == (True, "active", "new")


def test_a_device_that_is_revoked_loses_the_letter(
    post_box: Line, carla: Counsellor, floor: Counsellor
) -> None:
    anna = sent()
    takes_letter(carla)
    staff_devices.end(carla.device.pk, floor.person, now=clock.now())
    assert written(anna) == "new"


def test_who_no_longer_works_for_the_line_loses_the_letter(post_box: Line, carla: Counsellor) -> None:
    anna = sent()
    takes_letter(carla)
    work_and_roles.take_line(carla.person.handle, "helpwanted", now=clock.now())
    assert written(anna) == "new"


def test_who_signs_out_loses_the_letter(post_box: Line, carla: Counsellor) -> None:
    anna = sent()
    takes_letter(carla)
    deadlines.meet(now=clock.now())
    assert written(anna) == "new"


def test_closing_needs_a_reason_until_the_caller_has_seen_the_answer(
    post_box: Line, carla: Counsellor
) -> None:
    anna = a_letter()
    asked = writes(anna)
    keeps_code(anna)
    seat = takes_letter(carla)
    with pytest.raises(Conflict):
        endings.close(seat, now=clock.now())
    answered = answer(seat, asked.seq)
    seat = takes_letter(carla, of=anna)
    with pytest.raises(Conflict):
        endings.close(seat, now=clock.now())
    log.see(anna.seat, answered.seq)
    endings.close(seat, now=clock.now())
    ended = Entry.objects.get(conversation=anna.conversation, kind="ended")
    assert ended.facts["reason"] == "counsellor"
    bilal = sent()
    endings.close(takes_letter(carla), reason="unserious", now=clock.now())
    assert Conversation.objects.get(pk=bilal.conversation).state == "ended"


def test_a_caller_who_goes_while_a_counsellor_is_not_let_in_yet_has_the_letter_s_own_days_again(
    post_box: Line, carla: Counsellor, signed_in: None
) -> None:
    """Between `next` and the grant the letter is active, with the expiry time of a chat."""
    now = clock.now()
    anna = sent(now=now)
    days = row(anna).expires_at
    talking.queue(anna.seat, now=now)
    carla.takes_next(later(now, 5))
    assert row(anna).expires_at < days
    endings.leave(anna.seat, now=later(now, 10))
    deadlines.meet(now=later(now, 40))
    assert (row(anna).state, written(anna), row(anna).expires_at) == ("active", "new", days)
    assert rank.places("helpwanted") == []
    deadlines.meet(now=now + settings.OPEN_SPAN + timedelta(hours=1))
    assert row(anna).state == "active"


def test_a_chat_s_longest_span_that_ends_before_the_grant_leaves_the_letter_its_days(
    post_box: Line, carla: Counsellor, signed_in: None
) -> None:
    now = clock.now()
    anna = sent(now=now)
    days = row(anna).expires_at
    talking.queue(anna.seat, now=now)
    carla.takes_next(now + settings.OPEN_SPAN - timedelta(seconds=5))
    endings.expire(row(anna), now=now + settings.OPEN_SPAN)
    assert (row(anna).state, row(anna).expires_at) == ("active", days)


def test_whoever_wrote_days_ago_and_waits_since_now_is_not_told_of_the_turns_between(
    post_box: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = sent(now=now)
    served = [a_caller(now=later(now, 60)) for _ in range(12)]
    Conversation.objects.filter(pk__in=[one.conversation for one in served]).update(
        state="active", active_at=later(now, 3600)
    )
    talking.queue(anna.seat, now=later(now, 7200))
    assert rank.served_since("helpwanted") == {anna.conversation: 0}
