"""Whatever two organisations do with invitations, in any order: one seat is in charge, and the caller knows
everybody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chat import states
from chat.conversation import departures, endings, log, presence
from chat.conversation.seats import Seat, in_charge, present
from chat.handoff import guests, invitations
from chat.handoff.invitations import To
from chat.models import Conversation, Invitation, Line, Member, Service, Wrap
from chat.runtime import deadlines
from chat.states import How
from counsellors import duty
from helpline.lib import clock, encoding, guest_links
from helpline.lib.errors import NotFound, Refusal
from helpline.lib.signed_post import new_secret
from tests.faults.scale import LONG
from tests.support.domain.cast import Counsellor, a_caller, a_counsellor, a_line, a_partner, a_point
from tests.support.domain.undone import undone

pytestmark = pytest.mark.timeout(300)


class Undo(Exception):
    """Ends a run and rolls back what it stored."""


class Handoff(RuleBasedStateMachine):
    """Holds Anna, two counsellors of Helpwanted with a review key, partners of two services, and guests of a
    third one."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = undone()
        self.atomic.__enter__()
        self.now: datetime = clock.now()
        self.shown: set[str] = set()

    def teardown(self) -> None:
        self.atomic.__exit__(Undo, Undo(), None)

    @initialize()
    def anna_talks_with_carla(self) -> None:
        line = a_line()
        Line.objects.update(review_key=a_point())
        Service.objects.create(slug="helpwanted", name="Helpwanted")
        csg = Service.objects.create(slug="csg", name="CSG", desk=True)
        one_one_three = Service.objects.create(slug="113", name="113", desk=True)
        Service.objects.create(
            slug="veilig-thuis", name="VT", contact_url="https://vt.example/", contact_secret=new_secret()
        )
        self.people = [
            a_counsellor("Carla", line, now=self.now),
            a_counsellor("Daan", line, now=self.now),
            a_partner("Gijs", csg),
            a_partner("Hanna", one_one_three),
        ]
        for who in self.people:
            presence.arrive(who.person.username, device=who.device.pk, now=self.now)
        self.anna = a_caller(now=self.now)
        self.people[0].takes_next(self.now)
        self.anna.grants(self.now)

    def seats(self) -> list[Seat]:
        members = Member.objects.present().staff().filter(conversation=self.anna.conversation)
        return [Seat(member.conversation_id, member.pk, member.role) for member in members]

    def try_to(self, action: Any, *args: Any, **kwargs: Any) -> None:
        """Tries an action. Any refusal is allowed: the invariants show whether it left a partial state."""
        try:
            with transaction.atomic():
                action(*args, **kwargs, now=self.now)
        except Refusal:
            pass

    @rule(data=st.data(), how=st.sampled_from(list(How)))
    def somebody_invites(self, data: Any, how: How) -> None:
        seats = self.seats()
        if seats:
            to = To(line="helpwanted")
            if how == How.HANDOFF:
                to = To(service=data.draw(st.sampled_from(["csg", "113", "helpwanted", "veilig-thuis"])))
            self.try_to(invitations.invite, data.draw(st.sampled_from(seats)), how, to, None)

    @rule(yes=st.booleans(), history=st.booleans())
    def anna_answers(self, yes: bool, history: bool) -> None:
        for invitation in Invitation.objects.filter(state="asked"):
            self.try_to(invitations.consent, self.anna.seat, invitation.pk, yes=yes, history=history)

    @rule(data=st.data(), yes=st.booleans())
    def somebody_answers(self, data: Any, yes: bool) -> None:
        who: Counsellor = data.draw(st.sampled_from(self.people))
        for invitation in Invitation.objects.filter(state="ringing"):
            if yes:
                self.try_to(invitations.accept, invitation.pk, who.person, who.device.pk)
            else:
                self.try_to(invitations.decline, invitation.pk, who.person, who.device.pk)

    @rule(right=st.booleans())
    def a_guest_sits_down(self, right: bool) -> None:
        for invitation in Invitation.objects.filter(guest=True):
            pin = guest_links.pin(invitation.pk) if right else "------"
            token, socket = guest_links.token(invitation.pk), encoding.new_id()
            self.try_to(guests.sit, token, pin, a_point(), socket=socket)

    @rule(data=st.data())
    def somebody_withdraws(self, data: Any) -> None:
        who: Counsellor = data.draw(st.sampled_from(self.people))
        for invitation in Invitation.objects.filter(state__in=states.INVITED):
            self.try_to(invitations.withdraw, invitation.pk, who.person, who.device.pk)

    @rule()
    def anna_s_browser_grants(self) -> None:
        self.try_to(lambda *, now: self.anna.grants(now))

    @rule(data=st.data())
    def somebody_leaves(self, data: Any) -> None:
        if seats := self.seats():
            self.try_to(departures.leave, data.draw(st.sampled_from(seats)))

    @rule(data=st.data())
    def somebody_drops(self, data: Any) -> None:
        presence.depart(data.draw(st.sampled_from(self.people)).person.username, now=self.now)

    @rule(data=st.data())
    def somebody_comes_back(self, data: Any) -> None:
        who: Counsellor = data.draw(st.sampled_from(self.people))
        presence.arrive(who.person.username, device=who.device.pk, now=self.now)
        duty.change(who.person, "on", 4, now=self.now)

    @rule(data=st.data())
    def a_counsellor_takes_anna(self, data: Any) -> None:
        who: Counsellor = data.draw(st.sampled_from(self.people[:2]))
        self.try_to(lambda *, now: who.takes_next(now))

    @rule(seconds=st.sampled_from([1, 21, 46, 61, 121]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        presence.renew({self.anna.socket: self.now}, now=self.now)
        deadlines.meet(now=self.now)

    @precondition(lambda self: self.seats())
    @rule(data=st.data(), really=st.integers(0, 9))
    def somebody_closes(self, data: Any, really: int) -> None:
        if really == 0:
            self.try_to(endings.close, data.draw(st.sampled_from(self.seats())))

    @invariant()
    def one_seat_is_in_charge_while_a_staff_seat_is_granted_and_none_otherwise(self) -> None:
        if not hasattr(self, "anna"):
            return
        members = present(self.anna.conversation)
        granted = [member for member in members if member.is_staff and member.is_granted]
        leader = in_charge(members)
        assert (leader is None) == (not granted)
        ranks = {"counsellor": 0, "partner": 1, "colleague": 2}
        if leader is not None:
            assert all(ranks[leader.role] <= ranks[member.role] for member in granted)

    @invariant()
    def every_seat_has_a_name_that_anna_was_shown(self) -> None:
        if not hasattr(self, "anna"):
            return
        shown = {
            delivered.entry.facts["member"]: delivered.entry.facts["alias"]
            for delivered in log.since(self.anna.seat, 0).entries
            if delivered.entry.kind == "joined"
        }
        for member in present(self.anna.conversation):
            assert member.role == "caller" or shown[member.pk] == member.alias

    @invariant()
    def a_seat_that_left_got_no_later_wrap(self) -> None:
        for wrap in Wrap.objects.exclude(member__left_seq=None).select_related("member"):
            granted = wrap.conversation.entries.get(kind="granted", facts__epoch=wrap.grant)
            assert granted.seq < (wrap.member.left_seq or 0)

    @invariant()
    def a_partner_without_consent_is_sent_nothing_from_before(self) -> None:
        for member in Member.objects.filter(role="partner", history=False):
            seat = Seat(member.conversation_id, member.pk, member.role)
            try:
                entries = log.since(seat, 0).entries
            except NotFound:
                continue
            early = {d.entry.kind for d in entries if d.entry.seq < member.joined_seq}
            assert early.isdisjoint({"message", "invited", "referred"})

    @invariant()
    def anna_is_never_alone_unannounced(self) -> None:
        conversation = Conversation.objects.first()
        if conversation is None:
            return
        staff = Member.objects.present().staff().count()
        assert conversation.state != "active" or staff > 0
        assert conversation.state != "waiting" or staff == 0
        open_ones = conversation.invitations.filter(state__in=states.INVITED)
        assert open_ones.count() <= 1
        for invitation in open_ones:
            assert conversation.state == "active"
            assert invitation.inviter.left_seq is None

    @invariant()
    def the_review_seat_is_the_line_s(self) -> None:
        if not hasattr(self, "anna"):
            return
        members = present(self.anna.conversation)
        reviews = [member for member in members if member.role == "review"]
        line = [member for member in members if member.role in {"counsellor", "colleague"}]
        partners = [member for member in members if member.role == "partner" and member.is_granted]
        assert len(reviews) <= 1
        if not line and not partners:
            assert len(reviews) == 1
        if any(member.is_guest for member in members):
            assert len(reviews) == 1, "nobody unknown is alone with her"


@pytest.fixture(autouse=True)
def _a_database(db: None) -> None:
    """Rolls back each run."""


def test_whoever_invites_answers_and_leaves_in_whatever_order_nobody_is_let_in_unasked() -> None:
    run_state_machine_as_test(Handoff, settings=settings(max_examples=6, stateful_step_count=30))


@pytest.mark.long
def test_whoever_invites_answers_and_leaves_in_whatever_order_nobody_is_let_in_unasked_for_longer() -> None:
    run_state_machine_as_test(
        Handoff, settings=settings(max_examples=25 if LONG else 14, stateful_step_count=30)
    )
