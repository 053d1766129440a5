"""A counsellor invites a service, and tries to join as its guest to talk with a child unseen."""

import msgspec
import pytest
from pytest_django import Settings

from chat import bells, states
from chat.conversation import departures, endings
from chat.conversation.log import since
from chat.conversation.seats import present
from chat.handoff import directory, guests, invitations
from chat.handoff.cards import card, open_cards
from chat.handoff.invitations import To
from chat.models import Invitation, Line, Member, Outgoing, Service
from chat.requests.handoff.invitations import card_frame
from chat.runtime import deadlines
from chat.states import How
from chat.supervision import audit_trail
from counsellors.models import AuditRow
from helpline.lib import clock, encoding
from helpline.lib.errors import Conflict, NotFound, OnlyRefer, OnlyToADesk
from tests.support.domain.cast import Counsellor, a_partner, a_point, kinds, later, says, state_of, taken
from tests.support.domain.fixtures import Rung
from tests.support.domain.guests import Asked, asked, delivered, veilig_thuis

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_goes_out(settings: Settings) -> None:
    settings.MAIL_HOST = "mail.example"


@pytest.fixture
def asks(carla: Counsellor) -> Asked:
    veilig_thuis()
    return asked(carla)


def steps() -> list[tuple[str, str, str]]:
    """Returns the audit rows about guests: who, what and with which detail."""
    rows = AuditRow.objects.filter(action__startswith="guest_").order_by("pk")
    return [(row.actor, row.action, row.detail) for row in rows]


# Who gets the link, and who the PIN


def test_a_counsellor_who_invites_a_service_gets_the_pin_and_never_the_link(
    carla: Counsellor, asks: Asked
) -> None:
    invitation = asks.says_yes()
    shown = card(invitation.pk, carla.person)
    assert shown is not None
    frame = msgspec.to_builtins(card_frame(shown))
    assert (frame["state"], frame["link"], frame["pin"]) == ("ringing", None, asks.pin)
    told = [*kinds(asks.carla), str(frame), str(since(asks.carla, 0)), str(open_cards(carla.person))]
    assert not [text for text in told if asks.token in text]


def test_before_the_caller_s_yes_and_after_the_link_is_used_nobody_is_shown_a_pin(
    carla: Counsellor, asks: Asked
) -> None:
    before = card(asks.invitation.pk, carla.person)
    asks.says_yes()
    asks.guest_sits()
    after = card(asks.invitation.pk, carla.person)
    for shown in (before, after):
        assert shown is not None
        assert (shown.pin, shown.contact) == (None, None)
        assert "link" not in msgspec.to_builtins(card_frame(shown))


def test_a_guest_s_invitation_rings_at_nobody_s_console_also_not_at_that_of_the_service_s_own_people(
    asks: Asked,
) -> None:
    hanna = a_partner("Hanna", Service.objects.get(pk="veilig-thuis"))
    invitation = asks.says_yes()
    assert card(invitation.pk, hanna.person) is None
    assert open_cards(hanna.person) == []
    with pytest.raises(NotFound):
        invitations.accept(invitation.pk, hanna.person, hanna.device.pk, now=clock.now())


def test_everybody_is_told_that_who_comes_is_a_guest_by_a_link(carla: Counsellor, asks: Asked) -> None:
    asks.says_yes()
    Service.objects.create(slug="csg", name="CSG", desk=True)
    invitations.withdraw(asks.invitation.pk, carla.person, carla.device.pk, now=clock.now())
    invitations.invite(asks.carla, How.HANDOFF, To(service="csg"), None, now=clock.now())
    told = [d.entry.facts["to"] for d in since(asks.anna.seat, 0).entries if d.entry.kind == "invited"]
    assert [(to["service"], to["guest"]) for to in told] == [("veilig-thuis", True)] * 3 + [("csg", False)]


def test_a_desk_that_opens_meanwhile_changes_nothing_of_what_the_caller_agreed_to(asks: Asked) -> None:
    Service.objects.update(desk=True)
    asks.says_yes()
    assert asks.invitation.contact == states.Contact.SENDING
    asks.guest_sits()


# Who cannot be invited


def test_a_service_with_neither_desk_nor_contact_is_referred_to_and_not_invited(carla: Counsellor) -> None:
    veilig_thuis(contact_mail="")
    with pytest.raises(OnlyRefer) as refused:
        asked(carla)
    assert refused.value.code == "conflict"
    assert "Refer to it" in refused.value.detail
    assert not Invitation.objects.exists()


