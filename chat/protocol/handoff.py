"""Invitations and the caller's consent, referrals, the desk of a guest, and the entries of the directory."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from chat.protocol.fields import At, Bytes, Id16, Opaque, Texts, Words
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.lines import DateSet, Day, Sentence, SpanSet

type Age = Annotated[int, Meta(ge=0, le=120)]
type Address = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class Consent(Request):
    """Answers the card that asks the caller: whether another service may join, and whether it may read what
    was said before."""

    invitation: Opaque
    yes: bool
    history: bool


class Invitee(Struct, forbid_unknown_fields=True):
    """Whom an invitation is for: exactly one of the three fields is given."""

    staff: Opaque | UnsetType = UNSET
    line: Opaque | UnsetType = UNSET
    service: Opaque | UnsetType = UNSET


class Invite(Request):
    """Asks a colleague, the line or another service to join."""

    conversation: Id16
    how: Literal["consult", "transfer", "handoff"]
    to: Invitee
    brief: Id16 | None


class Withdraw(Request):
    """Takes an open invitation back."""

    invitation: Opaque


class Answer(Request):
    """Says yes or no to an invitation that rings."""

    invitation: Opaque
    yes: bool


class Refer(Request):
    """Gives the caller a service's contact details."""

    conversation: Id16
    service: Opaque


class Desk(Request):
    """Opens a guest's desk: the first time with the link's token and the PIN, later with the resume token and
    no PIN.

    `name`: what the guest wants to be called; empty: the name of their service.
    """

    token: Opaque
    pin: Annotated[str, Meta(max_length=6)] | None
    key: Bytes
    name: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")] = ""


class InviteOk(Ok):
    """Answer of `invite`."""

    invitation: str


class AnswerOk(Ok):
    """Answer of `answer`. It names the new seat after a yes, and nothing after a no."""

    conversation: str | UnsetType = UNSET
    member: str | UnsetType = UNSET


class ReferOk(Ok):
    """Answer of `refer`. `seq`: the number of the card in the log."""

    seq: int


class DeskOk(Ok):
    """Answer of `desk`: a guest's seat, and the token `resume` that opens it again with the same key.
    `prove`: null, or a box that the guest's browser has to open first."""

    conversation: str
    member: str
    resume: str
    prove: Bytes | None


class InvitationOut(Frame):
    """Tells the inviter, and everybody it rings for, the state of an invitation after every change.

    `conversation` is null for those it rings for, until they join; `urgency` is what the caller chose; `risk`
    is the staff's flag, and always 0 in a handoff, since partners are not told of it. The inviter of a guest
    also gets the `pin` to read out by telephone, how many wrong PINs were tried, and whether the service's
    `contact` has taken the link. The `link` is null even for them: it goes to that contact only.
    """

    to: ClassVar = (CONSOLE,)
    invitation: str
    conversation: str | None
    how: str
    from_: str = field(name="from")
    line: str
    locale: str
    urgency: int
    risk: int
    state: str
    expires: At | None
    link: None | UnsetType = UNSET
    pin: str | UnsetType = UNSET
    wrong_pins: int | UnsetType = UNSET
    contact: Literal["sending", "failing", "taken"] | UnsetType = UNSET


class EntrySet(Struct, forbid_unknown_fields=True):
    """A service of the directory as a form. `phone`, `site` and `webhook` wait for a second supervisor where
    they change; the rest is stored at once.

    `purpose`: for the staff, `for_callers`: for callers, by language. `needs`: words to find it by. `free`
    and ages: null where not known. `verified`: the day on which somebody compared it with `source`.
    """

    name: Annotated[str, Meta(max_length=80, pattern=r"^[^\x00]*$")]
    purpose: dict[str, Sentence]
    for_callers: dict[str, Sentence]
    needs: Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]
    phone: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]
    chat: bool
    site: Address
    free: bool | None
    languages: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")]
    age_from: Age | None
    age_to: Age | None
    always_open: bool
    webhook: Address
    source: Words
    verified: Day | None


class Directory(Request):
    """Asks for all services of the directory, as supervisors see them."""


class AddService(Request):
    """Adds a service to the directory."""

    entry: EntrySet


class ChangeService(Request):
    """Changes a service. `version`: the one that was read; a `conflict` where it is another by now."""

    service: Opaque
    version: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    entry: EntrySet


class EndService(Request):
    """Asks a second supervisor to end a service, or to bring it back: nobody is newly referred to one that
    ended."""

    service: Opaque
    ended: bool


class ServiceHours(Request):
    """Asks for a service's opening hours. A week without a span: they are not known."""

    service: Opaque


class SetServiceHours(Request):
    """Tries new hours of a service, and saves them with `keep`. The fields are those of `sethours`."""

    service: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool


class EntryShown(Struct):
    """A service of the directory, with the fields of `addservice`.

    `stale`: nobody compared it with its source for a year. `in_use`: how many open invitations there are to
    it. `ended`: since when, or null. `waits`: the fields that a second supervisor has to say yes to, with the
    new value; for `ended` it is `end` or `back`.
    """

    service: str
    version: int
    name: str
    purpose: Texts
    for_callers: Texts
    needs: str
    phone: str
    chat: bool
    site: str
    free: bool | None
    languages: str
    age_from: int | None
    age_to: int | None
    always_open: bool
    webhook: str
    source: str
    verified: str | None
    desk: bool
    stale: bool
    in_use: int
    ended: At | None
    waits: dict[str, str]


class DirectoryOk(Ok):
    """Answer of `directory`, sorted by name."""

    entries: list[EntryShown]


class AddServiceOk(Ok):
    """Answer of `addservice` and `changeservice`: the service, and which fields wait for a second supervisor
    now."""

    service: str
    asked: list[str]


class EndServiceOk(Ok):
    """Answer of `endservice`. `waits`: a second supervisor has to confirm it."""

    waits: bool
