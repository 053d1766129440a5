"""Endings. A conversation ends once; whoever comes second gets Ended."""

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
    """Ends the conversation for the caller."""
    conversation = require_seat(seat, lock=True).conversation
    end(conversation, "caller", by=seat.member, now=now)


@transaction.atomic
def close(seat: Seat, *, now: datetime) -> None:
    """Ends the conversation for the seat in charge. Raises Forbidden for any other seat."""
    member = require_in_charge(seat)
    end(member.conversation, "counsellor", by=member.pk, now=now)


@transaction.atomic
def close_as_unserious(seat: Seat, *, now: datetime) -> None:
    """Ends it as `close` does, and raises the line's pressure for an hour. Raises Forbidden for partners."""
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
    """Ends a locked conversation. Raises Ended when somebody, or its time limit, was faster.

    Without `in_vain`, a caller to whom nobody was let in is not counted among those who gave up. `idle`: the
    caller was here, and nobody said anything for long.
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
