"""Lets supervisors ask for what needs two, and confirm it."""

from datetime import timedelta

from chat.models import ApprovalRequest, LastProven, Line
from chat.supervision import approval_requests, needs_approval
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, later


def wants_longer(who: Counsellor, hours: int = 720) -> ApprovalRequest:
    (approval,) = needs_approval.set_keeping(
        who.person, "helpwanted", hours=hours, two=False, now=clock.now()
    )
    return approval


def kept() -> timedelta:
    return Line.objects.get(pk="helpwanted").retention


def confirms(who: Counsellor, approval: ApprovalRequest, seconds_later: float = 0) -> ApprovalRequest:
    return approval_requests.confirm(who.person, approval.pk, now=later(clock.now(), seconds_later))


def gone(who: Counsellor, days: int) -> None:
    """Sets their last proof this many days back."""
    LastProven.objects.filter(person=who.person).update(at=clock.now() - timedelta(days=days))
