"""Signing in at a console: hello, the browser's key, duty."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.fields import Bytes, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.handoff import InvitationOut
from chat.protocol.queue import QueueOut


class Hello(Request):
    """Opens a console."""

    device: Opaque | None


class Enrol(Request):
    """Registers this browser's public key."""

    key: Bytes
    label: Annotated[str, Meta(max_length=80, pattern=r"^[^\x00]*$")]


class Prove(Request):
    """What stood in the box of `hello`, `enrol` or `desk`: this browser holds the key."""

    secret: Bytes


class Duty(Request):
    """On, break or off, with so many conversations at once."""

    state: Literal["on", "break", "off"]
    slots: Annotated[int, Meta(ge=0, le=4)]


class Me(Struct):
    """The person who signed in."""

    id: str
    alias: str
    roles: list[str]
    lines: list[str]
    service: str | None


class DeviceState(Struct):
    """This socket's device."""

    id: str
    state: str


class DutyState(Struct):
    """A person's duty."""

    state: str
    slots: int


class LineState(Struct):
    """A line of this person."""

    line: str
    name: str
    open: bool


class Colleague(Struct):
    """Somebody of the same line."""

    id: str
    alias: str
    line: str
    duty: str


class ServiceCard(Struct):
    """An entry of the referral directory; `open` is null where its hours are not known.

    `guest`: has no desk, and can be asked by a link. With neither it can only be referred to.
    """

    service: str
    name: str
    desk: bool
    guest: bool
    open: bool | None


class OwnSeat(Struct):
    """A conversation in which this person has a seat."""

    conversation: str
    line: str
    locale: str
    urgency: int
    member: str
    state: str
    seq: int
    epoch: int


class HelloOk(Ok):
    """Answer of `hello`. `prove`: a box for the device's key; before the proof only `lines` is filled."""

    prove: Bytes | None

    me: Me
    device: DeviceState | None
    duty: DutyState
    lines: list[LineState]
    queue: list[QueueOut]
    colleagues: list[Colleague]
    services: list[ServiceCard]
    conversations: list[OwnSeat]
    invitations: list[InvitationOut]
    codes: dict[str, list[str]]


class EnrolOk(Ok):
    """Answer of `enrol`."""

    device: DeviceState
    prove: Bytes


class ProveOk(Ok):
    """Answer of `prove` at a console; for an approved device with all that `hello` answers."""

    device: DeviceState
    prove: None | UnsetType = UNSET
    me: Me | UnsetType = UNSET
    duty: DutyState | UnsetType = UNSET
    lines: list[LineState] | UnsetType = UNSET
    queue: list[QueueOut] | UnsetType = UNSET
    colleagues: list[Colleague] | UnsetType = UNSET
    services: list[ServiceCard] | UnsetType = UNSET
    conversations: list[OwnSeat] | UnsetType = UNSET
    invitations: list[InvitationOut] | UnsetType = UNSET
    codes: dict[str, list[str]] | UnsetType = UNSET


class DutyOk(Ok):
    """Answer of `duty`."""

    duty: DutyState


class DeviceOut(Frame):
    """A device's state. `id` is for its own browser as `hello` takes it, for others what they call it."""

    to: ClassVar = (CONSOLE,)
    id: str
    state: str
    person: str
