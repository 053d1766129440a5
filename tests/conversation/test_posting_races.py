"""Posting while somebody else changes the seat or the conversation: the post comes after it, and sees it.

Each race is held open: the other action is done and not committed while the statements run.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from chat.conversation import coming_back, departures, endings, posting, posting_sql, quick_exit
from chat.conversation.drafts import Draft
from chat.conversation.seats import Seat
from chat.models import Entry, Member
from chat.retention import purge
from helpline.lib import clock, encoding
from helpline.lib.errors import Ended, Gone, NotFound, Refusal, StaleEpoch, TakenOver
from tests.support.domain.cast import Caller, a_box, a_caller, a_counsellor, a_line, writes_down
from tests.support.domain.rival import beside, until_somebody_waits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


@dataclass
class Talk:
    """Anna and Carla, each with a draft."""

    anna: Caller
    carla: Seat
    hers: Draft
    theirs: Draft


@pytest.fixture
def talk() -> Talk:
    counsellor = a_counsellor("Carla", a_line())
    anna = a_caller()
    seat = counsellor.takes_next()
    anna.grants()
    return Talk(anna, seat, draft(anna.seat), draft(seat))


def exits(talk: Talk) -> None:
    """Leaves by a quick exit, to come back with a code."""
    writes_down(talk.anna)
    quick_exit.exit_quickly(talk.anna.conversation, talk.anna.opened.token, now=clock.now())


def draft(seat: Seat) -> Draft:
    message = encoding.new_id()
    return Draft(seat, message, 1, a_box(seat, epoch=1, message=message))


def race(action: Callable[[], object], of: Draft) -> tuple[object, object]:
    """Returns the reason that the statement gave before the action's end, and what `post_one` answers."""
    now = clock.now()
    with transaction.atomic():
        action()
        # Nothing is locked before it: its snapshot is older than the action, and its lock is newer.
        older = beside(lambda: posting_sql.store([of], now, wait=True)[of.key].word)
        until_somebody_waits(1)
        alone = beside(lambda: posting.post_one(of, now=now))
        until_somebody_waits(2)
        batch = beside(lambda: posting.post_all([of], now=now))
        assert batch() == [None], "in a batch nobody waits"
    return older(), alone()


@pytest.mark.parametrize(
    ("action", "word", "refusal"),
    [
        (lambda talk: departures.expel(talk.carla.member, now=clock.now()), "left", NotFound),
        (lambda talk: talk.anna.grants(), "again", StaleEpoch),
        (lambda talk: endings.leave(talk.anna.seat, now=clock.now()), "again", Ended),
        (
            lambda talk: quick_exit.exit_quickly(
                talk.anna.conversation, talk.anna.opened.token, now=clock.now()
            ),
            "again",
            Ended,
        ),
        (lambda talk: purge.delete([talk.anna.conversation]), "gone", Gone),
    ],
    ids=["the seat leaves", "a grant", "the end", "a quick exit without a code", "the purge"],
)
def test_a_counsellor_s_post_sees_what_was_done_before_it(
    talk: Talk, action: Callable[[Talk], object], word: str, refusal: type[Refusal]
) -> None:
    older, alone = race(lambda: action(talk), talk.theirs)
    assert older == word
    assert type(alone) is refusal
    assert not Entry.objects.filter(kind="message").exists()


@pytest.mark.parametrize(
    ("action", "word", "refusal"),
    [
        (exits, "gone", Gone),
        (
            lambda talk: coming_back.resume(
                talk.anna.conversation, talk.anna.opened.token, socket="another", now=clock.now()
            ),
            "taken_over",
            TakenOver,
        ),
    ],
    ids=["a quick exit with a code", "a newer tab"],
)
def test_a_caller_s_post_sees_what_adds_nothing_to_the_log(
    talk: Talk, action: Callable[[Talk], object], word: str, refusal: type[Refusal]
) -> None:
    older, alone = race(lambda: action(talk), talk.hers)
    assert older == word
    assert type(alone) is refusal
    assert not Entry.objects.filter(kind="message").exists()


def test_a_batch_does_not_wait_for_a_seat_that_somebody_else_is_changing(talk: Talk) -> None:
    with transaction.atomic():
        Member.objects.filter(pk=talk.carla.member).update(seen_seq=1)
        theirs = beside(lambda: posting.post_all([talk.theirs, talk.hers], now=clock.now()))
        answers = theirs()
        assert isinstance(answers, list)
        assert [answer is not None for answer in answers] == [False, True]


def test_the_same_post_at_the_same_moment_is_stored_once_and_answered_alike(talk: Talk) -> None:
    first = []
    older, alone = race(lambda: first.append(posting.post_one(talk.hers, now=clock.now())), talk.hers)
    assert older == "again", "its snapshot does not show the entry"
    assert alone == first[0]
    assert Entry.objects.filter(kind="message").count() == 1


def test_two_posts_at_the_same_moment_get_numbers_one_after_the_other(talk: Talk) -> None:
    race(lambda: posting.post_one(talk.theirs, now=clock.now()), talk.hers)
    numbers = Entry.objects.filter(conversation=talk.anna.conversation).order_by("seq")
    assert [entry.seq for entry in numbers] == list(range(1, len(numbers) + 1))
    assert numbers.filter(kind="message").count() == 2
