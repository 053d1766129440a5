"""Another supervisor's device is revoked by two, or at once if it is lost, which does nothing else."""

from datetime import timedelta

import pytest

from chat.models import ApprovalRequest, Line
from chat.retention import line_keys
from chat.supervision import approval_requests, needs_approval
from counsellors.models import Device
from helpline.lib import clock
from helpline.lib.errors import Conflict
from tests.support.domain.approvals import confirms, gone, wants_longer
from tests.support.domain.cast import Counsellor, a_caller, taken
from tests.support.domain.supervisors import a_supervisor, audited, gives_key, long_there, makes_key

pytestmark = pytest.mark.usefixtures("all_long_there")


def revokes(who: Counsellor, of: Counsellor, *, lost: bool = False) -> ApprovalRequest | None:
    return needs_approval.revoke(who.person, of.device.fingerprint, lost=lost, now=clock.now())


def is_revoked(who: Counsellor) -> bool:
    return Device.objects.get(pk=who.device.pk).state == Device.State.REVOKED


def test_nobody_revokes_the_other_supervisor_s_device_to_be_alone(
    floor: Counsellor, hanna: Counsellor, helpwanted: Line
) -> None:
    jet = a_supervisor("Jet", helpwanted)
    long_there(jet)
    approval = revokes(floor, hanna)
    assert approval is not None
    assert not is_revoked(hanna)
    confirms(jet, approval)
    assert is_revoked(hanna)


def test_one_s_own_device_and_a_counsellor_s_are_revoked_at_once(
    floor: Counsellor, carla: Counsellor
) -> None:
    _, seat = taken(carla)
    assert revokes(floor, carla) is None
    assert revokes(floor, floor) is None
    assert is_revoked(carla)
    assert is_revoked(floor)
    assert not approval_requests.rests_until(["helpwanted"], now=clock.now())
    assert seat.member


def test_a_device_reported_lost_goes_at_once_and_then_nothing_is_confirmed_or_done_alone_for_a_week(
    floor: Counsellor, hanna: Counsellor, helpwanted: Line
) -> None:
    jet = a_supervisor("Jet", helpwanted)
    long_there(jet)
    before = wants_longer(floor)
    assert revokes(floor, hanna, lost=True) is None
    assert is_revoked(hanna)
    with pytest.raises(Conflict):
        confirms(jet, before)
    for other in (hanna, jet):
        gone(other, 31)
    assert wants_longer(floor).waits, "nor is one enough"
    (seen,) = approval_requests.open_approvals(floor.person, now=clock.now())
    assert seen.rests is not None
    ApprovalRequest.objects.filter(how="lost").update(ended_at=clock.now() - timedelta(days=7, seconds=1))
    assert not wants_longer(floor).waits


def test_a_review_key_whose_holder_s_device_was_reported_lost_counts_no_more(
    floor: Counsellor, hanna: Counsellor
) -> None:
    gone(hanna, 31)
    makes_key(floor)
    gives_key(floor, hanna)
    revokes(floor, hanna, lost=True)
    assert a_caller().opened.review is None
    (keys,) = line_keys.keys_of(floor.person, floor.device.pk)
    assert not any(one.key.counts for one in keys.generations)
    assert audited("review_key", floor.person)[-1] == "none"


def test_a_lost_device_that_opens_no_key_leaves_the_key_as_it_is(
    floor: Counsellor, hanna: Counsellor
) -> None:
    gone(hanna, 31)
    makes_key(floor)
    revokes(floor, hanna, lost=True)
    assert a_caller().opened.review is not None


def test_who_heard_other_words_is_on_record_also_where_a_second_one_has_to_say_yes(
    floor: Counsellor, hanna: Counsellor, carla: Counsellor
) -> None:
    now = clock.now()
    assert needs_approval.revoke(floor.person, carla.device.fingerprint, lost=False, now=now) is None
    assert audited("words_differ", floor.person) == []
    newer = a_supervisor("Jet", Line.objects.get(pk="helpwanted"))
    for who, waits in ((newer, True), (floor, False)):
        asked = needs_approval.revoke(floor.person, who.device.fingerprint, lost=False, differ=True, now=now)
        assert (asked is not None) is waits
    assert len(audited("words_differ", floor.person)) == 2
