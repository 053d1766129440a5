"""The console's door: staff who signed in with both factors."""

import contextlib
from collections.abc import Collection, Iterable
from http.cookies import SimpleCookie

from django.conf import settings

from chat import (
    approvals,
    bells,
    departures,
    flags,
    presence,
    protocol,
    queue,
    referrals,
    steering,
    work,
    wrapup,
)
from chat.bells import Bell
from chat.consumers import access, board_news, leases, queue_news
from chat.consumers.base import WITHDRAWN
from chat.consumers.following import Following
from chat.consumers.hello import hello
from chat.consumers.inviting import Inviting
from chat.models import Member
from chat.seats import Seat, hold
from counsellors import accounts, audit, devices, duty, permissions
from counsellors.models import Device, Person
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.errors import AccessWithdrawn, Forbidden, Gone, NotFound, Refusal, TryAgain


class ConsoleDoor(Inviting):
    read = protocol.read_console
    openers = (protocol.Hello,)

    async def admit(self) -> bool:
        self.session = _session_key(self.scope["headers"])
        person = await in_database(accounts.person_of_session, self.session)
        if person is None or not permissions.may(person, "socket"):
            return False
        self.person = person
        return await super().admit()

    async def on_hello(self, request: protocol.Hello) -> protocol.Ok:
        self.device = await in_database(devices.opened_on, self.person, request.device, now=clock.now())
        ok = await in_database(hello, self.person, self.device, request.ref)
        self.cards = {card.invitation: card.state for card in ok.invitations}
        await self._arrive()
        bells.listen(bells.person(self.person.pk), self.ring)
        self.lines = tuple(line.line for line in ok.lines)
        for load in ok.queue:
            queue_news.watch(load.line, self, load)
        return ok

    async def on_enrol(self, request: protocol.Enrol) -> protocol.Ok:
        key = protocol.wire_bytes(request.key, 65)
        device = await in_database(devices.enrol, self.person, key, request.label, now=clock.now())
        if self.device is not None and self.device.pk != device.pk:
            await in_database(presence.depart, self.socket, now=clock.now())  # it speaks for another now
        self.device = device
        await in_database(approvals.tell, self.device)
        await self._arrive()
        self.after_reply.append(self._show_what_rings)
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
        return _taken(request.ref, member)

    async def on_takeover(self, request: protocol.Takeover) -> protocol.Ok:
        member = await in_database(
            departures.take_over, request.conversation, self.person, self._device_id, now=clock.now()
        )
        return _taken(request.ref, member)

    async def on_note(self, request: protocol.NotePost) -> protocol.Ok:
        return await self.post(request, kind="note")

    async def on_refer(self, request: protocol.Refer) -> protocol.Ok:
        seat = await self.seat(request.conversation)
        seq = await in_database(referrals.refer, seat, request.service, now=clock.now())
        return protocol.SyncedOk(ref=request.ref, seq=seq)

    async def on_flag(self, request: protocol.Flag) -> protocol.Ok:
        await in_database(flags.flag, await self.seat(request.conversation), request.risk)
        return protocol.Ok(ref=request.ref)

    async def on_wrapup(self, request: protocol.WrapUp) -> protocol.Ok:
        await in_database(wrapup.wrap_up, self.person, request.conversation, request.codes, now=clock.now())
        return protocol.Ok(ref=request.ref)

    async def on_watch(self, request: protocol.Watch) -> protocol.Ok:
        permissions.require(self.person, "board")
        if request.board:
            self.after_reply.append(lambda: board_news.BOARD.watch(self))
        else:
            board_news.BOARD.stop(self)
        return protocol.Ok(ref=request.ref)

    async def on_line(self, request: protocol.Steer) -> protocol.Ok:
        permissions.require(self.person, "line")
        await in_database(
            steering.steer,
            self.person,
            request.line,
            state=request.state,
            most=request.most,
            reason=request.reason,
        )
        return protocol.Ok(ref=request.ref)

    async def find_seat(self, conversation: str) -> Seat:
        return await in_database(work.seat_in, conversation, self.person, self._device_id)

    async def keep_access(self, person: Person | None, device: Device | None, lines: Collection[str]) -> None:
        """Signed out, deactivated, a line taken away, or the device revoked: the socket closes."""
        if person is None or not permissions.may(person, "socket"):
            raise AccessWithdrawn
        if (self.device is not None and device is None) or not {*self.lines} <= {*lines}:
            raise AccessWithdrawn
        self.person, self.device = person, device
        if not permissions.may(person, "board"):
            self._look_away()

    async def hear(self, bell: Bell) -> None:
        if bell.news == "access":
            await access.check([self])
        elif bell.news == "invitation":
            await self._show(bell.by)
        elif bell.news == "invitations":
            await self._show_what_rings()
        elif bell.news == "flagged":
            risk = await in_database(flags.risk_for, self.person, bell.by)
            if risk is not None:
                await self.write(protocol.Flagged(conversation=bell.by, risk=risk))
        elif bell.news == "device":
            await self._show_device(bell.by)
        elif bell.news == "review":
            await self.write(protocol.ReviewNews(line=bell.by))
        await super().hear(bell)

    async def _show_device(self, pk: str) -> None:
        device = await in_database(approvals.device_for, self.person, pk)
        if device is not None:
            if self.device is not None and self.device.pk == pk:
                self.device = device
            await self.write(
                protocol.DeviceOut(id=device.pk, state=device.state, person=device.person.handle)
            )

    async def refuse(self, request: protocol.Request, error: Refusal) -> None:
        """A refusal at a wall is on record; that nobody waits is no wall."""
        await super().refuse(request, error)
        if isinstance(error, NotFound | Forbidden) and not isinstance(request, protocol.Next):
            action = "wall" if isinstance(error, NotFound) else "forbidden"
            tag = str(request.__struct_config__.tag)
            with contextlib.suppress(TryAgain):  # the answer does not wait for the record
                await in_database(audit.record, self.person, action, subject=_subject_of(request), detail=tag)

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
        self._look_away()
        if self.opened:
            bells.stop_listening(bells.person(self.person.pk), self.ring)
            await leases.depart(self)

    def _look_away(self) -> None:
        board_news.BOARD.stop(self)
        board_news.FLOOR.stop(self)

    async def _arrive(self) -> None:
        await in_database(presence.arrive, self.socket, device=self._device_id, now=clock.now())


def _taken(ref: str, member: Member) -> protocol.Ok:
    conversation = member.conversation
    return protocol.NextOk(
        ref=ref,
        conversation=conversation.pk,
        member=member.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
    )


def _subject_of(request: protocol.Request) -> str:
    """The id that a request is about."""
    names = ("conversation", "invitation", "device", "reading", "hold", "person", "line")
    return str(next((getattr(request, name) for name in names if getattr(request, name, None)), ""))


def _session_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    cookies = SimpleCookie(b"; ".join(value for name, value in headers if name == b"cookie").decode("latin1"))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else None
