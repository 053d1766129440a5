"""A seat belongs to its person and device. A seat that one may not see is answered as if it did not exist."""

import pytest

from chat.conversation import seats
from chat.models import Line
from helpline.lib import encoding
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_caller


def test_a_conversation_of_somebody_else_is_not_found_like_one_that_does_not_exist(
    helpwanted: Line, carla: Counsellor, daan: Counsellor, esra: Counsellor
) -> None:
    anna = a_caller()
    carla.takes_next()
    for person in (daan, esra):
        for conversation in (anna.conversation, encoding.new_id()):
            with pytest.raises(NotFound):
                seats.seat_in(conversation, person.person, person.device.pk)


def test_next_gives_no_caller_of_another_line(helpwanted: Line, esra: Counsellor) -> None:
    a_caller()
    with pytest.raises(NotFound):
        esra.takes_next()
    with pytest.raises(NotFound):
        esra.takes_next(line="helpwanted")


def test_a_seat_belongs_to_the_device_that_took_it(helpwanted: Line, carla: Counsellor) -> None:
    a_caller()
    seat = carla.takes_next()
    with pytest.raises(Conflict):
        seats.seat_in(seat.conversation, carla.person, "another device")
