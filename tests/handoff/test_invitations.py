"""Consult, transfer and handoff use one mechanism, and the caller is never left alone without being told."""

import asyncio
from datetime import datetime

import pytest

from chat.bells import InvitationChanged
from chat.conversation import departures, endings, erasing, posting, presence, risk
from chat.conversation.log import since
from chat.conversation.seats import Seat, allowed, in_charge, present
from chat.handoff import invitation_states, invitations, referrals
from chat.handoff.cards import card, open_cards
from chat.handoff.invitations import To
from chat.models import Conversation, Figure, Invitation, Line, Member, Service
from chat.states import How
from counsellors import devices
from counsellors.models import Device, Role
from helpline.lib import clock, encoding
from helpline.lib.errors import BadFrame, Conflict, Forbidden, NotFound, NothingToGive, Refusal
from tests.support.domain.cast import (
    Caller,
    Counsellor,
    a_box,
    a_caller,
    a_counsellor,
    a_partner,
    a_point,
    kinds,
    later,
    says,
)
from tests.support.domain.consumer import a_console
from tests.support.domain.fixtures import Rung
from tests.support.domain.rival import faster
from tests.support.texts import both

pytestmark = pytest.mark.django_db


@pytest.fixture
def csg() -> Service:
    return Service.objects.create(slug="csg", name="Centrum Seksueel Geweld", desk=True)


@pytest.fixture
def gijs(csg: Service) -> Counsellor:
    """Returns a partner at CSG."""
    return a_partner("Gijs", csg)


def talking(carla: Counsellor) -> tuple[Caller, Seat]:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    return anna, seat


def accepts(who: Counsellor, invitation: Invitation) -> Seat:
    member = invitations.accept(invitation.pk, who.person, who.device.pk, now=clock.now())
    return Seat(member.conversation_id, member.pk, member.role)


def leader(anna: Caller) -> str | None:
    found = in_charge(present(anna.conversation))
    return found.pk if found else None


def test_what_rings_says_how_acute_it_is_also_when_that_is_flagged_later(
    helpwanted: Line, carla: Counsellor, daan: Counsellor, rung: Rung
) -> None:
    _anna, seat = talking(carla)
    ringing = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    assert [shown.risk for shown in open_cards(daan.person)] == [0]
    bells = rung(lambda: risk.flag(seat, 2, now=clock.now()))
    assert [shown.risk for shown in open_cards(daan.person)] == [2]
    assert InvitationChanged(daan.person.pk, ringing.pk) in bells


def test_another_service_is_not_told_how_acute_it_is(carla: Counsellor, gijs: Counsellor) -> None:
    anna, seat = talking(carla)
    risk.flag(seat, 2, now=clock.now())
    asked = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, asked.pk, yes=True, history=False, now=clock.now())
    assert [shown.risk for shown in open_cards(gijs.person)] == [0]


def test_who_is_in_the_conversation_gets_no_card_of_an_invitation_that_only_others_can_accept(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = talking(carla)
    accepts(daan, invitations.invite(seat, How.CONSULT, To(staff=daan.person.handle), None, now=clock.now()))
    anna.grants()
    other = a_counsellor("Els", helpwanted)
    ringing = invitations.invite(seat, How.TRANSFER, To(line="helpwanted"), None, now=clock.now())
    assert open_cards(daan.person) == []
    assert [shown.invitation for shown in open_cards(other.person)] == [ringing.pk]


def test_who_leaves_while_the_caller_says_yes_stops_the_ringing_at_the_partner_s_desks(
    carla: Counsellor, gijs: Counsellor, rung: Rung
) -> None:
    anna, seat = talking(carla)
    asked = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())

    def says_yes() -> None:
        invitations.consent(anna.seat, asked.pk, yes=True, history=True, now=clock.now())

    def carla_leaves() -> None:
        with faster('SELECT "chat_conversation"', says_yes):
            invitation_states.withdraw_for_leaver(asked.pk, now=clock.now())

    assert InvitationChanged(gijs.person.pk, asked.pk) in rung(carla_leaves)
    assert Invitation.objects.get().history is True


