"""Decides whether a conversation is idle, so that a supervisor may end it."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from chat import states
from chat.models import Conversation, Entry, Member


def with_last_message(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Annotates each row with `last_message`, the time of its newest message or None. The subquery reads the
    log from its end."""
    messages = Entry.objects.filter(conversation=OuterRef("pk"), kind="message").order_by("-seq")
    return rows.annotate(last_message=Subquery(messages.values("at")[:1]))


def last_message(conversation: str) -> datetime | None:
    messages = Entry.objects.filter(conversation=conversation, kind="message").order_by("-seq")
    return messages.values_list("at", flat=True).first()


def is_idle(last: datetime | None, present: Collection[Member], *, now: datetime) -> bool:
    """Returns whether nobody has written or joined for at least settings.IDLE, or the caller has been away
    for at least that long."""
    limit = now - settings.IDLE
    caller = next(member for member in present if member.role == states.SeatRole.CALLER)
    sat_down = max(member.joined_at for member in present)
    is_silent = max(sat_down, last or sat_down) <= limit
    return is_silent or (not caller.here and caller.presence_since <= limit)
