"""Defines the consumer of a guest's desk. A guest opens the desk with a one-time link and a PIN. The desk
gives access to one conversation, in the role of a partner."""

from chat import protocol, requests
from chat.consumers import leases
from chat.consumers.base import GONE, Consumer
from chat.consumers.key_challenge import KeyChallenge
from chat.conversation import presence, reading
from chat.conversation.reading import Opened
from chat.conversation.seats import Seat
from chat.protocol import DESK
from helpline.lib import clock, encoding
from helpline.lib.bridge import bulkheads, in_database
from helpline.lib.errors import Conflict, Gone, NotFound, Refusal


class DeskConsumer(Consumer):
    name = DESK
    bulkhead_before = bulkheads.NEWCOMERS  # anybody can try to open a link
    own_seat: Seat

    def __init__(self) -> None:
        super().__init__()
        self.proof = KeyChallenge[bytes]()

    def challenge(self, key: bytes) -> str:
        return encoding.encode(self.proof.demand(self.own_seat.member, key, key))

    def meet_challenge(self, secret: bytes) -> None:
        self.proof.meet(secret)

    async def allow(self, _declared: requests.Declared, request: protocol.Request) -> None:
        """When a guest reconnects, their browser must first prove that it has the seat's key. Until then,
        raises Conflict for every request except `prove`."""
        if self.proof.is_owed and not isinstance(request, protocol.Prove):
            raise Conflict

    async def arrive(self) -> None:
        await in_database(presence.arrive, self.socket, member=self.own_seat.member, now=clock.now())

    async def find_seat(self, conversation: str) -> Seat:
        if conversation != self.own_seat.conversation:
            raise NotFound
        return self.own_seat

    async def open_seat(self, conversation: str, since: int) -> Opened:
        return await in_database(reading.open_seat, await self.find_seat(conversation), since)

    async def withdraw(self, error: Refusal) -> None:
        if isinstance(error, Gone):
            await self.close(GONE)

    async def lease_lost(self) -> None:
        if not self.proof.is_owed:
            await self.arrive()

    async def departed(self) -> None:
        if self.opened:
            await leases.depart(self)