def test_a_webhook_without_a_secret_is_no_contact(carla: Counsellor) -> None:
    veilig_thuis(contact_mail="", contact_url="https://veilig-thuis.example/bel")
    with pytest.raises(OnlyRefer):
        asked(carla)


def test_where_no_mail_is_sent_an_inbox_is_no_contact(carla: Counsellor, settings: Settings) -> None:
    settings.MAIL_HOST = ""
    veilig_thuis()
    with pytest.raises(OnlyRefer):
        asked(carla)


def test_a_partner_brings_in_services_with_a_desk_only(carla: Counsellor) -> None:
    veilig_thuis()
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    Service.objects.create(slug="113", name="113", desk=True)
    Service.objects.create(slug="helpwanted", name="Helpwanted")
    gijs = a_partner("Gijs", csg)
    anna, seat = taken(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=clock.now())
    member = invitations.accept(invitation.pk, gijs.person, gijs.device.pk, now=clock.now())
    anna.grants()
    departures.leave(seat, now=clock.now())
    anna.grants()
    partner = type(seat)(member.conversation_id, member.pk, member.role)
    with pytest.raises(OnlyToADesk) as refused:
        invitations.invite(partner, How.HANDOFF, To(service="veilig-thuis"), None, now=clock.now())
    assert refused.value.code == "conflict"
    for slug in ("113", "helpwanted"):
        again = invitations.invite(partner, How.HANDOFF, To(service=slug), None, now=clock.now())
        assert not again.guest
        invitations.withdraw(again.pk, gijs.person, gijs.device.pk, now=clock.now())


def test_the_directory_says_beforehand_who_can_be_asked_by_a_link(helpwanted: Line) -> None:
    veilig_thuis()
    Service.objects.create(slug="csg", name="CSG", desk=True, contact_mail="csg@csg.example")
    Service.objects.create(slug="mind", name="MIND")
    Service.objects.create(slug="helpwanted", name="Helpwanted", contact_mail="wij@hulp.example")
    found = {row.service.pk: row.guest for row in directory.listed(now=clock.now())}
    assert found == {"veilig-thuis": True, "csg": False, "mind": False, "helpwanted": False}


# Joining


def test_a_guest_comes_in_once_by_link_and_pin_and_back_by_the_same_key(asks: Asked) -> None:
    asks.says_yes()
    key, now = a_point(), clock.now()
    with pytest.raises(NotFound):
        guests.sit(asks.token, "wrong", key, socket="a", now=now)
    seated = asks.guest_sits(key=key)
    with pytest.raises(NotFound):
        asks.guest_sits(key=key)
    asks.anna.grants()
    says(seated.seat, epoch=2)
    assert guests.find_again(seated.resume, key).seat == seated.seat
    for token, other in ((seated.resume, a_point()), ("x", key)):
        with pytest.raises(NotFound):
            guests.find_again(token, other)


def test_the_pin_without_the_link_and_the_link_of_another_invitation_open_nothing(
    daan: Counsellor, asks: Asked
) -> None:
    asks.says_yes()
    other = asked(daan)
    other.says_yes()
    forged = encoding.encode(encoding.decode(asks.invitation.pk) + encoding.decode(other.token)[16:])
    for token in (asks.invitation.pk, other.token, forged, "", "x" * 43, encoding.new_id(32)):
        with pytest.raises(NotFound):
            guests.sit(token, asks.pin, a_point(), socket="a", now=clock.now())


def test_after_five_wrong_pins_the_right_one_opens_nothing(asks: Asked) -> None:
    asks.says_yes()
    for _ in range(5):
        with pytest.raises(NotFound):
            guests.sit(asks.token, "------", a_point(), socket="a", now=clock.now())
    with pytest.raises(NotFound):
        asks.guest_sits()
    assert [action for _, action, _ in steps()].count("guest_wrong_pin") == 5


def test_the_counsellor_who_reads_the_pin_out_is_told_of_a_wrong_one(
    carla: Counsellor, asks: Asked, every_bell: Rung
) -> None:
    invitation = asks.says_yes()

    def gets_it_wrong() -> None:
        with pytest.raises(NotFound):
            guests.sit(asks.token, "------", a_point(), socket="a", now=clock.now())

    assert bells.InvitationChanged(carla.person.pk, invitation.pk) in every_bell(gets_it_wrong)
    shown = card(invitation.pk, carla.person)
    assert shown is not None
    assert (card_frame(shown).wrong_pins, card_frame(shown).pin) == (1, asks.pin)


