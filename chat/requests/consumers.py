"""Defines which members of a consumer the functions in chat/requests/ may use. The consumers' classes are in
chat/consumers/."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from chat.bells import Bell
from chat.conversation.reading import Opened
from chat.conversation.seats import Seat
from chat.protocol import InvitationOut
from counsellors.devices import Candidate
from counsellors.models import Device, Person

if TYPE_CHECKING:
    from chat.requests.conversation.delivery import Following


class Consumer(Protocol):
    """Represents one socket. The functions in `after_reply` run in order after the `ok` frame was sent.
    `followings` maps the id of each conversation that the socket follows to its Following."""

    socket: str
    after_reply: list[Callable[[], Any]]
    followings: dict[str, Following]

    def ring(self, bell: Bell) -> None: ...

    async def write(self, frame: msgspec.Struct) -> None: ...

    async def confirm_lease(self) -> None: ...

    def may_tell_typing(self) -> bool: ...

    def unfollow(self, following: Following) -> None: ...


class Caller(Consumer, Protocol):
    """Represents the socket of a caller's page after the caller has got a seat."""

    seat: Seat

    def sit(self, seat: Seat, line: str, *, since: int) -> Following: ...


class Staff(Consumer, Protocol):
    """Represents the socket of a console or of a guest's desk."""

    async def find_seat(self, conversation: str) -> Seat:
        """Returns this person's seat in the conversation. Raises NotFound if there is none, and Conflict if
        another device uses the seat."""

    async def open_seat(self, conversation: str, since: int) -> Opened:
        """Returns this person's seat, with the entries above `since` and the presence of the other
        members."""

    async def seat_in(self, conversation: str) -> Seat:
        """Returns the seat through which this socket follows the conversation. If the socket does not follow
        it, looks the seat up."""


class Console(Staff, Protocol):
    """Represents the console of a person who signed in with both factors. `cards` maps the id of each open
    invitation that the console shows to the frame that the console was last sent."""

    person: Person
    session: str | None
    device: Device | None
    lines: tuple[str, ...]
    cards: dict[str, InvitationOut]

    def challenge(self, candidate: Candidate) -> str:
        """Returns a box sealed for the candidate's key. The browser has to open the box in time. Earlier
        boxes become invalid."""

    def meet_challenge(self, secret: bytes) -> Candidate:
        """Returns the candidate whose box contained this secret. Raises Forbidden if the secret is wrong or
        late; after that, every further try on this socket raises Forbidden, too."""

    def is_own_device(self, device: str) -> bool:
        """Returns whether this browser claims to be the device with this id, even if the browser has not
        proved this yet."""

    @property
    def device_id(self) -> str | None: ...

    @property
    def is_approved(self) -> bool: ...

    def approved_device(self) -> str:
        """Returns the id of this socket's device. Raises Conflict unless the device is approved."""

    async def arrive(self) -> None:
        """Registers this socket, so that the seats of its device are shown as present while it is
        connected."""

    async def check_access(self) -> None: ...

    def hear_news(self, loads: list[Any]) -> None:
        """Subscribes to the bells of this person, and to the queues of the lines in `loads`. The frames in
        `loads` are sent to the client in the reply to the current request."""

    def watch(self, view: str) -> None: ...

    def stop_watching(self, view: str) -> None: ...


class Desk(Staff, Protocol):
    """Represents the desk of a guest who joined by link and PIN."""

    own_seat: Seat

    def challenge(self, key: bytes) -> str:
        """Returns a box sealed for the key of the guest's seat. Until the browser has opened it, this socket
        accepts no other request."""

    def meet_challenge(self, secret: bytes) -> None:
        """Checks the secret. Raises Forbidden if it is wrong or late; after that, every further try on this
        socket raises Forbidden, too."""

    async def arrive(self) -> None:
        """Registers this socket, so that the guest's seat is shown as present while it is connected."""
