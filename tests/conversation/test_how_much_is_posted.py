"""Nobody can fill a disk: seats have a rate limit, and a conversation has a limit of size."""

import pytest
from pytest_django import Settings

from chat.conversation import endings, posting, risk
from chat.conversation.drafts import Draft, Posted
from chat.models import Conversation, Line
from helpline.lib import clock, encoding
from helpline.lib.errors import HoldsNoMore, SlowDown
from tests.support.domain.cast import Caller, Counsellor, a_box, a_caller, later, says, taken


def full(settings: Settings, anna: Caller, *, entries: int = 0, octets: int = 0) -> None:
    """Leaves room for one more entry in this respect, and not for two."""
    conversation = Conversation.objects.get(pk=anna.conversation)
    settings.CONVERSATION_ENTRIES = conversation.last_seq + 1 if entries else 1000
    settings.CONVERSATION_BYTES = conversation.sealed_bytes + 352 if octets else 10**6


@pytest.mark.parametrize("of", ["entries", "octets"])
def test_a_full_conversation_takes_no_more_messages_and_can_still_be_led_and_ended(
    helpwanted: Line, carla: Counsellor, daan: Counsellor, settings: Settings, of: str
) -> None:
    anna, seat = taken(carla)
    full(settings, anna, **{of: 1})
    says(anna.seat, epoch=1)
    for who in (anna.seat, seat):
        with pytest.raises(HoldsNoMore) as error:
            says(who, epoch=1)
        assert error.value.code == "slow_down"
    anna.grants()
    risk.flag(seat, 2, now=clock.now())
    endings.close(seat, now=clock.now())
    assert Conversation.objects.get(pk=anna.conversation).state == "ended"


def test_a_batch_fills_a_conversation_and_goes_no_further(helpwanted: Line, settings: Settings) -> None:
    anna = a_caller()
    settings.CONVERSATION_BYTES = 3 * 352
    drafts = [a_draft(anna) for _ in range(5)]
    answers = posting.post_all(drafts, now=clock.now())
    assert [type(answer) for answer in answers] == [Posted, Posted, Posted, HoldsNoMore, HoldsNoMore]
    assert Conversation.objects.get(pk=anna.conversation).sealed_bytes == 3 * 352


def test_each_counsellor_has_an_allowance_of_their_own(
    helpwanted: Line, carla: Counsellor, settings: Settings
) -> None:
    settings.STAFF_BURST, settings.STAFF_RATE = 3, 1
    now = clock.now()
    anna, seat = taken(carla, now)
    for _ in range(3):
        says(seat, epoch=1, now=now)
    with pytest.raises(SlowDown):
        says(seat, epoch=1, now=now)
    says(anna.seat, epoch=1, now=now)
    says(seat, epoch=1, now=later(now, 1.01))


def test_notes_count_for_the_same_allowance(helpwanted: Line, carla: Counsellor, settings: Settings) -> None:
    settings.STAFF_BURST, settings.STAFF_RATE = 1, 1
    now = clock.now()
    _, seat = taken(carla, now)
    message = encoding.new_id()
    box = a_box(seat, epoch=1, message=message, kind=3)
    posting.post(seat, message, 1, box, kind="note", now=now)
    with pytest.raises(SlowDown):
        says(seat, epoch=1, now=now)


def a_draft(anna: Caller) -> Draft:
    message = encoding.new_id()
    return Draft(anna.seat, message, 0, a_box(anna.seat, message=message))
