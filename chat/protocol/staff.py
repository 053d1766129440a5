"""Signing in at a console: hello, the proof of the browser's key, and duty."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.care import OwnLoad
from chat.protocol.certificates import Need
from chat.protocol.fields import Bytes, Opaque, Texts
from chat.protocol.figures import OwnCodeShown
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.handoff import InvitationOut
from chat.protocol.letters import ShelfState, Written
from chat.protocol.lines import SentenceShown
from chat.protocol.queue import QueueOut


class Hello(Request):
    """Opens a console. `device`: the id that this browser was given when it enrolled, or null."""

    device: Opaque | None


class Enrol(Request):
    """Registers this browser's public key."""

    key: Bytes
    label: Annotated[str, Meta(max_length=80, pattern=r"^[^\x00]*$")]


class Prove(Request):
    """Sends the secret from the box in the answer of `hello`, `enrol` or `desk`, which proves that this
    browser holds the key."""

    secret: Bytes


class Duty(Request):
    """Goes on duty, on a break or off duty. `slots`: how many conversations the person takes at once."""

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
    """The duty of a person."""

    state: str
    slots: int


class LineState(Struct):
    """A line of this person. `formal`: its Dutch texts say `u` instead of `je`. `cases`: it keeps removal
    cases."""

    line: str
    name: str
    open: bool
    formal: bool
    cases: bool


class Colleague(Struct):
    """Another person of the same line. `duty`: `on`, `break`, `off`, or `there` for a supervisor off duty
    with a page open."""

    id: str
    alias: str
    line: str
    duty: str


class ServiceCard(Struct):
    """An entry of the referral directory. `open` is null where its hours are not known.

    `desk`: it has a desk here. `guest`: it has none, but can be asked by a link. With neither it can only be
    referred to. `purpose`: in the staff's words. `phone` and `site`: what a caller would be given; with
    neither nobody can be referred to it. `needs`: words to find it by. `ages`: from and up to, null where not
    known. `uses`: how often the person's lines referred to it in the last ninety days.
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


class ServicesOut(Frame):
    """Tells the directory after a change, as in the answer of `prove`."""

    to: ClassVar = (CONSOLE,)

    services: list[ServiceCard]


class OwnSeat(Struct):
    """A conversation in which this person has a seat. `risk`: as flagged, always 0 for a partner."""

    conversation: str
    line: str
    locale: str
    urgency: int
    member: str
    state: str
    seq: int
    epoch: int
    initial: str
    risk: int
    written: Written | None


class HelloOk(Ok):
    """Answer of `hello`. `prove`: a box for the device's key, or null. Until the proof `queue` and all fields
    after it are empty, except `codes` and `own_codes`.

    `release`: that of the pages that are served now, so that a page of another release knows that it is
    older. `own_codes`: those among `codes` that are a line's own, with their words. `sentences`: the ready
    sentences of the person's lines; `own_sentences`: the person's own, by language. `loads`: how many
    conversations they had today on each line. `letters`: the sums of each line's letters.
    `on_call`: the number of the supervisor on call, of each line that has one, for its counsellors and
    supervisors only.
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
    letters: list[ShelfState]
    on_call: dict[str, str]


class EnrolOk(Ok):
    """Answer of `enrol`."""

    device: DeviceState
    prove: Bytes


class ProveOk(Ok):
    """Answer of `prove` at a console. For an approved device it also holds what the answer of `hello` left
    empty.

    `approvers`: for a device that waits, the aliases of those who can approve it. `certified`: for what this
    browser is certified until when, empty where nobody certifies keys.
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
    letters: list[ShelfState] | UnsetType = UNSET
    on_call: dict[str, str] | UnsetType = UNSET


class DutyOk(Ok):
    """Answer of `duty`."""

    duty: DutyState


class ColleaguesOut(Frame):
    """Tells who works for a line, their duty, and whether the line is open, after a change.

    `desks`: services at whose desk somebody is on duty. `on_call`: the number of the supervisor on call, or
    empty.
    """

    to: ClassVar = (CONSOLE,)
    line: str
    open: bool
    colleagues: list[Colleague]
    desks: list[str]
    on_call: str


class DutyOut(Frame):
    """Tells a person their own duty after the server turned it off, because their consoles were silent for
    too long."""

    to: ClassVar = (CONSOLE,)
    state: str
    slots: int


class DeviceOut(Frame):
    """Tells a device's state. `id`: for its own browser the id that `hello` takes, for everybody else the one
    in `devices`.

    `certified`: for its own browser only, as in the answer of `prove`.
    """

    to: ClassVar = (CONSOLE,)
    id: str
    state: str
    person: str
    certified: list[Need] | UnsetType = UNSET
