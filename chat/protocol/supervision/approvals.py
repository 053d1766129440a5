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
    """Withdraws the supervisor's own approval request, or refuses that of another person."""

    approval: Opaque


class ApprovalRow(Struct):
    """Represents an approval request. `name` says what the request is about: a person, a service, a role, or
    a device's owner. `value` depends on its `kind`: a generation, hours, a role, `demand` or `lift`, a
    device's label, a service's name, or the old and new value of a field. `may` is whether this supervisor
    may confirm the request now, and `may_drop` whether they may withdraw or refuse it; `others` are the
    aliases of the other people who may confirm it. `until` is when the request lapses. `rests` is the time
    before which nobody may confirm the request, or null. If the request demands passkeys, `lacking` is how
    many of the people who are signed in have no passkey."""

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
    may_drop: bool
    others: list[str]
    lacking: int = 0


class ApproversRow(Struct):
    """Says what happens if this supervisor makes an approval request about `line`. If `line` is null, the row
    is for requests that are about no single line. If `alone` is true, the request is carried out at once.
    Otherwise `others` are the aliases of the people who may confirm it now."""

    line: str | None
    alone: bool
    others: list[str]


class ApprovalsOk(Ok):
    """Answers `approvals`, with the oldest request first. `approvers` has a row for each of the supervisor's
    lines, and one for requests that are about no single line."""

    approvals: list[ApprovalRow]
    approvers: list[ApproversRow]


class ApprovalsOut(Frame):
    """Reports that an approval request was made, confirmed or dropped, so that the client sends `approvals`
    again."""

    to: ClassVar = (CONSOLE,)
