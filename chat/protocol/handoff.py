"""Invitations and the caller's consent, referrals, and the desk of a guest."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from chat.protocol.fields import At, Bytes, Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request


class Consent(Request):
    """The answer to the card: whether another service may join, and read what was said before."""

    invitation: Opaque
    yes: bool
    history: bool


class Invitee(Struct, forbid_unknown_fields=True):
    """Exactly one of the three."""

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
    """Opens the desk of a guest: by link and PIN once, afterwards by the resume token.

    `name`: as they want to be called; empty: their service's.
    """

    token: Opaque
    pin: Annotated[str, Meta(max_length=6)] | None
    key: Bytes
    name: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")] = ""


class InviteOk(Ok):
    """Answer of `invite`."""

    invitation: str


class AnswerOk(Ok):
    """Answer of `answer`: after a yes, the seat."""

    conversation: str | UnsetType = UNSET
    member: str | UnsetType = UNSET


class ReferOk(Ok):
    """Answer of `refer`: where the card stands in the log."""

    seq: int


class DeskOk(Ok):
    """Answer of `desk`: a guest's seat, and the token that opens it again with the same key, once proven."""

    conversation: str
    member: str
    resume: str
    prove: Bytes | None


class InvitationOut(Frame):
    """An invitation, to the inviter and to everybody it rings for, at every change.

    `conversation` is null for whom it rings; `urgency` is as the caller said, `risk` as the line's staff
    flagged it, 0 in a handoff: a partner is told nothing of it. The inviter of a guest gets the `pin`, to be
    told by telephone, how often somebody gave another one, and whether the service's `contact` has taken the
    link; the link is null, for it goes there alone.
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