def test_a_link_that_five_wrong_pins_used_up_holds_nobody_waiting(carla: Counsellor, asks: Asked) -> None:
    invitation = asks.says_yes()
    for number in range(5):
        with pytest.raises(NotFound):
            guests.sit(asks.token, "------", a_point(), socket="s", now=clock.now())
        assert Invitation.objects.get(pk=invitation.pk).state == ("expired" if number == 4 else "ringing")
    assert open_cards(carla.person) == []


def test_a_link_whose_tries_were_spent_by_a_process_that_ended_holds_nobody_waiting(
    carla: Counsellor, asks: Asked
) -> None:
    invitation = asks.says_yes()
    Invitation.objects.filter(pk=invitation.pk).update(pin_tries=5)
    with pytest.raises(NotFound):
        asks.guest_sits()
    assert open_cards(carla.person) == []


def test_a_key_of_the_staff_sits_at_no_guest_s_place(carla: Counsellor, asks: Asked) -> None:
    asks.says_yes()
    with pytest.raises(NotFound):
        guests.sit(asks.token, asks.pin, bytes(carla.device.key), socket="s", now=clock.now())
    assert asks.guest_sits()


def test_a_guest_link_is_valid_for_a_quarter_of_an_hour(asks: Asked) -> None:
    invitation = asks.says_yes()
    late = later(invitation.since, 900)
    with pytest.raises(NotFound):
        guests.sit(asks.token, asks.pin, a_point(), socket="a", now=late)


def test_the_link_of_an_invitation_to_a_desk_opens_nothing(carla: Counsellor) -> None:
    veilig_thuis(desk=True)
    found = asked(carla)
    found.says_yes()
    assert not Outgoing.objects.exists()
    with pytest.raises(NotFound):
        found.guest_sits()


# The review seat


@pytest.fixture
def reviewed(helpwanted: Line, carla: Counsellor) -> Asked:
    """Makes a conversation of Anna's, on a line with a review key, which a guest has joined."""
    Line.objects.update(review_key=a_point())
    veilig_thuis()
    found = asked(carla)
    found.says_yes()
    found.guest_sits()
    found.anna.grants()
    return found


def reviews(found: Asked) -> list[str]:
    return [member.pk for member in present(found.anna.conversation) if member.role == "review"]


def test_a_counsellor_who_sits_down_as_the_guest_and_leaves_the_line_s_seat_is_not_alone_with_the_child(
    reviewed: Asked,
) -> None:
    before = reviews(reviewed)
    departures.leave(reviewed.carla, now=clock.now())
    assert len(before) == 1
    assert reviews(reviewed) == before
    reviewed.anna.grants()
    review = Member.objects.get(pk=before[0])
    assert review.epoch == review.wraps.order_by("-epoch").values_list("epoch", flat=True).first() == 3
    assert state_of(reviewed.anna) == "active"


def test_the_review_seat_stays_also_while_the_guest_is_yet_to_be_let_in(carla: Counsellor) -> None:
    Line.objects.update(review_key=a_point())
    veilig_thuis()
    found = asked(carla)
    found.says_yes()
    found.guest_sits()
    departures.expel(found.carla.member, now=clock.now())
    assert len(reviews(found)) == 1


def test_when_the_guest_leaves_last_the_caller_is_first_in_the_queue_with_the_review_seat_that_stayed(
    reviewed: Asked, daan: Counsellor
) -> None:
    stayed = reviews(reviewed)
    departures.leave(reviewed.carla, now=clock.now())
    reviewed.anna.grants()
    guest = Member.objects.present().get(role="partner")
    assert departures.expel(guest.pk, now=clock.now())
    assert kinds(reviewed.anna.seat)[-2:] == ["left", "requeued"]
    assert reviews(reviewed) == stayed
    assert daan.takes_next().conversation == reviewed.anna.conversation
    assert reviews(reviewed) == stayed


