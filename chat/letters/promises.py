"""Sends letters, and promises a time by which each is answered. A promise is never changed afterwards."""

from datetime import datetime

from chat import states
from chat.figures import counters
from chat.letters import alarms, conditions, moves
from chat.letters.conditions import NoLetters
from chat.models import Conversation, Letter, ReturnCode
from chat.states import Written
from helpline.lib import clock


def send_if_complete(conversation: Conversation, letter: Letter, *, now: datetime) -> None:
    """Sends a locked draft if both a message and a return code are stored. Raises NoLetters if the promised
    time would be too close to the letter's end."""
    is_complete = letter.messages and ReturnCode.objects.filter(conversation=conversation.pk).exists()
    if conversation.written == Written.DRAFT and is_complete:
        due = conditions.due_of(conversation.line, now)
        if due > letter.ends_at - conditions.last_days(conversation.line):
            raise NoLetters
        moves.move(conversation, Written.NEW)
        _promise(conversation, letter, due, now=now)


def send_again(conversation: Conversation, letter: Letter, *, at: datetime, now: datetime) -> None:
    """Promises an answer to the message that the caller wrote at `at`, and sets the locked letter to new
    unless a counsellor has taken it."""
    if conversation.written != Written.TAKEN:
        moves.move(conversation, Written.NEW)
    _promise(conversation, letter, conditions.due_of(conversation.line, at), now=now)


def put_back(conversation: Conversation, letter: Letter) -> None:
    """Sets the state of a locked letter when the counsellor who took it no longer has it: answered if the
    caller has written nothing after the last answer, else new."""
    moves.move(conversation, Written.NEW if moves.unanswered(conversation, letter) else Written.ANSWERED)


def running(conversation: Conversation) -> datetime | None:
    """Returns the promised time of an unanswered letter, or None."""
    rows = Letter.objects.filter(pk=conversation.pk, conversation__written__in=states.UNANSWERED)
    return rows.values_list("due_at", flat=True).first()


def _promise(conversation: Conversation, letter: Letter, due: datetime, *, now: datetime) -> None:
    letter.due_at = min(due, letter.ends_at)
    letter.save(update_fields=["due_at"])
    counters.count(counters.LETTERS, "sent", conversation.line_id, now=now)
    moves.append(conversation, "sent", now=now, due=clock.stamp(letter.due_at))
    if conversation.urgency == alarms.ACUTE:
        alarms.tell_of_acute(conversation, now=now)
