"""What a request may use of the consumer that received it. The classes are in chat/consumers/."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from chat.bells import Bell
from chat.conversation.reading import Opened
from chat.conversation.seats import Seat
from counsellors.devices import Candidate
from counsellors.models import Device, Person

if TYPE_CHECKING:
    from chat.requests.conversation.delivery import Following


class Consumer(Protocol):
    """One socket. `after_reply`: what runs after the ok was sent, in order. `followings`: what the socket
    follows, by conversation."""

    socket: str
    after_reply: list[Callable[[], Any]]
    followings: dict[str, Following]

    def ring(self, bell: Bell) -> None: ...

    async def write(self, frame: msgspec.Struct) -> None: ...

    async def confirm_lease(self) -> None: ...

    def may_tell_typing(self) -> bool: ...

    def unfollow(self, following: Following) -> None: ...


class Caller(Consumer, Protocol):
    """A caller's page, once it has a seat."""

    seat: Seat

    def sit(self, seat: Seat, line: str, *, since: int) -> Following: ...


class Staff(Consumer, Protocol):
    """A console or a guest's desk."""

    async def find_seat(self, conversation: str) -> Seat:
        """Returns the seat held there. Raises NotFound, or Conflict when another device holds it."""

    async def open_seat(self, conversation: str, since: int) -> Opened:
        """Returns the seat with all that is shown of the conversation above `since`, read at once."""

    async def seat_in(self, conversation: str) -> Seat:
        """Returns the seat that this socket follows there; looks it up where it follows none."""


class Console(Staff, Protocol):
    """The console of a person who signed in with both factors. `cards`: the state of each open invitation
    that it was shown, by id."""

    person: Person
    session: str | None
    device: Device | None
    lines: tuple[str, ...]
    cards: dict[str, str]

    def challenge(self, candidate: Candidate) -> str:
        """Returns a box for the candidate's key, which this socket has to open in time. Only the newest box
        counts."""

    def meet_challenge(self, secret: bytes) -> Candidate:
        """Returns the candidate whose box held this secret. Raises Forbidden for a wrong or late one, and for
        every later try on this socket."""

    def is_own_device(self, device: str) -> bool:
        """Whether this browser holds the device with this id, or claims to hold it."""

    @property
    def device_id(self) -> str | None: ...

    @property
    def is_approved(self) -> bool: ...

    def approved_device(self) -> str:
        """Returns the id of this socket's device. Raises Conflict unless it is approved."""

    async def arrive(self) -> None:
        """Makes this socket speak for the seats of its device."""

    async def check_access(self) -> None: ...

    def hear_news(self, loads: list[Any]) -> None:
        """Subscribes to bells for this person and to the queues in `loads`, which the socket is sent with the
        same reply."""

    def watch(self, view: str) -> None: ...

    def stop_watching(self, view: str) -> None: ...


class Desk(Staff, Protocol):
    """The desk of a guest who came by link and PIN."""

    own_seat: Seat

    def challenge(self, key: bytes) -> str:
        """Returns a box for the key of the guest's seat. Until it is opened this socket may ask nothing
        else."""

    def meet_challenge(self, secret: bytes) -> None:
        """Checks the secret. Raises Forbidden for a wrong or late one, and for every later try on this
        socket."""

    async def arrive(self) -> None:
        """Makes this socket speak for the guest's seat."""
