"""Frames about approval requests, which a second supervisor confirms."""

from typing import ClassVar

from msgspec import Struct

from chat.protocol.fields import At, Opaque
from chat.protocol.frames import CONSOLE, Frame, Ok, Request


class Approvals(Request):
    """Asks for the approval requests that concern this supervisor."""


class ConfirmApproval(Request):
    """Confirms an approval request, which is then carried out."""

    approval: Opaque


class DropApproval(Request):
    """Withdraws the supervisor's own approval request, or refuses another person's."""

    approval: Opaque


class ApprovalRow(Struct):
    """Represents an approval request. `name` is the person, service, role or owner of the device that it is
    about. `value` is a generation, hours, a role, `demand` or `lift`, a device's label, a service's name, or
    the old and new value of a field. `may` is whether this supervisor may confirm it now; `others` are the
    aliases of all others who may. `until` is when it lapses. `rests` is the time before which nobody may
    confirm it, or null. `lacking` is how many who work now do not have what the request would require of
    them."""

    approval: str
    kind: str
    line: str | None
    name: str
    value: str
    mail: str
    url: str
    asked: str
    own: bool
    at: At
    until: At
    rests: At | None
    may: bool
    others: list[str]
    lacking: int = 0


class ApproversRow(Struct):
    """Says what follows if this supervisor asks for what needs approval, on `line` or, if null, about no
    single line. If `alone`, it applies at once; else `others` are the aliases of those who may confirm it
    now."""

    line: str | None
    alone: bool
    others: list[str]


class ApprovalsOk(Ok):
    """Answers `approvals`, with the oldest first. `approvers` has a row for each of the supervisor's lines,
    and one for no single line."""

    approvals: list[ApprovalRow]
    approvers: list[ApproversRow]


class ApprovalsOut(Frame):
    """Reports that an approval request was made, confirmed or dropped, so that the client sends `approvals`
    again."""

    to: ClassVar = (CONSOLE,)
