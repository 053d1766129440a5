"""Only the caller's browser lets somebody in."""

import secrets
from dataclasses import replace

import pytest
from pytest_django import Settings

from chat.conversation import coming_back, grants, log
from chat.conversation.grants import Share
from chat.conversation.seats import require_seat
from chat.models import Conversation, Entry, Line, Wrap
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, SlowDown
from tests.support.domain.cast import Counsellor, a_caller, a_point, later


def a_wrap() -> bytes:
    return secrets.token_bytes(113)


def test_a_grant_names_exactly_those_present(helpwanted: Line, carla: Counsellor, daan: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    stranger = Share("AAAAAAAAAAA", 1, a_wrap())
    mine = Share(seat.member, 1, a_wrap())
    for wraps in ([], [stranger], [mine, stranger], [mine, mine]):
        with pytest.raises(Conflict) as error:
            grants.grant(anna.seat, 1, wraps, [], now=clock.now())
        assert error.value.facts == {"epoch": 0, "members": [seat.member]}
    assert grants.grant(anna.seat, 1, [mine], [], now=clock.now()) == 1


def test_the_epoch_is_the_present_one_plus_one_and_of_two_grants_one_wins(helpwanted: Line) -> None:
    anna = a_caller()
    for epoch in (0, 2):
        with pytest.raises(Conflict):
            grants.grant(anna.seat, epoch, [], [], now=clock.now())
    grants.grant(anna.seat, 1, [], [], now=clock.now())
    with pytest.raises(Conflict) as error:
        grants.grant(anna.seat, 1, [], [], now=clock.now())
    assert error.value.facts["epoch"] == 1


def test_the_review_seat_is_named_like_anybody_else(helpwanted: Line) -> None:
    helpwanted.review_key = a_point()
    helpwanted.save()
    anna = a_caller()
    review = anna.opened.review
    assert review is not None
    with pytest.raises(Conflict):
        grants.grant(anna.seat, 1, [], [], now=clock.now())
    grants.grant(anna.seat, 1, [Share(review.pk, 1, a_wrap())], [], now=clock.now())


def test_a_wrap_has_113_bytes(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    for wrap in (b"", bytes(112), bytes(114)):
        with pytest.raises(BadFrame):
            grants.grant(anna.seat, 1, [Share(seat.member, 1, wrap)], [], now=clock.now())


def test_history_is_for_those_present_below_this_epoch_and_each_pair_once(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    mine = [Share(seat.member, 1, a_wrap())]
    good = Share(seat.member, 0, a_wrap())
    for history in ([Share(seat.member, 1, a_wrap())], [good, good], [Share(anna.seat.member, 0, a_wrap())]):
        with pytest.raises(Conflict):
            grants.grant(anna.seat, 1, mine, history, now=clock.now())
    grants.grant(anna.seat, 1, mine, [good], now=clock.now())
    granted = log.since(seat, 0).entries[-1]
    assert granted.wrap == mine[0].wrap
    assert granted.history == ((0, good.wrap),)


def test_a_wrap_is_stored_under_the_retention_key_and_sent_to_its_own_seat_only(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    wrap = a_wrap()
    grants.grant(anna.seat, 1, [Share(seat.member, 1, wrap)], [], now=clock.now())
    assert wrap not in bytes(Wrap.objects.get().sealed)
    assert log.since(seat, 0).entries[-1].wrap == wrap
    seen_by_anna = log.since(anna.seat, 0).entries[-1]
    assert not seen_by_anna.named
    assert seen_by_anna.wrap is None


def test_a_new_key_without_a_change_is_allowed(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    assert [anna.grants(), anna.grants(), anna.grants()] == [1, 2, 3]
    assert require_seat(seat).epoch == 3


def test_a_seat_past_its_twenty_seconds_is_let_in_no_more(helpwanted: Line, carla: Counsellor) -> None:
    anna, now = a_caller(), clock.now()
    seat = carla.takes_next(now)
    with pytest.raises(Conflict) as error:
        anna.grants(later(now, 20))
    assert error.value.facts == {"epoch": 0, "members": []}
    assert not require_seat(seat).is_granted


# A caller's page that grants by the thousand


def test_a_thousand_grants_fill_no_table_the_conversation_has_an_allowance(
    helpwanted: Line, carla: Counsellor, settings: Settings
) -> None:
    settings.GRANT_BURST, settings.GRANT_RATE = 30, 1
    now = clock.now()
    anna = a_caller(now=now)
    carla.takes_next(now)
    refused = 0
    for number in range(1000):
        try:
            anna.grants(later(now, number / 500))
        except SlowDown:
            refused += 1
    assert Wrap.objects.count() == Conversation.objects.get().epoch == 1000 - refused <= 33
    assert Entry.objects.filter(kind="granted").count() == 1000 - refused


def test_who_comes_back_finds_the_same_allowance_and_it_grows_by_one_a_second(
    helpwanted: Line, carla: Counsellor, settings: Settings
) -> None:
    settings.GRANT_BURST, settings.GRANT_RATE = 2, 1
    now = clock.now()
    anna = a_caller(now=now)
    carla.takes_next(now)
    for _ in range(2):
        anna.grants(now)
    resumed = coming_back.resume(anna.conversation, anna.opened.token, socket="another tab", now=now)
    anna.opened = replace(anna.opened, seat=resumed.seat)
    with pytest.raises(SlowDown):
        anna.grants(now)
    anna.grants(later(now, 1))
    with pytest.raises(SlowDown):
        anna.grants(later(now, 1))


def test_a_grant_that_does_not_fit_says_what_would_and_costs_nothing_of_the_allowance(
    helpwanted: Line, carla: Counsellor, settings: Settings
) -> None:
    settings.GRANT_BURST, settings.GRANT_RATE = 1, 1
    now = clock.now()
    anna = a_caller(now=now)
    carla.takes_next(now)
    for _ in range(5):
        with pytest.raises(Conflict):
            grants.grant(anna.seat, 1, [], [], now=now)
    assert anna.grants(now) == 1


def test_a_grant_that_leaves_out_a_seat_past_its_time_waits_until_it_has_left(
    helpwanted: Line, carla: Counsellor
) -> None:
    """The entry would name nobody, and the worker's own entry would follow it, so that the page would read
    two reasons."""
    anna, now = a_caller(), clock.now()
    carla.takes_next(now)
    with pytest.raises(Conflict) as error:
        grants.grant(anna.seat, 1, [], [], now=later(now, 20))
    assert error.value.facts == {"epoch": 0, "members": []}
    assert Conversation.objects.get().epoch == 0
