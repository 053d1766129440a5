"""Signing in at a console: hello, the browser's key, duty."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.care import OwnLoad
from chat.protocol.certificates import Need
from chat.protocol.fields import Bytes, Opaque, Texts
from chat.protocol.figures import OwnCodeShown
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.handoff import InvitationOut
from chat.protocol.lines import SentenceShown
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
    """A line of this person. `formal`: its Dutch says u."""

    line: str
    name: str
    open: bool
    formal: bool


class Colleague(Struct):
    """Somebody of the same line. `duty`: on, break, off, or there: a supervisor off duty with a page open."""

    id: str
    alias: str
    line: str
    duty: str


class ServiceCard(Struct):
    """An entry of the referral directory; `open` is null where its hours are not known.

    `guest`: has no desk, and can be asked by a link. With neither it can only be referred to. `purpose` is
    in the staff's words. `phone` and `site` are what a caller would be sent: with neither nobody can be
    referred to it. `needs`: words to find it by. `ages`: from and up to, null where not known. `uses`: how
    often the person's lines referred to it in the last ninety days.
    """

    service: str
    name: str
    desk: bool
    guest: bool
    open: bool | None
    purpose: Texts
    needs: str
    phone: str
    site: str
    languages: list[str]
    ages: tuple[int | None, int | None]
    uses: int


class OwnSeat(Struct):
    """A conversation in which this person has a seat. `risk`: as flagged, 0 for a partner."""

    conversation: str
    line: str
    locale: str
    urgency: int
    member: str
    state: str
    seq: int
    epoch: int
    letter: str
    risk: int


class HelloOk(Ok):
    """Answer of `hello`. `prove`: a box for the device's key; before the proof only `lines` is filled.

    `release`: of the pages that are served now; a page of another one is older. `own_codes`: those among
    `codes` that a line has for itself, with their words. `sentences`: ready to say, of the person's lines;
    `own_sentences`: their own, by language. `loads`: what they had today on each line.
    """

    prove: Bytes | None
    release: str

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
    own_codes: list[OwnCodeShown]
    sentences: list[SentenceShown]
    own_sentences: dict[str, list[str]]
    loads: list[OwnLoad]


class EnrolOk(Ok):
    """Answer of `enrol`."""

    device: DeviceState
    prove: Bytes


class ProveOk(Ok):
    """Answer of `prove` at a console; for an approved device with all that `hello` answers.

    `approvers`: of a device that waits for it, who can approve it, by alias. `certified`: until when this
    browser is certified for what; empty where nobody certifies keys.
    """

    device: DeviceState
    approvers: list[str] | UnsetType = UNSET
    certified: list[Need] | UnsetType = UNSET
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
    own_codes: list[OwnCodeShown] | UnsetType = UNSET
    sentences: list[SentenceShown] | UnsetType = UNSET
    own_sentences: dict[str, list[str]] | UnsetType = UNSET
    loads: list[OwnLoad] | UnsetType = UNSET


class DutyOk(Ok):
    """Answer of `duty`."""

    duty: DutyState


class ColleaguesOut(Frame):
    """Who works for a line and their duty, and whether it is open: as in `hello`, when it changed.

    `desks`: services at whose desk somebody is on duty.
    """

    to: ClassVar = (CONSOLE,)
    line: str
    open: bool
    colleagues: list[Colleague]
    desks: list[str]


class DutyOut(Frame):
    """The own duty as it is: the server turned it off, because this console was silent for too long."""

    to: ClassVar = (CONSOLE,)
    state: str
    slots: int


class DeviceOut(Frame):
    """A device's state. `id` is for its own browser as `hello` takes it, for others what they call it.

    `certified`: for its own browser, as in the ok of `prove`.
    """

    to: ClassVar = (CONSOLE,)
    id: str
    state: str
    person: str
    certified: list[Need] | UnsetType = UNSET