def states_of(seat: Seat) -> list[str]:
    """Returns the states of all invitations in the seat's log."""
    return [d.entry.facts["state"] for d in since(seat, 0).entries if d.entry.kind == "invited"]


def handed_over(carla: Counsellor, gijs: Counsellor, *, history: bool = False) -> tuple[Caller, Seat, Seat]:
    """Makes a conversation of Anna's with Carla and Gijs, who were both let in."""
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=history, now=clock.now())
    partner = accepts(gijs, invitation)
    anna.grants()
    return anna, seat, partner


def test_a_colleague_who_is_consulted_joins_and_the_inviter_stays_in_charge(
    carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.CONSULT, To(staff=daan.person.handle), None, now=clock.now())
    colleague = accepts(daan, invitation)
    assert colleague.role == "colleague"
    assert leader(anna) == seat.member
    anna.grants()
    assert leader(anna) == seat.member
    departures.leave(colleague, now=clock.now())
    assert kinds(seat)[-1] == "left"
    assert "invited" not in kinds(anna.seat), "consults are the line's own affair"


def test_after_a_transfer_the_newcomer_is_in_charge_and_the_inviter_leaves_once_they_are_in(
    carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.TRANSFER, To(line="helpwanted"), None, now=clock.now())
    newcomer = accepts(daan, invitation)
    assert leader(anna) == seat.member, "until the caller's browser has let the newcomer in"
    anna.grants()
    assert leader(anna) == newcomer.member
    left = since(seat, 0).entries[-1].entry
    assert (left.kind, left.facts["reason"]) == ("left", "transferred")
    with pytest.raises(NotFound):
        says(seat, epoch=2)
    assert Conversation.objects.get().state == "active"


def test_a_handoff_asks_the_caller_first_then_rings_then_joins_while_the_first_is_still_there(
    carla: Counsellor, gijs: Counsellor
) -> None:
    anna, seat = talking(carla)
    message = encoding.new_id()
    posting.post(seat, message, 1, a_box(seat, epoch=1, message=message, kind=4), now=clock.now())
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), message, now=clock.now())
    assert card(invitation.pk, gijs.person) is None, "it rings for nobody before the caller's yes"
    invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=clock.now())
    shown = card(invitation.pk, gijs.person)
    assert shown is not None
    assert (shown.conversation, shown.line, shown.state) == (None, "helpwanted", "ringing")
    partner = accepts(gijs, invitation)
    assert states_of(anna.seat) == ["asked", "ringing", "joined"]
    anna.grants()
    assert leader(anna) == seat.member
    departures.leave(seat, now=clock.now())
    assert since(anna.seat, 0).entries[-1].entry.facts["reason"] == "handed_off"
    assert leader(anna) == partner.member
    endings.close(partner, now=clock.now())
    assert Figure.objects.get(name="handoff").key == "csg:joined"


@pytest.mark.parametrize("history", [False, True])
def test_a_partner_is_sent_what_came_before_only_with_the_caller_s_yes(
    carla: Counsellor, gijs: Counsellor, history: bool
) -> None:
    anna, seat = talking(carla)
    says(anna.seat, epoch=1)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=history, now=clock.now())
    partner = accepts(gijs, invitation)
    assert ("message" in kinds(partner)) is history
    anna.grants()
    says(anna.seat, epoch=2)
    assert kinds(partner).count("message") == 1 + history


def test_whoever_answers_second_is_told_the_state_and_the_winner_s_yes_again_is_the_same(
    csg: Service, carla: Counsellor, gijs: Counsellor
) -> None:
    hanna = a_partner("Hanna", csg)
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=clock.now())
    first = accepts(gijs, invitation)
    assert accepts(gijs, invitation) == first
    with pytest.raises(Conflict) as error:
        accepts(hanna, invitation)
    assert error.value.facts == {"state": "joined"}
    assert Member.objects.filter(role="partner").count() == 1


