"""Frames about invitations and the caller's consent, referrals, a guest's desk, and the entries of the
referral directory."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from chat.protocol.fields import At, Bytes, Id16, Opaque, Texts, Words
from chat.protocol.frames import CONSOLE, Frame, Ok, Request
from chat.protocol.lines import DateSet, Day, Sentence, SpanSet

type Age = Annotated[int, Meta(ge=0, le=120)]
type Address = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class Consent(Request):
    """Sends the caller's two answers: whether another service may join (`yes`), and whether that service may
    read the earlier messages (`history`)."""

    invitation: Opaque
    yes: bool
    history: bool


class Invitee(Struct, forbid_unknown_fields=True):
    """Names the person, line or service that is invited: exactly one of the three fields is set."""

    staff: Opaque | UnsetType = UNSET
    line: Opaque | UnsetType = UNSET
    service: Opaque | UnsetType = UNSET


class Invite(Request):
    """Invites a colleague, a line or another service to join. `brief` is the id of the message with which the
    inviter introduces the case, or null."""

    conversation: Id16
    how: Literal["consult", "transfer", "handoff"]
    to: Invitee
    brief: Id16 | None


class Withdraw(Request):
    """Withdraws an open invitation."""

    invitation: Opaque


class Answer(Request):
    """Accepts or declines an invitation that is shown to this person."""

    invitation: Opaque
    yes: bool


class Refer(Request):
    """Gives the caller a service's contact details."""

    conversation: Id16
    service: Opaque


class Desk(Request):
    """Opens a guest's desk: the first time with the link's token and the PIN, later with the token `resume`
    and without a PIN.

    `name` is what the guest wants to be called; if it is empty, the name of their service is shown.
    """

    token: Opaque
    pin: Annotated[str, Meta(max_length=6)] | None
    key: Bytes
    name: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")] = ""


class InviteOk(Ok):
    """Answers `invite`."""

    invitation: str


class AnswerOk(Ok):
    """Answers `answer`: with the new seat if the invitation was accepted, and without fields if it was
    declined."""

    conversation: str | UnsetType = UNSET
    member: str | UnsetType = UNSET


class ReferOk(Ok):
    """Answers `refer`. `seq` is the number of the referral's entry in the log."""

    seq: int


class DeskOk(Ok):
    """Answers `desk` with the guest's seat, and with the token `resume`, which opens the seat again with the
    same key. `prove` is null, or a box that the guest's browser has to open before it can send anything
    else."""

    conversation: str
    member: str
    resume: str
    prove: Bytes | None


class InvitationOut(Frame):
    """Reports the state of an invitation after every change, to the inviter and to all people to whom the
    invitation is shown.

    `conversation` is null for the people to whom the invitation is shown, until they join. `urgency` is what
    the caller chose. `risk` is the staff's flag; it is always 0 in a handoff, because partners must not see
    the flag. Only the inviter of a guest receives the `pin`, to read out by telephone, the number of wrong
    PINs that were tried (`wrong_pins`), and whether the link has reached the service's contact (`contact`).
    `link` is null even for the inviter, because the link is sent only to the service's contact.
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
    """Holds a service of the directory as the form sends it. A change of `phone`, `site` or `webhook` waits
    for a second supervisor; all other changes are stored at once.

    `purpose` is for the staff and `for_callers` for callers, both by language. `needs` are search words for
    the service. `free` and the ages are null if they are not known. `verified` is the day on which somebody
    last compared the entry with its `source`.
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
    """Changes a service. `version` is the version that the form showed before it was edited. The request is
    refused with `conflict` if there is a newer version."""

    service: Opaque
    version: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    entry: EntrySet


class EndService(Request):
    """Asks a second supervisor to end a service, or to restore a service that has ended. Nobody can be
    referred to a service that has ended."""

    service: Opaque
    ended: bool


class ServiceHours(Request):
    """Asks for a service's opening hours. If no day of the week has a span, the hours are not known."""

    service: Opaque


class SetServiceHours(Request):
    """Previews new hours of a service, and with `keep` saves them. The fields are those of `sethours`."""

    service: Opaque
    week: Annotated[list[Annotated[list[SpanSet], Meta(max_length=6)]], Meta(min_length=7, max_length=7)]
    holidays: dict[str, Annotated[list[SpanSet], Meta(max_length=6)]]
    dates: Annotated[list[DateSet], Meta(max_length=200)]
    keep: bool
    version: Annotated[str, Meta(max_length=16)] = ""


class EntryShown(Struct):
    """Represents a service of the directory, with the fields of `addservice`.

    `stale` is true if nobody has compared the entry with its source for a year. `in_use` is the number of
    open invitations to the service. `ended` is when it ended, or null. `waits` has the new value of each
    field that a second supervisor has to confirm; for `ended` this value is `end` or `back`. `lines` are the
    names of the supervisor's own lines that show the service to callers. `other_lines` is how many other
    lines show it.
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
    lines: list[str]
    other_lines: int


class DirectoryOk(Ok):
    """Answers `directory` with all services, sorted by name."""

    entries: list[EntryShown]


class AddServiceOk(Ok):
    """Answers `addservice` and `changeservice`. `asked` are the changed fields that now wait for a second
    supervisor."""

    service: str
    asked: list[str]


class EndServiceOk(Ok):
    """Answers `endservice`. `waits` is whether a second supervisor has to confirm the request."""

    waits: bool