def test_when_the_guest_goes_and_a_partner_stays_the_review_seat_goes_too(
    reviewed: Asked, carla: Counsellor
) -> None:
    gijs = a_partner("Gijs", Service.objects.create(slug="csg", name="CSG", desk=True))
    second = invitations.invite(reviewed.carla, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(reviewed.anna.seat, second.pk, yes=True, history=False, now=clock.now())
    invitations.accept(second.pk, gijs.person, gijs.device.pk, now=clock.now())
    reviewed.anna.grants()
    departures.leave(reviewed.carla, now=clock.now())
    assert len(reviews(reviewed)) == 1
    guest = Member.objects.present().get(role="partner", person=None)
    departures.expel(guest.pk, now=clock.now())
    assert reviews(reviewed) == []
    assert state_of(reviewed.anna) == "active"


# What is recorded


def test_every_step_of_a_guest_is_on_record_and_names_the_caller_by_an_opaque_id_alone(
    carla: Counsellor, asks: Asked
) -> None:
    asks.says_yes()
    assert delivered() == 1
    with pytest.raises(NotFound):
        guests.sit(asks.token, "------", a_point(), socket="a", now=clock.now())
    guest = asks.guest_sits()
    asks.anna.grants()
    departures.leave(guest.seat, now=clock.now())
    assert steps() == [
        (carla.person.handle, "guest_invited", "veilig-thuis"),
        ("", "guest_link_sent", "veilig-thuis mail"),
        ("", "guest_opened", "veilig-thuis"),
        ("", "guest_wrong_pin", "veilig-thuis"),
        ("", "guest_seated", "veilig-thuis"),
        ("", "guest_left", "veilig-thuis left"),
    ]
    rows = AuditRow.objects.filter(action__startswith="guest_")
    assert set(rows.values_list("subject", flat=True)) == {asks.anna.recorded_as}
    assert not rows.filter(detail__contains=asks.token).exists()


@pytest.mark.parametrize("how", ["lost", "released", "ended"])
def test_however_a_guest_goes_it_is_on_record(asks: Asked, how: str) -> None:
    asks.says_yes()
    guest, now = asks.guest_sits(), clock.now()
    if how == "released":
        deadlines.meet(now=later(now, 20))
    elif how == "lost":
        asks.anna.grants()
        Member.objects.filter(pk=guest.seat.member).update(here=False)
        departures.lose(guest.seat.member, away_since=later(now, 1), now=now)
    else:
        asks.anna.grants()
        endings.leave(asks.anna.seat, now=now)
        departures.leave(guest.seat, now=now)
    assert steps()[-1] == ("", "guest_left", f"veilig-thuis {how}")
    assert [action for _, action, _ in steps()].count("guest_left") == 1


def test_a_partner_at_a_desk_leaves_no_such_rows(carla: Counsellor) -> None:
    csg = Service.objects.create(slug="csg", name="CSG", desk=True)
    gijs = a_partner("Gijs", csg)
    anna, seat = taken(carla)
    invitation = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    invitations.consent(anna.seat, invitation.pk, yes=True, history=False, now=clock.now())
    invitations.accept(invitation.pk, gijs.person, gijs.device.pk, now=clock.now())
    anna.grants()
    endings.close(seat, now=clock.now())
    assert steps() == []


def test_the_line_s_supervisors_see_the_steps_and_those_of_another_line_do_not(
    asks: Asked, floor: Counsellor, otto: Counsellor
) -> None:
    asks.says_yes()
    delivered()
    asks.guest_sits()
    seen = [(alias, row.action) for row, alias in audit_trail.trail(floor.person)]
    assert [row for row in seen if row[1] != "enrolled"] == [
        ("", "guest_seated"),
        ("", "guest_opened"),
        ("", "guest_link_sent"),
        ("Carla", "guest_invited"),
    ]
    # Concerns his own device.
    assert {row.action for row, _ in audit_trail.trail(otto.person)} == {"enrolled"}


def test_a_second_invitation_waits_for_the_first(asks: Asked) -> None:
    with pytest.raises(Conflict):
        invitations.invite(asks.carla, How.HANDOFF, To(service="veilig-thuis"), None, now=clock.now())
    assert len(steps()) == 1, "what was not asked is not on record"


def test_a_guest_is_called_by_the_name_they_give_and_else_by_their_service(asks: Asked) -> None:
    asks.says_yes()
    seated = guests.sit(asks.token, asks.pin, a_point(), name="  Noor ", socket="a", now=clock.now())
    assert Member.objects.get(pk=seated.seat.member).alias == "Noor"
