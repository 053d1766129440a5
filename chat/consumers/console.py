"""The console's door: staff who signed in with both factors."""

from collections.abc import Iterable
from http.cookies import SimpleCookie

from django.conf import settings

from chat import (
    bells,
    departures,
    endings,
    log,
    messages,
    presence,
    protocol,
    queue,
    seats,
    states,
    work,
)
from chat.bells import Bell
from chat.consumers import leases, queue_news
from chat.consumers.base import WITHDRAWN, Door
from chat.consumers.following import Following
from chat.consumers.hello import hello
from chat.seats import Seat, hold
from counsellors import accounts, devices, duty, permissions
from counsellors.models import Device, Person
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import AccessWithdrawn, Gone, NotFound, Refusal


class ConsoleDoor(Door):
    read = protocol.read_console
    openers = (protocol.Hello,)
    person: Person
    device: Device | None = None
    lines: tuple[str, ...] = ()

    async def admit(self) -> bool:
        self.session = _session_key(self.scope["headers"])
        person = await in_database(accounts.person_of_session, self.session)
        if person is not None:
            self.person = person
        return person is not None

    async def on_hello(self, request: protocol.Hello) -> protocol.Ok:
        self.device = await in_database(devices.of, self.person, request.device)
        ok = await in_database(hello, self.person, self.device, request.ref)
        await self._arrive()
        bells.listen(bells.person(self.person.pk), self.ring)
        self.lines = tuple(line.line for line in ok.lines)
        for load in ok.queue:
            queue_news.watch(load.line, self, load)
        return ok

    async def on_enrol(self, request: protocol.Enrol) -> protocol.Ok:
        key = protocol.wire_bytes(request.key, 65)
        self.device = await in_database(devices.enrol, self.person, key, request.label, now=clock.now())
        await self._arrive()
        return protocol.EnrolOk(
            ref=request.ref, device=protocol.DeviceState(self.device.pk, self.device.state)
        )

    async def on_duty(self, request: protocol.DutyChange) -> protocol.Ok:
        permissions.require(self.person, "duty")
        changed = await in_database(duty.change, self.person, request.state, request.slots, now=clock.now())
        return protocol.DutyOk(ref=request.ref, duty=protocol.DutyState(changed.state, changed.slots))

    async def on_next(self, request: protocol.Next) -> protocol.Ok:
        permissions.require(self.person, "next")
        member = await in_database(
            queue.take_next, self.person, self._device_id, request.line, now=clock.now()
        )
        conversation = member.conversation
        return protocol.NextOk(
            ref=request.ref,
            conversation=conversation.pk,
            member=member.pk,
            line=conversation.line_id,
            locale=conversation.locale,
            urgency=conversation.urgency,
        )

    async def on_open(self, request: protocol.Open) -> protocol.Ok:
        seat = await in_database(work.seat_in, request.conversation, self.person, self._device_id)
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
        seat = await self._seat(request.conversation)
        member = await in_database(hold, seat)
        if (following := self.followings.get(request.conversation)) is not None:
            following.rewind(request.since)
            self.after_reply.append(following.deliver)
        return protocol.SyncedOk(ref=request.ref, seq=log.newest(member))

    async def on_post(self, request: protocol.Post) -> protocol.Ok:
        box = protocol.wire_bytes(request.box)
        seat = await self._seat(request.conversation)
        posted = await in_database(messages.post, seat, request.id, request.epoch, box, now=clock.now())
        return protocol.PostedOk(ref=request.ref, seq=posted.seq, at=clock.stamp(posted.at))

    async def on_typing(self, request: protocol.Typing) -> protocol.Ok:
        seat = await self._seat(request.conversation)
        if self.pace_typing():
            await in_database(presence.type_along, seat)
        return protocol.Ok(ref=request.ref)

    async def on_seen(self, request: protocol.Seen) -> protocol.Ok:
        await in_database(log.see, await self._seat(request.conversation), request.seq)
        return protocol.Ok(ref=request.ref)

    async def on_leave(self, request: protocol.Leave) -> protocol.Ok:
        await in_database(departures.leave, await self._seat(request.conversation), now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def on_close(self, request: protocol.Close) -> protocol.Ok:
        await in_database(endings.close, await self._seat(request.conversation), now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def _seat(self, conversation: str) -> Seat:
        """The seat that this console follows, or has; looked up anew where it does not follow."""
        following = self.followings.get(conversation)
        if following is not None:
            return following.seat
        return await in_database(work.seat_in, conversation, self.person, self._device_id)

    async def check_access(self) -> None:
        """Signed out, deactivated, or the device revoked: the socket closes."""
        person = await in_database(accounts.person_of_session, self.session)
        if person is None:
            raise AccessWithdrawn
        self.person = person
        if self.device is not None:
            self.device = await in_database(devices.of, person, self.device.pk)
            if self.device is None:
                raise AccessWithdrawn

    async def hear(self, bell: Bell) -> None:
        if bell.news == "access":
            await self.check_access()
        await super().hear(bell)

    async def withdraw(self, error: Refusal) -> None:
        if isinstance(error, AccessWithdrawn):
            await self.close(WITHDRAWN)
        elif isinstance(error, Gone):
            for following in tuple(self.followings.values()):
                await self._drop_if_gone(following)

    async def _drop_if_gone(self, following: Following) -> None:
        try:
            await in_database(hold, following.seat, also_after_left=True)
        except NotFound:
            self.unfollow(following)
            await self.write(protocol.Gone(conversation=following.seat.conversation))

    async def lease_lost(self) -> None:
        await self._arrive()

    async def departed(self) -> None:
        for line in self.lines:
            queue_news.leave(line, self)
        if self.opened:
            bells.stop_listening(bells.person(self.person.pk), self.ring)
            await leases.depart(self)

    async def _arrive(self) -> None:
        await in_database(presence.arrive, self.socket, device=self._device_id, now=clock.now())

    @property
    def _device_id(self) -> str | None:
        return self.device.pk if self.device else None


def _session_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    cookies = SimpleCookie(b"; ".join(value for name, value in headers if name == b"cookie").decode("latin1"))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else None
