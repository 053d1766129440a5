"""Nobody makes themselves a second person, and no sock puppet counts for its maker."""

from datetime import timedelta

import pytest

from chat.models import ApprovalRequest, LastProven, Line, Work
from chat.supervision import approval_requests, approvers, needs_approval, staff_devices
from counsellors import devices
from counsellors.models import Device, Person
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.approvals import confirms, gone, wants_longer
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.supervisors import a_supervisor, audited

pytestmark = pytest.mark.usefixtures("all_long_there")


def test_where_nobody_else_supervises_one_is_enough_and_the_audit_says_so(otto: Counsellor) -> None:
    needs_approval.set_keeping(otto.person, "stopitnow", hours=720, two=False, now=clock.now())
    assert Line.objects.get(pk="stopitnow").retention == timedelta(hours=720)
    assert audited("approval_asked", otto.person) == ["retention 720 alone"]


@pytest.mark.parametrize("how", ["device", "role", "work", "inactive"])
def test_who_takes_the_other_s_device_role_line_or_account_away_is_not_alone_for_thirty_days(
    floor: Counsellor, hanna: Counsellor, how: str
) -> None:
    if how == "device":
        Device.objects.filter(person=hanna.person).update(state=Device.State.REVOKED)
    elif how == "role":
        hanna.person.role_rows.all().delete()
    elif how == "work":
        hanna.person.work.all().delete()
    else:
        Person.objects.filter(pk=hanna.person.pk).update(is_active=False)
    assert wants_longer(floor).waits
    gone(hanna, 29)
    assert wants_longer(floor).waits
    gone(hanna, 31)
    assert not wants_longer(floor).waits


def test_a_sock_puppet_neither_confirms_nor_counts_in_its_first_week(
    floor: Counsellor, helpwanted: Line, hanna: Counsellor
) -> None:
    sock = a_supervisor("Sock", helpwanted)
    approvers.note(sock.person, now=clock.now())
    with pytest.raises(Conflict):
        confirms(sock, wants_longer(floor))
    approval_requests.drop(hanna.person, ApprovalRequest.objects.get(ended_at=None).pk, now=clock.now())
    gone(hanna, 31)
    assert not approvers.exist(floor.person, ["helpwanted"], now=clock.now())


def test_a_sock_puppet_does_not_confirm_for_who_invited_it_in_its_first_month(
    floor: Counsellor, hanna: Counsellor, helpwanted: Line
) -> None:
    sock = a_supervisor("Sock", helpwanted)
    came = {"invited_by": floor.person, "came_at": clock.now() - timedelta(days=29)}
    Person.objects.filter(pk=sock.person.pk).update(**came)
    approval = wants_longer(floor)
    assert sock.person not in approval_requests.open_approvals(floor.person, now=clock.now())[0].others
    with pytest.raises(Conflict):
        confirms(sock, approval)
    approval_requests.drop(floor.person, approval.pk, now=clock.now())
    confirms(sock, wants_longer(hanna))  # it counts for anybody else


def test_the_condition_is_judged_again_when_it_is_confirmed(floor: Counsellor, hanna: Counsellor) -> None:
    approval = wants_longer(floor)
    hanna.person.work.all().delete()
    with pytest.raises(NotFound):
        confirms(hanna, approval)
    Work.objects.create(person=hanna.person, line_id="helpwanted")
    Person.objects.filter(pk=hanna.person.pk).update(is_active=False)
    with pytest.raises(Conflict):
        confirms(hanna, approval)


def test_a_device_that_is_proven_makes_its_supervisor_count_whatever_its_state(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    LastProven.objects.all().delete()
    for who in (hanna, carla):
        proves(who)
    assert list(LastProven.objects.values_list("person", "line")) == [(hanna.person.pk, "helpwanted")]
    assert approvers.exist(floor.person, ["helpwanted"], now=clock.now())
    proves(hanna, 2 * 3600)
    assert LastProven.objects.get().at > later(clock.now(), 3600)


def proves(who: Counsellor, seconds_later: float = 0) -> None:
    Device.objects.filter(pk=who.device.pk).update(state=Device.State.PENDING)
    known = devices.known(who.person, who.device.pk)
    assert known is not None
    staff_devices.prove(who.person, known, now=later(clock.now(), seconds_later))
