"""The desk of a guest: a one-time link and a PIN, one conversation, the role of a partner."""

from chat import guests, presence, protocol
from chat.consumers import leases
from chat.consumers.base import GONE
from chat.consumers.staff import StaffDoor
from chat.seats import Seat
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import Gone, NotFound, Refusal


class DeskDoor(StaffDoor):
    read = protocol.read_desk
    openers = (protocol.Desk,)
    own_seat: Seat

    async def on_desk(self, request: protocol.Desk) -> protocol.Ok:
        key = protocol.wire_bytes(request.key, 65)
        facts = {"socket": self.socket, "now": clock.now()}
        if request.pin is None:
            seated = await in_database(guests.resume, request.token, key, **facts)  # type: ignore[arg-type]
        else:
            seated = await in_database(guests.sit, request.token, request.pin, key, **facts)  # type: ignore[arg-type]
        self.own_seat = seated.seat
        return protocol.DeskOk(
            ref=request.ref,
            conversation=seated.seat.conversation,
            member=seated.seat.member,
            resume=seated.resume,
        )

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
