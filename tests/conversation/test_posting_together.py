"""Of many boxes in one statement, each gets its own answer, by the same rule as a single box."""

import pytest

from chat.conversation import posting
from chat.conversation.drafts import Draft, Posted
from helpline.lib import clock, encoding
from helpline.lib.errors import Replayed, SlowDown, StaleEpoch
from tests.support.domain.cast import a_box, a_caller, a_counsellor, a_line, kinds

pytestmark = pytest.mark.django_db


def draft(seat: object, epoch: int = 0, message: str | None = None) -> Draft:
    message = message or encoding.new_id()
    return Draft(seat, message, epoch, a_box(seat, epoch=epoch, message=message))  # type: ignore[arg-type]


def test_a_refusal_is_its_own_draft_s_only() -> None:
    a_line()
    anna, bilal = a_caller(), a_caller()
    drafts = [draft(anna.seat), draft(anna.seat, epoch=7), draft(bilal.seat)]
    stored, stale, other = posting.post_all(drafts, now=clock.now())
    assert isinstance(stored, Posted)
    assert isinstance(stale, StaleEpoch)
    assert stale.facts == {"epoch": 0}
    assert isinstance(other, Posted)
    assert kinds(anna.seat) == kinds(bilal.seat) == ["opened", "message"]


def test_two_seats_of_one_conversation_get_numbers_one_after_the_other() -> None:
    carla = a_counsellor("Carla", a_line())
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    first, second = posting.post_all([draft(anna.seat, 1), draft(seat, 1)], now=clock.now())
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert second.seq == first.seq + 1


def test_one_id_twice_in_a_batch_is_stored_once_and_other_bytes_are_replayed() -> None:
    a_line()
    anna = a_caller()
    one = draft(anna.seat)
    again, other = one, draft(anna.seat, message=one.message)
    first, second, third = posting.post_all([one, again, other], now=clock.now())
    assert first == second
    assert third is None, "it is tried alone, and told why"
    with pytest.raises(Replayed):
        posting.post_one(other, now=clock.now())
    assert kinds(anna.seat) == ["opened", "message"]


def test_a_known_id_in_a_batch_leaves_no_hole_in_the_numbers() -> None:
    a_line()
    anna = a_caller()
    known = draft(anna.seat)
    (first,) = posting.post_all([known], now=clock.now())
    assert isinstance(first, Posted)
    again, later = posting.post_all([known, draft(anna.seat)], now=clock.now())
    assert again == first
    assert isinstance(later, Posted)
    assert later.seq == first.seq + 1


def test_the_allowance_is_counted_within_a_batch_too() -> None:
    a_line()
    anna, bilal, now = a_caller(), a_caller(), clock.now()
    drafts = [draft(anna.seat) for _ in range(12)]
    *answers, other = posting.post_all([*drafts, draft(bilal.seat)], now=now)
    numbers = [answer.seq for answer in answers if isinstance(answer, Posted)]
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    assert [type(answer) for answer in answers[10:]] == [SlowDown, SlowDown]
    assert isinstance(other, Posted)
