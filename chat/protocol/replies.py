"""What the `ok` of each request carries."""

from msgspec import UNSET, Struct, UnsetType

from chat.protocol.fields import At, Bytes
from chat.protocol.frames import InvitationOut, LineQueue, Ok


class Named(Struct):
    """A member with its key."""

    member: str
    key: Bytes


class Keeps(Struct):
    """How long a conversation stays after its end, in seconds, and until when backups can be opened."""

    answered: int
    unanswered: int
    backups: At


class Started(Ok, tag="ok"):
    """Answer of `start`."""

    conversation: str
    member: str
    token: str
    shelf: Bytes
    epoch: int
    review: Named | None
    keeps: Keeps


class ResumedOk(Ok, tag="ok"):
    """Answer of `resume`."""

    member: str
    state: str
    epoch: int
    seq: int
    shelf: Bytes | None


class SyncedOk(Ok, tag="ok"):
    """Answer of `sync`; the entries follow."""

    seq: int


class GrantedOk(Ok, tag="ok"):
    """Answer of `grant`."""

    epoch: int


class PostedOk(Ok, tag="ok"):
    """Answer of `post`: it is on disk."""

    seq: int
    at: At


class ErasedOk(Ok, tag="ok"):
    """Answer of `erase`. `held`: it is gone for everybody but a hold of the line, for a known time."""

    held: bool | UnsetType = UNSET


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
    """An entry of the referral directory; `open` is null where its hours are not known."""

    service: str
    name: str
    desk: bool
    open: bool | None


class Held(Struct):
    """A conversation in which this person has a seat."""

    conversation: str
    line: str
    locale: str
    urgency: int
    member: str
    state: str
    seq: int
    epoch: int


class HelloOk(Ok, tag="ok"):
    """Answer of `hello`."""

    me: Me
    device: DeviceState | None
    duty: DutyState
    lines: list[LineState]
    queue: list[LineQueue]
    colleagues: list[Colleague]
    services: list[ServiceCard]
    conversations: list[Held]
    invitations: list[InvitationOut]
    codes: dict[str, list[str]]


class EnrolOk(Ok, tag="ok"):
    """Answer of `enrol`."""

    device: DeviceState


class DeviceRow(Struct):
    """A device as its supervisor sees it; `key` is for the fingerprint."""

    id: str
    state: str
    person: str
    alias: str
    label: str
    key: Bytes


class DevicesOk(Ok, tag="ok"):
    """Answer of `devices`."""

    devices: list[DeviceRow]


class DutyOk(Ok, tag="ok"):
    """Answer of `duty`."""

    duty: DutyState


class NextOk(Ok, tag="ok"):
    """Answer of `next`: a seat."""

    conversation: str
    member: str
    line: str
    locale: str
    urgency: int


class InviteOk(Ok, tag="ok"):
    """Answer of `invite`."""

    invitation: str


class AnswerOk(Ok, tag="ok"):
    """Answer of `answer`: after a yes, the seat."""

    conversation: str | UnsetType = UNSET
    member: str | UnsetType = UNSET


class DeskOk(Ok, tag="ok"):
    """Answer of `desk`: a guest's seat, and the token that opens it again."""

    conversation: str
    member: str
    resume: str


class OpenOk(Ok, tag="ok"):
    """Answer of `open`; entries, presence and seen follow."""

    member: str
    line: str
    locale: str
    urgency: int
    state: str
    epoch: int
    seq: int
    allowed: list[str]
