"""Records calls for help that nobody answered, acute callers whom nobody answered, and acute callers who lost
their counsellor. A row is written in the transaction of the event that it records. It names no caller and no
conversation, and its times are rounded down to the minute, so that nobody can identify a purged conversation
by the row."""

from datetime import datetime

from chat import bells, states
from chat.conversation.risk import ACUTE
from chat.models import Conversation, Invitation, Missed


def note_call(invitation: Invitation, *, since: datetime, now: datetime) -> None:
    """Records an invitation that nobody accepted. If another service was invited or sent the invitation,
    records that service, too. The conversation's row must be locked."""
    conversation = invitation.conversation
    acute = ACUTE in (conversation.risk, conversation.urgency)
    person = invitation.inviter.person
    service = None if invitation.is_way_back else invitation.service
    of_service = invitation.inviter.service
    asked = {"asked_by": person, "service": service, "of_service": of_service}
    _note(conversation, Missed.Kind.CALL, since=since, now=now, acute=acute, **asked)


def note_left(conversation: Conversation, *, now: datetime) -> None:
    """Records that an acute caller left the queue. The conversation's row must be locked."""
    since = conversation.requeued_at or conversation.opened_at
    _note(conversation, Missed.Kind.LEFT, since=since, now=now, acute=True)


def note_lost(conversation: Conversation, *, now: datetime) -> None:
    """Records that an acute caller waits again because the last counsellor has gone. The conversation's row
    must be locked."""
    _note(conversation, Missed.Kind.LOST, since=now, now=now, acute=True)


def is_missed(conversation: Conversation) -> bool:
    """Returns whether an acute caller still waits in this conversation. If it ended now, it would be recorded
    as missed. For letters it returns False, because letters have separate alarms."""
    waits = conversation.state == states.Conversation.WAITING and not conversation.written
    return waits and ACUTE in (conversation.risk, conversation.urgency)


def _note(
    conversation: Conversation, kind: Missed.Kind, *, since: datetime, now: datetime, **facts: object
) -> None:
    if states.is_practice(conversation.line_id):
        return
    line = conversation.line_id
    Missed.objects.create(line_id=line, kind=kind, since=_minute(since), at=_minute(now), **facts)
    bells.ring_on_commit(bells.QueueChanged(line))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
