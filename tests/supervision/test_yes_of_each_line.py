"""Nobody becomes supervisor of a line unless somebody of that line confirms it."""

import pytest

from chat.models import ApprovalRequest, Line, Work
from chat.supervision import needs_approval, staff_people
from chat.supervision.approval_requests import NobodyOfAll
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support import admin_pages
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.usefixtures("all_long_there")


@pytest.fixture
def ilse(db: None) -> Person:
    return admin_pages.ilse()


def power(by: Person, to: Counsellor) -> ApprovalRequest:
    approval = needs_approval.give_role(by, to.person.handle, "supervisor", now=clock.now())
    assert approval is not None
    assert approval.waits
    return approval


def gives_line(by: Person, to: Counsellor, line: str) -> None:
    needs_approval.give_line(by, to.person.handle, line, now=clock.now())


def works_also(who: Counsellor, line: str) -> None:
    Work.objects.create(person=who.person, line_id=line)


def roles_of(who: Counsellor) -> list[str]:
    return Person.objects.get(pk=who.person.pk).roles


def test_a_line_that_is_given_meanwhile_withdraws_the_request_for_power(
    ilse: Person, carla: Counsellor, floor: Counsellor, stopitnow: Line
) -> None:
    approval = power(ilse, carla)
    gives_line(ilse, carla, "stopitnow")
    approval.refresh_from_db()
    assert approval.how == ApprovalRequest.How.WITHDRAWN
    assert admin_pages.audited("approval_dropped") == [
        (ilse.handle, carla.person.handle, "role supervisor withdrawn")
    ]
    with pytest.raises(Conflict):
        confirms(floor, approval)
    assert roles_of(carla) == ["counsellor"]


def test_a_line_that_came_by_another_way_meanwhile_is_judged_when_somebody_says_yes(
    ilse: Person, carla: Counsellor, floor: Counsellor, stopitnow: Line
) -> None:
    approval = power(ilse, carla)
    works_also(carla, "stopitnow")
    with pytest.raises(Conflict):
        confirms(floor, approval)


def test_of_who_works_for_two_lines_somebody_who_supervises_both_says_yes(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor, hanna: Counsellor
) -> None:
    works_also(carla, "stopitnow")
    works_also(hanna, "stopitnow")
    approval = power(ilse, carla)
    for who in (floor, otto):
        with pytest.raises(Conflict):
            confirms(who, approval)
    confirms(hanna, approval)
    assert roles_of(carla) == ["counsellor", "supervisor"]


def test_who_asks_speaks_for_their_own_line_and_who_confirms_for_the_other(
    carla: Counsellor, floor: Counsellor, otto: Counsellor, hanna: Counsellor
) -> None:
    works_also(carla, "stopitnow")
    approval = power(floor.person, carla)
    with pytest.raises(Conflict):
        confirms(hanna, approval)
    confirms(otto, approval)


def test_where_nobody_could_say_yes_it_is_not_asked_and_says_so(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    works_also(carla, "stopitnow")
    with pytest.raises(NobodyOfAll):
        needs_approval.give_role(ilse, carla.person.handle, "supervisor", now=clock.now())
    with pytest.raises(NobodyOfAll):
        staff_people.invite(
            ilse,
            staff_people.Newcomer("new", "New", ["supervisor"], lines=["helpwanted", "stopitnow"]),
            now=clock.now(),
        )
    assert not ApprovalRequest.objects.exists()
    assert not Person.objects.filter(username="new").exists()


def test_two_lines_come_one_after_the_other_each_by_its_own_yes(
    ilse: Person, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    confirms(floor, power(ilse, carla))
    gives_line(ilse, carla, "stopitnow")
    approval = ApprovalRequest.objects.get(ended_at=None)
    with pytest.raises(NotFound):
        confirms(floor, approval)
    confirms(otto, approval)
    assert Work.objects.filter(person=carla.person, line="stopitnow").exists()
