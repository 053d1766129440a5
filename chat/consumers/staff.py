"""What a console and a guest's desk have in common: reading and writing in conversations."""

from chat import departures, endings, log, presence, protocol, seats, states
from chat.consumers import writing
from chat.consumers.base import Door
from chat.consumers.following import Following
from chat.messages import Draft
from chat.seats import Seat, hold
from helpline.lib import clock
from helpline.lib.bridge import in_database


class StaffDoor(Door):
    """A socket of somebody who sits in conversations that callers opened."""

    async def find_seat(self, conversation: str) -> Seat:
        """The seat held there; NotFound, or Conflict when another device holds it."""
        raise NotImplementedError

    async def seat(self, conversation: str) -> Seat:
        """The seat that this socket follows, or has; looked up anew where it does not follow."""
        following = self.followings.get(conversation)
        return following.seat if following is not None else await self.find_seat(conversation)

    async def on_open(self, request: protocol.Open) -> protocol.Ok:
        seat = await self.find_seat(request.conversation)
        member = await in_database(hold, seat)
        if (old := self.followings.get(seat.conversation)) is not None:
            self.unfollow(old)
        following = self.followings[seat.conversation] = Following(
            self, seat, request.since, with_allowed=True
        )
        following.allowed = await in_database(seats.allowed, seat)
        self.after_reply += [following.deliver, following.tell_people]
        conversation = member.conversation
        return protocol.OpenOk(
            ref=request.ref,
            member=member.pk,
            line=conversation.line_id,
            locale=conversation.locale,
            urgency=conversation.urgency,
            state=states.on_the_wire(conversation.state),
            epoch=conversation.epoch,
            seq=log.newest(member),
            allowed=following.allowed,
        )

    async def on_sync(self, request: protocol.Sync) -> protocol.Ok:
        seat = await self.seat(request.conversation)
        member = await in_database(hold, seat)
        if (following := self.followings.get(request.conversation)) is not None:
            following.rewind(request.since)
            self.after_reply.append(following.deliver)
        return protocol.SyncedOk(ref=request.ref, seq=log.newest(member))

    async def on_post(self, request: protocol.Post) -> protocol.Ok:
        return await self.post(request, kind="message")

    async def post(self, request: protocol.Post | protocol.NotePost, *, kind: str) -> protocol.Ok:
        box = protocol.wire_bytes(request.box)
        seat = await self.seat(request.conversation)
        posted = await writing.store(Draft(seat, request.id, request.epoch, box, kind))
        return protocol.PostedOk(ref=request.ref, seq=posted.seq, at=clock.stamp(posted.at))

    async def on_typing(self, request: protocol.Typing) -> protocol.Ok:
        seat = await self.seat(request.conversation)
        await in_database(presence.type_along, seat, told=self.pace_typing())
        return protocol.Ok(ref=request.ref)

    async def on_seen(self, request: protocol.Seen) -> protocol.Ok:
        await in_database(log.see, await self.seat(request.conversation), request.seq)
        return protocol.Ok(ref=request.ref)

    async def on_leave(self, request: protocol.Leave) -> protocol.Ok:
        await in_database(departures.leave, await self.seat(request.conversation), now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def on_close(self, request: protocol.Close) -> protocol.Ok:
        await in_database(endings.close, await self.seat(request.conversation), now=clock.now())
        return protocol.Ok(ref=request.ref)
