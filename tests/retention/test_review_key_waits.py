"""One supervisor alone cannot plant a review key: it waits, and no conversation uses it."""

import pytest

from chat.models import ApprovalRequest, Line
from chat.supervision import approval_requests, work_and_roles
from helpline.lib import clock
from helpline.lib.errors import Conflict
from tests.support.domain.approvals import confirms, gone
from tests.support.domain.cast import Counsellor, a_caller
from tests.support.domain.supervisors import gives_key, long_there, makes_key

pytestmark = pytest.mark.usefixtures("all_long_there")


def test_one_supervisor_alone_plants_no_review_key(floor: Counsellor, hanna: Counsellor) -> None:
    gone(hanna, 31)
    first = makes_key(floor)
    long_there(hanna)
    planted = makes_key(floor, 2)
    assert planted.confirmed_at is None
    assert planted.shares.get().device == floor.device
    named = a_caller().opened.review
    assert named is not None
    assert bytes(named.key or b"") == bytes(first.public)
    with pytest.raises(Conflict):
        gives_key(floor, hanna, 2)
    confirms(hanna, ApprovalRequest.objects.get(ended_at=None))
    now_named = a_caller().opened.review
    assert now_named is not None
    assert bytes(now_named.key or b"") == bytes(planted.public)
    gives_key(floor, hanna, 2)


def test_a_review_key_that_is_refused_is_forgotten_with_its_share(
    floor: Counsellor, hanna: Counsellor
) -> None:
    planted = makes_key(floor)
    with pytest.raises(Conflict):
        makes_key(floor, 2)
    approval_requests.drop(hanna.person, ApprovalRequest.objects.get().pk, now=clock.now())
    assert not Line.objects.get(pk="helpwanted").line_keys.filter(pk=planted.pk).exists()
    assert a_caller().opened.review is None
    makes_key(hanna)


@pytest.mark.parametrize("lost", ["line", "role"])
def test_a_key_whose_maker_is_no_supervisor_of_the_line_any_more_comes_into_no_use(
    floor: Counsellor, hanna: Counsellor, otto: Counsellor, helpwanted: Line, lost: str
) -> None:
    makes_key(floor)
    approval, now = ApprovalRequest.objects.get(ended_at=None), clock.now()
    if lost == "line":
        work_and_roles.take_line(floor.person.handle, "helpwanted", now=now)
    else:
        work_and_roles.take_role(floor.person.handle, "supervisor", now=now)
    with pytest.raises(Conflict):
        confirms(hanna, approval)
    assert Line.objects.get(pk="helpwanted").review_key is None