def test_a_no_at_one_console_is_told_to_the_person_s_others_and_to_nobody_else(
    csg: Service, carla: Counsellor, gijs: Counsellor, every_bell: Rung
) -> None:
    hanna = a_partner("Hanna", csg)
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=clock.now())
    said = every_bell(
        lambda: invitations.decline(invitation.pk, gijs.person, gijs.device.pk, now=clock.now())
    )
    assert said == [InvitationChanged(gijs.person.pk, invitation.pk)]
    shown = [card(invitation.pk, who.person) for who in (gijs, hanna, carla)]
    assert [one.state for one in shown if one] == ["declined", "ringing", "ringing"]


def test_a_no_silences_one_and_the_last_no_declines(
    csg: Service, carla: Counsellor, gijs: Counsellor
) -> None:
    hanna = a_partner("Hanna", csg)
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=clock.now())
    invitations.decline(invitation.pk, gijs.person, gijs.device.pk, now=clock.now())
    assert open_cards(gijs.person) == []
    assert len(open_cards(hanna.person)) == 1
    invitations.decline(invitation.pk, hanna.person, hanna.device.pk, now=clock.now())
    assert states_of(anna.seat)[-1] == "declined"
    assert leader(anna) == seat.member


def test_the_caller_s_no_changes_nothing(carla: Counsellor, gijs: Counsellor) -> None:
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=False, history=False, now=clock.now())
    assert states_of(anna.seat) == ["asked", "refused"]
    assert open_cards(gijs.person) == []
    with pytest.raises(Conflict) as error:
        invitations.consent(anna.seat, invitation.pk, yes=True, history=True, now=clock.now())
    assert error.value.facts == {"state": "refused"}
    assert leader(anna) == seat.member


def answer_late(invitation: Invitation, anna: Caller, daan: Counsellor, late: datetime) -> None:
    if invitation.how == How.HANDOFF:
        invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=late)
    else:
        invitations.accept(invitation.pk, daan.person, daan.device.pk, now=late)


@pytest.mark.parametrize(("how", "seconds"), [(How.CONSULT, 60), (How.TRANSFER, 60), (How.HANDOFF, 300)])
def test_what_nobody_answers_in_time_is_refused_at_once_and_expires(
    carla: Counsellor, daan: Counsellor, gijs: Counsellor, how: How, seconds: int
) -> None:
    anna, seat = talking(carla)
    now = clock.now()
    to = To(service="csg") if how == How.HANDOFF else To(line="helpwanted")
    invitation = invitations.invite(seat, how, to, None, now=now)
    late = later(now, seconds)
    with pytest.raises(Conflict) as error:
        answer_late(invitation, anna, daan, late)
    assert error.value.facts == {"state": "expired"}
    assert invitation_states.overdue(now=later(now, seconds - 1)) == []
    assert invitation_states.overdue(now=late) == [invitation.pk]
    invitation_states.expire(invitation.pk, now=late)
    assert states_of(seat)[-1] == "expired"


def test_one_invitation_is_open_at_a_time(carla: Counsellor, daan: Counsellor, gijs: Counsellor) -> None:
    _, seat = talking(carla)
    first = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    assert "invite" not in allowed(seat)
    with pytest.raises(Conflict):
        invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.withdraw(first.pk, carla.person, carla.device.pk, now=clock.now())
    with pytest.raises(Conflict) as error:
        accepts(daan, first)
    assert error.value.facts == {"state": "withdrawn"}
    invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())


