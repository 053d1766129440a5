"""Defines the caller's consumer. Callers have no account and no cookie. A tab that returns to its
conversation sends its token in the first frame. Only the newest tab may use the seat."""

from chat import protocol, requests
from chat.consumers import leases, queue_news
from chat.consumers.base import GONE, TAKEN_OVER, Consumer
from chat.conversation import presence, seats
from chat.conversation.seats import Seat
from chat.protocol import CALLER
from chat.requests.conversation.delivery import Following
from helpline.lib import clock
from helpline.lib.bridge import bulkheads, in_database
from helpline.lib.errors import Gone, Refusal, TakenOver


class CallerConsumer(Consumer):
    name = CALLER
    bulkhead = bulkheads.CALLERS
    bulkhead_before = bulkheads.NEWCOMERS
    seat: Seat
    line: str

    def sit(self, seat: Seat, line: str, *, since: int) -> Following:
        self.seat, self.line = seat, line
        following = self.followings[seat.conversation] = Following(self, seat, since)
        queue_news.wait(line, seat.conversation, self)
        return following

    async def allow(self, _declared: requests.Declared, _request: protocol.Request) -> None:
        """Allows every request, because callers have no roles. If this browser has failed to give a
        counsellor access to the conversation, `next` does not offer the caller to other counsellors. A new
        frame shows that the browser works again, so from then on `next` may offer the caller."""
        following = self.followings.get(self.seat.conversation) if self.opened else None
        if following is not None and following.released and not self.closed:
            following.released = False
            await self.safely(in_database(presence.show_life, {self.seat.member: clock.now()}))

    async def refuse(self, request: protocol.Request, error: Refusal) -> None:
        await super().refuse(request, error)
        await self.withdraw(error)

    async def withdraw(self, error: Refusal) -> None:
        if isinstance(error, TakenOver):
            await self.close(TAKEN_OVER)
        elif self.opened and isinstance(error, Gone):
            await self.close(GONE)

    async def lease_lost(self) -> None:
        await in_database(seats.require_seat, self.seat)
        await in_database(presence.arrive, self.socket, member=self.seat.member, now=clock.now())

    async def departed(self) -> None:
        if self.opened:
            queue_news.leave(self.line, self, self.seat.conversation)
            await leases.depart(self)
