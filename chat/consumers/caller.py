"""The caller's door. No account and no cookie: a token in the first frame, and one newest tab."""

from msgspec import UNSET

from chat import conversations, dates, erasing, grants, invitations, log, presence, protocol
from chat.bells import Bell
from chat.consumers import leases, queue_news, writing
from chat.consumers.base import GONE, TAKEN_OVER, Door
from chat.consumers.following import Following
from chat.grants import Share
from chat.messages import Draft
from chat.seats import Seat, hold
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database
from helpline.lib.errors import Gone, Refusal, TakenOver


class CallerDoor(Door):
    read = protocol.read_caller
    openers = (protocol.Start, protocol.Resume)
    seat: Seat
    line: str

    async def on_start(self, request: protocol.Start) -> protocol.Ok:
        opened = await in_database(
            conversations.open_conversation,
            request.line,
            request.locale,
            request.urgency,
            socket=self.socket,
            now=clock.now(),
        )
        self._sit(opened.seat, request.line, since=0)
        review = opened.review
        return protocol.Started(
            ref=request.ref,
            conversation=opened.seat.conversation,
            member=opened.seat.member,
            token=opened.token,
            shelf=encoding.encode(opened.shelf),
            epoch=0,
            review=protocol.Named(review.pk, conversations.member_key(review)) if review else None,
            keeps=protocol.Keeps(
                answered=int(opened.retention.total_seconds()),
                unanswered=int(dates.unanswered(opened.retention).total_seconds()),
                backups=clock.stamp(opened.purge_at),
            ),
        )

    async def on_resume(self, request: protocol.Resume) -> protocol.Ok:
        resumed = await in_database(
            conversations.resume, request.conversation, request.token, socket=self.socket, now=clock.now()
        )
        self._sit(resumed.seat, resumed.line, since=request.since)
        return protocol.ResumedOk(
            ref=request.ref,
            member=resumed.seat.member,
            state=resumed.state,
            epoch=resumed.epoch,
            seq=resumed.seq,
            shelf=encoding.encode(resumed.shelf) if resumed.shelf else None,
        )

    async def on_sync(self, request: protocol.CallerSync) -> protocol.Ok:
        member = await in_database(hold, self.seat)
        self.following.rewind(request.since)
        self.after_reply.append(self.following.deliver)
        return protocol.SyncedOk(ref=request.ref, seq=log.newest(member))

    async def on_grant(self, request: protocol.Grant) -> protocol.Ok:
        epoch = await in_database(
            grants.grant,
            self.seat,
            request.epoch,
            [Share(row.member, request.epoch, protocol.wire_bytes(row.wrap)) for row in request.wraps],
            [Share(row.member, row.epoch, protocol.wire_bytes(row.wrap)) for row in request.history],
            now=clock.now(),
        )
        return protocol.GrantedOk(ref=request.ref, epoch=epoch)

    async def on_post(self, request: protocol.CallerPost) -> protocol.Ok:
        box = protocol.wire_bytes(request.box)
        posted = await writing.store(Draft(self.seat, request.id, request.epoch, box))
        return protocol.PostedOk(ref=request.ref, seq=posted.seq, at=clock.stamp(posted.at))

    async def on_consent(self, request: protocol.Consent) -> protocol.Ok:
        await in_database(
            invitations.consent,
            self.seat,
            request.invitation,
            yes=request.yes,
            history=request.history,
            now=clock.now(),
        )
        return protocol.Ok(ref=request.ref)

    async def on_typing(self, request: protocol.CallerTyping) -> protocol.Ok:
        await in_database(presence.type_along, self.seat, told=self.pace_typing())
        return protocol.Ok(ref=request.ref)

    async def on_seen(self, request: protocol.CallerSeen) -> protocol.Ok:
        await in_database(log.see, self.seat, request.seq)
        return protocol.Ok(ref=request.ref)

    async def on_leave(self, request: protocol.CallerLeave) -> protocol.Ok:
        await in_database(conversations.leave, self.seat, now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def hear(self, bell: Bell) -> None:
        if bell.news == "access":
            await in_database(hold, self.seat)  # raises when this tab is no longer the one
        else:
            await super().hear(bell)

    async def on_erase(self, request: protocol.Erase) -> protocol.Ok:
        held = await in_database(erasing.erase, self.seat, now=clock.now())
        return protocol.ErasedOk(ref=request.ref, held=held or UNSET)

    async def _reply(self, request: protocol.Request) -> None:
        if self.opened and self.following.released and not self.closed:
            # Somebody waited for this browser in vain: it lives, and may be handed out again at once.
            self.following.released = False
            await self.safely(in_database(presence.show_life, [self.seat.member], heard_since=clock.now()))
        await super()._reply(request)

    async def refuse(self, request: protocol.Request, error: Refusal) -> None:
        await super().refuse(request, error)
        await self.withdraw(error)

    async def withdraw(self, error: Refusal) -> None:
        if isinstance(error, TakenOver):
            await self.close(TAKEN_OVER)
        elif self.opened and isinstance(error, Gone):
            await self.close(GONE)

    async def lease_lost(self) -> None:
        await in_database(hold, self.seat)
        await in_database(presence.arrive, self.socket, member=self.seat.member, now=clock.now())

    async def departed(self) -> None:
        if self.opened:
            queue_news.leave(self.line, self, self.seat.conversation)
            await leases.depart(self)

    def _sit(self, seat: Seat, line: str, *, since: int) -> None:
        self.seat, self.line = seat, line
        self.following = self.followings[seat.conversation] = Following(self, seat, since)
        self.after_reply += [self.following.deliver, self.following.tell_people]
        queue_news.wait(line, seat.conversation, self)
