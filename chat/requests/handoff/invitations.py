"""Handles requests about invitations, the caller's consent, referrals and a guest's desk, and sends
invitations to the consoles that show them."""

import msgspec
from msgspec import UNSET

from chat import bells, protocol, states
from chat.handoff import cards, guests, invitations, referrals
from chat.handoff.cards import Card
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import consumers
from chat.requests.copied import copied
from chat.requests.declared import APPROVED_NOW, IN_CHARGE, heard, request
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import BadFrame
from helpline.lib.scopes import OWN


@request(protocol.Consent, consumers=CALLER, scope=OWN)
async def consent(consumer: consumers.Caller, asked: protocol.Consent) -> None:
    await in_database(
        invitations.consent,
        consumer.seat,
        asked.invitation,
        yes=asked.yes,
        history=asked.history,
        now=clock.now(),
    )


@request(protocol.Invite, consumers=CONSOLE, scope="conversation", seat=IN_CHARGE)
async def invite(consumer: consumers.Console, asked: protocol.Invite) -> protocol.InviteOk:
    seat = await consumer.seat_in(asked.conversation)
    invitation = await in_database(
        invitations.invite, seat, states.How(asked.how), _addressee(asked.to), asked.brief, now=clock.now()
    )
    return protocol.InviteOk(ref=asked.ref, invitation=invitation.pk)


@request(protocol.Withdraw, consumers=CONSOLE, scope="invitation", seat=IN_CHARGE)
async def withdraw(consumer: consumers.Console, asked: protocol.Withdraw) -> None:
    await in_database(
        invitations.withdraw, asked.invitation, consumer.person, consumer.device_id, now=clock.now()
    )


@request(protocol.Answer, consumers=CONSOLE, device=APPROVED_NOW, scope="invitation")
async def answer(consumer: consumers.Console, asked: protocol.Answer) -> protocol.AnswerOk:
    facts = (asked.invitation, consumer.person, consumer.device_id)
    if not asked.yes:
        await in_database(invitations.decline, *facts, now=clock.now())
        return protocol.AnswerOk(ref=asked.ref)
    member = await in_database(invitations.accept, *facts, now=clock.now())
    return protocol.AnswerOk(ref=asked.ref, conversation=member.conversation_id, member=member.pk)


@request(protocol.Refer, consumers=CONSOLE, scope="conversation", seat=IN_CHARGE)
async def refer(consumer: consumers.Console, asked: protocol.Refer) -> protocol.ReferOk:
    seat = await consumer.seat_in(asked.conversation)
    seq = await in_database(referrals.refer, seat, asked.service, now=clock.now())
    return protocol.ReferOk(ref=asked.ref, seq=seq)


@request(protocol.Desk, consumers=DESK, opens=True)
async def desk(consumer: consumers.Desk, asked: protocol.Desk) -> protocol.DeskOk:
    key, now = protocol.wire_bytes(asked.key, 65), clock.now()
    if asked.pin is None:
        seated = await in_database(guests.find_again, asked.token, key)
    else:
        seated = await in_database(
            guests.sit, asked.token, asked.pin, key, name=asked.name, socket=consumer.socket, now=now
        )
    consumer.own_seat = seated.seat
    return protocol.DeskOk(
        ref=asked.ref,
        conversation=seated.seat.conversation,
        member=seated.seat.member,
        resume=seated.resume,
        prove=consumer.challenge(key) if asked.pin is None else None,
    )


@heard(bells.InvitationChanged, consumers=CONSOLE)
async def show_invitation(consumer: consumers.Console, bell: bells.InvitationChanged) -> None:
    card = await in_database(cards.card, bell.invitation, consumer.person)
    # Those who may accept an invitation see it only at consoles with an approved device; its inviter sees it
    # at any console.
    if card is None:
        await _take_back(consumer, bell.invitation)
    elif consumer.is_approved or card.conversation is not None:
        await _show_card(consumer, card_frame(card))


@heard(bells.InvitationsDue, consumers=CONSOLE)
async def show_what_rings(consumer: consumers.Console, _bell: bells.InvitationsDue) -> None:
    """Sends the current state of each invitation, unless this console already has it. Runs after the device
    was approved, and after bells may have been lost."""
    found = await in_database(cards.open_cards, consumer.person, approved=consumer.is_approved)
    for card in found:
        known = consumer.cards.get(card.invitation)
        if known is None or known.state != card.state:
            await _show_card(consumer, card_frame(card))
    for invitation in set(consumer.cards) - {card.invitation for card in found}:
        ended = await in_database(cards.card, invitation, consumer.person)
        if ended is None:
            await _take_back(consumer, invitation)
        elif ended.state not in states.INVITED:
            await _show_card(consumer, card_frame(ended))


async def _take_back(consumer: consumers.Console, invitation: str) -> None:
    """Withdraws a card of which no row is left, because the caller has erased the conversation. Otherwise it
    would ring on."""
    card = consumer.cards.get(invitation)
    if card is not None:
        await _show_card(consumer, msgspec.structs.replace(card, state=str(states.Invitation.WITHDRAWN)))


async def _show_card(consumer: consumers.Console, card: protocol.InvitationOut) -> None:
    if card.state in states.INVITED:
        consumer.cards[card.invitation] = card
    else:
        consumer.cards.pop(card.invitation, None)
    await consumer.write(card)


def card_frame(card: Card) -> protocol.InvitationOut:
    return copied(
        protocol.InvitationOut,
        card,
        from_=card.inviter,
        link=None if card.pin else UNSET,
        pin=card.pin or UNSET,
        wrong_pins=UNSET if card.wrong_pins is None else card.wrong_pins,
        contact=card.contact or UNSET,
    )


def _addressee(to: protocol.Invitee) -> invitations.To:
    named = {name: value for name, value in msgspec.structs.asdict(to).items() if value is not UNSET}
    if len(named) != 1:
        raise BadFrame
    return invitations.To(**named)
