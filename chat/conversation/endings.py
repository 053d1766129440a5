"""Ends conversations. Of two attempts to end the same one, the second raises Ended."""

from datetime import datetime
from typing import Any

from django.db import transaction

from chat import bells, states
from chat.care import carrying
from chat.conversation import acute, departures, log
from chat.conversation.seats import Seat, present, require_in_charge, require_seat
from chat.figures import counters
from chat.handoff import invitations
from chat.models import Conversation
from chat.retention import news
from counsellors import audit
from helpline.lib.errors import Ended, Forbidden


@transaction.atomic
def leave(seat: Seat, *, now: datetime) -> None:
    """Ends the conversation at the caller's request."""
    conversation = require_seat(seat, lock=True).conversation
    end(conversation, "caller", by=seat.member, now=now)


@transaction.atomic
def close(seat: Seat, *, now: datetime) -> None:
    """Ends the conversation at the request of the seat in charge. Raises Forbidden for any other seat."""
    member = require_in_charge(seat)
    end(member.conversation, "counsellor", by=member.pk, now=now)


@transaction.atomic
def close_as_unserious(seat: Seat, *, now: datetime) -> None:
    """Ends the conversation as `close` does, and for an hour lowers the threshold of the line's pressure.
    Raises Forbidden for partners."""
    member = require_in_charge(seat)
    if member.role not in states.LINE_STAFF:
        raise Forbidden
    end(member.conversation, "counsellor", by=member.pk, now=now)
    counters.count_unserious(member.conversation, now=now)
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
    """Ends a locked conversation. Raises Ended if somebody, or its time limit, has already ended it.

    Without `in_vain`, a caller who never granted staff a seat is not counted among those who gave up. `idle`:
    it is ended because nobody said anything for long, although the caller was connected.
    """
    state = states.Conversation.ABANDONED if reason == "abandoned" else states.Conversation.ENDED
    won = Conversation.objects.filter(pk=conversation.pk, state__in=states.sources(state)).update(
        state=state, ended_at=now
    )
    if not won:
        raise Ended
    invitations.withdraw_open(conversation, now=now)
    served = conversation.state == states.Conversation.ACTIVE
    if conversation.answered or in_vain:
        counters.count_end(conversation, served=served, reason=reason, now=now)
    conversation.state = state
    facts: dict[str, Any] = {"reason": reason} | ({"idle": True} if idle else {})
    log.append(conversation, "ended", by=by, at=now, **facts)
    acute.debrief_after(conversation, now=now)
    news.tell_of(conversation)
    bells.ring_on_commit(bells.QueueChanged(conversation.line_id))
    for member in present(conversation.pk):
        member.conversation = conversation
        carrying.count_talk(member, now=now)
        if member.is_guest:
            departures.record_guest_left(member, "ended")
