"""Turns a letter into a chat: its caller also waits in the queue, and can talk as soon as a counsellor is let
into the conversation."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from chat import bells, states
from chat.conversation.seats import Seat, require_open_seat
from chat.figures import counters
from chat.letters import moves, takes
from chat.models import Conversation, Letter, Member
from chat.queue import admission, entrance, rank
from helpline.lib.errors import Conflict


def queue(seat: Seat, *, answer: str = "", now: datetime) -> None:
    """Puts the caller of a letter into the queue, with the rank of somebody who starts a chat now. A second
    call changes nothing.

    Raises Conflict for a draft and for a chat. Like the start of a chat, raises LineClosed, LineFull or
    WorkAsked.
    """
    conversation = _require_sent_letter(seat)
    if conversation.state == states.Conversation.WAITING:
        return
    entrance.require_place(conversation.line_id, answer=answer, now=now)
    _queue(seat, now=now)


@transaction.atomic
def _require_sent_letter(seat: Seat) -> Conversation:
    """Returns the caller's letter, locked. Raises Conflict for a draft or a chat."""
    conversation = require_open_seat(seat).conversation
    if not conversation.is_sent_letter:
        raise Conflict
    return conversation


@transaction.atomic
def _queue(seat: Seat, *, now: datetime) -> None:
    conversation = _require_sent_letter(seat)
    if conversation.state == states.Conversation.WAITING:
        return
    if Member.objects.present().staff().filter(conversation=conversation).exists():
        return  # a counsellor has just taken the caller from the queue
    takes.end_for_chat(conversation)
    changed = {
        "state": states.Conversation.WAITING,
        "rank": rank.rank_of(conversation.line, conversation.urgency, now),
        "requeued_at": now,
        "passed_over_at": None,
        "expires_at": now + settings.OPEN_SPAN,
    }
    Conversation.objects.filter(pk=conversation.pk).update(**changed)
    Letter.objects.filter(pk=conversation.pk).update(chat_at=now)
    moves.tell(conversation)
    bells.ring_on_commit(bells.QueueChanged(conversation.line_id))
    admission.claim_place(conversation.line, now=now)
    counters.count_start(conversation, now=now)
