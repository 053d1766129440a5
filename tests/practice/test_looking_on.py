"""Somebody who practises asks a supervisor of the real line into a practice conversation."""

import pytest

from chat import states
from chat.conversation import reading
from chat.conversation.seats import Seat, seat_in
from chat.handoff import invitations, recipients
from chat.handoff.invitations import To
from chat.handoff.recipients import rings_for
from chat.models import Conversation, Invitation, Line, Member
from chat.practice import made_up_callers, practising
from counsellors import duty
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.practice.test_practice import practised
from tests.support.domain.cast import Caller, Counsellor, a_caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(carla: Counsellor) -> Line:
    """Returns the practice line, with Carla off duty and practising."""
    duty.change(carla.person, "off", 1, now=clock.now())
    return practising.begin(carla.person, "helpwanted", now=clock.now())


def asks(seat: Seat, who: Counsellor, how: states.How = states.How.CONSULT) -> Invitation:
    return invitations.invite(seat, how, To(staff=who.person.handle), None, now=clock.now())


def looks_on(seat: Seat, who: Counsellor, anna: Caller) -> Member:
    member = invitations.accept(asks(seat, who).pk, who.person, who.device.pk, now=clock.now())
    anna.grants()
    return member


def test_a_supervisor_of_the_real_line_is_asked_and_sits_as_a_colleague(
    carla: Counsellor, floor: Counsellor, twin: Line
) -> None:
    anna, seat = practised(carla, twin)
    assert [one.alias for one in recipients.trainers(twin, carla.person)] == [floor.person.alias]
    invitation = asks(seat, floor)
    assert rings_for(invitation) == {floor.person.pk}
    member = invitations.accept(invitation.pk, floor.person, floor.device.pk, now=clock.now())
    assert (member.role, member.conversation_id) == (states.SeatRole.COLLEAGUE, anna.conversation)


def test_before_the_trainee_asks_no_supervisor_has_a_seat_or_reads(
    carla: Counsellor, floor: Counsellor, twin: Line
) -> None:
    anna, _ = practised(carla, twin)
    with pytest.raises(NotFound):
        seat_in(anna.conversation, floor.person, floor.device.pk)
    with pytest.raises(NotFound):
        reading.open_own(anna.conversation, floor.person, floor.device.pk, 0)


def test_a_counsellor_and_a_supervisor_of_another_line_are_not_asked(
    carla: Counsellor, daan: Counsellor, esra: Counsellor, twin: Line
) -> None:
    _, seat = practised(carla, twin)
    for who in (daan, esra):
        with pytest.raises(NotFound):
            asks(seat, who)


def test_practice_rings_at_no_whole_line_and_is_handed_over_to_nobody(
    carla: Counsellor, floor: Counsellor, twin: Line
) -> None:
    _, seat = practised(carla, twin)
    with pytest.raises(NotFound):
        asks(seat, floor, states.How.TRANSFER)
    everybody = invitations.invite(seat, states.How.CONSULT, To(line=twin.pk), None, now=clock.now())
    assert rings_for(everybody) == set()


def test_who_looks_on_has_no_way_to_a_real_conversation(
    carla: Counsellor, daan: Counsellor, floor: Counsellor, twin: Line
) -> None:
    bilal = a_caller()
    daan.takes_next()
    bilal.grants()
    anna, seat = practised(carla, twin)
    looks_on(seat, floor, anna)
    with pytest.raises(NotFound):
        seat_in(bilal.conversation, floor.person, floor.device.pk)
    with pytest.raises(NotFound):
        reading.open_own(bilal.conversation, floor.person, floor.device.pk, 0)
    assert not Member.objects.filter(conversation=bilal.conversation, person=floor.person).exists()


def test_a_real_conversation_rings_for_its_line_as_before(
    daan: Counsellor, floor: Counsellor, esra: Counsellor
) -> None:
    bilal = a_caller()
    seat = daan.takes_next()
    bilal.grants()
    assert rings_for(asks(seat, floor)) == {floor.person.pk}
    with pytest.raises(NotFound):
        asks(seat, esra)


def test_that_somebody_looked_on_is_on_no_record(carla: Counsellor, floor: Counsellor, twin: Line) -> None:
    anna, seat = practised(carla, twin)
    before = AuditRow.objects.count()
    looks_on(seat, floor, anna)
    assert AuditRow.objects.count() == before


def test_a_trainer_who_stops_practising_ends_nobody_else_s_conversation(
    carla: Counsellor, floor: Counsellor, twin: Line
) -> None:
    anna, seat = practised(carla, twin)
    looks_on(seat, floor, anna)
    made_up_callers.stop(floor.person, now=clock.now())
    assert Conversation.objects.get(pk=anna.conversation).state == states.Conversation.ACTIVE
    made_up_callers.stop(carla.person, now=clock.now())
    assert Conversation.objects.get(pk=anna.conversation).state == states.Conversation.ENDED