@pytest.mark.parametrize(
    ("how", "to", "error"),
    [
        (How.HANDOFF, To(staff="x"), BadFrame),
        (How.HANDOFF, To(line="helpwanted"), BadFrame),
        (How.HANDOFF, To(service="nowhere"), NotFound),
        (How.HANDOFF, To(service="stopitnow"), Forbidden),
        (How.CONSULT, To(service="csg"), BadFrame),
        (How.CONSULT, To(line="stopitnow"), BadFrame),
        (How.TRANSFER, To(staff="nobody"), NotFound),
        (How.TRANSFER, To(), BadFrame),
    ],
)
def test_an_invitation_that_does_not_fit_is_refused(
    carla: Counsellor, esra: Counsellor, gijs: Counsellor, how: How, to: To, error: type[Refusal]
) -> None:
    Service.objects.create(slug="stopitnow", name="Stop it Now")
    _, seat = talking(carla)
    with pytest.raises(error):
        invitations.invite(seat, how, to, None, now=clock.now())
    assert not Invitation.objects.exists()


def test_nobody_behind_the_wall_is_invited_by_name(carla: Counsellor, esra: Counsellor) -> None:
    _, seat = talking(carla)
    for how in (How.CONSULT, How.TRANSFER):
        with pytest.raises(NotFound):
            invitations.invite(seat, how, To(staff=esra.person.handle), None, now=clock.now())


def test_for_whom_it_does_not_ring_it_does_not_exist(
    carla: Counsellor, daan: Counsellor, esra: Counsellor, gijs: Counsellor
) -> None:
    _, seat = talking(carla)
    invitation = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    for stranger in (esra, gijs, carla):
        with pytest.raises(NotFound):
            accepts(stranger, invitation)
        with pytest.raises(NotFound):
            invitations.decline(invitation.pk, stranger.person, stranger.device.pk, now=clock.now())
    for stranger in (esra, gijs, daan):
        with pytest.raises(NotFound):
            invitations.withdraw(invitation.pk, stranger.person, stranger.device.pk, now=clock.now())
    assert card(invitation.pk, esra.person) is None


