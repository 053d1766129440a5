"""A risk flag is for the line's own people."""

import pytest

from chat.conversation import risk
from chat.conversation.seats import Seat
from chat.models import Member
from helpline.lib.errors import Forbidden
from tests.support.domain.cast import Counsellor, a_caller, kinds


def test_a_flag_is_for_the_line_s_staff_and_supervisors(
    carla: Counsellor, daan: Counsellor, esra: Counsellor, floor: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    risk.flag(seat, 2)
    assert [risk.risk_for(who, anna.conversation) for who in (carla.person, floor.person)] == [2, 2]
    assert [risk.risk_for(who.person, anna.conversation) for who in (daan, esra)] == [None, None]
    assert kinds(anna.seat)[-1] == "granted", "the caller is told nothing"


def test_a_partner_may_not_flag(carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    Member.objects.filter(pk=seat.member).update(role="partner")
    with pytest.raises(Forbidden):
        risk.flag(Seat(seat.conversation, seat.member, "partner"), 1)
