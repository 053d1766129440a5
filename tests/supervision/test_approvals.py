"""Some actions need two persons: one asks, another one confirms, and each step is recorded."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from chat.models import Line
from chat.supervision import approval_requests, needs_approval
from counsellors.models import AuditRow, PasskeyDemand
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.approvals import confirms, kept, wants_longer
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.rival import faster
from tests.support.domain.supervisors import audited

pytestmark = pytest.mark.usefixtures("all_long_there")
DAY = 24 * 3600


def test_a_longer_retention_waits_until_another_supervisor_confirms_it(
    floor: Counsellor, hanna: Counsellor
) -> None:
    approval = wants_longer(floor)
    assert approval.waits
    assert kept() == timedelta(hours=24)
    confirms(hanna, approval)
    assert kept() == timedelta(hours=720)
    assert audited("approval_asked", floor.person) == ["retention 720"]
    assert audited("approval_confirmed", hanna.person) == ["retention 720"]


def test_a_shorter_retention_and_reading_with_two_are_set_at_once(floor: Counsellor) -> None:
    asked = needs_approval.set_keeping(floor.person, "helpwanted", hours=2, two=True, now=clock.now())
    assert asked == []
    line = Line.objects.get(pk="helpwanted")
    assert (line.retention, line.review_needs_two) == (timedelta(hours=2), True)


def test_one_supervisor_alone_does_not_switch_off_that_two_must_read(
    floor: Counsellor, hanna: Counsellor
) -> None:
    Line.objects.filter(pk="helpwanted").update(review_needs_two=True)
    (approval,) = needs_approval.set_keeping(floor.person, "helpwanted", hours=24, two=False, now=clock.now())
    assert Line.objects.get(pk="helpwanted").review_needs_two
    confirms(hanna, approval)
    assert not Line.objects.get(pk="helpwanted").review_needs_two


def test_nobody_confirms_their_own_request(floor: Counsellor) -> None:
    with pytest.raises(Conflict):
        confirms(floor, wants_longer(floor))
    assert kept() == timedelta(hours=24)


def test_a_supervisor_of_another_line_learns_nothing_of_a_request(
    floor: Counsellor, otto: Counsellor
) -> None:
    approval = wants_longer(floor)
    assert approval_requests.open_approvals(otto.person, now=clock.now()) == []
    with pytest.raises(NotFound):
        confirms(otto, approval)
    with pytest.raises(NotFound):
        approval_requests.drop(otto.person, approval.pk, now=clock.now())


def test_a_request_says_who_may_confirm_it_and_until_when(floor: Counsellor, hanna: Counsellor) -> None:
    approval = wants_longer(floor)
    (own,) = approval_requests.open_approvals(floor.person, now=clock.now())
    (hers,) = approval_requests.open_approvals(hanna.person, now=clock.now())
    assert (own.own, own.may, own.others) == (True, False, [hanna.person])
    assert (hers.own, hers.may, hers.others) == (False, True, [])
    assert own.until == approval.asked_at + timedelta(days=1)


def test_a_request_lapses_after_a_day(floor: Counsellor, hanna: Counsellor) -> None:
    approval = wants_longer(floor)
    with pytest.raises(Conflict):
        confirms(hanna, approval, DAY + 1)
    assert approval_requests.open_approvals(hanna.person, now=later(clock.now(), DAY + 1)) == []
    assert approval_requests.lapse(later(clock.now(), DAY - 1)) == 0
    assert approval_requests.lapse(later(clock.now(), DAY + 1)) == 1
    assert AuditRow.objects.filter(action="approval_lapsed", actor="", subject="helpwanted").exists()
    assert wants_longer(hanna).waits


def test_how_long_a_request_waits_is_a_setting(
    floor: Counsellor, hanna: Counsellor, settings: Settings
) -> None:
    settings.APPROVAL = timedelta(seconds=10)
    approval = wants_longer(floor)
    with pytest.raises(Conflict):
        confirms(hanna, approval, 11)


def test_who_asked_takes_it_back_and_another_refuses_it(floor: Counsellor, hanna: Counsellor) -> None:
    approval_requests.drop(floor.person, wants_longer(floor).pk, now=clock.now())
    approval = wants_longer(floor)
    approval_requests.drop(hanna.person, approval.pk, now=clock.now())
    assert audited("approval_dropped", floor.person) == ["retention 720 withdrawn"]
    assert audited("approval_dropped", hanna.person) == ["retention 720 refused"]
    for action in (approval_requests.confirm, approval_requests.drop):
        with pytest.raises(Conflict):
            action(hanna.person, approval.pk, now=clock.now())


def test_a_yes_to_a_request_counts_for_that_request_and_not_for_the_one_that_took_its_place(
    floor: Counsellor, hanna: Counsellor
) -> None:
    seen = wants_longer(floor, 48)
    wants_longer(floor, 2160)
    with pytest.raises(Conflict):
        confirms(hanna, seen)
    assert kept() == timedelta(hours=24)


def test_while_one_s_request_waits_another_of_its_sort_is_not_asked(
    floor: Counsellor, hanna: Counsellor
) -> None:
    wants_longer(floor)
    with pytest.raises(Conflict):
        wants_longer(hanna, 48)


def test_of_two_who_shorten_at_once_none_lengthens_what_the_other_set(floor: Counsellor) -> None:
    with (
        faster(
            'UPDATE "chat_line"', lambda: Line.objects.filter(pk="helpwanted").update(retention=timedelta())
        ),
        pytest.raises(Conflict),
    ):
        needs_approval.set_keeping(floor.person, "helpwanted", hours=2, two=False, now=clock.now())


def demanded() -> list[str]:
    return list(PasskeyDemand.objects.values_list("role", flat=True))


def test_that_a_role_needs_a_passkey_waits_for_a_second_supervisor_of_whatever_line(
    floor: Counsellor, otto: Counsellor
) -> None:
    """Otherwise one line's supervisor alone would keep the counsellors of all lines from their callers."""
    (approval,) = needs_approval.demand_passkeys(otto.person, {"counsellor"}, now=clock.now())
    assert approval.waits
    assert demanded() == []
    (seen,) = approval_requests.open_approvals(floor.person, now=clock.now())
    assert (seen.may, seen.about.name, seen.about.value) == (True, "counsellor", "demand")
    confirms(floor, approval)
    assert demanded() == ["counsellor"]
    assert audited("passkey_demanded", floor.person) == ["counsellor"]


def test_that_a_role_needs_none_any_more_waits_as_well(floor: Counsellor, hanna: Counsellor) -> None:
    PasskeyDemand.objects.create(role="counsellor")
    assert needs_approval.demand_passkeys(floor.person, {"counsellor"}, now=clock.now()) == []
    (approval,) = needs_approval.demand_passkeys(floor.person, set(), now=clock.now())
    assert demanded() == ["counsellor"]
    confirms(hanna, approval)
    assert demanded() == []


def test_while_a_colleague_s_waits_the_same_role_is_not_asked_for_again(
    floor: Counsellor, hanna: Counsellor
) -> None:
    needs_approval.demand_passkeys(floor.person, {"counsellor"}, now=clock.now())
    with pytest.raises(Conflict):
        needs_approval.demand_passkeys(hanna.person, {"counsellor", "partner"}, now=clock.now())
    assert len(approval_requests.open_approvals(hanna.person, now=clock.now())) == 1