def test_an_invitation_goes_with_the_conversation_and_with_its_inviter(
    carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    presence.depart("nobody", now=clock.now())
    Member.objects.filter(pk=seat.member).update(here=False)
    assert departures.lose(seat.member, away_since=later(clock.now(), 1), now=clock.now())
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert kinds(anna.seat)[-1] == "requeued"
    again = carla.takes_next()
    anna.grants()
    second = invitations.invite(again, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    endings.close(again, now=clock.now())
    second.refresh_from_db()
    assert second.state == "withdrawn"


def test_when_the_partner_is_lost_the_caller_is_first_in_the_line_s_queue(
    carla: Counsellor, gijs: Counsellor
) -> None:
    anna, seat, partner = handed_over(carla, gijs)
    departures.leave(seat, now=clock.now())
    Member.objects.filter(pk=partner.member).update(here=False)
    assert departures.lose(partner.member, away_since=later(clock.now(), 1), now=clock.now())
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert carla.takes_next().conversation == anna.conversation


def test_the_review_seat_goes_with_the_line_and_comes_back_with_it(
    helpwanted: Line, carla: Counsellor, gijs: Counsellor
) -> None:
    key = a_point()
    Line.objects.filter(pk=helpwanted.pk).update(review_key=key)
    anna, seat, partner = handed_over(carla, gijs)
    departures.leave(seat, now=clock.now())
    lefts = [d.entry.facts["member"] for d in since(anna.seat, 0).entries if d.entry.kind == "left"]
    assert anna.opened.review is not None
    assert lefts == [seat.member, anna.opened.review.pk]
    anna.grants()
    Service.objects.create(slug="helpwanted", name="Helpwanted")
    back = invitations.invite(partner, How.HANDOFF, To(service="helpwanted"), None, now=clock.now())
    invitations.consent(anna.seat, back.pk, yes=True, history=True, now=clock.now())
    again = accepts(carla, back)
    assert again.role == "counsellor"
    review = Member.objects.present().get(role="review")
    assert review.pk != anna.opened.review.pk
    assert bytes(review.key or b"") == key


def test_a_partner_hands_over_only_to_other_services_and_writes_no_notes(
    carla: Counsellor, gijs: Counsellor
) -> None:
    anna, seat, partner = handed_over(carla, gijs)
    departures.leave(seat, now=clock.now())
    anna.grants()
    for how in (How.CONSULT, How.TRANSFER):
        with pytest.raises(Forbidden):
            invitations.invite(partner, how, To(line="helpwanted"), None, now=clock.now())
    message = encoding.new_id()
    box = a_box(partner, epoch=3, message=message, kind=3)
    with pytest.raises(Forbidden):
        posting.post(partner, message, 3, box, kind="note", now=clock.now())
    assert "note" not in allowed(partner)


def test_a_note_is_for_the_line_s_staff_only(carla: Counsellor, gijs: Counsellor) -> None:
    anna, seat, partner = handed_over(carla, gijs)
    message = encoding.new_id()
    box = a_box(seat, epoch=2, message=message, kind=3)
    posting.post(seat, message, 2, box, kind="note", now=clock.now())
    assert "note" in kinds(seat)
    assert "note" not in kinds(partner)
    assert "note" not in kinds(anna.seat)


def test_a_referral_is_a_card_for_the_caller_and_a_counter(carla: Counsellor, csg: Service) -> None:
    anna, seat = talking(carla)
    Service.objects.filter(pk="csg").update(phone="0800-0188")
    seq = referrals.refer(seat, "csg", now=clock.now())
    last = since(anna.seat, 0).entries[-1].entry
    assert (last.seq, last.kind, last.facts["service"]) == (seq, "referred", "csg")
    with pytest.raises(NotFound):
        referrals.refer(seat, "nowhere", now=clock.now())
    assert Figure.objects.get(name="referral").key == "csg"


WORDS = {
    "purpose": both("forensische zorg, verwezen", "forensic care, referred"),
    "for_callers": both("Als je je zorgen maakt.", "When you worry.", "Als u zich zorgen maakt."),
}


@pytest.mark.parametrize("formal", [False, True])
def test_the_card_keeps_what_was_given_in_the_caller_s_words_and_never_the_staff_s(
    carla: Counsellor, csg: Service, helpwanted: Line, formal: bool
) -> None:
    Line.objects.update(formal=formal)
    anna, seat = talking(carla)
    Service.objects.filter(pk="csg").update(**WORDS, site="https://csg.example/")
    referrals.refer(seat, "csg", now=clock.now())
    Service.objects.filter(pk="csg").update(phone="", for_callers={})
    assert since(anna.seat, 0).entries[-1].entry.facts == {
        "service": "csg",
        "name": csg.name,
        "phone": csg.phone,
        "site": "https://csg.example/",
        "chat": False,
        "purpose": {
            "nl": WORDS["for_callers"]["nl.formal" if formal else "nl"],
            "en": WORDS["for_callers"]["en"],
        },
        "always": None,
    }


def test_nobody_is_referred_to_a_service_without_number_and_site(carla: Counsellor, csg: Service) -> None:
    anna, seat = talking(carla)
    Service.objects.filter(pk="csg").update(phone="", site="", chat=True)
    with pytest.raises(NothingToGive):
        referrals.refer(seat, "csg", now=clock.now())
    assert "referred" not in kinds(anna.seat)
    assert not Figure.objects.filter(name="referral").exists()


def test_a_seat_moves_to_another_device_in_one_step(carla: Counsellor) -> None:
    anna, seat = talking(carla)
    laptop = on_a_laptop(carla)
    moved = departures.take_over(anna.conversation, carla.person, laptop.pk, now=clock.now())
    assert moved.pk != seat.member
    assert moved.role == "counsellor"
    assert kinds(anna.seat)[-2:] == ["left", "joined"]
    with pytest.raises(Conflict):
        departures.take_over(anna.conversation, carla.person, laptop.pk, now=clock.now())


def on_a_laptop(who: Counsellor) -> Device:
    laptop = devices.register(
        who.person, devices.candidate(who.person, a_point(), "another"), now=clock.now()
    )
    Device.objects.filter(pk=laptop.pk).update(state=Device.State.APPROVED)
    return laptop


def test_whoever_accepted_a_transfer_and_changes_device_before_the_grant_gets_the_conversation(
    carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.TRANSFER, To(line="helpwanted"), None, now=clock.now())
    accepts(daan, invitation)
    laptop = on_a_laptop(daan)
    moved = departures.take_over(anna.conversation, daan.person, laptop.pk, now=clock.now())
    joined = since(seat, 0).entries[-1].entry
    assert (joined.kind, joined.facts["invitation"]) == ("joined", invitation.pk)
    anna.grants()
    assert leader(anna) == moved.pk
    left = since(seat, 0).entries[-1].entry
    assert (left.kind, left.facts["reason"]) == ("left", "transferred")


def test_a_device_that_is_changed_after_a_transfer_ends_nobody_s_seat(
    carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = talking(carla)
    accepts(daan, invitations.invite(seat, How.TRANSFER, To(line="helpwanted"), None, now=clock.now()))
    anna.grants()
    newcomer = next(one for one in present(anna.conversation) if one.person_id == daan.person.pk)
    asks = Seat(anna.conversation, newcomer.pk, newcomer.role)
    carla_again = accepts(
        carla, invitations.invite(asks, How.CONSULT, To(staff=carla.person.handle), None, now=clock.now())
    )
    anna.grants()
    departures.take_over(anna.conversation, daan.person, on_a_laptop(daan).pk, now=clock.now())
    anna.grants()
    assert carla_again.member in {one.pk for one in present(anna.conversation)}


def test_while_the_worker_is_stopped_a_late_invitation_keeps_nobody_from_being_asked(
    carla: Counsellor, daan: Counsellor
) -> None:
    _anna, seat = talking(carla)
    begun = clock.now()
    first = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=begun)
    late = later(begun, 61)
    with pytest.raises(Conflict) as refused:
        invitations.withdraw(first.pk, carla.person, carla.device.pk, now=late)
    assert refused.value.facts == {"state": "expired"}
    second = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=late)
    assert [shown.invitation for shown in open_cards(daan.person)] == [second.pk]
    told = [row.entry.facts["state"] for row in since(seat, 0).entries if row.entry.kind == "invited"]
    assert told == ["ringing", "expired", "ringing"]


def test_the_review_seat_goes_when_the_line_s_staff_went_before_the_partner_was_let_in(
    carla: Counsellor, gijs: Counsellor
) -> None:
    Line.objects.update(review_key=a_point())
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=clock.now())
    accepts(gijs, invitation)
    departures.expel(seat.member, now=clock.now())
    assert "review" in {one.role for one in present(anna.conversation)}
    anna.grants()
    assert {one.role for one in present(anna.conversation)} == {"caller", "partner"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_keys")
def test_what_rings_for_a_conversation_that_its_caller_erases_stops_ringing(
    carla: Counsellor, daan: Counsellor
) -> None:
    anna, seat = talking(carla)
    invitation = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    console = a_console(daan.person, daan.device)
    for gone in (False, True):
        if gone:
            erasing.erase(anna.seat, now=clock.now())
        console.frames.clear()
        asyncio.run(console.consumer.hear(InvitationChanged(daan.person.pk, invitation.pk)))
        [frame] = console.frames
        assert (frame["invitation"], frame["state"]) == (invitation.pk, "withdrawn" if gone else "ringing")


def test_a_supervisor_is_rung_by_a_consult_and_not_by_a_transfer(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    floor = a_counsellor("Floor", helpwanted)
    Role.objects.filter(person=floor.person).update(name=Role.Name.SUPERVISOR)
    _, seat = talking(carla)
    consult = invitations.invite(seat, How.CONSULT, To(line="helpwanted"), None, now=clock.now())
    assert card(consult.pk, floor.person) is not None
    invitations.withdraw(consult.pk, carla.person, carla.device.pk, now=clock.now())
    transfer = invitations.invite(seat, How.TRANSFER, To(line="helpwanted"), None, now=clock.now())
    assert card(transfer.pk, floor.person) is None
    with pytest.raises(NotFound):
        accepts(floor, transfer)
