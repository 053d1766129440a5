"""Stores the boxes that the line's staff write in a letter: answers and other boxes."""

from datetime import datetime

from django.db import transaction

from chat import states
from chat.conversation import posting
from chat.conversation.drafts import Draft, Posted
from chat.conversation.seats import Seat
from chat.figures import counters
from chat.letters import moves, promises, takes
from chat.models import Conversation, Entry, Letter
from chat.states import Written
from helpline.lib.errors import BadFrame, Conflict, Ended, NotFound


class NothingToAnswer(Conflict):
    """Somebody has answered that message already, or the caller has not written it."""


@transaction.atomic
def post(draft: Draft, *, answers: int | None = None, now: datetime) -> Posted:
    """Stores a box written by the counsellor who has taken the letter. `answers` is the number of a caller's
    message. If it is given, the box answers that message and all earlier ones, and the counsellor no longer
    has the letter. A box of a removal case cannot be an answer.

    A counsellor who lost the letter because of a timeout may still answer until somebody else takes it. A
    counsellor who no longer has the letter for another reason gets NotFound, except for a retry of a box that
    is already stored.
    """
    if draft.is_case and answers is not None:
        raise BadFrame
    conversation, letter = moves.lock(draft.seat.conversation)
    known = Entry.objects.filter(conversation=conversation, by=draft.seat.member, message=draft.message)
    if known.exists() and letter.takes == draft.seat.tab:
        return posting.post_one(draft, now=now)
    _require_turn(conversation, letter, draft.seat)
    entry = None if answers is None else _answered_message(conversation, letter, answers)
    posted = posting.post_one(draft, now=now)
    conversation.refresh_from_db(fields=["last_seq", "last_public_seq"])
    if entry is None or draft.kind == "note":
        return posted
    letter.answer_seq = posted.seq
    _answer(conversation, letter, entry, now=now)
    return posted


def _require_turn(conversation: Conversation, letter: Letter, seat: Seat) -> None:
    if not conversation.is_open:
        raise Ended
    is_late = letter.timed_out and conversation.written in (Written.NEW, Written.ANSWERED)
    is_queued = conversation.state == states.Conversation.WAITING
    if letter.takes != seat.tab or not (conversation.written == Written.TAKEN or (is_late and not is_queued)):
        raise NotFound


def _answered_message(conversation: Conversation, letter: Letter, answers: int) -> Entry:
    for entry in moves.unanswered(conversation, letter):
        if entry.seq == answers:
            return entry
    raise NothingToAnswer


def _answer(conversation: Conversation, letter: Letter, entry: Entry, *, now: datetime) -> None:
    in_time = letter.due_at is None or now <= letter.due_at
    # The counsellor may have lost the letter by timeout, and nobody else took it.
    if conversation.written != Written.TAKEN:
        moves.move(conversation, Written.TAKEN)
    letter.answered_upto, letter.answered_by, letter.due_at = entry.seq, letter.taker, None
    letter.messages, letter.case_boxes, letter.timed_out, letter.alarmed_at = 0, 0, False, None
    letter.save(
        update_fields=[
            "answered_upto",
            "answer_seq",
            "answered_by",
            "due_at",
            "messages",
            "case_boxes",
            "timed_out",
            "alarmed_at",
        ]
    )
    moves.move(conversation, Written.ANSWERED)
    alias = letter.taker.alias if letter.taker else ""
    moves.append(conversation, "answered", now=now, alias=alias, answers=entry.seq)
    left = moves.unanswered(conversation, letter)
    if left:
        letter.messages = len(left)
        letter.save(update_fields=["messages"])
        promises.send_again(conversation, letter, at=left[0].at, now=now)
    takes.tell_taker(conversation)
    _count_answer(conversation, in_time=in_time, now=now)
    moves.record(letter.taker, "letter_answered", conversation)


def _count_answer(conversation: Conversation, *, in_time: bool, now: datetime) -> None:
    """Counts an answer in the figures of the hour, separately from chats. Also records how long the
    counsellor had the letter before answering."""
    taken = Entry.objects.filter(conversation=conversation, kind="taken").order_by("-seq").first()
    values = {(counters.LETTERS, "answered"): 1}
    if in_time:
        values[counters.LETTERS, "in_time"] = 1
    if taken is not None:
        values[counters.LETTER_MINUTES, counters.minutes(now - taken.at)] = 1
    counters.count_all(values, conversation.line_id, now=now)
