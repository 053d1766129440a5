"""Invitations and the caller's consent, referrals, and the desk of a guest."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from chat.protocol.fields import At, Bytes, Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request


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
