"""Stores the boxes that a caller writes in a chat or a letter. The rules that are checked here apply to
letters only."""

from datetime import datetime

from django.db import transaction

from chat import states
from chat.conversation import boxes, posting
from chat.conversation.drafts import Draft, Posted
from chat.conversation.seats import require_seat
from chat.letters import alarms, moves, promises
from chat.models import Conversation, Entry, Letter
from chat.states import Written
from helpline.lib.errors import Conflict, Ended, StaleEpoch

# This limit applies to the caller's messages and, separately, to the boxes of a removal case. At the limit
# the page shows phone numbers and "talk now".
MOST_BETWEEN_ANSWERS = 10


class WaitForTheAnswer(Conflict):
    """You have written a lot. Wait for the answer, or talk with somebody now."""


@transaction.atomic
def post(draft: Draft, *, urgency: int | None = None, now: datetime) -> Posted:
    """Stores a box of a caller. `urgency` can raise the letter's urgency and never lowers it.

    For a letter, raises StaleEpoch unless the box has the conversation's current epoch and the letters seat
    has a grant for that epoch. Raises WaitForTheAnswer if the caller has already written MOST_BETWEEN_ANSWERS
    boxes of this kind since the last answer.
    """
    conversation = require_seat(draft.seat, lock=True).conversation
    letter = moves.of(conversation)
    if letter is None:
        return posting.post_one(draft, now=now)
    known = Entry.objects.filter(conversation=conversation, by=draft.seat.member, message=draft.message)
    if known.exists():
        return posting.post_one(draft, now=now, letters=True)
    _require_rules(conversation, letter, draft)
    posted = posting.post_one(draft, now=now, letters=True)
    conversation.refresh_from_db(fields=["last_seq", "last_public_seq"])
    _rise(conversation, urgency, now=now)
    if draft.is_case:
        letter.case_boxes += 1
        letter.save(update_fields=["case_boxes"])
    if _kind(draft) == boxes.MESSAGE:
        letter.messages += 1
        letter.save(update_fields=["messages"])
        promises.send_if_complete(conversation, letter, now=now)
        if conversation.written != Written.DRAFT and letter.due_at is None:
            promises.send_again(conversation, letter, at=now, now=now)
    return posted


def _require_rules(conversation: Conversation, letter: Letter, draft: Draft) -> None:
    if not conversation.is_open:
        raise Ended
    seat = moves.seat_of(conversation)
    is_let_in = seat.granted_at is not None and seat.epoch == conversation.epoch
    if not is_let_in or draft.epoch != conversation.epoch:
        raise StaleEpoch(epoch=conversation.epoch)
    many = {boxes.MESSAGE: letter.messages, boxes.CASE: letter.case_boxes}
    if many.get(_kind(draft), 0) >= MOST_BETWEEN_ANSWERS:
        raise WaitForTheAnswer


def _kind(draft: Draft) -> int:
    return boxes.header_of(draft.box).kind


def _rise(conversation: Conversation, urgency: int | None, *, now: datetime) -> None:
    if urgency is None or urgency <= conversation.urgency:
        return
    conversation.urgency = urgency
    Conversation.objects.filter(pk=conversation.pk).update(urgency=urgency)
    moves.tell(conversation)
    if urgency == alarms.ACUTE and conversation.written in states.UNANSWERED:
        alarms.tell_of_acute(conversation, now=now)
