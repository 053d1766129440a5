"""The kinds of bells: what is new, and for whom."""

from collections.abc import Iterator
from typing import Any, Union

import msgspec


def conversation(pk: str) -> str:
    return f"conversation:{pk}"


def line(slug: str) -> str:
    return f"line:{slug}"


def person(pk: int) -> str:
    return f"person:{pk}"


class Hint(msgspec.Struct, frozen=True):
    """A message or note as stored. A socket whose next `seq` it is needs no read."""

    seq: int
    kind: str
    by: str
    at: str
    id: str
    epoch: int
    box: bytes
    line_only: bool


class Bell(msgspec.Struct, frozen=True, tag_field="bell"):
    """One kind of news, and whom it is for. Consumers declare which kinds they handle, beside the handler."""

    @property
    def topic(self) -> str:
        """Returns `conversation:<id>`, `line:<slug>` or `person:<pk>`: what a socket subscribes to."""
        raise NotImplementedError


class ConversationBell(Bell, frozen=True):
    """A bell for every socket that follows the conversation."""

    conversation: str

    @property
    def topic(self) -> str:
        return conversation(self.conversation)


class NewEntry(ConversationBell, frozen=True, tag=True):
    """The log has grown."""

    hint: Hint | None = None


class PeopleChanged(ConversationBell, frozen=True, tag=True):
    """Somebody came, went, or read on."""


class SeatsChanged(ConversationBell, frozen=True, tag=True):
    """A token was invalidated, a newer tab came, or the rows are gone: every socket checks its right
    again."""


class HoldChanged(ConversationBell, frozen=True, tag=True):
    """Two supervisors keep it beyond its date, or for longer."""


class Typing(ConversationBell, frozen=True, tag=True):
    """A member is typing."""

    member: str


class LineBell(Bell, frozen=True):
    """A bell for callers who wait on a line, its staff and its supervisors."""

    line: str

    @property
    def topic(self) -> str:
        return line(self.line)


class QueueChanged(LineBell, frozen=True, tag=True):
    """Somebody came, left, was taken or moved."""


class LineChanged(LineBell, frozen=True, tag=True):
    """A supervisor changed its hours, its state or its alerts."""


class DutyChanged(LineBell, frozen=True, tag=True):
    """Somebody who works for it is on duty, on a break or off."""


class PersonBell(Bell, frozen=True):
    """A bell for every console of a person."""

    person: int

    @property
    def topic(self) -> str:
        return person(self.person)


class AccessChanged(PersonBell, frozen=True, tag=True):
    """Their consoles check again whether they may stay."""


class DutyLapsed(PersonBell, frozen=True, tag=True):
    """The server turned their duty off: their consoles were silent for too long."""


class InvitationChanged(PersonBell, frozen=True, tag=True):
    """It rings for them, they sent it, or it stopped."""

    invitation: str


class InvitationsDue(PersonBell, frozen=True, tag=True):
    """The open invitations are compared with those shown: after a lost bell, or on a device just enrolled."""


class RiskFlagged(PersonBell, frozen=True, tag=True):
    """A conversation's risk changed."""

    conversation: str


class DeviceChanged(PersonBell, frozen=True, tag=True):
    """One of theirs, or one that they may approve."""

    device: str


class ReviewChanged(PersonBell, frozen=True, tag=True):
    """Keys, readings, holds or the retention of a line that they supervise changed."""

    line: str


class ApprovalsChanged(PersonBell, frozen=True, tag=True):
    """An approval request was made, confirmed or dropped."""


class StaffChanged(PersonBell, frozen=True, tag=True):
    """Somebody's second factor was replaced, or put back, among the people that they supervise."""


class CodesChanged(PersonBell, frozen=True, tag=True):
    """A line of theirs has one more code in its form, or one less."""


class SentencesChanged(PersonBell, frozen=True, tag=True):
    """The ready sentences of a line of theirs, or their own, changed."""


class CareChanged(PersonBell, frozen=True, tag=True):
    """They had one more conversation today, or their line changed its limit."""


class DebriefsChanged(PersonBell, frozen=True, tag=True):
    """Somebody of the lines that they supervise wants to talk, or did."""


class HandoverAsked(PersonBell, frozen=True, tag=True):
    """A supervisor asks everybody on a line to hand over and go home."""

    line: str
    by: str


class RestAsked(PersonBell, frozen=True, tag=True):
    """A supervisor asks them to take a break."""

    by: str


class ListenAsked(PersonBell, frozen=True, tag=True):
    """A supervisor asks to join a conversation that they lead."""

    by: str
    conversation: str


def every_kind() -> Any:
    """Returns the union of all kinds, also those of optional apps: what a packet of bells is read as."""
    return Union[tuple(_kinds(Bell))]  # noqa: UP007 – made at run time


def _kinds(base: type[Bell]) -> Iterator[type[Bell]]:
    for kind in base.__subclasses__():
        if kind.__subclasses__():
            yield from _kinds(kind)
        else:
            yield kind
