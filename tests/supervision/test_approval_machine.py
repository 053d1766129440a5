"""A state machine of approval requests: whatever supervisors do, none does alone what needs two."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as helpline
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chat.models import ApprovalRequest, Line
from chat.supervision import approval_requests, approvers, needs_approval
from counsellors.models import Device, Person, Role
from helpline.lib import clock
from helpline.lib.errors import Forbidden, Refusal
from tests.queue.test_queue_machine import Undo
from tests.support.domain.cast import Counsellor, a_line
from tests.support.domain.supervisors import a_supervisor
from tests.support.domain.undone import undone

pytestmark = pytest.mark.timeout(300)
DAY = timedelta(days=1)


@dataclass
class Who:
    """Holds one of them, and since when they counted."""

    row: Counsellor
    came: datetime
    invited_by: "Who | None" = None
    proven: datetime | None = None
    here: bool = True  # a supervisor with an approved device

    def is_known_to(self, asker: "Who", now: datetime) -> bool:
        young = self.came > now - 30 * DAY and self.invited_by is asker
        return self is not asker and self.came <= now - 7 * DAY and not young


class TwoPersons(RuleBasedStateMachine):
    """Runs Floor and Hanna, who supervise, and a sock puppet whom Floor invited and who comes later."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = undone()
        self.atomic.__enter__()
        self.now: datetime = clock.now()
        self.rests = self.now
        self.hours = 24

    def teardown(self) -> None:
        self.atomic.__exit__(Undo, Undo(), None)

    @initialize()
    def two_who_know_each_other_and_one_who_is_new(self) -> None:
        line = a_line()
        names = ("Floor", "Hanna", "Sock")
        self.people = [Who(a_supervisor(name, line), self.now - 90 * DAY) for name in names]
        sock = self.people[2]
        sock.came, sock.invited_by = self.now, self.people[0]
        for one in self.people:
            by = one.invited_by.row.person if one.invited_by else None
            Person.objects.filter(pk=one.row.person.pk).update(came_at=one.came, invited_by=by)

    def _one(self, data: Any) -> Who:
        who: Who = data.draw(st.sampled_from(self.people))
        who.row.person = Person.objects.get(pk=who.row.person.pk)  # with the roles of now
        return who

    @rule(data=st.data())
    def somebody_proves_a_device(self, data: Any) -> None:
        who = self._one(data)
        if who.here:  # a revoked device proves nothing
            approvers.note(who.row.person, now=self.now)
            if who.proven is None or who.proven < self.now - timedelta(hours=1):
                who.proven = self.now

    @rule(data=st.data())
    def somebody_wants_to_keep_longer(self, data: Any) -> None:
        who = self._one(data)
        if not who.here:
            return
        second = any(
            one.proven and one.proven > self.now - 30 * DAY and one.is_known_to(who, self.now)
            for one in self.people
        )
        before = {*self._open()}
        others = any(approval.asked_by_id != who.row.person.pk for approval in before)
        try:
            (approval,) = needs_approval.set_keeping(
                who.row.person, "helpwanted", hours=self.hours + 1, two=False, now=self.now
            )
        except Refusal as error:
            assert (error.code, others) == ("conflict", True)
            return
        assert approval.waits == (second or self.now < self.rests)
        if not approval.waits:
            self.hours += 1

    @precondition(lambda self: self._open())
    @rule(data=st.data())
    def somebody_confirms(self, data: Any) -> None:
        who = self._one(data)
        approval = data.draw(st.sampled_from(self._open()))
        asker = next(one for one in self.people if one.row.person.pk == approval.asked_by_id)
        may = who.here and who.is_known_to(asker, self.now) and self.now >= self.rests
        try:
            approval_requests.confirm(who.row.person, approval.pk, now=self.now)
        except Refusal:
            assert not may
        else:
            assert may
            self.hours = approval.value

    @precondition(lambda self: self._open())
    @rule(data=st.data())
    def somebody_drops(self, data: Any) -> None:
        who = self._one(data)
        if who.here:
            approval_requests.drop(who.row.person, data.draw(st.sampled_from(self._open())).pk, now=self.now)

    @rule(data=st.data(), how=st.sampled_from(["role", "device", "inactive"]))
    def somebody_is_taken_away(self, data: Any, how: str) -> None:
        who = self._one(data)
        if how == "role":
            Role.objects.filter(person=who.row.person).delete()
        elif how == "device":
            Device.objects.filter(person=who.row.person).update(state=Device.State.REVOKED)
        else:
            Person.objects.filter(pk=who.row.person.pk).update(is_active=False)
        who.here = False

    @rule(data=st.data())
    def somebody_comes_back(self, data: Any) -> None:
        who = self._one(data)
        Role.objects.get_or_create(person=who.row.person, name=Role.Name.SUPERVISOR)
        Device.objects.filter(person=who.row.person).update(state=Device.State.APPROVED)
        Person.objects.filter(pk=who.row.person.pk).update(is_active=True)
        who.here = True

    @rule(data=st.data())
    def a_device_is_reported_lost(self, data: Any) -> None:
        who, by = self._one(data), self._one(data)
        if who.here and by.here and who is not by:
            if by.invited_by is who and by.came > self.now - 30 * DAY:
                with pytest.raises(Forbidden):
                    needs_approval.revoke(by.row.person, who.row.device.fingerprint, lost=True, now=self.now)
                return
            needs_approval.revoke(by.row.person, who.row.device.fingerprint, lost=True, now=self.now)
            who.here, self.rests = False, self.now + 7 * DAY

    @rule(hours=st.sampled_from([1, 12, 25, 24 * 8, 24 * 31]), sweeps=st.booleans())
    def time_passes(self, hours: int, sweeps: bool) -> None:
        self.now += timedelta(hours=hours)
        if sweeps:
            approval_requests.lapse(self.now)

    def _open(self) -> list[ApprovalRequest]:
        return list(
            ApprovalRequest.objects.filter(ended_at=None, asked_at__gt=self.now - helpline.APPROVAL).order_by(
                "pk"
            )
        )

    @invariant()
    def the_line_keeps_as_long_as_was_confirmed(self) -> None:
        line = Line.objects.filter(pk="helpwanted").first()
        assert line is None or line.retention == timedelta(hours=self.hours)

    @invariant()
    def nobody_confirmed_their_own(self) -> None:
        assert not any(
            approval.confirmed_by_id == approval.asked_by_id
            for approval in ApprovalRequest.objects.filter(how="done")
        )


TestTwoPersons = TwoPersons.TestCase
TestTwoPersons.settings = settings(
    max_examples=18,
    stateful_step_count=20,
)


@pytest.fixture(autouse=True)
def _a_database(db: None) -> None:
    """Rolls back each run."""
