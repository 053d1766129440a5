"""Defines the frames with which a browser opens a console and proves that it has its key, and frames about
duty."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.care import OwnLoad
from chat.protocol.certificates import Need
from chat.protocol.fields import At, Bytes, Opaque, Texts
from chat.protocol.figures import OwnCodeShown
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.handoff import InvitationOut
from chat.protocol.letters import ShelfState, Written
from chat.protocol.lines import SentenceShown
from chat.protocol.queue import QueueOut


class Hello(Request):
    """Opens a console. `device` is the id that this browser was given when it enrolled, or null."""

    device: Opaque | None


class Enrol(Request):
    """Registers this browser's public key."""

    key: Bytes
    label: Annotated[str, Meta(max_length=80, pattern=r"^[^\x00]*$")]


class Prove(Request):
    """Sends the secret from the box in the answer to `hello`, `enrol` or `desk`. This proves that the browser
    has the key."""

    secret: Bytes


class Duty(Request):
    """Goes on duty, on a break or off duty. `slots` is how many conversations the person takes at the same
    time."""

    state: Literal["on", "break", "off"]
    slots: Annotated[int, Meta(ge=0, le=4)]


class Me(Struct):
    """Describes the person who signed in."""

    id: str
    alias: str
    roles: list[str]
    lines: list[str]
    service: str | None


class DeviceState(Struct):
    """Describes this socket's device."""

    id: str
    state: str


class DutyState(Struct):
    """Describes a person's duty."""

    state: str
    slots: int


class LineState(Struct):
    """Describes a line of this person. If `formal` is true, the line's Dutch texts say `u` instead of `je`.
    `cases` is whether the line keeps removal cases."""

    line: str
    name: str
    open: bool
    formal: bool
    cases: bool


class Colleague(Struct):
    """Represents another person of the same line. `duty` is `on`, `break` or `off`, or `there` for a
    supervisor who is off duty and has a console open."""

    id: str
    alias: str
    line: str
    duty: str


class ServiceCard(Struct):
    """Represents a service of the referral directory. `open` is null if the service's hours are not known.

    If `desk` is true, the service has a desk on this platform. If `guest` is true, it has no desk, but can be
    invited by a link. If both are false, the service cannot be invited; callers can only be referred to it. A
    referral gives the caller `phone` and `site`; if both are empty, nobody can be referred to the service.
    `purpose` is written for the staff, and `needs` are search words. `ages` are the lowest and the highest
    age, null if not known. `uses` is how often the person's lines referred callers to the service in the last
    ninety days.
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
    """Sends the directory after a change, as in the answer to `prove`."""

    to: ClassVar = (CONSOLE,)

    services: list[ServiceCard]


class OwnSeat(Struct):
    """Represents a conversation in which this person has a seat. `risk` is the risk flag, always 0 for a
    partner."""

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
    """Answers `hello`. `prove` is a box sealed for the device's key, or null. Until the browser has proved
    that it has this key, `queue` and all fields after it are empty, except `codes` and `own_codes`.

    `release` is the release of the pages that are served now, so that an open page can notice when it belongs
    to an older release. `at` is the server's time, by which a page with a wrong clock counts what is left.
    `own_codes` are the codes among `codes` that a line added itself, with their texts. `sentences` are the
    ready sentences of the person's lines; `own_sentences` are the person's own, by language. `loads` counts,
    for each line, the conversations that the person had today. `letters` counts each line's letters.
    `on_call` has, for each line with a supervisor on call, that supervisor's telephone number; it is sent to
    counsellors and supervisors only.
    """

    prove: Bytes | None
    release: str
    at: At

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
    """Answers `enrol`."""

    device: DeviceState
    prove: Bytes


class ProveOk(Ok):
    """Answers `prove` at a console. For an approved device, it also has the fields that were empty in the
    answer to `hello`.

    `approvers` are the aliases of those who can approve a device that waits for approval. `certified` lists
    the lines and services for which this browser is certified, and until when; it is empty if the
    organisation certifies no keys.
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
    """Answers `duty`."""

    duty: DutyState


class ColleaguesOut(Frame):
    """Sends, after a change, the people who work for a line, their duty, and whether the line is open.

    `desks` are the services at whose desk somebody is on duty. `on_call` is the number of the supervisor on
    call, or empty. If the line has `ended`, the client reconnects, because the answer to `hello` no longer
    lists the line.
    """

    to: ClassVar = (CONSOLE,)
    line: str
    open: bool
    ended: bool
    colleagues: list[Colleague]
    desks: list[str]
    on_call: str


class DutyOut(Frame):
    """Sends a person their own duty after another tab of theirs has changed it, or after the server set them
    off duty, because their consoles had sent nothing for too long."""

    to: ClassVar = (CONSOLE,)
    state: str
    slots: int


class DeviceOut(Frame):
    """Sends a device's state. For the device's own browser, `id` is the id that the browser uses in `hello`;
    for everybody else, it is the id in the answer to `devices`.

    `certified` is as in the answer to `prove`, and is sent to the device's own browser only.
    """

    to: ClassVar = (CONSOLE,)
    id: str
    state: str
    person: str
    certified: list[Need] | UnsetType = UNSET
