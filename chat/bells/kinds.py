"""Defines the kinds of bells. Each kind announces one sort of news to certain sockets."""

from collections.abc import Iterator
from typing import Any, Union

import msgspec

STAFF = "staff"


def conversation(pk: str) -> str:
    return f"conversation:{pk}"


def line(slug: str) -> str:
    return f"line:{slug}"


def person(pk: int) -> str:
    return f"person:{pk}"


class Hint(msgspec.Struct, frozen=True):
    """Holds a message or note as it was stored. If `seq` is the next number that a socket has to send, the
    socket sends this copy without reading the database."""

    seq: int
    kind: str
    by: str
    at: str
    id: str
    epoch: int
    box: bytes
    line_only: bool


class Bell(msgspec.Struct, frozen=True, tag_field="bell"):
    """Notifies sockets of news; `topic` determines which sockets. Each handler of a consumer declares the
    kind of bell that it handles."""

    @property
    def topic(self) -> str:
        """Returns the topic to which a socket subscribes: `conversation:<id>`, `line:<slug>`, `person:<pk>`
        or STAFF."""
        raise NotImplementedError


class ConversationBell(Bell, frozen=True):
    """Rings for every socket that follows the conversation."""

    conversation: str

    @property
    def topic(self) -> str:
        return conversation(self.conversation)


class NewEntry(ConversationBell, frozen=True, tag=True):
    """An entry was added to the conversation's log."""

    hint: Hint | None = None


class PeopleChanged(ConversationBell, frozen=True, tag=True):
    """Somebody joined or left the conversation, or read more of it."""


class SeatsChanged(ConversationBell, frozen=True, tag=True):
    """A token was invalidated, the caller opened a newer tab, a counsellor no longer has the letter or
    continues with it on another device, or the conversation was deleted or hidden. Every socket that follows
    the conversation checks again whether it may read."""


class LeftQueue(ConversationBell, frozen=True, tag=True):
    """The caller of a letter no longer waits in the queue for a chat; the letter itself remains."""


class HoldChanged(ConversationBell, frozen=True, tag=True):
    """A second supervisor confirmed a hold on the conversation, or its extension."""


class Typing(ConversationBell, frozen=True, tag=True):
    """A member is typing."""

    member: str


class LineBell(Bell, frozen=True):
    """Rings for the callers who wait on a line, for the line's staff and for the line's supervisors."""

    line: str

    @property
    def topic(self) -> str:
        return line(self.line)


class QueueChanged(LineBell, frozen=True, tag=True):
    """A caller joined or left the queue, was taken by a counsellor or moved in the queue, or the time until
    which callers may wait changed."""


class LettersChanged(LineBell, frozen=True, tag=True):
    """A letter was sent, taken, given back, answered or ended."""


class LineChanged(LineBell, frozen=True, tag=True):
    """Supervisors changed the line's hours, state, alerts or settings."""


class DutyChanged(LineBell, frozen=True, tag=True):
    """Somebody who works for the line changed their duty, or no longer works for it."""


class PersonBell(Bell, frozen=True):
    """Rings for every console of a person."""

    person: int

    @property
    def topic(self) -> str:
        return person(self.person)


class AccessChanged(PersonBell, frozen=True, tag=True):
    """Each console of the person has to check again whether it may stay connected."""


class OwnDutyChanged(PersonBell, frozen=True, tag=True):
    """The person changed their duty in one of their tabs, or the server ended it, usually because their
    consoles were silent for too long."""


class InvitationChanged(PersonBell, frozen=True, tag=True):
    """An invitation that the person sent, or that is shown to them, changed or stopped ringing."""

    invitation: str


class InvitationsDue(PersonBell, frozen=True, tag=True):
    """The person's consoles have to compare the open invitations with those that they show, because a bell
    was lost or a device was just enrolled."""


class RiskFlagged(PersonBell, frozen=True, tag=True):
    """The risk flag of a conversation changed, a supervisor has seen the flag, or a step of the line's
    protocol was recorded."""

    conversation: str


class DeviceChanged(PersonBell, frozen=True, tag=True):
    """A device that the person owns, or may approve, changed its state."""

    device: str


class ReviewChanged(PersonBell, frozen=True, tag=True):
    """The keys, readings, holds or retention of a line that this person supervises changed."""

    line: str


class ApprovalsChanged(PersonBell, frozen=True, tag=True):
    """An approval request was made, confirmed, refused or withdrawn."""


class StaffChanged(PersonBell, frozen=True, tag=True):
    """News for a supervisor: somebody's second factor was replaced or restored, a person was invited to one
    of the supervisor's lines, or a step of the checklist for a new line was completed
    (chat/supervision/beginning.py)."""


class CodesChanged(PersonBell, frozen=True, tag=True):
    """A code in the wrap-up form of one of the person's lines was added or withdrawn."""


class SentencesChanged(PersonBell, frozen=True, tag=True):
    """The person's own ready sentences, or those of one of their lines, changed."""


class StaffBell(Bell, frozen=True):
    """Rings for every console."""

    @property
    def topic(self) -> str:
        return STAFF


class ServicesChanged(StaffBell, frozen=True, tag=True):
    """An entry of the referral directory was added, changed or ended."""


class CareChanged(PersonBell, frozen=True, tag=True):
    """The person's load, the limits of one of their lines, or one of their debriefs changed."""


class DebriefsChanged(PersonBell, frozen=True, tag=True):
    """A debrief on a line that this person supervises was requested, or has taken place."""


class HandoverAsked(PersonBell, frozen=True, tag=True):
    """A supervisor asks everybody on a line to hand over and go home."""

    line: str
    by: str


class RestAsked(PersonBell, frozen=True, tag=True):
    """A supervisor asks this person to take a break."""

    by: str


class ListenAsked(PersonBell, frozen=True, tag=True):
    """A supervisor asks to join a conversation of which this person is in charge."""

    by: str
    conversation: str


class ListenRefused(PersonBell, frozen=True, tag=True):
    """The person in charge of a conversation has refused, for now, to let this supervisor join."""

    by: str
    conversation: str


def every_kind() -> Any:
    """Returns the union of all kinds, including those of optional apps. Packets of bells are decoded as this
    union."""
    return Union[tuple(_kinds(Bell))]  # noqa: UP007 – made at run time


def _kinds(base: type[Bell]) -> Iterator[type[Bell]]:
    for kind in base.__subclasses__():
        if kind.__subclasses__():
            yield from _kinds(kind)
        else:
            yield kind
