"""Invitations at a console: sending, taking back, answering, and what rings."""

import msgspec

from chat import cards, invitations, protocol, states
from chat.bells import Bell
from chat.cards import Card
from chat.consumers.hello import card_frame
from chat.consumers.opening_hours import Opening
from counsellors.models import Device
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import BadFrame


class Inviting(Opening):
    """`cards`: the open invitations that this console was shown, with their states."""

    cards: dict[str, str]

    async def on_invite(self, request: protocol.Invite) -> protocol.Ok:
        seat = await self.seat(request.conversation)
        to = _addressee(request.to)
        invitation = await in_database(
            invitations.invite, seat, states.How(request.how), to, request.brief, now=clock.now()
        )
        return protocol.InviteOk(ref=request.ref, invitation=invitation.pk)

    async def on_withdraw(self, request: protocol.Withdraw) -> protocol.Ok:
        await in_database(
            invitations.withdraw, request.invitation, self.person, self._device_id, now=clock.now()
        )
        return protocol.Ok(ref=request.ref)

    async def on_answer(self, request: protocol.Answer) -> protocol.Ok:
        if not request.yes:
            await in_database(
                invitations.decline, request.invitation, self.person, self._device_id, now=clock.now()
            )
            return protocol.AnswerOk(ref=request.ref)
        member = await in_database(
            invitations.accept, request.invitation, self.person, self._device_id, now=clock.now()
        )
        return protocol.AnswerOk(ref=request.ref, conversation=member.conversation_id, member=member.pk)

    async def _show(self, invitation: str) -> None:
        card = await in_database(cards.card, invitation, self.person)
        # It rings at approved consoles; the inviter sees the own one on any.
        if card is not None and (self._is_approved() or card.conversation is not None):
            await self._show_card(card)

    async def _show_what_rings(self) -> None:
        """What rings, or stopped to, and was not shown: on a device just enrolled, or after a lost bell."""
        found = await in_database(cards.open_cards, self.person, approved=self._is_approved())
        for card in found:
            if self.cards.get(card.invitation) != card.state:
                await self._show_card(card)
        for invitation in set(self.cards) - {card.invitation for card in found}:
            ended = await in_database(cards.card, invitation, self.person)
            if ended is not None and ended.state not in states.INVITED:
                await self._show_card(ended)

    async def _show_card(self, card: Card) -> None:
        if card.state in states.INVITED:
            self.cards[card.invitation] = card.state
        else:
            self.cards.pop(card.invitation, None)
        await self.write(card_frame(card))

    def _is_approved(self) -> bool:
        return self.device is not None and self.device.state == Device.State.APPROVED

    def look_again(self) -> None:
        self.ring(Bell("", "invitations"))


def _addressee(to: protocol.Invitee) -> invitations.To:
    named = {name: value for name, value in msgspec.structs.asdict(to).items() if value is not msgspec.UNSET}
    if len(named) != 1:
        raise BadFrame
    return invitations.To(**named)
