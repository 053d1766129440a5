"""If a counsellor says that a caller is not serious, the conversation ends, and the line counts it."""

import pytest

from chat.conversation import endings, log
from chat.conversation.seats import Seat, allowed
from chat.figures import counters
from chat.models import Conversation, Entry, Figure, Line, Member
from chat.states import SeatRole
from chat.supervision import audit_trail
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import Ended, Forbidden
from tests.support.domain.cast import Counsellor, a_caller, kinds, state_of, taken


def says_so(seat: Seat) -> None:
    endings.close_as_unserious(seat, now=clock.now())


def remembered(line: str = "helpwanted") -> int:
    return sum(Figure.objects.filter(name=counters.UNSERIOUS, line=line).values_list("value", flat=True))


def test_it_ends_as_a_close_does_and_the_log_says_nothing_more(carla: Counsellor) -> None:
    closed, seat = taken(carla)
    endings.close(seat, now=clock.now())
    anna, seat = taken(carla)
    says_so(seat)
    assert state_of(anna) == "ended"
    assert kinds(anna.seat) == kinds(closed.seat)
    ends = Entry.objects.filter(kind="ended").values_list("facts", flat=True)
    assert [*ends] == [{"reason": "counsellor"}] * 2


def test_the_line_remembers_how_many_and_nothing_of_whom(carla: Counsellor) -> None:
    for _ in range(2):
        says_so(taken(carla)[1])
    assert remembered() == 2
    assert remembered("stopitnow") == 0
    Conversation.objects.all().delete()
    assert remembered() == 2


def test_who_said_so_is_on_record_for_the_line_s_supervisors(carla: Counsellor, floor: Counsellor) -> None:
    anna, seat = taken(carla)
    says_so(seat)
    row = AuditRow.objects.get(action="unserious")
    assert (row.actor, row.subject, row.detail) == (carla.person.handle, anna.recorded_as, "")
    assert (row, carla.person.alias) in audit_trail.trail(floor.person)


def test_only_who_is_in_charge_says_so_and_only_once(carla: Counsellor, daan: Counsellor) -> None:
    anna = a_caller()
    not_let_in = carla.takes_next()
    with pytest.raises(Forbidden):
        says_so(not_let_in)
    anna.grants()
    says_so(not_let_in)
    with pytest.raises(Ended):
        says_so(not_let_in)
    assert remembered() == 1


@pytest.mark.parametrize("with_account", [True, False], ids=["a partner", "a guest"])
def test_who_came_from_another_service_does_not_judge(
    helpwanted: Line, carla: Counsellor, with_account: bool
) -> None:
    _, seat = taken(carla)
    partner = Member.objects.filter(pk=seat.member)
    partner.update(role=SeatRole.PARTNER, **({} if with_account else {"person": None}))
    seat = Seat(seat.conversation, seat.member, SeatRole.PARTNER)
    assert "close" in allowed(seat)
    assert "unserious" not in allowed(seat)
    with pytest.raises(Forbidden):
        says_so(seat)
    assert log.newest(Member.objects.get(pk=seat.member)) > 0
    assert remembered() == 0
