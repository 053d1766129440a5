"""Defines the states and their transition tables. A comment explains each state. Each transition is listed
with the function that makes it."""

from enum import StrEnum


class Conversation(StrEnum):
    WAITING = "waiting"  # no staff has taken the conversation yet, or all staff have left
    ACTIVE = "active"  # a staff member took the conversation
    ENDED = "ended"  # a person or a time limit ended it; it can be read until the purge
    ABANDONED = "abandoned"  # it ended because the caller left the queue; browsers are sent `ended`


class SeatRole(StrEnum):
    CALLER = "caller"  # the anonymous person, whose browser makes every epoch
    COUNSELLOR = "counsellor"  # a person of the line, who took the caller from the queue
    COLLEAGUE = "colleague"  # a person of the line, who was called in to help
    PARTNER = "partner"  # a person of another service
    REVIEW = "review"  # the line's key for quality and safeguarding, no person
    LETTERS = "letters"  # the line's key for letters; the counsellor who took the letter uses this seat


class Written(StrEnum):
    DRAFT = "draft"  # the caller has not yet written a message or has not yet stored a return code
    NEW = "new"  # the letter is sent and not answered yet; an answer is promised by a certain time
    TAKEN = "taken"  # one counsellor has taken the letter, to answer it
    ANSWERED = "answered"  # the caller has written nothing since the answer


class How(StrEnum):
    CONSULT = "consult"  # a colleague joins, and the inviter stays
    TRANSFER = "transfer"  # a counsellor of the line joins, and the inviter leaves
    HANDOFF = "handoff"  # another service joins, with the caller's consent


class Invitation(StrEnum):
    ASKED = "asked"  # the caller is asked for consent
    RINGING = "ringing"  # the invitation rings at consoles, or its guest link is valid
    JOINED = "joined"  # somebody accepted the invitation and has a seat
    REFUSED = "refused"  # the caller did not consent
    DECLINED = "declined"  # everybody at whose console it rang declined
    EXPIRED = "expired"  # nobody answered in time
    WITHDRAWN = "withdrawn"  # the inviter withdrew the invitation or left the conversation


class Contact(StrEnum):
    SENDING = "sending"  # a guest's link is on its way to the service's own contact
    FAILING = "failing"  # neither mail server nor webhook has accepted the link yet; sending is tried again
    TAKEN = "taken"  # the mail server or the webhook has accepted the link


CONVERSATION: dict[Conversation, dict[Conversation, str]] = {
    Conversation.WAITING: {
        Conversation.ACTIVE: "next_caller.take_next: a counsellor's `joined`",
        Conversation.ENDED: "endings.end: left, expired, line closed, or silent after a requeue",
        Conversation.ABANDONED: "endings.end: away too long, and never answered",
    },
    Conversation.ACTIVE: {
        Conversation.WAITING: "front.requeue: no staff seat remains; first in the queue",
        Conversation.ENDED: "endings.end: closed, left, silent, expired",
    },
    Conversation.ENDED: {},  # the purge deletes the row
    Conversation.ABANDONED: {},
}

WRITTEN: dict[Written, dict[Written, str]] = {
    Written.DRAFT: {Written.NEW: "promises.send_if_complete: a message and a return code are stored"},
    Written.NEW: {Written.TAKEN: "takes.take"},
    Written.TAKEN: {
        Written.NEW: "promises.put_back: given back, timed out, or the taker is gone; answers.post left some",
        Written.ANSWERED: "answers.post; promises.put_back where it was taken answered",
    },
    Written.ANSWERED: {
        Written.NEW: "promises.send_again: the caller writes back",
        Written.TAKEN: "takes.take: whoever answered adds something",
    },
}

UNANSWERED = (Written.NEW, Written.TAKEN)

INVITATION: dict[Invitation, dict[Invitation, str]] = {
    Invitation.ASKED: {
        Invitation.RINGING: "invitations.consent: yes",
        Invitation.REFUSED: "invitations.consent: no",
        Invitation.EXPIRED: "invitation_states.expire",
        Invitation.WITHDRAWN: "invitations.withdraw, or the inviter is gone",
    },
    Invitation.RINGING: {
        Invitation.JOINED: "invitations.accept, guests.sit: the first yes",
        Invitation.DECLINED: "invitations.decline: the last no",
        Invitation.EXPIRED: "invitation_states.expire",
        Invitation.WITHDRAWN: "invitations.withdraw, or the inviter is gone",
    },
    Invitation.JOINED: {},
    Invitation.REFUSED: {},
    Invitation.DECLINED: {},
    Invitation.EXPIRED: {},
    Invitation.WITHDRAWN: {},
}

INVITED = (Invitation.ASKED, Invitation.RINGING)
OPEN = (Conversation.WAITING, Conversation.ACTIVE)
STAFF = (
    SeatRole.COUNSELLOR,
    SeatRole.PARTNER,
    SeatRole.COLLEAGUE,
)  # the seat in charge is the granted one whose role comes first here
KEYS = (SeatRole.REVIEW, SeatRole.LETTERS)  # seats that belong to a key of the line and to no person
LINE_STAFF = (SeatRole.COUNSELLOR, SeatRole.COLLEAGUE, *KEYS)


def sources(target: Conversation) -> tuple[Conversation, ...]:
    """Returns the states from which `target` can be reached, for the WHERE clause of a conditional UPDATE."""
    return tuple(state for state, edges in CONVERSATION.items() if target in edges)


def invitation_sources(target: Invitation) -> tuple[Invitation, ...]:
    """Returns the states from which an invitation can reach `target`."""
    return tuple(state for state, edges in INVITATION.items() if target in edges)


def on_the_wire(state: str) -> str:
    return Conversation.ENDED if state == Conversation.ABANDONED else Conversation(state)


PRACTICE = "practice-"  # only the slugs of practice lines begin with this


def is_practice(line: str) -> bool:
    """Returns whether the line is for practice. Its conversations are not counted, and no message about them
    is sent to anybody outside."""
    return line.startswith(PRACTICE)
