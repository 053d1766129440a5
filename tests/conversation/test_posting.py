"""A message is stored once, or refused with the right error."""

import pytest

from chat.conversation import coming_back, endings, posting
from chat.models import Entry, Line
from helpline.lib import clock, encoding
from helpline.lib.errors import BadFrame, Ended, Replayed, SlowDown, StaleEpoch
from tests.support.domain.cast import Counsellor, a_box, a_caller, later, says


def test_the_same_bytes_again_get_the_same_answer_and_stand_once_in_the_log(helpwanted: Line) -> None:
    anna, message = a_caller(), encoding.new_id()
    box = a_box(anna.seat, message=message)
    first = posting.post(anna.seat, message, 0, box, now=clock.now())
    again = posting.post(anna.seat, message, 0, box, now=clock.now())
    assert first == again
    assert Entry.objects.filter(kind="message").count() == 1


def test_other_bytes_under_a_known_id_are_replayed(helpwanted: Line) -> None:
    anna, message = a_caller(), encoding.new_id()
    says(anna.seat, message=message)
    with pytest.raises(Replayed):
        says(anna.seat, message=message)


def test_the_same_bytes_get_the_same_answer_in_an_older_epoch_and_after_the_end(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna, message = a_caller(), encoding.new_id()
    box = a_box(anna.seat, message=message)
    first = posting.post(anna.seat, message, 0, box, now=clock.now())
    carla.takes_next()
    anna.grants()
    assert posting.post(anna.seat, message, 0, box, now=clock.now()) == first
    endings.leave(anna.seat, now=clock.now())
    assert posting.post(anna.seat, message, 0, box, now=clock.now()) == first


def test_nothing_new_is_stored_after_the_end(helpwanted: Line) -> None:
    anna = a_caller()
    endings.leave(anna.seat, now=clock.now())
    with pytest.raises(Ended):
        says(anna.seat)
    assert not Entry.objects.filter(kind="message").exists()


def test_an_epoch_that_is_not_the_present_one_is_stale(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    for epoch in (0, 2):
        with pytest.raises(StaleEpoch) as error:
            says(anna.seat, epoch=epoch)
        assert error.value.facts == {"epoch": 1}
    says(anna.seat, epoch=1)


def test_a_seat_that_the_present_grant_does_not_name_cannot_post(helpwanted: Line, carla: Counsellor) -> None:
    a_caller()
    seat = carla.takes_next()
    with pytest.raises(StaleEpoch):
        says(seat, epoch=0)


def test_a_box_copied_to_another_place_is_refused(helpwanted: Line, carla: Counsellor) -> None:
    anna, bilal = a_caller(), a_caller()
    message = encoding.new_id()
    box = a_box(anna.seat, message=message)
    now = clock.now()
    for seat, identity, epoch in (
        (bilal.seat, message, 0),
        (anna.seat, encoding.new_id(), 0),
        (anna.seat, message, 1),
        (carla.takes_next(), message, 0),
    ):
        with pytest.raises(BadFrame):
            posting.post(seat, identity, epoch, box, now=now)


@pytest.mark.parametrize("size", [0, 351, 353, 400, 8289])
def test_a_box_of_another_length_is_refused(helpwanted: Line, size: int) -> None:
    anna, message = a_caller(), encoding.new_id()
    box = a_box(anna.seat, message=message, size=9000)[:size]
    with pytest.raises(BadFrame):
        posting.post(anna.seat, message, 0, box, now=clock.now())


@pytest.mark.parametrize(("place", "value"), [(0, 2), (1, 2), (2, 0), (2, 3), (2, 4), (2, 6), (3, 1)])
def test_a_caller_s_box_of_another_version_suite_or_kind_is_refused(
    helpwanted: Line, place: int, value: int
) -> None:
    anna, message = a_caller(), encoding.new_id()
    box = bytearray(a_box(anna.seat, message=message))
    box[place] = value
    with pytest.raises(BadFrame):
        posting.post(anna.seat, message, 0, bytes(box), now=clock.now())


def test_a_counsellor_sends_messages_and_briefs_and_no_intake(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    for kind in (1, 4):
        message = encoding.new_id()
        posting.post(seat, message, 1, a_box(seat, epoch=1, message=message, kind=kind), now=clock.now())
    message = encoding.new_id()
    with pytest.raises(BadFrame):
        posting.post(seat, message, 1, a_box(seat, epoch=1, message=message, kind=2), now=clock.now())


def test_a_caller_may_send_ten_at_once_and_then_one_a_second_also_after_reconnecting(
    helpwanted: Line,
) -> None:
    anna, now = a_caller(), clock.now()
    for _ in range(10):
        says(anna.seat, now=now)
    with pytest.raises(SlowDown):
        says(anna.seat, now=now)
    resumed = coming_back.resume(anna.conversation, anna.opened.token, socket="s", now=now)
    with pytest.raises(SlowDown):
        says(resumed.seat, now=now)
    says(resumed.seat, now=later(now, 1.01))
    with pytest.raises(SlowDown):
        says(resumed.seat, now=later(now, 1.02))


def test_between_a_left_and_the_next_grant_the_present_epoch_still_takes_messages(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    endings.close(seat, now=clock.now())
    with pytest.raises(Ended):
        says(anna.seat, epoch=1)
