"""The transition tables. Each state has its meaning on its line, each edge the deed that walks it."""

from enum import StrEnum


class Conversation(StrEnum):
    WAITING = "waiting"  # nobody of the staff is there, or not yet
    ACTIVE = "active"  # a staff member took it
    ENDED = "ended"  # somebody, or time, ended it; readable until the purge
    ABANDONED = "abandoned"  # ended, because the caller left the queue; the wire says `ended`


class Role(StrEnum):
    CALLER = "caller"  # the anonymous person; makes every epoch
    COUNSELLOR = "counsellor"  # of the line; took the caller from the queue
    COLLEAGUE = "colleague"  # of the line; called in to help
    PARTNER = "partner"  # of another service
    REVIEW = "review"  # the line's key for quality and safeguarding; nobody sits there


class Urgency(StrEnum):
    NONE = "0"
    SOON = "1"
    ACUTE = "2"


CONVERSATION: dict[Conversation, dict[Conversation, str]] = {
    Conversation.WAITING: {
        Conversation.ACTIVE: "queue.take_next: a counsellor's `joined`",
        Conversation.ENDED: "endings.end: left, expired, line closed, or silent after a requeue",
        Conversation.ABANDONED: "endings.end: away too long, and never answered",
    },
    Conversation.ACTIVE: {
        Conversation.WAITING: "seats.leave: no staff seat remains; first in the queue",
        Conversation.ENDED: "endings.end: closed, left, silent, expired",
    },
    Conversation.ENDED: {},  # the purge deletes the row
    Conversation.ABANDONED: {},
}

OPEN = (Conversation.WAITING, Conversation.ACTIVE)
STAFF = (Role.COUNSELLOR, Role.PARTNER, Role.COLLEAGUE)  # in the order in which they are in charge
LINE_STAFF = (Role.COUNSELLOR, Role.COLLEAGUE, Role.REVIEW)


def sources(target: Conversation) -> tuple[Conversation, ...]:
    """The states from which `target` can be reached: the WHERE of a conditional UPDATE."""
    return tuple(state for state, edges in CONVERSATION.items() if target in edges)


def on_the_wire(state: str) -> str:
    return Conversation.ENDED if state == Conversation.ABANDONED else Conversation(state)
