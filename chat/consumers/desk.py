"""The desk of a guest: a one-time link and a PIN, one conversation, the role of a partner."""

from chat.consumers import leases
from chat.consumers.base import GONE, Door
from chat.conversation import presence
from chat.conversation.seats import Seat
from chat.protocol import DESK
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import Gone, NotFound, Refusal


class DeskDoor(Door):
    name = DESK
    own_seat: Seat

    async def find_seat(self, conversation: str) -> Seat:
        if conversation != self.own_seat.conversation:
            raise NotFound
        return self.own_seat

    async def withdraw(self, error: Refusal) -> None:
        if isinstance(error, Gone):
            await self.close(GONE)

    async def lease_lost(self) -> None:
        await in_database(presence.arrive, self.socket, member=self.own_seat.member, now=clock.now())

    async def departed(self) -> None:
        if self.opened:
            await leases.depart(self)
