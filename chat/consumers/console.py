"""Defines the console's consumer, for staff who signed in with both factors."""

import contextlib
from collections.abc import Collection, Iterable, Mapping
from http.cookies import SimpleCookie

from django.conf import settings

from chat import bells, line_scope, protocol, requests, states
from chat.consumers import access, board_news, leases, queue_news
from chat.consumers.base import WITHDRAWN, Consumer
from chat.consumers.key_challenge import KeyChallenge
from chat.conversation import presence, reading, seats
from chat.conversation.reading import Opened
from chat.conversation.seats import Seat
from chat.letters import takes
from chat.protocol import CONSOLE, InvitationOut
from chat.requests.conversation.delivery import Following
from chat.requests.declared import ANY, APPROVED_NOW
from counsellors import audit, devices, permissions
from counsellors.devices import Candidate
from counsellors.models import Device, Person
from counsellors.signin import accounts, sessions
from helpline.lib import clock, encoding, scopes
from helpline.lib.bridge import in_database
from helpline.lib.errors import AccessWithdrawn, Conflict, Forbidden, Gone, NotFound, Refusal, TryAgain


class ConsoleConsumer(Consumer):
    name = CONSOLE
    person: Person
    session: str | None = None
    device: Device | None = None
    lines: tuple[str, ...] = ()
    cards: dict[str, InvitationOut]

    def __init__(self) -> None:
        super().__init__()
        self.proof = KeyChallenge[Candidate]()

    async def admit(self) -> bool:
        self.session = _session_key(self.scope["headers"])
        if self.session is None:
            return False
        person = await in_database(accounts.person_of_session, self.session)
        if person is None or not permissions.may(person, "socket"):
            return False
        self.person = person
        return await super().admit()

    @property
    def device_id(self) -> str | None:
        return self.device.pk if self.device else None

    @property
    def is_approved(self) -> bool:
        return self.device is not None and self.device.state == Device.State.APPROVED

    @property
    def duty_of(self) -> int | None:
        return self.person.pk if self.is_approved else None

    def approved_device(self) -> str:
        if self.device is None or not self.is_approved:
            raise Conflict
        return self.device.pk

    # Methods for the handlers of requests

    async def allow(self, declared: requests.Declared, request: protocol.Request) -> None:
        needs = declared.device_for(request)
        if needs != ANY and not self.is_approved:
            raise Conflict
        if declared.may is not None:
            permissions.require(self.person, declared.may)
        if needs == APPROVED_NOW:
            await in_database(devices.require_approved, self.person, self.device_id)
        field = declared.field
        if field and scopes.has_check(field) and (named := getattr(request, field)) is not None:
            await in_database(scopes.require_own, field, self.person, named)
        if field == "conversation":
            await self._hear_of_letter(getattr(request, field))

    async def _hear_of_letter(self, conversation: str | None) -> None:
        """If the conversation is a letter that this person has taken, records that the person is still
        working on the letter."""
        following = self.followings.get(conversation or "")
        if following is not None and following.seat.role == states.SeatRole.LETTERS:
            await in_database(takes.hear, following.seat, now=clock.now())

    def is_told(self, device: str) -> bool:
        return device == ANY or self.is_approved

    def challenge(self, candidate: Candidate) -> str:
        return encoding.encode(self.proof.demand(candidate.id, candidate.key, candidate))

    def meet_challenge(self, secret: bytes) -> Candidate:
        return self.proof.meet(secret)

    def is_own_device(self, device: str) -> bool:
        return self.proof.of is not None and self.proof.of.id == device

    async def find_seat(self, conversation: str) -> Seat:
        return await in_database(seats.seat_in, conversation, self.person, self.device_id)

    async def open_seat(self, conversation: str, since: int) -> Opened:
        return await in_database(reading.open_own, conversation, self.person, self.device_id, since)

    async def arrive(self) -> None:
        await in_database(presence.arrive, self.socket, device=self.device_id, now=clock.now())

    def hear_news(self, loads: Collection[protocol.QueueOut]) -> None:
        bells.listen(bells.person(self.person.pk), self.ring)
        bells.listen(bells.STAFF, self.ring)
        for load in loads:
            queue_news.watch(load.line, self, load)

    def watch(self, view: str) -> None:
        self.after_reply.append(lambda: board_news.VIEWS[view].watch(self))

    def stop_watching(self, view: str) -> None:
        board_news.VIEWS[view].stop(self)

    # Whether the socket may stay open

    async def check_access(self) -> None:
        await access.check([self])

    async def require_access(
        self, person: Person | None, device: Device | None, lines: Collection[str]
    ) -> None:
        """Raises AccessWithdrawn, which closes the socket, if the person signed out, was deactivated or lost
        a line, or if the device was revoked."""
        if person is None or not permissions.may(person, "socket"):
            raise AccessWithdrawn
        if (self.device is not None and device is None) or not {*self.lines} <= {*lines}:
            raise AccessWithdrawn
        self.person, self.device = person, device
        if not permissions.may(person, "board"):
            self._look_away()

    async def refuse(self, request: protocol.Request, error: Refusal) -> None:
        """Refuses the request. If the person lacks a role, or the request is about data of another line,
        records the refusal in the audit."""
        await super().refuse(request, error)
        declared = requests.REQUESTS[CONSOLE][type(request)]
        named = (declared.field, str(getattr(request, declared.field) or "")) if declared.field else None
        if isinstance(error, Forbidden):
            await self._record("forbidden", named, declared.name)
        elif isinstance(error, NotFound) and named is not None:
            await self._record("wall", named, declared.name)

    async def _record(self, action: str, named: tuple[str, str] | None, name: str) -> None:
        with contextlib.suppress(TryAgain):  # the request is refused even if this cannot be recorded
            subject = await in_database(line_scope.on_record, *named) if named else ""
            await in_database(audit.record, self.person, action, subject=subject, detail=name)

    async def withdraw(self, error: Refusal) -> None:
        if isinstance(error, AccessWithdrawn):
            await self.close(WITHDRAWN)
        elif isinstance(error, Gone):
            for following in tuple(self.followings.values()):
                await self._drop_if_gone(following)

    async def _drop_if_gone(self, following: Following) -> None:
        try:
            await in_database(seats.require_seat, following.seat, also_after_left=True)
        except NotFound:
            self.unfollow(following)
            await self.write(protocol.GoneOut(conversation=following.seat.conversation))

    def missed_bells(self) -> None:
        if not self.opened:
            return
        mine = self.person.pk
        self.ring(bells.AccessChanged(mine))
        if self.device is not None:
            self.ring(bells.DeviceChanged(mine, self.device.pk))
        if not self.is_approved:
            return
        for kind, listening in requests.HEARD[CONSOLE].items():
            if listening.missed and (listening.may is None or permissions.may(self.person, listening.may)):
                fields = kind.__struct_fields__
                about = [{"line": line} for line in self.lines] if "line" in fields else [{}]
                for one in about:
                    self.ring(kind(**({"person": mine} if "person" in fields else {}), **one))

    def compare_cards(self, open_: Mapping[int, Mapping[str, str]]) -> None:
        shown = {invitation: card.state for invitation, card in self.cards.items()}
        if self.is_approved and open_.get(self.person.pk) != shown:
            self.ring(bells.InvitationsDue(self.person.pk))

    async def lease_lost(self) -> None:
        await self.arrive()

    async def departed(self) -> None:
        for line in self.lines:
            queue_news.leave(line, self)
        self._look_away()
        if self.opened:
            bells.stop_listening(bells.person(self.person.pk), self.ring)
            bells.stop_listening(bells.STAFF, self.ring)
            await leases.depart(self)

    def _look_away(self) -> None:
        for view in board_news.VIEWS.values():
            view.stop(self)


def _session_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    cookies = SimpleCookie(b"; ".join(value for name, value in headers if name == b"cookie").decode("latin1"))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel and sessions.is_ours(morsel.value) else None
