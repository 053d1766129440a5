"""Only the line's own people see a risk flag."""

import pytest

from chat.conversation import risk
from chat.conversation.seats import Seat
from chat.models import Line, Member
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import Conflict, Forbidden, NotFound
from tests.support.domain.cast import Counsellor, a_caller, kinds
from tests.support.domain.supervisors import a_supervisor


def test_a_flag_is_for_the_line_s_staff_and_supervisors(
    carla: Counsellor, daan: Counsellor, esra: Counsellor, floor: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    risk.flag(seat, 2, now=clock.now())
    assert [risk.risk_for(who, anna.conversation) for who in (carla.person, floor.person)] == [(2, False)] * 2
    assert [risk.risk_for(who.person, anna.conversation) for who in (daan, esra)] == [None, None]
    assert kinds(anna.seat)[-1] == "granted", "the caller is told nothing"


def test_a_partner_may_not_flag(carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    Member.objects.filter(pk=seat.member).update(role="partner")
    with pytest.raises(Forbidden):
        risk.flag(Seat(seat.conversation, seat.member, "partner"), 1, now=clock.now())


def test_a_supervisor_of_the_line_has_seen_it_once_and_a_change_is_news_again(
    helpwanted: Line, stopitnow: Line, carla: Counsellor, floor: Counsellor
) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    now = clock.now()
    with pytest.raises(Conflict):
        risk.acknowledge(floor.person, anna.conversation, now=now)
    risk.flag(seat, 2, now=clock.now())
    with pytest.raises(NotFound):
        risk.acknowledge(a_supervisor("Elders", stopitnow).person, anna.conversation, now=now)
    risk.acknowledge(floor.person, anna.conversation, now=now)
    assert risk.risk_for(carla.person, anna.conversation) == (2, True)
    assert AuditRow.objects.filter(action="flag_seen", subject=anna.recorded_as).count() == 1
    with pytest.raises(Conflict):
        risk.acknowledge(floor.person, anna.conversation, now=now)
    risk.flag(seat, 2, now=clock.now())
    assert risk.risk_for(carla.person, anna.conversation) == (2, True), "said once more is no news"
    risk.flag(seat, 1, now=clock.now())
    assert risk.risk_for(floor.person, anna.conversation) == (1, False)
