"""Ends conversations. If a conversation has already ended, another attempt to end it raises Ended."""

from datetime import datetime
from typing import Any

from django.db import transaction

from chat import bells, states
from chat.care import carrying
from chat.conversation import acute, departures, log, missed
from chat.conversation.seats import Seat, present, require_in_charge, require_seat
from chat.figures import counters
from chat.handoff import invitation_states
from chat.letters import moves, waiting
from chat.models import Conversation, Letter
from chat.retention import news
from counsellors import audit
from helpline.lib.errors import Conflict, Ended, Forbidden


@transaction.atomic
def leave(seat: Seat, *, now: datetime) -> None:
    """Ends the conversation at the caller's request. A letter that was sent stays open, and its caller can
    come back to it only by return code."""
    conversation = require_seat(seat, lock=True).conversation
    # While a letter's caller is in the queue, `expires_at` is the time limit of a chat. After that limit the
    # letter may stay open for days.
    if conversation.is_sent_letter and (conversation.is_open or conversation.is_queued_letter):
        leave_letter(conversation)
        return
    end(conversation, "caller", by=seat.member, now=now)


def leave_letter(conversation: Conversation) -> None:
    """Ends the caller's access to a letter until the caller uses the return code: deletes the token and the
    shelf, and takes the caller out of the queue. The conversation's row must be locked."""
    Conversation.objects.filter(pk=conversation.pk).update(token_hash=None, shelf=None)
    waiting.drop_out(conversation)
    bells.ring_on_commit(bells.SeatsChanged(conversation.pk))


def expire(conversation: Conversation, *, now: datetime) -> None:
    """Ends a conversation whose time is over. The conversation's row must be locked. A letter whose caller
    has been in the queue for as long as a chat may last leaves the queue; the letter ends only if its own
    time is over, too."""
    if conversation.written and conversation.expires_at <= now:
        waiting.drop_out(conversation)
    if conversation.expires_at <= now:  # checked again: leaving the queue changes a letter's `expires_at`
        end(conversation, "expired", now=now)


@transaction.atomic
def close(seat: Seat, *, reason: str = "", now: datetime) -> None:
    """Ends the conversation at the request of the seat in charge. Raises Forbidden for any other seat.

    A letter can be closed after its caller has seen the answer, or for a `reason`: unserious or unreadable.
    Raises Conflict for a letter without a reason whose answer was not seen, and for a chat with a reason.
    """
    member = require_in_charge(seat)
    is_letter = seat.role == states.SeatRole.LETTERS
    if is_letter != bool(reason) and not (is_letter and _has_seen_the_answer(member.conversation)):
        raise Conflict
    if reason:
        end(member.conversation, reason, by=member.pk, now=now)
        return
    end(member.conversation, "counsellor", by=member.pk, now=now)


def _has_seen_the_answer(conversation: Conversation) -> bool:
    answer = Letter.objects.filter(pk=conversation.pk).values_list("answer_seq", flat=True).first()
    caller = conversation.members.get(role=states.SeatRole.CALLER)
    return bool(answer) and caller.seen_seq >= (answer or 0)


@transaction.atomic
def close_as_unserious(seat: Seat, *, now: datetime) -> None:
    """Ends the conversation as `close` does. For the next hour, a smaller share of taken places is enough for
    the line to count as under pressure. Raises Forbidden for partners."""
    member = require_in_charge(seat)
    if member.role not in states.LINE_STAFF or member.role in states.KEYS:
        raise Forbidden
    end(member.conversation, "counsellor", by=member.pk, now=now)
    counters.count_unserious(member.conversation, now=now)
    if not states.is_practice(member.conversation.line_id):
        audit.record(member.person, "unserious", subject=member.conversation.recorded_as)


def end(
    conversation: Conversation,
    reason: str,
    *,
    by: str = "",
    now: datetime,
    in_vain: bool = True,
    idle: bool = False,
) -> None:
    """Ends a conversation, whose row must be locked. Raises Ended if it has already ended.

    `in_vain`: whether a caller whom nobody answered is counted among the callers who gave up.
    `idle`: True if it ends because nobody wrote for a long time, although the caller was connected.
    """
    never_came = reason == "abandoned" and not conversation.written
    state = states.Conversation.ABANDONED if never_came else states.Conversation.ENDED
    won = Conversation.objects.filter(pk=conversation.pk, state__in=states.sources(state)).update(
        state=state, ended_at=now
    )
    if not won:
        raise Ended
    invitation_states.withdraw_open(conversation, now=now)
    served = conversation.state == states.Conversation.ACTIVE
    if missed.is_missed(conversation):
        missed.note_left(conversation, now=now)
    if (conversation.answered or in_vain) and not conversation.written:
        counters.count_end(conversation, served=served, reason=reason, now=now)
    conversation.state = state
    facts: dict[str, Any] = {"reason": reason} | ({"idle": True} if idle else {})
    log.append(conversation, "ended", by=by, at=now, **facts)
    acute.debrief_after(conversation, now=now)
    news.tell_of(conversation)
    if conversation.written:
        moves.tell(conversation)
    bells.ring_on_commit(bells.QueueChanged(conversation.line_id))
    for member in present(conversation.pk):
        member.conversation = conversation
        carrying.count_talk(member, now=now)
        if member.is_guest:
            departures.record_guest_left(member, "ended")
