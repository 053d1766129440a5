"""Endings. A conversation ends once; who comes second is told so."""

from datetime import datetime

from django.db import transaction

from chat import bells, figures, invitations, log, states
from chat.models import Conversation
from chat.seats import Seat
from helpline.lib.errors import Ended


@transaction.atomic
def close(seat: Seat, *, now: datetime) -> None:
    """The seat in charge ends the conversation; Forbidden for any other."""
    member = invitations.lead(seat)
    end(member.conversation, "counsellor", by=member.pk, now=now)


def end(conversation: Conversation, reason: str, *, by: str = "", now: datetime) -> None:
    """Ends a locked conversation. Ended when somebody, or time, was faster."""
    state = states.Conversation.ABANDONED if reason == "abandoned" else states.Conversation.ENDED
    won = Conversation.objects.filter(pk=conversation.pk, state__in=states.sources(state)).update(
        state=state, ended_at=now
    )
    if not won:
        raise Ended
    invitations.withdraw_open(conversation, now=now)
    served = conversation.state == states.Conversation.ACTIVE
    figures.count_end(conversation, served=served, reason=reason, now=now)
    conversation.state = state
    log.append(conversation, "ended", by=by, at=now, reason=reason)
    bells.ring_on_commit(bells.Bell(bells.line(conversation.line_id), "queue"))
