"""Somebody leaves in one step: nothing of theirs opens anything afterwards, and no line loses its last
supervisor."""

import pytest

from chat.conversation import seats
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.models import Conversation, Invitation, Line, Work
from chat.states import How
from chat.supervision import approval_requests, leaving, needs_approval, staff_people
from chat.supervision.leaving import LastSupervisor
from chat.supervision.staff_people import Newcomer
from counsellors.models import Device, EntryLink, Person, Role
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Caller, Counsellor, a_caller
from tests.support.domain.supervisors import a_supervisor, gives_key, long_there, makes_key

pytestmark = pytest.mark.django_db


def leaves(by: Counsellor, who: Counsellor) -> None:
    """Lets somebody leave, by themselves or by `by`."""
    if by is who:
        leaving.leave(who.person, by=by.person, now=clock.now())
    else:
        needs_approval.let_leave(by.person, who.person.handle, now=clock.now())


@pytest.fixture
def anna(carla: Counsellor) -> Caller:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    return anna


def test_a_leaver_has_no_account_role_work_or_device(floor: Counsellor, carla: Counsellor) -> None:
    leaves(floor, carla)
    gone = Person.objects.get(pk=carla.person.pk)
    assert not gone.is_active
    assert gone.roles == []
    assert not Work.objects.filter(person=gone).exists()
    assert list(Device.objects.filter(person=gone).values_list("state", flat=True)) == ["revoked"]


def test_the_leaver_s_caller_goes_to_the_front_of_the_queue(
    floor: Counsellor, carla: Counsellor, anna: Caller
) -> None:
    assert leaving.in_hand(carla.person).conversations == 1
    leaves(floor, carla)
    assert Conversation.objects.get(pk=anna.conversation).state == "waiting"
    assert seats.seats_of(carla.person) == []


def test_open_invitations_and_links_of_the_leaver_end(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor, daan: Counsellor, anna: Caller
) -> None:
    seat = seats.seat_in(anna.conversation, carla.person, carla.device.pk)
    for_daan = invitations.invite(seat, How.TRANSFER, To(staff=daan.person.handle), None, now=clock.now())
    leaves(floor, daan)
    assert Invitation.objects.get(pk=for_daan.pk).state == "withdrawn"
    staff_people.invite(
        hanna.person, Newcomer("noor", "Noor", ["counsellor"], lines=["helpwanted"]), now=clock.now()
    )
    assert leaving.in_hand(hanna.person).newcomers == 1
    leaves(hanna, hanna)
    assert not EntryLink.objects.exists()


def test_the_last_supervisor_of_a_line_cannot_leave(floor: Counsellor, carla: Counsellor) -> None:
    assert [line.pk for line in leaving.in_hand(floor.person).supervises_alone] == ["helpwanted"]
    with pytest.raises(LastSupervisor):
        leaves(floor, floor)
    assert Person.objects.get(pk=floor.person.pk).is_active
    assert leaving.in_hand(carla.person).supervises_alone == []


def test_of_two_supervisors_one_may_leave_and_then_the_other_may_not(
    floor: Counsellor, hanna: Counsellor
) -> None:
    leaves(hanna, hanna)
    with pytest.raises(LastSupervisor):
        leaves(floor, floor)


def test_a_supervisor_who_was_invited_and_has_not_come_in_is_no_second_one(floor: Counsellor) -> None:
    noor = Person.objects.invite("noor", "Noor")
    Role.objects.create(person=noor, name=Role.Name.SUPERVISOR)
    Work.objects.create(person=noor, line_id="helpwanted")
    with pytest.raises(LastSupervisor):
        leaves(floor, floor)


def test_another_supervisor_leaves_only_with_a_second_one_s_yes(
    floor: Counsellor, hanna: Counsellor, helpwanted: Line
) -> None:
    third = a_supervisor("Sara", helpwanted)
    long_there(floor, hanna, third)
    approval = needs_approval.let_leave(floor.person, hanna.person.handle, now=clock.now())
    assert approval is not None
    assert approval.waits
    assert Person.objects.get(pk=hanna.person.pk).is_active
    approval_requests.confirm(third.person, approval.pk, now=clock.now())
    assert not Person.objects.get(pk=hanna.person.pk).is_active


def test_who_alone_is_left_of_two_does_not_send_the_other_away(floor: Counsellor, hanna: Counsellor) -> None:
    long_there(floor, hanna)
    approval = needs_approval.let_leave(floor.person, hanna.person.handle, now=clock.now())
    assert approval is not None
    with pytest.raises(Conflict):
        approval_requests.confirm(floor.person, approval.pk, now=clock.now())
    assert Person.objects.get(pk=hanna.person.pk).is_active


def test_nobody_behind_the_wall_is_sent_away(otto: Counsellor, carla: Counsellor) -> None:
    with pytest.raises(NotFound):
        leaves(otto, carla)


def test_nobody_leaves_twice(floor: Counsellor, hanna: Counsellor, carla: Counsellor) -> None:
    del hanna
    leaves(floor, carla)
    with pytest.raises((Conflict, NotFound)):
        leaves(floor, carla)


def test_who_alone_can_read_again_is_told_so_before(floor: Counsellor, hanna: Counsellor) -> None:
    makes_key(floor)
    assert [line.pk for line in leaving.in_hand(floor.person).reads_alone] == ["helpwanted"]
    gives_key(floor, hanna)
    assert leaving.in_hand(floor.person).reads_alone == []
    Device.objects.filter(pk=hanna.device.pk).update(state=Device.State.REVOKED)
    assert [line.pk for line in leaving.in_hand(floor.person).reads_alone] == ["helpwanted"]
