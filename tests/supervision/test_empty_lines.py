"""A line without supervisors cannot be used to make a supervisor alone."""

import pytest

from chat.models import LastProven, Line, Work
from chat.supervision import approval_requests, needs_approval, staff_people
from chat.supervision.staff_people import Newcomer
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support import admin_pages
from tests.support.domain.approvals import confirms, gone
from tests.support.domain.cast import Counsellor, a_line

pytestmark = pytest.mark.usefixtures("all_long_there")


@pytest.fixture
def ilse(db: None) -> Person:
    return admin_pages.ilse()


@pytest.fixture
def empty(db: None) -> Line:
    return a_line("empty")


def test_who_is_invited_as_supervisor_of_an_empty_line_waits_for_a_supervisor_of_whatever_line(
    ilse: Person, empty: Line, otto: Counsellor
) -> None:
    sock = Newcomer("sock", "Sock", ["supervisor"], lines=[empty.pk])
    made = staff_people.invite(ilse, sock, now=clock.now())
    assert (made.given.waits, made.given.alone) == (["supervisor"], [])
    (seen,) = approval_requests.open_approvals(otto.person, now=clock.now())
    confirms(otto, seen.approval)
    assert made.person.roles == ["supervisor"]


def test_who_is_moved_onto_an_empty_line_is_no_supervisor_by_one_person(
    ilse: Person, empty: Line, esra: Counsellor
) -> None:
    needs_approval.give_line(ilse, esra.person.handle, empty.pk, now=clock.now())
    needs_approval.take_line(ilse, esra.person.handle, "stopitnow", now=clock.now())
    approval = needs_approval.give_role(ilse, esra.person.handle, "supervisor", now=clock.now())
    assert approval is not None
    assert approval.waits


def test_an_empty_line_beside_a_supervised_one_changes_nothing_of_who_decides(
    ilse: Person, empty: Line, carla: Counsellor, floor: Counsellor, otto: Counsellor
) -> None:
    needs_approval.give_line(ilse, carla.person.handle, empty.pk, now=clock.now())
    approval = needs_approval.give_role(ilse, carla.person.handle, "supervisor", now=clock.now())
    assert approval is not None
    with pytest.raises(NotFound):
        confirms(otto, approval)
    confirms(floor, approval)


@pytest.mark.parametrize("action", ["role", "line"])
def test_a_line_whose_supervisors_were_away_for_thirty_days_is_no_way_round_either(
    ilse: Person, action: str, esra: Counsellor, otto: Counsellor, floor: Counsellor, hanna: Counsellor
) -> None:
    gone(otto, 31)
    if action == "role":
        approval = needs_approval.give_role(ilse, esra.person.handle, "supervisor", now=clock.now())
    else:
        approval = needs_approval.give_line(ilse, hanna.person.handle, "stopitnow", now=clock.now())
    assert approval is not None
    assert approval.waits
    confirms(floor, approval)


def test_where_nobody_counts_on_any_line_one_makes_the_first_supervisor_and_the_audit_says_so(
    ilse: Person, empty: Line
) -> None:
    LastProven.objects.all().delete()
    Work.objects.exclude(line=empty).delete()
    made = staff_people.invite(
        ilse, Newcomer("first", "First", ["supervisor"], lines=[empty.pk]), now=clock.now()
    )
    assert made.given.alone == ["supervisor"]
    assert admin_pages.audited("approval_asked")[0][2] == "role supervisor alone"
