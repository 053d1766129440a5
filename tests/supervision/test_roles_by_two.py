"""Roles that give power, and lines of supervisors, are given by two; administrators can only ask."""

from datetime import timedelta

import pytest

from chat.models import ApprovalRequest, Work
from chat.supervision import approval_requests
from chat.supervision.approval_requests import Kind
from counsellors.models import Person, Role
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support import admin_pages
from tests.support.domain.approvals import confirms, wants_longer
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.usefixtures("all_long_there")


def asks_for_role(who: Person, of: Counsellor, role: str = "supervisor") -> ApprovalRequest:
    return approval_requests.ask(who, Kind.ROLE, subject=of.person.handle, value=role, now=clock.now())


def test_an_administrator_proposes_a_role_and_a_supervisor_of_that_person_s_lines_confirms(
    floor: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    approval = asks_for_role(admin_pages.ilse(), carla)
    assert approval.waits
    with pytest.raises(NotFound):
        confirms(otto, approval)
    confirms(floor, approval)
    assert Role.objects.filter(person=carla.person, name="supervisor").exists()


def test_an_administrator_never_confirms(carla: Counsellor, floor: Counsellor) -> None:
    ilse = admin_pages.ilse()
    Person.objects.filter(pk=ilse.pk).update(came_at=clock.now() - timedelta(days=90))
    for approval in (asks_for_role(floor.person, carla), wants_longer(floor)):
        with pytest.raises(NotFound):
            approval_requests.confirm(ilse, approval.pk, now=clock.now())


def test_an_administrator_is_made_with_any_other_supervisor(
    floor: Counsellor, carla: Counsellor, otto: Counsellor
) -> None:
    approval = asks_for_role(floor.person, carla, "administrator")
    confirms(otto, approval)
    assert Role.objects.filter(person=carla.person, name="administrator").exists()


def test_a_supervisor_asks_nothing_for_people_of_another_line(floor: Counsellor, esra: Counsellor) -> None:
    with pytest.raises(NotFound):
        asks_for_role(floor.person, esra)


def test_a_supervisor_gets_one_more_line_from_that_line_s_supervisors(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor
) -> None:
    def asks(who: Person) -> ApprovalRequest:
        handle = floor.person.handle
        return approval_requests.ask(
            who, Kind.LINE_OF_SUPERVISOR, line="stopitnow", subject=handle, now=clock.now()
        )

    with pytest.raises(NotFound):
        asks(floor.person)
    approval = asks(admin_pages.ilse())
    with pytest.raises(NotFound):
        confirms(hanna, approval)
    confirms(otto, approval)
    assert Work.objects.filter(person=floor.person, line="stopitnow").exists()
